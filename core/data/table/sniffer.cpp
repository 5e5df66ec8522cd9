#include "core/data/table/sniffer.h"

#include "core/base/error.h"
#include "core/data/table/number_text.h"
#include "core/data/table/wall_time.h"

#include <set>

namespace kino {
namespace {

constexpr std::size_t kRowsTried = 60;
constexpr std::size_t kRowsKept = 2000;

bool isNumberText(std::string_view text, char decimal)
{
    const DecimalText number = scanDecimal(text.data(), text.data() + text.size(), decimal);
    return !text.empty() && number.end == text.data() + text.size();
}

std::vector<std::string_view> linesOf(std::string_view head)
{
    std::vector<std::string_view> lines;
    while (!head.empty() && lines.size() < kRowsKept + 100) {
        const std::size_t newline = head.find('\n');
        // The last line of what was read may be cut off.
        if (newline == std::string_view::npos && !lines.empty() && head.size() > 4096)
            break;
        std::string_view line = head.substr(0, newline);
        while (!line.empty() && line.back() == '\r')
            line.remove_suffix(1);
        lines.push_back(line);
        head = newline == std::string_view::npos ? std::string_view() : head.substr(newline + 1);
    }
    return lines;
}

bool isBlankLine(std::string_view line) { return line.find_first_not_of(" \t\r;,") == std::string_view::npos; }

std::string commentPrefix(const std::vector<std::string_view> &lines)
{
    for (const std::string_view prefix : {"#", "%", "//"}) {
        if (std::ranges::any_of(lines, [&](std::string_view line) { return line.starts_with(prefix); }))
            return std::string(prefix);
    }
    return {};
}

struct LayoutScore {
    TableLayout layout;
    double score = 0;
    double rank = 0; // the score, and more where the first line comes apart like the rows
    std::size_t width = 0;
    double alike = 0;   // share of rows with that width
    double numeric = 0; // share of their fields that are numbers
};

/** How well rows come apart: alike in width, and made of numbers. */
LayoutScore scoreLayout(const std::vector<std::string_view> &lines, TableLayout layout)
{
    LayoutScore result{layout, 0, 0, 0, 0, 0};
    std::map<std::size_t, std::size_t> widths;
    std::vector<std::vector<std::string>> rows;
    for (const std::string_view line : lines) {
        if (isBlankLine(line) || (!layout.comment.empty() && line.starts_with(layout.comment)))
            continue;
        rows.push_back(splitLine(line, layout, 2000));
        if (layout.separator != ' ' && rows.back().size() > 1 && rows.back().back().empty())
            rows.back().pop_back();
        if (rows.size() >= kRowsTried)
            break;
    }
    // Header rows say little about the body.
    const std::size_t first = rows.size() > 6 ? rows.size() / 4 : rows.size() > 1 ? 1 : 0;
    std::size_t numbers = 0;
    std::size_t fields = 0;
    for (std::size_t i = first; i < rows.size(); ++i) {
        ++widths[rows[i].size()];
        for (const std::string &field : rows[i]) {
            numbers += isNumberText(field, layout.decimal);
            fields += !isMissingWord(field);
        }
    }
    if (fields == 0)
        return result;
    // A row that does not come apart may be cut by another separator.
    const auto usual = std::ranges::max_element(widths, {}, [](const auto &entry) {
        return entry.first > 1 ? 2 * entry.second : entry.second;
    });
    result.width = usual->first;
    const double alike = static_cast<double>(usual->second) / static_cast<double>(rows.size() - first);
    std::size_t usualNumbers = 0;
    std::size_t usualFields = 0;
    for (std::size_t i = first; i < rows.size(); ++i) {
        if (rows[i].size() != result.width)
            continue;
        for (const std::string &field : rows[i]) {
            usualNumbers += isNumberText(field, layout.decimal);
            usualFields += !isMissingWord(field);
        }
    }
    result.alike = alike;
    result.numeric = usualFields == 0 ? 0 : static_cast<double>(usualNumbers) / static_cast<double>(usualFields);
    const double numeric = static_cast<double>(numbers) / static_cast<double>(fields);
    result.score = alike * numeric * (result.width > 1 ? 1.0 : 0.5) * (1 + 0.01 * static_cast<double>(std::min<std::size_t>(result.width, 20)));
    // Of two separators in one file, the header's.
    constexpr double kHeaderFits = 1.1;
    result.rank = result.score * (rows.front().size() == result.width ? kHeaderFits : 1);
    return result;
}

LayoutScore bestLayout(const std::vector<std::string_view> &lines)
{
    LayoutScore best;
    const std::string comment = commentPrefix(lines);
    for (const char separator : {',', ';', '\t', '|', ' '}) {
        for (const char decimal : {'.', ','}) {
            if (separator == decimal)
                continue;
            TableLayout layout;
            layout.separator = separator;
            layout.decimal = decimal;
            layout.comment = comment;
            layout.headerRows = 0;
            LayoutScore score = scoreLayout(lines, layout);
            if (separator == ',' ) {
                // "1,2,3;": the semicolon closes the row.
                layout.rowEnd = ';';
                LayoutScore closed = scoreLayout(lines, layout);
                if (closed.rank > score.rank)
                    score = closed;
            }
            if (score.rank > best.rank * 1.001)
                best = score;
        }
    }
    return best;
}

/** A layout that was given, and how wide its rows usually are. */
LayoutScore givenLayout(const std::vector<std::string_view> &lines, const TableLayout &layout)
{
    std::vector<std::string_view> body(lines.begin() + static_cast<std::ptrdiff_t>(std::min(lines.size(), layout.skipLines)), lines.end());
    return scoreLayout(body, layout);
}

/** Where the first row of samples stands among the lines, below what the layout skips and names as header. */
std::size_t firstDataLine(const std::filesystem::path &path, std::string_view head, const TableLayout &layout)
{
    return static_cast<std::size_t>(readTableHeader(path, head, layout).dataLine - 1);
}

/** Finds header and skipped lines of a layout whose rows come apart well; gives the first row of samples. */
std::size_t findHeader(const std::vector<std::string_view> &lines, const LayoutScore &best, TableLayout &layout)
{
    // What stands above the first row that is mostly numbers is header.
    std::size_t firstData = 0;
    std::vector<std::size_t> above;
    for (; firstData < lines.size(); ++firstData) {
        const std::string_view line = lines[firstData];
        if (isBlankLine(line) || (!best.layout.comment.empty() && line.starts_with(best.layout.comment)))
            continue;
        const auto fields = splitLine(line, best.layout, 2000);
        const auto numbers = std::ranges::count_if(
            fields, [&](const std::string &field) { return isNumberText(field, best.layout.decimal); });
        if (2 * static_cast<std::size_t>(numbers) >= std::min(fields.size(), best.width) && numbers > 0
            && fields.size() + 1 >= best.width)
            break;
        above.push_back(firstData);
    }
    std::vector<std::size_t> headerLines;
    for (auto it = above.rbegin(); it != above.rend() && headerLines.size() < 2; ++it) {
        // A damaged row between the header and the first good one.
        if (headerLines.empty() && lines[*it].find_first_of("+-.0123456789") == lines[*it].find_first_not_of(" \t"))
            continue;
        const std::size_t width = splitLine(lines[*it], best.layout, 2000).size();
        if (width + 1 < best.width || width > best.width + 1)
            break;
        headerLines.push_back(*it);
    }
    if (!headerLines.empty()) {
        layout.headerRows = headerLines.size();
        layout.skipLines = headerLines.back();
    } else if (!above.empty()) {
        layout.skipLines = above.back() + 1;
    } else if (firstData > 0 && !best.layout.comment.empty() && lines[firstData - 1].starts_with(best.layout.comment)
               && splitLine(lines[firstData - 1], best.layout, 2000).size() == best.width) {
        // "# t, ax, ay, az" directly above the rows names the columns.
        layout.skipLines = firstData - 1;
        layout.headerRows = 1;
        layout.comment.clear();
    }
    if (layout.comment.empty() == false && layout.skipLines > 0) {
        // Skipped lines are counted whether they are comments or not.
        const bool later = std::any_of(lines.begin() + static_cast<std::ptrdiff_t>(firstData), lines.end(),
                                       [&](std::string_view line) { return line.starts_with(best.layout.comment); });
        if (!later)
            layout.comment.clear();
    }
    return firstData;
}

} // namespace

SniffedTable sniffTable(const std::filesystem::path &path, std::string_view head, const std::optional<TableLayout> &given)
{
    const std::vector<std::string_view> lines = linesOf(head);
    if (!lines.empty() && lines.front().size() > kLongestLine / 16)
        throw Error(path, 1, "its first line is longer than 64 KB, so it is no table of samples; check that it has line ends");
    const LayoutScore best = given ? givenLayout(lines, *given) : bestLayout(lines);
    // Rows cut by another separator are no reason to refuse the good ones.
    const bool isMixed = best.width > 2 && best.numeric > 0.7 && best.alike > 0.2;
    if (!given && best.score < 0.5 && !isMixed)
        throw Error(path, "this is not a table of numbers that can be read as it is; write an import profile for it, or "
                          "choose one with --profile");

    SniffedTable table;
    table.layout = best.layout;
    table.alike = best.alike;
    const std::size_t firstData = given ? firstDataLine(path, head, *given) : findHeader(lines, best, table.layout);

    const TableHeader header = readTableHeader(path, head, table.layout);
    table.columns.resize(best.width);
    std::vector<std::size_t> numbers(best.width, 0), wholes(best.width, 0), times(best.width, 0), filled(best.width, 0);
    std::vector<std::set<std::string>> texts(best.width);
    for (std::size_t i = firstData; i < lines.size() && table.rowsSeen < kRowsKept; ++i) {
        if (isBlankLine(lines[i]) || (!table.layout.comment.empty() && lines[i].starts_with(table.layout.comment)))
            continue;
        const auto fields = splitLine(lines[i], table.layout, best.width);
        // Cut by another separator: it says nothing of the columns.
        if (2 * fields.size() < best.width)
            continue;
        ++table.rowsSeen;
        for (std::size_t c = 0; c < best.width; ++c) {
            const std::string field = c < fields.size() ? fields[c] : std::string();
            double value = std::numeric_limits<double>::quiet_NaN();
            if (isNumberText(field, table.layout.decimal)) {
                value = toDouble(scanDecimal(field.data(), field.data() + field.size(), table.layout.decimal));
                ++numbers[c];
                wholes[c] += field.find_first_of(".,eE") == std::string::npos;
            } else if (!isMissingWord(field)) {
                times[c] += parseIsoTime(field).has_value();
                if (texts[c].size() < 50)
                    texts[c].insert(field.substr(0, 60));
            }
            filled[c] += !isMissingWord(field);
            table.columns[c].values.push_back(value);
        }
        if (table.rows.size() < 20)
            table.rows.push_back(fields);
    }
    bool anyNumber = false;
    for (std::size_t c = 0; c < best.width; ++c) {
        SniffedColumn &column = table.columns[c];
        column.name = c < header.names.size() ? header.names[c] : std::string();
        column.isNumber = numbers[c] > 0 && numbers[c] * 10 >= filled[c] * 9;
        column.isWhole = column.isNumber && wholes[c] == numbers[c];
        column.isIsoTime = times[c] > 0 && times[c] == filled[c];
        column.texts.assign(texts[c].begin(), texts[c].end());
        anyNumber = anyNumber || column.isNumber;
    }
    if (!anyNumber)
        throw Error(path, "no column of it holds numbers");
    return table;
}

} // namespace kino
