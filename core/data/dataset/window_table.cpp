#include "core/data/dataset/window_table.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace kino {
namespace {

/** Adds up what windows of one source after another cover; their starts ascend in each. */
class Coverage {
public:
    void add(const WindowRow &row, Nanos lengthNs)
    {
        const std::pair source(row.recording, row.source);
        const RecordingTime end = row.start + lengthNs;
        m_ns += m_source == source && row.start < m_end ? std::max<Nanos>(0, end - m_end) : lengthNs;
        m_source = source;
        m_end = end;
    }
    double seconds() const { return toSeconds(m_ns); }

private:
    std::pair<std::uint32_t, std::uint32_t> m_source{UINT32_MAX, 0};
    RecordingTime m_end;
    Nanos m_ns = 0;
};

std::string joinedName(const std::vector<std::string> &devices)
{
    std::string name;
    for (const std::string &device : devices)
        name += (name.empty() ? "" : "+") + device;
    return name;
}

/** Gives `labels` as places in a sorted list of those that occur. */
std::vector<std::string> sortedClasses(const std::set<std::string> &names) { return {names.begin(), names.end()}; }

std::int32_t placeOf(const std::vector<std::string> &classes, const std::string &name)
{
    return name.empty() ? -1 : static_cast<std::int32_t>(std::ranges::lower_bound(classes, name) - classes.begin());
}

WindowTable emptyTable(std::span<const RecordingWindows> recordings)
{
    WindowTable table;
    for (const RecordingWindows &recording : recordings) {
        table.recordings.push_back({recording.recording, recording.subject, recording.sources});
        // A recording that was refused has neither.
        table.lengthNs = std::max(table.lengthNs, recording.lengthNs);
        table.samplesPerWindow = std::max(table.samplesPerWindow, recording.samplesPerWindow);
    }
    return table;
}

void requireCountableRows(std::size_t rows)
{
    if (rows > std::size_t{UINT32_MAX})
        throw Error("the specification gives over four thousand million windows; choose a longer stride or fewer recordings");
}

/** Whether all samples from `start` on lie in one span of each stream. */
bool isCovered(const ChannelSource &source, Nanos start, Nanos lastSample)
{
    return std::ranges::all_of(source.streams, [&](const ChannelStream &stream) {
        return std::ranges::any_of(stream.spans,
                                   [&](const CoveredSpan &span) { return span.fromNs <= start && lastSample <= span.toNs; });
    });
}

} // namespace

std::string_view WindowTable::labelOf(const WindowRow &row) const
{
    return row.label < 0 ? std::string_view() : std::string_view(classes[static_cast<std::size_t>(row.label)]);
}

std::string WindowTable::deviceOf(const WindowRow &row) const
{
    return joinedName(recordings[row.recording].sources[row.source].devices);
}

std::vector<std::uint32_t> WindowTable::rowsOf(SplitPart part) const
{
    std::vector<std::uint32_t> places;
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (rows[row].part == part)
            places.push_back(static_cast<std::uint32_t>(row));
    }
    return places;
}

WindowTable makeWindowTable(std::span<const RecordingWindows> recordings, const SplitRule &split, std::uint64_t seed)
{
    WindowTable table = emptyTable(recordings);
    const bool byRecording = split.by == SplitBy::recording;
    std::vector<std::string> names;
    std::set<std::string> used;
    std::size_t count = 0;
    for (const RecordingWindows &recording : recordings) {
        names.push_back(byRecording ? recording.recording : recording.subject);
        for (const Window &window : recording.windows) {
            if (window.fate != WindowFate::kept)
                continue;
            ++count;
            if (window.label >= 0)
                used.insert(recording.labels[static_cast<std::size_t>(window.label)]);
        }
    }
    requireCountableRows(count);
    table.classes = sortedClasses(used);
    table.rows.reserve(count);
    const std::map<std::string, SplitPart> parts = assignSplit(split, names, seed);
    std::int32_t firstBout = 0;
    for (std::size_t number = 0; number < recordings.size(); ++number) {
        const RecordingWindows &recording = recordings[number];
        std::vector<std::int32_t> places;
        for (const std::string &label : recording.labels)
            places.push_back(placeOf(table.classes, label));
        const SplitPart part = parts.at(names[number]);
        for (const Window &window : recording.windows) {
            if (window.fate != WindowFate::kept)
                continue;
            table.rows.push_back({static_cast<std::uint32_t>(number), window.source, window.start, window.firstSample,
                                  window.label < 0 ? -1 : places[static_cast<std::size_t>(window.label)],
                                  window.bout < 0 ? -1 : firstBout + window.bout, part});
        }
        firstBout += static_cast<std::int32_t>(recording.bouts.size());
    }
    return table;
}

