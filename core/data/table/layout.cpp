#include "core/data/table/layout.h"

#include "core/base/error.h"
#include "core/data/table/trimmed.h"

namespace kino {
namespace {

bool isBlank(char c) { return c == ' ' || c == '\t'; }

std::string unquoted(std::string_view field, char quote)
{
    field = trimmed(field);
    if (quote == '\0' || field.size() < 2 || field.front() != quote || field.back() != quote)
        return std::string(field);
    field = field.substr(1, field.size() - 2);
    std::string out;
    out.reserve(field.size());
    for (std::size_t i = 0; i < field.size(); ++i) {
        out += field[i];
        if (field[i] == quote && i + 1 < field.size() && field[i + 1] == quote)
            ++i;
    }
    return out;
}

/** Where a field that begins at `from` ends: the separator's position, or the end of the line. */
std::size_t fieldEnd(std::string_view line, std::size_t from, const TableLayout &layout)
{
    std::size_t i = from;
    while (i < line.size() && isBlank(line[i]) && line[i] != layout.separator)
        ++i;
    if (layout.quote != '\0' && i < line.size() && line[i] == layout.quote) {
        for (++i; i < line.size(); ++i) {
            if (line[i] != layout.quote)
                continue;
            if (i + 1 < line.size() && line[i + 1] == layout.quote)
                ++i;
            else
                break;
        }
    }
    for (; i < line.size(); ++i) {
        if (layout.separator == ' ' ? isBlank(line[i]) : line[i] == layout.separator)
            return i;
    }
    return line.size();
}

bool isComment(std::string_view line, const TableLayout &layout)
{
    return !layout.comment.empty() && line.substr(0, layout.comment.size()) == layout.comment;
}

/** Joins header rows to one name a column; a blank in an upper row repeats its left neighbour, as merged cells are saved. */
std::vector<std::string> joinHeaderRows(const std::vector<std::vector<std::string>> &rows)
{
    std::size_t columns = 0;
    for (const auto &row : rows)
        columns = std::max(columns, row.size());
    std::vector<std::string> names(columns);
    for (std::size_t r = 0; r < rows.size(); ++r) {
        const bool upper = r + 1 < rows.size();
        std::string left;
        for (std::size_t c = 0; c < columns; ++c) {
            std::string part = c < rows[r].size() ? rows[r][c] : std::string();
            if (part.empty() && upper && c > 0)
                part = left;
            left = part;
            if (part.empty())
                continue;
            names[c] += names[c].empty() ? part : "/" + part;
        }
    }
    return names;
}

} // namespace

std::vector<std::string> splitLine(std::string_view line, const TableLayout &layout, std::size_t most)
{
    std::vector<std::string> fields;
    line = layout.separator == ' ' ? trimmed(line) : line;
    while (!line.empty() && line.back() == '\r')
        line.remove_suffix(1);
    if (layout.rowEnd != '\0' && !line.empty() && trimmed(line).ends_with(layout.rowEnd))
        line = line.substr(0, line.find_last_of(layout.rowEnd));
    std::size_t from = 0;
    while (fields.size() < most) {
        const std::size_t end = fieldEnd(line, from, layout);
        fields.push_back(unquoted(line.substr(from, end - from), layout.quote));
        if (end >= line.size())
            break;
        from = end + 1;
        while (layout.separator == ' ' && from < line.size() && isBlank(line[from]))
            ++from;
    }
    return fields;
}

TableHeader readTableHeader(const std::filesystem::path &path, std::string_view text, const TableLayout &layout)
{
    TableHeader header;
    std::vector<std::vector<std::string>> rows;
    std::size_t offset = 0;
    std::size_t skipped = 0;
    constexpr std::size_t kMostLines = 10'000;
    while (offset < text.size()) {
        const std::size_t newline = text.find('\n', offset);
        const std::size_t end = std::min(newline, text.size());
        const std::string_view line = text.substr(offset, end - offset);
        const bool skip = skipped < layout.skipLines;
        const bool passed = skip || isComment(line, layout) || trimmed(line).empty();
        if (!passed && rows.size() >= layout.headerRows)
            break;
        if (passed) {
            skipped += skip;
        } else {
            const auto columns = static_cast<std::size_t>(std::ranges::count(line, layout.separator)) + 1;
            if (columns > kMostColumns)
                throw Error(path, header.dataLine,
                            "the header has " + std::to_string(columns) + " columns, more than the "
                                + std::to_string(kMostColumns) + " that are read; check the separator");
            if (line.size() > kLongestLine)
                throw Error(path, header.dataLine,
                            "the header line is " + std::to_string(line.size() >> 20)
                                + " MB long; check that the file has line ends");
            rows.push_back(splitLine(line, layout));
        }
        if (header.lines.size() < kMostLines)
            header.lines.emplace_back(line.substr(0, 4096));
        offset = std::min(end + 1, text.size());
        ++header.dataLine;
    }
    header.dataOffset = offset;
    header.names = joinHeaderRows(rows);
    return header;
}

void forEachRow(const std::filesystem::path &path, std::string_view text, const TableLayout &layout,
                const TableHeader &header,
                const std::function<void(std::int64_t line, std::span<const std::string> fields)> &row)
{
    std::size_t offset = header.dataOffset;
    std::int64_t line = header.dataLine;
    while (offset < text.size()) {
        const std::int64_t firstLine = line;
        std::size_t end = std::min(text.find('\n', offset), text.size());
        ++line;
        // A quoted field may run over line ends: an odd number of quotes says that the row goes on.
        if (layout.quote != '\0') {
            const auto isOpen = [&] {
                return std::ranges::count(text.substr(offset, end - offset), layout.quote) % 2 == 1;
            };
            while (end - offset < kLongestLine && end < text.size() && isOpen()) {
                end = std::min(text.find('\n', end + 1), text.size());
                ++line;
            }
        }
        const std::string_view rowText = text.substr(offset, end - offset);
        if (rowText.size() > kLongestLine)
            throw Error(path, firstLine, "the line is longer than 1 MB; check line ends and quotes");
        offset = std::min(end + 1, text.size());
        if (trimmed(rowText).empty() || isComment(rowText, layout))
            continue;
        const std::vector<std::string> fields = splitLine(rowText, layout);
        row(firstLine, fields);
    }
}

} // namespace kino
