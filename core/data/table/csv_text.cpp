#include "core/data/table/csv_text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace kino {
namespace {

template <class Number> void appendShortest(std::string &text, Number value)
{
    if (!std::isfinite(value))
        return;
    std::array<char, 32> buffer;
    const auto [end, failure] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    if (failure == std::errc())
        text.append(buffer.data(), end);
}

} // namespace

std::string csvField(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos && !text.starts_with(' ') && !text.ends_with(' '))
        return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c;
        if (c == '"')
            quoted += c;
    }
    return quoted + '"';
}

void appendSeconds(std::string &text, Nanos ns)
{
    const bool isNegative = ns < 0;
    const auto magnitude = isNegative ? -static_cast<std::uint64_t>(ns) : static_cast<std::uint64_t>(ns);
    const std::string fraction = std::to_string(magnitude % kNanosPerSecond);
    text += isNegative ? "-" : "";
    text += std::to_string(magnitude / kNanosPerSecond) + "." + std::string(9 - fraction.size(), '0') + fraction;
}

void appendNumber(std::string &text, float value) { appendShortest(text, value); }

void appendNumber(std::string &text, double value) { appendShortest(text, value); }

std::string columnTitle(const std::string &name, const std::string &unit)
{
    return unit.empty() || unit == "1" ? name : name + " (" + unit + ")";
}

std::vector<CsvRow> parseCsv(std::string_view text)
{
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (text.starts_with(kByteOrderMark))
        text.remove_prefix(kByteOrderMark.size());
    std::vector<CsvRow> rows;
    CsvRow row{1, {}};
    std::string field;
    std::int64_t line = 1;
    bool isQuoted = false;
    const auto endRow = [&] {
        row.fields.push_back(std::move(field));
        field.clear();
        if (row.fields.size() > 1 || !row.fields.front().empty())
            rows.push_back(std::move(row));
        row = {line, {}};
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\n')
            ++line;
        if (isQuoted) {
            if (c != '"')
                field += c;
            else if (at + 1 < text.size() && text[at + 1] == '"')
                field += text[++at];
            else
                isQuoted = false;
        } else if (c == '"' && field.empty()) {
            isQuoted = true;
        } else if (c == ',') {
            row.fields.push_back(std::move(field));
            field.clear();
        } else if (c == '\n') {
            endRow();
        } else if (c != '\r' || (at + 1 < text.size() && text[at + 1] != '\n')) {
            field += c;
        }
    }
    if (!field.empty() || !row.fields.empty())
        endRow();
    return rows;
}

} // namespace kino
