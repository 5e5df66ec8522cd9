// From a specification to what is trained on: files, recordings, windows, parts, samples and whether they are sound. `kino windows`
// and `kino train` come through here, so that what is shown is what is trained. Any thread.
#pragma once

#include "core/data/dataset/leakage.h"
#include "core/data/dataset/training_windows.h"
#include "core/data/import.h"
#include "core/data/windows/window_spec.h"

#include <functional>
#include <memory>

namespace kino {

struct DatasetSpec {
    WindowSpec windows;
    SampleNormalisation normalise = SampleNormalisation::none;
    RepresentationChoice representation;
    friend bool operator==(const DatasetSpec &, const DatasetSpec &) = default;
};

/** From the whole specification. Throws Error with every mistake of "data", as windowSpecFromJson() does. */
DatasetSpec datasetSpecFromJson(const nlohmann::json &specification);
/** What datasetSpecFromJson() reads back into an equal value, everything written. */
nlohmann::ordered_json datasetSpecJson(const DatasetSpec &spec);

/** Whether the samples are wanted, or only which windows there would be. */
enum class LoadedSamples { keep, none };

struct LoadOptions {
    LoadedSamples samples = LoadedSamples::keep;
    /** Where resampled signals and pictures are kept, mapped, for the next program; empty: nowhere. */
    std::filesystem::path cacheFolder = {};
    /** Subjects of the runs that the starting weights come from. */
    std::vector<std::string> pretrainedOn;
    /** Called for each recording while it has its samples, before its name is final. */
    std::function<void(const Recording &, const ChannelCoverage &, const RecordingWindows &)> visit;
    /** Where recordings come from instead of the specification's files: a project. Reads as importPaths() does. */
    std::function<ImportOutcome(const ImportOptions &, const RecordingVisitor &)> read = {};
    CancelToken cancel = {};
    Progress progress = {};
};

struct LoadedDataset {
    /** All windows that the rule cuts, kept and dropped, by recording of the table. */
    std::vector<RecordingWindows> cuts;
    std::shared_ptr<const WindowTable> table;
    LeakageVerdict leakage;
    /** Nothing with LoadedSamples::none. */
    std::unique_ptr<TrainingWindows> windows;
    /** What could not be read; the rest is there. */
    std::vector<ImportFailure> failures;
};

/** The files that the patterns name, relative to `folder`, each once, bytewise. Throws Error for a pattern that names none. */
std::vector<std::filesystem::path> filesOf(const WindowSpec &spec, const std::filesystem::path &folder);

/**
 * `folder` is the specification's. Recordings are read one after another; what is kept of each is its windows, a sketch of its
 * content, and its channels on the windows' grid. Throws Error where nothing could be read, for what the split or the
 * samples do not allow, and what `visit` throws; Cancelled. Says neither whether leakage or missing classes are a hindrance:
 * requireNoLeakage() and requireTrainableClasses() do.
 */
LoadedDataset loadDataset(const DatasetSpec &spec, const std::filesystem::path &folder, const LoadOptions &options = {});

/**
 * What a person should know before training on it, though it hinders nothing; a sentence each: entries of data.labels that no
 * recording has, training windows whose spread no movement gives.
 */
std::vector<std::string> datasetNotes(const LoadedDataset &loaded, const DatasetSpec &spec);

/** One sentence where nothing could be read. */
std::string nothingReadSentence(const std::vector<ImportFailure> &failures);

} // namespace kino
