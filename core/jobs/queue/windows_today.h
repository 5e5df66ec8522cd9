// The windows of a run that was, and those that its specification would be cut into today: before it is run again. No LibTorch; the caller's
// thread, not the window's.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/data/dataset/window_difference.h"
#include "core/data/import.h"
#include "core/store/jobs/job.h"

#include <filesystem>

namespace kino {

struct WindowsToday {
    WindowDifference difference;
    /** Recordings that cannot be read today; their windows are among the removed. */
    std::vector<ImportFailure> failures;
};

/** It learned from recordings, cut by a rule, and left its table. */
bool canCompareWithToday(const JobDetail &run);

/**
 * Its table (windows.csv) beside the one that is cut by its rule from the recordings as they are now, with the clocks and labels of the
 * project where it names that. Recordings that were renamed since are the same ones. Nothing is written. Throws Error where the table or
 * the recordings cannot be read, Cancelled.
 */
WindowsToday compareWithToday(const std::filesystem::path &project, const JobDetail &run, const CancelToken &cancel = {}, const Progress &progress = {});

} // namespace kino
