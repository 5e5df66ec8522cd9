// One run of a specification of kind "train" in a folder: what `kino train` does, and the worker of a project. The folder holds
// all that the run was and gave (cli.md); with a checkpoint in it the run can go on.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/jobs/queue/recording_source.h"
#include "core/jobs/training/run_folder.h"
#include "core/learn/metric_sink.h"
#include "core/learn/training_pulse.h"

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace kino {

struct TrainingRunOptions {
    std::filesystem::path folder;
    FormerRun former = FormerRun::refuse;
    ForeignFiles foreign = ForeignFiles::refuse;
    /** 0: as many as the run began with, as the specification says, or as the process may use. */
    std::size_t threads = 0;
    OtherThreads otherThreads = OtherThreads::refuse;
    /** Where resampled channels and pictures are kept, by content; empty: in the run's own folder. */
    std::filesystem::path cacheFolder;
    /** Recordings of a project, for specifications that name them. */
    ProjectRecordings recordings;
    /** Gets what metrics.csv gets. Must outlive the run. */
    MetricSink *metrics = nullptr;
    /** Once all is loaded and made: {"threads", "device", "fingerprint"}. */
    std::function<void(const nlohmann::json &facts)> onBegin;
    /** After each step. */
    std::function<void(const TrainingPulse &)> onPulse;
    CancelToken cancel;
    Progress progress;
    /** What a person should know while it runs. May be empty. */
    std::function<void(const std::string &sentence)> say;
    /** What is worth keeping of how it went: data, model, validations, checkpoints, its end; few lines however long it takes. May be empty. */
    std::function<void(const std::string &line)> log;
};

/**
 * `specification` as it was given; paths in it count from `specificationFolder`. Gives what result.json holds; its "state" is
 * "done", or "cancelled" after a checkpoint. Throws Error for a specification that is not sound, for leakage that is not
 * allowed, for data that cannot be trained on, and for a loss that is not finite; Cancelled before the first step.
 * Sets the number of torch's threads for the process.
 */
nlohmann::ordered_json runTraining(const nlohmann::json &specification, const std::filesystem::path &specificationFolder, const TrainingRunOptions &options);

} // namespace kino
