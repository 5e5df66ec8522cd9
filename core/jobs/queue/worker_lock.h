// That one worker at most is at work on a project. Any thread.
#pragma once

#include "core/base/file_lock.h"
#include "core/store/jobs/job.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace kino {

/** Held by a worker as long as it lives, also while it is suspended. */
class WorkerLock {
public:
    /** Nothing where another worker has it. Throws Error where the project cannot be written. */
    static std::optional<WorkerLock> tryLock(const std::filesystem::path &projectFolder);

private:
    explicit WorkerLock(FileLock lock) : m_lock(std::move(lock)) {}
    FileLock m_lock;
};

bool isWorkerThere(const std::filesystem::path &projectFolder);
/** Of the worker that is there; nothing where none is. */
std::optional<std::int64_t> workerProcess(const std::filesystem::path &projectFolder);

/**
 * Where jobs say that they are at work and no worker is there, says so of them (JobWork::recoverLost()): before a person's wish about
 * one of them, which nobody would obey. Gives their ids.
 */
std::vector<JobId> settleAbandonedJobs(const std::filesystem::path &projectFolder);

} // namespace kino
