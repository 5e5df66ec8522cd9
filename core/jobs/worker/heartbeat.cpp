#include "core/jobs/worker/heartbeat.h"

#include "core/base/error.h"

namespace kino {

Heartbeat::Heartbeat(const std::filesystem::path &project, JobId id, CancelToken job, CancelToken workerStop)
    : m_id(id), m_job(std::move(job)), m_workerStop(std::move(workerStop)), m_thread([this, project] { run(project); })
{
}

Heartbeat::~Heartbeat()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

void Heartbeat::setPulse(const JobPulse &pulse)
{
    const std::lock_guard lock(m_mutex);
    m_pulse = pulse;
}

StopReason Heartbeat::reason() const
{
    const std::lock_guard lock(m_mutex);
    return m_reason;
}

void Heartbeat::look(JobWork &work)
{
    const JobRequest request = work.obeyRequest(m_id);
    StopReason reason = request == JobRequest::cancel ? StopReason::cancel : request == JobRequest::pause ? StopReason::pause : StopReason::none;
    if (reason == StopReason::none && m_workerStop.isCancelled())
        reason = StopReason::workerStops;
    if (reason == StopReason::none)
        return;
    {
        const std::lock_guard lock(m_mutex);
        m_reason = m_reason == StopReason::cancel ? m_reason : reason;
    }
    m_job.cancel();
}

void Heartbeat::run(const std::filesystem::path &project)
{
    std::optional<JobWork> work;
    auto beaten = m_start;
    std::unique_lock lock(m_mutex);
    while (!m_isEnding) {
        JobPulse pulse = m_pulse;
        lock.unlock();
        try {
            if (!work)
                work.emplace(project);
            look(*work);
            if (const auto now = std::chrono::steady_clock::now(); now - beaten >= kBeat) {
                pulse.workedSeconds = workedSeconds();
                work->beat(m_id, pulse);
                beaten = now;
            }
        } catch (const std::exception &) {
            // Locked or full for the moment. That the worker is told to stop must be heard all the same.
            if (m_workerStop.isCancelled()) {
                const std::lock_guard again(m_mutex);
                m_reason = m_reason == StopReason::none ? StopReason::workerStops : m_reason;
                m_job.cancel();
            }
        }
        lock.lock();
        m_wake.wait_for(lock, kLook, [this] { return m_isEnding; });
    }
}

} // namespace kino
