#include "core/data/dataset/load_dataset.h"

#include "core/base/error.h"
#include "core/base/glob.h"
#include "core/base/nearest_word.h"
#include "core/base/sha256.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace kino {
namespace {

namespace fs = std::filesystem;

/** Of the part of the work that reading is, where samples are wanted. */
constexpr double kReadingShare = 0.7;

/** In SI units: accelerometers end at some 4,000 m/s², gyroscopes at some 70 rad/s, magnetometers at 5,000 uT. */
constexpr double kWildestDeviation = 1e5;

std::string shortNumber(double value)
{
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, 3).ptr};
}

/** Everything that a recording leaves behind. */
struct Remains {
    RecordingWindows windows;
    ChannelCoverage coverage;
    RecordingTrace trace;
    RecordingReaders readers;
};

/** Names the columns' content, whatever file they came from. */
std::string contentKeyOf(const Recording &recording)
{
    Sha256 hash;
    for (const Device &device : recording.devices) {
        for (const ImuStream &stream : device.streams) {
            hash.add(std::to_string(stream.samples()) + "," + std::to_string(stream.values.size()) + ";");
            hash.add(std::as_bytes(stream.timesNs.values()));
            for (const Column<float> &axis : stream.values)
                hash.add(std::as_bytes(axis.values()));
        }
    }
    return hash.hex();
}

RecordingReaders readersOf(const Recording &recording, const Remains &remains, const WindowSpec &spec, const LoadOptions &options)
{
    // The recording outlives this call; of it only the resampled columns are kept.
    ResampledStreams streams(std::shared_ptr<const Recording>(std::shared_ptr<void>(), &recording), options.cacheFolder,
                             options.cacheFolder.empty() ? std::string() : contentKeyOf(recording));
    std::vector<bool> isUsed(remains.windows.sources.size(), spec.split.by == SplitBy::file);
    for (const Window &window : remains.windows.windows) {
        if (window.fate == WindowFate::kept)
            isUsed[window.source] = true;
    }
    RecordingReaders readers(isUsed.size());
    for (std::size_t source = 0; source < isUsed.size(); ++source) {
        if (isUsed[source])
            readers[source] = std::make_unique<WindowReader>(streams, remains.coverage.sources[source], remains.windows.sources[source].grid,
                                                             remains.windows.samplesPerWindow, options.cancel);
    }
    return readers;
}

std::optional<std::pair<Nanos, Nanos>> wallClockOf(const Recording &recording)
{
    if (!recording.epochNs)
        return std::nullopt;
    return std::pair(*recording.epochNs + recording.start().ns, *recording.epochNs + recording.end().ns);
}

void dropSamples(Recording &recording)
{
    for (Device &device : recording.devices) {
        for (ImuStream &stream : device.streams) {
            stream.timesNs = {};
            stream.values.clear();
        }
    }
}

/** A profile file lies beside the specification, as the recordings do. */
std::string profileOf(const WindowSpec &spec, const fs::path &folder)
{
    std::error_code ignored;
    const fs::path beside = folder / spec.profile;
    return !spec.profile.empty() && fs::is_regular_file(beside, ignored) ? beside.string() : spec.profile;
}

} // namespace

std::vector<fs::path> filesOf(const WindowSpec &spec, const fs::path &folder)
{
    std::vector<fs::path> files;
    for (const std::string &pattern : spec.recordings) {
        const std::vector<fs::path> found = expandGlob(fs::absolute(folder), pattern);
        if (found.empty())
            throw Error("data.recordings: no file matches \"" + pattern + "\"; patterns count from the specification's folder");
        files.insert(files.end(), found.begin(), found.end());
    }
    std::ranges::sort(files, {}, [](const fs::path &path) { return path.string(); });
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return files;
}

