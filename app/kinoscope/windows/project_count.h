// How many windows a rule cuts from all recordings of the library: what a specification would train on. Values and pure
// functions; the count runs on a worker.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/data/windows/window_set.h"

#include <filesystem>
#include <map>
#include <memory>
#include <vector>

namespace kino {

/** One recording to be counted: as it is in memory, else from the project. */
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

} // namespace kino