WindowTable tableFromLines(std::span<const RecordingWindows> recordings, std::span<const ChannelCoverage> coverages,
                           std::span<const WindowLine> lines)
{
    WindowTable table = emptyTable(recordings);
    requireCountableRows(lines.size());
    std::map<std::string, std::uint32_t> byName;
    for (std::size_t number = 0; number < recordings.size(); ++number)
        byName.emplace(recordings[number].recording, static_cast<std::uint32_t>(number));
    std::set<std::string> used;
    for (const WindowLine &line : lines) {
        if (!line.label.empty())
            used.insert(line.label);
    }
    table.classes = sortedClasses(used);
    const auto samples = static_cast<std::int64_t>(table.samplesPerWindow);
    for (const WindowLine &line : lines) {
        const std::string who = "the window of " + line.recording + " at " + std::to_string(line.startNs) + " ns ";
        const auto found = byName.find(line.recording);
        if (found == byName.end())
            throw Error(who + "is in the given table, but the recordings of the specification do not hold it");
        const std::vector<WindowSource> &sources = table.recordings[found->second].sources;
        WindowRow row{.recording = found->second, .start = {line.startNs}, .label = placeOf(table.classes, line.label),
                      .bout = line.bout, .part = line.part};
        if (line.device.empty() && sources.size() > 1)
            throw Error(who + "could be of several devices; the table needs a column \"device\"");
        const auto source = line.device.empty() ? sources.begin() : std::ranges::find_if(sources, [&](const WindowSource &one) {
            return joinedName(one.devices) == line.device;
        });
        if (source == sources.end())
            throw Error(who + "is of device " + (line.device.empty() ? "any" : line.device)
                        + ", which does not have the specification's channels");
        row.source = static_cast<std::uint32_t>(source - sources.begin());
        const SampleGrid &grid = source->grid;
        Nanos fromGrid = 0;
        const bool isAbsurd = __builtin_sub_overflow(line.startNs, grid.startNs, &fromGrid);
        const double nearest = std::round(toSeconds(fromGrid) * grid.rateHz);
        if (isAbsurd || !(nearest >= 0 && nearest + static_cast<double>(samples) <= static_cast<double>(grid.samples)))
            throw Error(who + "lies outside the samples of its device");
        row.firstSample = static_cast<std::int64_t>(nearest);
        const auto first = static_cast<std::size_t>(row.firstSample);
        const Nanos onGrid = grid.timeNs(first);
        const Nanos last = grid.timeNs(first + table.samplesPerWindow - 1);
        if (std::abs(static_cast<double>(onGrid - line.startNs)) > 0.5e9 / grid.rateHz)
            throw Error(who + "lies beside the grid of samples; was it cut at another rate?");
        if (!isCovered(coverages[row.recording].sources.at(row.source), onGrid, last))
            throw Error(who + "lies in a gap or has missing values");
        table.rows.push_back(row);
    }
    const auto key = [](const WindowRow &row) { return std::tuple(row.recording, row.source, row.firstSample); };
    std::ranges::sort(table.rows, {}, key);
    const auto twice = std::ranges::adjacent_find(table.rows, {}, key);
    if (twice != table.rows.end())
        throw Error("the window of " + table.recordingOf(*twice).name + " at " + std::to_string(twice->start.ns)
                    + " ns is in the given table more than once");
    return table;
}

std::vector<TableCount> countWindowTable(const WindowTable &table)
{
    struct Total {
        TableCount count;
        std::set<std::int32_t> bouts;
        Coverage coverage;
    };
    std::map<std::tuple<std::string_view, std::string_view, SplitPart>, Total> totals;
    for (const WindowRow &row : table.rows) {
        Total &total = totals[{table.labelOf(row), table.recordingOf(row).subject, row.part}];
        ++total.count.windows;
        if (row.bout >= 0)
            total.bouts.insert(row.bout);
        total.coverage.add(row, table.lengthNs);
    }
    std::vector<TableCount> counts;
    for (auto &[key, total] : totals) {
        total.count.label = std::get<0>(key);
        total.count.subject = std::get<1>(key);
        total.count.part = std::get<2>(key);
        total.count.bouts = total.bouts.size();
        total.count.seconds = total.coverage.seconds();
        counts.push_back(std::move(total.count));
    }
    return counts;
}

double coveredSeconds(const WindowTable &table)
{
    Coverage coverage;
    for (const WindowRow &row : table.rows)
        coverage.add(row, table.lengthNs);
    return coverage.seconds();
}

std::vector<std::string> classesMissingInTraining(const WindowTable &table)
{
    std::vector<bool> trains(table.classes.size()), evaluates(table.classes.size());
    for (const WindowRow &row : table.rows) {
        if (row.label >= 0)
            (row.part == SplitPart::train ? trains : evaluates)[static_cast<std::size_t>(row.label)] = true;
    }
    std::vector<std::string> missing;
    for (std::size_t index = 0; index < table.classes.size(); ++index) {
        if (evaluates[index] && !trains[index])
            missing.push_back(table.classes[index]);
    }
    return missing;
}

void requireTrainableClasses(const WindowTable &table)
{
    if (std::ranges::none_of(table.rows, [](const WindowRow &row) { return row.part == SplitPart::train && row.label >= 0; }))
        throw Error("no labelled window is left for training; check data.labels, data.window.label and data.split");
    const std::vector<std::string> missing = classesMissingInTraining(table);
    if (missing.empty())
        return;
    std::string list;
    for (const std::string &name : missing)
        list += (list.empty() ? "" : ", ") + name;
    throw Error((missing.size() == 1 ? "the class " : "the classes ") + list
                + " would be validated or tested, but no training window has it; choose another split, or merge or leave out the "
                  "class with data.labels");
}

} // namespace kino
