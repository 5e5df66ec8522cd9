#include "core/jobs/queue/worker_lock.h"

#include "core/base/error.h"
#include "core/store/jobs/work.h"

#include <fstream>
#include <unistd.h>

namespace kino {
namespace {

std::filesystem::path lockFile(const std::filesystem::path &projectFolder) { return projectFolder / "worker.lock"; }

} // namespace

std::optional<WorkerLock> WorkerLock::tryLock(const std::filesystem::path &projectFolder)
{
    std::optional<FileLock> lock = FileLock::tryLock(lockFile(projectFolder));
    if (!lock)
        return std::nullopt;
    std::ofstream(lockFile(projectFolder)) << getpid() << "\n";
    return WorkerLock(std::move(*lock));
}

bool isWorkerThere(const std::filesystem::path &projectFolder) { return FileLock::isLocked(lockFile(projectFolder)); }

std::optional<std::int64_t> workerProcess(const std::filesystem::path &projectFolder)
{
    if (!isWorkerThere(projectFolder))
        return std::nullopt;
    std::int64_t process = 0;
    std::ifstream(lockFile(projectFolder)) >> process;
    return process > 0 ? std::optional(process) : std::nullopt;
}

std::vector<JobId> settleAbandonedJobs(const std::filesystem::path &projectFolder)
{
    JobWork work(projectFolder);
    if (work.database().isReadOnly())
        return {};
    Statement active(work.database(), "SELECT 1 FROM jobs WHERE state IN ('running', 'cancelling') AND kind <> 'study'");
    if (!active.step())
        return {};
    active.reset();
    // Whoever has the lock is a worker, and its jobs are not abandoned.
    if (const std::optional<FileLock> lock = FileLock::tryLock(lockFile(projectFolder)))
        return work.recoverLost();
    return {};
}

} // namespace kino
