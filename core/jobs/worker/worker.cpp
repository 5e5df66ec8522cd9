#include "core/jobs/worker/worker.h"

#include "core/base/error.h"
#include "core/jobs/queue/run_import.h"
#include "core/jobs/queue/study_summary.h"
#include "core/jobs/queue/worker_lock.h"
#include "core/jobs/worker/attempt.h"
#include "core/jobs/worker/patience.h"
#include "core/store/window_cache.h"

#include <unistd.h>

namespace kino {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLook(100);
/** Of windows and pictures that jobs left for the next one: more is pruned when a worker begins. */
constexpr std::uint64_t kMostCacheBytes = std::uint64_t{20} << 30;

WorkerLock lockOf(const JobStore &store)
{
    // Whoever settles abandoned jobs has the lock for a moment, and a worker that was killed may be dying still.
    for (int tries = 0; tries < 20; ++tries) {
        if (std::optional<WorkerLock> lock = WorkerLock::tryLock(store.folder()))
            return std::move(*lock);
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    const auto process = workerProcess(store.folder());
    throw Error(store.folder(), "has a worker already (process " + (process ? std::to_string(*process) : std::string("unknown"))
                                    + "), which takes new jobs by itself; if it was suspended, let it go on or end it");
}

class Worker {
public:
    explicit Worker(const WorkerOptions &options) : m_options(options), m_work(options.project) {}

    WorkerReport run()
    {
        std::optional<WorkerLock> lock = lockOf(m_work.store());
        for (const JobId id : patiently([&] { return m_work.recoverLost(); }, m_options.stop, m_options.say))
            tell("job " + std::to_string(id) + " had lost its worker and is " + std::string(jobStateName(m_work.store().row(id).state)));
        pruneWindowCache(m_work.store().folder(), kMostCacheBytes);
        while (!m_options.stop.isCancelled()) {
            workUntilIdle();
            if (m_options.stop.isCancelled())
                break;
            // A job that came between the last look and here must not wait for somebody to start another worker.
            lock.reset();
            if (!m_work.isAnyReady())
                break;
            lock = WorkerLock::tryLock(m_work.store().folder());
            if (!lock)
                break;
        }
        m_report.wasStopped = m_options.stop.isCancelled();
        return m_report;
    }

private:
    void workUntilIdle()
    {
        auto lastWork = Clock::now();
        bool hasLooked = false;
        while (!m_options.stop.isCancelled()) {
            const bool isNew = m_work.store().hasChanged() || !hasLooked;
            hasLooked = true;
            const std::optional<JobId> job = isNew ? patiently([&] { return m_work.takeNext(getpid()); }, m_options.stop, m_options.say) : std::nullopt;
            if (job) {
                work(*job);
                lastWork = Clock::now();
                hasLooked = false;
                continue;
            }
            if (std::chrono::duration<double>(Clock::now() - lastWork).count() >= m_options.idleSeconds)
                return;
            std::this_thread::sleep_for(kLook);
        }
    }

    void work(JobId id)
    {
        tell("job " + std::to_string(id) + ": " + m_work.store().row(id).name);
        const JobState state = attemptJob(m_work, id, m_options);
        ++(state == JobState::done ? m_report.done : state == JobState::failed ? m_report.failed : m_report.stopped);
        const JobRow row = m_work.store().row(id);
        tell("job " + std::to_string(id) + " is " + std::string(jobStateName(state)) + (row.error ? ": " + *row.error : std::string()));
        if (row.study && isOver(m_work.store().row(*row.study).state))
            summarise(*row.study);
    }

    /** The runs are there whatever becomes of their summary. */
    void summarise(JobId study)
    {
        try {
            const nlohmann::json result = writeStudyFiles(m_work.store(), study);
            m_work.setStudyResult(study, result, findArtifacts(m_work.store().runFolder(study)));
        } catch (const Error &error) {
            tell("job " + std::to_string(study) + ": its runs are over, but not summed up: " + error.what());
        }
    }

    void tell(const std::string &sentence) const
    {
        if (m_options.say)
            m_options.say(sentence);
    }

    const WorkerOptions &m_options;
    JobWork m_work;
    WorkerReport m_report;
};

} // namespace

WorkerReport runWorker(const WorkerOptions &options) { return Worker(options).run(); }

} // namespace kino
