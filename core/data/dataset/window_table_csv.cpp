#include "core/base/error.h"
#include "core/base/files.h"
#include "core/data/dataset/window_table.h"
#include "core/data/table/csv_text.h"

#include <charconv>

namespace kino {
namespace {

/** A run of millions of windows with long names. */
constexpr std::size_t kMostBytes = std::size_t{1} << 30;

template <class Number>
std::optional<Number> numberOf(std::string_view text)
{
    Number number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failure == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

std::optional<SplitPart> partOf(std::string_view name)
{
    for (const SplitPart part : {SplitPart::train, SplitPart::validation, SplitPart::test}) {
        if (splitPartName(part) == name)
            return part;
    }
    return std::nullopt;
}

} // namespace

std::vector<WindowLine> linesOf(const WindowTable &table)
{
    std::vector<WindowLine> lines;
    lines.reserve(table.rows.size());
    for (const WindowRow &row : table.rows) {
        const TableRecording &recording = table.recordingOf(row);
        lines.push_back({recording.name, row.start.ns, std::string(table.labelOf(row)), recording.subject, row.part,
                         table.deviceOf(row), row.bout});
    }
    return lines;
}

std::string windowTableText(const WindowTable &table)
{
    std::string text = "recording,start_ns,label,subject,split,device,bout\n";
    for (const WindowRow &row : table.rows) {
        const TableRecording &recording = table.recordingOf(row);
        text += csvField(recording.name) + ',' + std::to_string(row.start.ns) + ',' + csvField(table.labelOf(row)) + ','
            + csvField(recording.subject) + ',' + std::string(splitPartName(row.part)) + ',' + csvField(table.deviceOf(row))
            + ',' + (row.bout < 0 ? std::string() : std::to_string(row.bout)) + '\n';
    }
    return text;
}

void writeWindowTable(const std::filesystem::path &path, const WindowTable &table)
{
    writeFileAtomically(path, windowTableText(table));
}

std::vector<WindowLine> readWindowTable(const std::filesystem::path &path)
{
    const std::vector<CsvRow> rows = parseCsv(readTextFile(path, kMostBytes));
    if (rows.empty())
        throw Error(path, "is empty; a table of windows begins with recording,start_ns,label,subject,split");
    const std::vector<std::string> &header = rows.front().fields;
    const auto columnOf = [&](std::string_view name, bool isNeeded) -> std::size_t {
        const auto found = std::ranges::find(header, name);
        if (found == header.end() && isNeeded)
            throw Error(path, 1, "has no column \"" + std::string(name)
                                     + "\"; a table of windows has recording,start_ns,label,subject,split");
        return static_cast<std::size_t>(found - header.begin());
    };
    const std::size_t recording = columnOf("recording", true), start = columnOf("start_ns", true), split = columnOf("split", true);
    const std::size_t label = columnOf("label", false), subject = columnOf("subject", false), device = columnOf("device", false),
                      bout = columnOf("bout", false);
    std::vector<WindowLine> lines;
    lines.reserve(rows.size() - 1);
    for (std::size_t index = 1; index < rows.size(); ++index) {
        const CsvRow &row = rows[index];
        const auto field = [&](std::size_t column) { return column < row.fields.size() ? row.fields[column] : std::string(); };
        const auto startNs = numberOf<Nanos>(field(start));
        const auto part = partOf(field(split));
        if (field(recording).empty())
            throw Error(path, row.line, "names no recording");
        if (!startNs)
            throw Error(path, row.line, "start_ns \"" + field(start) + "\" is no whole number of nanoseconds");
        if (!part)
            throw Error(path, row.line, "split \"" + field(split) + "\" is none of train, validation, test");
        const auto boutNumber = numberOf<std::int32_t>(field(bout));
        if (!field(bout).empty() && (!boutNumber || *boutNumber < 0))
            throw Error(path, row.line, "bout \"" + field(bout) + "\" is no number of a bout");
        lines.push_back({field(recording), *startNs, field(label), field(subject), *part, field(device), boutNumber.value_or(-1)});
    }
    return lines;
}

} // namespace kino
