// What a specification would cost, before it is queued: windows, steps, time, memory and disk, from real steps of the real model on its
// real batches. Nothing is written to a project or to a run's folder. One thread; sets the number of torch's threads for the process.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace kino {

struct EstimateOptions {
    /** Whose recordings and runs the specification may name; empty: none. */
    std::filesystem::path project;
    /** 0: as a worker takes them, which is as the specification says, or as many as the process may use. */
    std::size_t threads = 0;
    /** For the timed steps of each run that is tried; of slow steps at least two are timed, so it may take longer. */
    double probeSeconds = 4;
    CancelToken cancel;
    Progress progress;
    /** What a person should know. May be empty. */
    std::function<void(const std::string &sentence)> say;
};

/**
 * Of a run:
 *   {"kind", "runs": 1, "device", "threads", "windows": {"train", "validation", "test"}, "parameters": {"all", "trained"},
 *    "steps": {"first_epoch", "epochs", "all", "counted"}, "step_seconds": {"median", "low", "high", "timed", "warm_up"},
 *    "seconds": {"loading", "training", "evaluation", "all", "low", "high"},
 *    "memory": {"peak_bytes", "data_bytes", "weights_bytes", "gradient_bytes", "optimizer_bytes", "best_bytes"},
 *    "disk": {"checkpoint_bytes", "weights_bytes", "most_bytes"}, "notes": [sentences]}
 * Steps are counted through the epochs' plans as the trainer goes through them; "counted" is false where that took too long and the rest is
 * as the mean of those that were. "low" and "high" are the 10th and the 90th percentile of the steps' times, and what they would mean for
 * all. "peak_bytes" is the resident memory of the probe at its most, with all that a run holds; "most_bytes" of the disk holds while a
 * checkpoint is being replaced.
 * Of a study: {"kind", "runs", "cells", "probes": [the above, with "name", "cells" and "runs" of each], "seconds": {"all", "low", "high"},
 * "memory": {"peak_bytes"} of the largest, "disk": {"most_bytes"} of all, "notes"}. Cells that differ only in what costs nothing share a
 * probe, and of each the first fold and seed stand for the others.
 *
 * Throws Error for what a run would refuse, Cancelled.
 */
nlohmann::ordered_json estimateJob(const nlohmann::json &specification, const std::filesystem::path &folder, const EstimateOptions &options = {});

} // namespace kino
