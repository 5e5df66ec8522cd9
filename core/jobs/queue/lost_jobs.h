// Jobs that lost their worker, and what that cost: the steps between a run's last checkpoint and the last number that it wrote, which are done
// again when it goes on. Any thread.
#pragma once

#include "core/store/jobs/job_store.h"
#include "core/store/jobs/metrics.h"

namespace kino {

struct LostJob {
    /** A run, never a study. */
    JobRow job;
    /** As many as are known of: numbers are written every quarter of a second. Of one that is over, none. */
    std::int64_t steps = 0;
};

/** Of these runs, as they are now. Throws Error where the project cannot be read. */
std::vector<LostJob> lostJobs(const JobStore &store, const MetricReader &reader, std::span<const JobId> ids);
/** All that are interrupted, runs of studies too. Throws Error where the project cannot be read. */
std::vector<LostJob> interruptedJobs(const JobStore &store, const MetricReader &reader);

} // namespace kino
