// One attempt at one job that the worker has taken: its specification resolved, trained, and its end told to the project. The worker's
// thread.
#pragma once

#include "core/jobs/worker/worker.h"
#include "core/store/jobs/work.h"

namespace kino {

/** Gives the state that the job came to. Throws nothing of what the job does wrong; Error where its end cannot be written. */
JobState attemptJob(JobWork &work, JobId id, const WorkerOptions &options);

} // namespace kino
