#include "core/base/error.h"
#include "core/data/profile/sidecars.h"
#include "core/data/profile/table.h"
#include "core/data/table/number_text.h"

namespace kino {
namespace {

/** Some of the first rows may be damaged. */
constexpr std::size_t kRowsTried = 64;

bool isNumberOrMissing(const std::string &field, const FileSpec &spec)
{
    const DecimalText number = scanDecimal(field.data(), field.data() + field.size(), spec.table.layout.decimal);
    if (number.end == field.data() + field.size() && !field.empty())
        return true;
    if (isMissingWord(field))
        return true;
    return std::ranges::find(spec.table.missing, field) != spec.table.missing.end();
}

} // namespace

bool looksLike(const std::filesystem::path &path, std::string_view head, const FileSpec &spec)
{
    const TableLayout &layout = spec.table.layout;
    TableHeader header;
    try {
        header = readTableHeader(path, head, layout);
    } catch (const Error &) {
        return false;
    }
    std::vector<std::size_t> numberColumns;
    const auto need = [&](const ColumnRef &column, bool isNumber) {
        const auto index = resolveColumn(column, header.names);
        if (index && isNumber)
            numberColumns.push_back(*index);
        return index.has_value();
    };
    if (spec.time.column && !need(*spec.time.column, spec.time.unit.form != TimeUnit::Form::wall))
        return false;
    if (spec.split && !need(spec.split->column, false))
        return false;
    for (const StreamSpec &stream : spec.streams) {
        if (stream.isOptional)
            continue;
        for (const AxisSpec &axis : stream.axes) {
            for (const ColumnRef &column : axis.columns) {
                if (!need(column, true))
                    return false;
            }
        }
    }
    // One of the first rows must be what it should be; a header alone is enough where it names the columns.
    std::string_view rest = head.substr(std::min(header.dataOffset, head.size()));
    std::size_t tried = 0;
    while (!rest.empty() && tried < kRowsTried) {
        const std::size_t newline = rest.find('\n');
        const std::string_view line = rest.substr(0, newline);
        rest = newline == std::string_view::npos ? std::string_view() : rest.substr(newline + 1);
        if (line.find_first_not_of(" \t\r") == std::string_view::npos
            || (!layout.comment.empty() && line.starts_with(layout.comment)))
            continue;
        ++tried;
        const std::vector<std::string> fields = splitLine(line, layout);
        if (std::ranges::all_of(numberColumns, [&](std::size_t column) {
                return column < fields.size() && isNumberOrMissing(fields[column], spec);
            }))
            return true;
    }
    return tried == 0 && layout.headerRows > 0 && !header.names.empty();
}

} // namespace kino
