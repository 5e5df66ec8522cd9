#include "core/data/profile/table_plan.h"

#include "core/base/error.h"
#include "core/data/profile/sidecars.h"
#include "core/data/table/row_times.h"

namespace kino {
namespace fs = std::filesystem;

namespace {

std::string listed(const std::vector<std::string> &names)
{
    std::string out;
    for (std::size_t i = 0; i < names.size() && i < 12; ++i)
        out += (i ? ", '" : "'") + names[i].substr(0, 60) + "'";
    return names.size() > 12 ? out + ", …" : out;
}

class TablePlanner {
public:
    TablePlanner(const fs::path &path, const FileSpec &spec, const TableHeader &header)
        : m_path(path), m_spec(spec), m_header(header)
    {
    }

    TablePlan make(std::string_view text)
    {
        m_plan.request.layout = m_spec.table.layout;
        m_plan.request.missing = m_spec.table.missing;
        m_plan.request.width = m_header.names.size();

        const std::size_t width = firstRowWidth(text);
        if (m_spec.time.column) {
            CellRequest cell;
            cell.column = needColumn(*m_spec.time.column);
            cell.kind = m_spec.time.unit.form == TimeUnit::Form::wall ? CellKind::wallTime : CellKind::whole;
            cell.exponent = m_spec.time.unit.form == TimeUnit::Form::samples ? kTickDecimals : m_spec.time.unit.exponent;
            cell.pattern = m_spec.time.unit.pattern;
            m_plan.timeCell = addCell(cell);
        }
        if (m_spec.split)
            m_plan.splitCell = addCell(textCell(needColumn(m_spec.split->column)));
        for (const StreamSpec &stream : m_spec.streams) {
            if (!stream.isOptional || hasColumns(stream, width))
                m_plan.streams.push_back(planStream(stream));
        }
        for (const LabelSpec &label : m_spec.labels) {
            if (label.column)
                m_plan.labelCells.emplace_back(&label, addCell(textCell(needColumn(*label.column))));
        }
        return std::move(m_plan);
    }

private:
    std::size_t addCell(CellRequest cell)
    {
        for (std::size_t i = 0; i < m_plan.request.cells.size(); ++i) {
            const CellRequest &known = m_plan.request.cells[i];
            if (known.column == cell.column && known.kind == cell.kind && known.scale == cell.scale
                && known.offset == cell.offset && known.exponent == cell.exponent)
                return i;
        }
        m_plan.request.cells.push_back(std::move(cell));
        return m_plan.request.cells.size() - 1;
    }

    std::size_t needColumn(const ColumnRef &column) const
    {
        if (const auto index = resolveColumn(column, m_header.names))
            return *index;
        throw Error(m_path, m_header.dataLine > 1 ? m_header.dataLine - 1 : 1,
                    "there is no column " + column.text() + "; the header has " + listed(m_header.names)
                        + ". Choose another profile, or mend the column names in this one");
    }

    CellRequest textCell(std::size_t column) const
    {
        CellRequest cell;
        cell.column = column;
        cell.kind = CellKind::text;
        return cell;
    }

    std::size_t firstRowWidth(std::string_view text) const
    {
        const std::string_view rest = text.substr(m_header.dataOffset, kLongestLine);
        return splitLine(rest.substr(0, rest.find('\n')), m_spec.table.layout).size();
    }

    bool hasColumns(const StreamSpec &stream, std::size_t width) const
    {
        return std::ranges::all_of(stream.axes, [&](const AxisSpec &axis) {
            return std::ranges::all_of(axis.columns, [&](const ColumnRef &column) {
                const auto index = resolveColumn(column, m_header.names);
                return index && (column.position == 0 || *index < width);
            });
        });
    }

    StreamCells planStream(const StreamSpec &stream)
    {
        StreamCells cells;
        cells.spec = &stream;
        for (const AxisSpec &axis : stream.axes) {
            AxisCells axisCells{&axis, {}};
            bool first = true;
            for (const ColumnRef &column : axis.columns) {
                CellRequest cell;
                cell.column = needColumn(column);
                // In the unit: raw · scale + offset; inside: that · conversion. Offsets count once in a sum.
                cell.scale = axis.scale * stream.conversion.scale;
                cell.offset = first ? axis.offset * stream.conversion.scale + stream.conversion.offset : 0;
                first = false;
                axisCells.cells.push_back(addCell(cell));
            }
            cells.axes.push_back(std::move(axisCells));
        }
        for (const RowFilter &filter : stream.where)
            cells.filters.push_back({&filter, addCell(textCell(needColumn(filter.column)))});
        return cells;
    }

    const fs::path &m_path;
    const FileSpec &m_spec;
    const TableHeader &m_header;
    TablePlan m_plan;
};

} // namespace

TablePlan planTable(const fs::path &path, const FileSpec &spec, const TableHeader &header, std::string_view text)
{
    return TablePlanner(path, spec, header).make(text);
}

} // namespace kino
