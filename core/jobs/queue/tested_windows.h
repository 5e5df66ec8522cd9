// The windows that runs were tested on, and what they were taken for: what lies behind a confusion. Reads the runs' files; no LibTorch;
// the caller's thread, not the window's.
#pragma once

#include "core/base/cancel.h"
#include "core/insight/classification.h"
#include "core/store/jobs/job_store.h"
#include "core/store/recording_entry.h"

namespace kino {

struct TestedRecording {
    /** When the run began. */
    std::string name;
    std::string subject;
    /** In the project; nothing for files outside of it, and for a run that was made elsewhere: there it was another project's. */
    std::optional<RecordingId> id;
};

/** Texts are places in TestedWindows: there may be millions of windows. */
struct TestedWindow {
    JobId run = 0;
    std::int64_t seed = 0;
    std::int32_t fold = -1; // -1: none
    std::uint32_t recording = 0;
    std::uint32_t device = 0;
    std::uint32_t label = 0;     // in classes
    std::uint32_t predicted = 0; // in classes
    Nanos startNs = 0;           // on the recording's clock
    double confidence = 0;       // of what was predicted, 0 to 1
};

struct TestedWindows {
    /** In bytewise order: all that the runs could have said, whether there is a window of it or not. */
    std::vector<std::string> classes;
    std::vector<TestedRecording> recordings;
    std::vector<std::string> devices;
    /** By run, then as its file has them. */
    std::vector<TestedWindow> windows;
    /** That there are windows of, ascending. */
    std::vector<std::int64_t> seeds;
    std::size_t runs = 0;
    /** What a window covers; 0 where no rule cut them (vectors of another model). */
    Nanos lengthNs = 0;

    /** Of all, or of one seed. Equal to `kino study`'s where it is of a cell. */
    Classification classification(std::optional<std::int64_t> seed = std::nullopt) const;
};

/** Of one run; of one that is not done or classifies nothing there are none. Throws Error where there is no such job or a file is damaged. */
TestedWindows testedWindowsOf(const JobStore &store, JobId run);
/** Of a study's cell: of the seeds all of whose folds are done. */
TestedWindows testedWindowsOfCell(const JobStore &store, JobId study, std::int64_t cell, const CancelToken &cancel = {});

} // namespace kino
