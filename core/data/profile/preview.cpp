#include "core/data/profile/preview.h"

#include "core/base/error.h"
#include "core/data/profile/sidecars.h"
#include "core/data/table/reader.h"
#include "core/data/table/row_times.h"
#include "core/data/table/text_file.h"
#include "core/data/table/wall_time.h"

#include <charconv>
#include <cmath>

namespace kino {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kHeadBytes = std::size_t{1} << 20;
/** A field longer than this is cut: nobody reads it in a table. */
constexpr std::size_t kLongestField = 200;
constexpr const char *kMissing = "\u2013";

std::string cut(std::string text)
{
    if (text.size() <= kLongestField)
        return text;
    std::size_t end = kLongestField;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) // not inside a character
        --end;
    return text.substr(0, end) + "\u2026";
}

std::string numberText(float value)
{
    if (std::isnan(value))
        return kMissing;
    char text[32];
    const auto [end, failure] = std::to_chars(text, text + sizeof text, value, std::chars_format::general, 6);
    return failure == std::errc() ? std::string(text, end) : std::string();
}

/** Seconds with as many decimals as say something, never through a double. */
std::string secondsOf(Nanos ns)
{
    const std::uint64_t size = ns < 0 ? 0 - static_cast<std::uint64_t>(ns) : static_cast<std::uint64_t>(ns);
    std::string decimals = std::to_string(size % 1'000'000'000);
    decimals.insert(0, 9 - decimals.size(), '0');
    while (decimals.size() > 3 && decimals.back() == '0')
        decimals.pop_back();
    return (ns < 0 ? "\u2212" : "") + std::to_string(size / 1'000'000'000) + "." + decimals + " s";
}

/** What one column of the table is read as; several axes of one column show the first. */
struct ColumnCell {
    std::size_t column = 0;
    std::size_t cell = 0;
    bool isTime = false;
};

class Preview {
public:
    Preview(const fs::path &path, const FileSpec &spec, std::size_t mostRows) : m_spec(spec), m_mostRows(mostRows), m_file(TextFile::open(path))
    {
        std::error_code ignored;
        m_preview.sizeBytes = fs::file_size(path, ignored);
        m_preview.encoding = m_file.encoding();
        m_text = m_file.text();
        if (m_text.find_first_not_of(" \t\r\n") == std::string_view::npos)
            throw Error(path, "the file is empty");
        m_header = readTableHeader(path, m_text.substr(0, std::max(kHeadBytes, kLongestLine)), spec.table.layout);
        m_preview.names = m_header.names;
        cutHead();
    }

    TablePreview make()
    {
        addRowsAbove();
        addRows();
        if (!m_spec.streams.empty())
            addValues();
        return std::move(m_preview);
    }

private:
    /** As many whole rows as are shown. */
    void cutHead()
    {
        m_body = m_text.substr(std::min(m_header.dataOffset, m_text.size()));
        std::size_t end = 0;
        std::size_t lines = 0;
        while (end < m_body.size() && end < kHeadBytes && lines < 2 * m_mostRows) {
            const std::size_t newline = m_body.find('\n', end);
            if (newline == std::string_view::npos) {
                end = std::min(m_body.size(), end + kHeadBytes);
                break;
            }
            end = newline + 1;
            ++lines;
        }
        m_body = m_body.substr(0, end);
    }

    void addRowsAbove()
    {
        const std::size_t count = m_header.lines.size();
        for (std::size_t i = count - std::min(count, kMostRowsAbove); i < count; ++i)
            m_preview.rows.push_back({static_cast<std::int64_t>(i) + 1, PreviewRowKind::above, {cut(m_header.lines[i])}, {}, {}});
    }

    void addRows()
    {
        m_preview.columns = m_header.names.size();
        TableHeader bodyHeader;
        bodyHeader.dataLine = m_header.dataLine;
        std::size_t rows = 0;
        try {
            forEachRow(m_file.path(), m_body, m_spec.table.layout, bodyHeader, [&](std::int64_t line, std::span<const std::string> fields) {
                if (rows++ >= m_mostRows)
                    return;
                PreviewRow row{line, PreviewRowKind::data, {}, {}, {}};
                for (const std::string &field : fields.first(std::min(fields.size(), kMostColumns)))
                    row.fields.push_back(cut(field));
                // A separator at the line's end closes the last field and begins no other.
                if (row.fields.size() > 1 && row.fields.back().empty() && row.fields.size() > m_header.names.size())
                    row.fields.pop_back();
                m_preview.columns = std::max(m_preview.columns, row.fields.size());
                m_preview.rows.push_back(std::move(row));
            });
        } catch (const Error &) {
            // A line without an end: what came before it is shown, the import says what is wrong.
        }
    }

    std::size_t addCell(CellRequest cell)
    {
        m_request.cells.push_back(std::move(cell));
        return m_request.cells.size() - 1;
    }

    void addNumberCells()
    {
        for (const StreamSpec &stream : m_spec.streams) {
            for (const AxisSpec &axis : stream.axes) {
                for (const ColumnRef &ref : axis.columns) {
                    const auto column = resolveColumn(ref, m_header.names);
                    if (!column || std::ranges::find(m_cells, *column, &ColumnCell::column) != m_cells.end())
                        continue;
                    const CellRequest cell{*column, CellKind::number, axis.scale * stream.conversion.scale,
                                           axis.offset * stream.conversion.scale + stream.conversion.offset, 0, {}};
                    m_cells.push_back({*column, addCell(cell), false});
                }
            }
        }
    }

    void addTextCells()
    {
        for (const LabelSpec &label : m_spec.labels) {
            const auto column = label.column ? resolveColumn(*label.column, m_header.names) : std::nullopt;
            if (column)
                m_cells.push_back({*column, addCell({*column, CellKind::text, 1, 0, 0, {}}), false});
        }
    }

    void addTimeCell()
    {
        const auto column = m_spec.time.column ? resolveColumn(*m_spec.time.column, m_header.names) : std::nullopt;
        if (!column)
            return;
        const TimeUnit &unit = m_spec.time.unit;
        const CellKind kind = unit.form == TimeUnit::Form::wall ? CellKind::wallTime : CellKind::whole;
        const int exponent = unit.form == TimeUnit::Form::samples ? kTickDecimals : unit.exponent;
        m_timeCell = addCell({*column, kind, 1, 0, exponent, unit.pattern});
        m_cells.push_back({*column, *m_timeCell, true});
    }

    std::string valueOf(const Table &table, std::size_t row, const ColumnCell &cell, const RowTimes *times) const
    {
        if (cell.isTime)
            return !times ? std::string() : times->toUnixNs ? isoText(times->timesNs[row] + *times->toUnixNs) : secondsOf(times->timesNs[row] - times->timesNs[0]);
        if (m_request.cells[cell.cell].kind == CellKind::text)
            return table.words[cell.cell][static_cast<std::size_t>(table.codes[cell.cell][row])];
        return numberText(table.numbers[cell.cell][row]);
    }

    void addValues()
    {
        m_request.layout = m_spec.table.layout;
        m_request.missing = m_spec.table.missing;
        m_request.width = m_header.names.size();
        addTimeCell();
        addNumberCells();
        addTextCells();
        TableHeader bodyHeader;
        bodyHeader.names = m_header.names;
        bodyHeader.dataLine = m_header.dataLine;
        const Table table = readTable(m_body, bodyHeader, m_request);
        std::optional<RowTimes> times;
        if (m_timeCell && table.rows > 0)
            times = computeRowTimes({&table, m_timeCell, 0}, m_spec.time, {});
        std::map<std::int64_t, std::size_t> rowOfLine;
        for (std::size_t row = 0; row < table.rows; ++row)
            rowOfLine.emplace(table.lineOf(row), row);
        for (PreviewRow &row : m_preview.rows) {
            if (row.kind != PreviewRowKind::data)
                continue;
            const auto found = rowOfLine.find(row.line);
            if (found == rowOfLine.end()) {
                row.kind = PreviewRowKind::leftOut;
                row.problem = problemOf(row.line);
                continue;
            }
            row.values.resize(m_preview.columns);
            for (const ColumnCell &cell : m_cells) {
                if (cell.column < row.values.size())
                    row.values[cell.column] = cut(valueOf(table, found->second, cell, times ? &*times : nullptr));
            }
        }
    }

    /** Reads the one line again by itself: of several bad rows the reader describes the first. */
    std::string problemOf(std::int64_t line) const
    {
        std::size_t from = 0;
        for (std::int64_t at = m_header.dataLine; at < line && from < m_body.size(); ++at)
            from = std::min(m_body.find('\n', from), m_body.size() - 1) + 1;
        TableHeader header;
        header.names = m_header.names;
        header.dataLine = line;
        const std::size_t end = std::min(m_body.find('\n', from), m_body.size());
        const Table table = readTable(m_body.substr(from, end - from), header, m_request);
        if (table.badRows.count > 0)
            return table.badRows.example;
        return table.missingTime.count > 0 ? "it has no time" : "it cannot be read";
    }

    const FileSpec &m_spec;
    std::size_t m_mostRows;
    TextFile m_file;
    std::string_view m_text;
    std::string_view m_body;
    TableHeader m_header;
    TableRequest m_request;
    std::vector<ColumnCell> m_cells;
    std::optional<std::size_t> m_timeCell;
    TablePreview m_preview;
};

} // namespace

TablePreview previewTable(const fs::path &path, const FileSpec &spec, std::size_t mostRows) { return Preview(path, spec, mostRows).make(); }

} // namespace kino