LoadedDataset loadDataset(const DatasetSpec &spec, const fs::path &folder, const LoadOptions &options)
{
    const WindowSpec &rules = spec.windows;
    const fs::path base = fs::absolute(folder);
    std::vector<WindowLine> lines;
    if (rules.split.by == SplitBy::file)
        lines = readWindowTable(base / rules.split.file);
    const bool keepsSamples = options.samples == LoadedSamples::keep;
    ImportOptions import;
    import.profile = profileOf(rules, base);
    import.cancel = options.cancel;
    import.progress = options.progress.part(0, keepsSamples ? kReadingShare : 1);
    std::vector<Remains> all;
    const auto take = [&](Recording &recording) {
        Remains remains;
        remains.coverage = computeCoverage(recording, rules.rule.devices, rules.rule.joined, rules.rule.channels, options.cancel);
        remains.windows = cutWindows(recording, remains.coverage, rules.rule);
        // What no window holds may be shared: one file beside several recordings.
        remains.trace = {sketchContent(recording, rules.rule.channels, options.cancel), wallClockOf(recording)};
        if (keepsSamples)
            remains.readers = readersOf(recording, remains, rules, options);
        if (options.visit)
            options.visit(recording, remains.coverage, remains.windows);
        dropSamples(recording);
        // Last: what throws above makes the recording a failure, and the two lists must stay alike.
        all.push_back(std::move(remains));
    };
    ImportOutcome outcome = options.read ? options.read(import, take) : importPaths(filesOf(rules, base), import, take);
    if (outcome.recordings.empty())
        throw Error(nothingReadSentence(outcome.failures));
    LoadedDataset loaded;
    loaded.failures = std::move(outcome.failures);
    std::vector<ChannelCoverage> coverages;
    std::vector<RecordingTrace> traces;
    std::vector<RecordingReaders> readers;
    for (std::size_t index = 0; index < all.size(); ++index) {
        // Names were made unique only after all were read.
        all[index].windows.recording = outcome.recordings[index].name;
        loaded.cuts.push_back(std::move(all[index].windows));
        coverages.push_back(std::move(all[index].coverage));
        traces.push_back(std::move(all[index].trace));
        readers.push_back(std::move(all[index].readers));
    }
    loaded.table = std::make_shared<const WindowTable>(rules.split.by == SplitBy::file
                                                           ? tableFromLines(loaded.cuts, coverages, lines)
                                                           : makeWindowTable(loaded.cuts, rules.split, rules.seed));
    loaded.leakage = judgeLeakage(*loaded.table, traces, options.pretrainedOn);
    if (keepsSamples)
        loaded.windows = std::make_unique<TrainingWindows>(
            loaded.table, std::move(readers),
            TrainingWindowOptions{spec.normalise, spec.representation, options.cacheFolder, options.cancel, options.progress.part(kReadingShare, 1)});
    return loaded;
}

std::vector<std::string> datasetNotes(const LoadedDataset &loaded, const DatasetSpec &spec)
{
    std::vector<std::string> notes;
    const WindowRule &rule = spec.windows.rule;
    // A table of windows brings its own labels.
    if (spec.windows.split.by != SplitBy::file && rule.policy != LabelPolicy::none) {
        std::set<std::string> mapped, known;
        for (const RecordingWindows &cut : loaded.cuts) {
            mapped.insert(cut.mappedLabels.begin(), cut.mappedLabels.end());
            known.insert(cut.labels.begin(), cut.labels.end());
        }
        for (const auto &[label, name] : rule.labels) {
            if (mapped.contains(label))
                continue;
            const std::string nearest = nearestWord(label, {known.begin(), known.end()});
            notes.push_back("data.labels: no annotation says \"" + label + "\"" + (nearest.empty() ? "." : "; did you mean \"" + nearest + "\"?"));
        }
    }
    if (!loaded.windows || !loaded.windows->statistics())
        return notes;
    const ChannelStatistics &statistics = *loaded.windows->statistics();
    for (std::size_t channel = 0; channel < statistics.channels.size(); ++channel) {
        if (statistics.deviation[channel] > kWildestDeviation)
            notes.push_back("data.normalise: " + statistics.channels[channel] + " has a standard deviation of " + shortNumber(statistics.deviation[channel])
                            + " over the training windows, which no movement gives: some samples are broken, and next to them all others become alike. "
                              "`kino inspect` names each stream's least and most value.");
    }
    return notes;
}

std::string nothingReadSentence(const std::vector<ImportFailure> &failures)
{
    if (failures.empty())
        return "nothing to read was found";
    const ImportFailure &first = failures.front();
    // An Error's own text names its file already.
    std::string sentence = first.message.find(first.path.string()) == std::string::npos ? first.path.string() + ": " + first.message
                                                                                        : first.message;
    if (failures.size() > 1)
        sentence += " (and " + std::to_string(failures.size() - 1) + " more could not be read)";
    return sentence;
}

} // namespace kino
