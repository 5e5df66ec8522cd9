// The windows that a rule cuts from recordings of the library, counted or as a table: what a specification would train on.
// Values and pure functions; both run on a worker.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/data/windows/window_set.h"

#include <filesystem>
#include <map>
#include <memory>
#include <vector>

namespace kino {

/** One recording to be cut: as it is in memory, else from the project. */
struct CountedRecording {
    std::shared_ptr<const Recording> recording;
    qint64 storedId = -1;
};

struct ProjectCount {
    std::size_t recordings = 0; // that were looked at
    WindowCounts counts;
    /** Of these windows were cut; "" for recordings without a subject. */
    std::map<std::string, std::size_t> recordingsBySubject;
    /** Why devices or whole recordings give no windows, and which recordings. */
    std::map<std::string, std::vector<std::string>> refusals;
};

/** Adds what another recording gave. Windows and seconds of different recordings never overlap. */
void addCounts(WindowCounts &to, const WindowCounts &more);

/** On a worker. A recording that cannot be read or cut becomes a refusal. Throws Error for the project, Cancelled. */
ProjectCount countProject(const std::filesystem::path &project, const std::vector<CountedRecording> &recordings, const WindowRule &rule,
                          const CancelToken &cancel, const Progress &progress);

struct WrittenWindows {
    std::size_t windows = 0;
    std::size_t recordings = 0; // that gave any
    std::size_t without = 0;
};

/**
 * The kept windows as `kino windows --table` writes them, to a file. All are for training: the panel's rule has no split. On
 * a worker. Throws Error where there are none, with the reason of the first recording; for the project; for the file; Cancelled.
 */
WrittenWindows writeProjectWindows(const std::filesystem::path &file, const std::filesystem::path &project,
                                   const std::vector<CountedRecording> &recordings, const WindowRule &rule, const CancelToken &cancel,
                                   const Progress &progress);

} // namespace kino
