// Taking in a run that was made elsewhere: a folder that `kino train --out` wrote. No LibTorch; the caller's thread.
#pragma once

#include "core/base/cancel.h"
#include "core/store/jobs/job_store.h"

namespace kino {

/**
 * Copies the folder (without its cache) to the project's runs and its numbers to the project's database. A run that is not over there
 * comes as cancelled, and can be resumed. Gives its id. Throws Error for a folder that holds no run, that is damaged, in which a
 * run is at work, or that has been taken in before; then nothing was added.
 */
JobId importRun(JobStore &store, const std::filesystem::path &folder, const CancelToken &cancel = {});

/** What lies in a run's folder that a person may want, with what it is. */
std::vector<JobArtifact> findArtifacts(const std::filesystem::path &runFolder);

} // namespace kino
