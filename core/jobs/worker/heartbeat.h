// The worker's sign of life, from a thread and a connection of its own: it beats while the other thread computes, and hears what is
// asked of the job. What it cannot write it tries again; the file lock, not the heartbeat, says whose the project is.
#pragma once

#include "core/base/cancel.h"
#include "core/store/jobs/work.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace kino {

/** Why a job's token fired. */
enum class StopReason { none, cancel, pause, workerStops };

class Heartbeat {
public:
    /** How often requests are looked for, and how often is beaten. */
    static constexpr std::chrono::milliseconds kLook{25}, kBeat{500};

    /** Fires `job` once something is asked, or once `workerStop` fired. */
    Heartbeat(const std::filesystem::path &project, JobId id, CancelToken job, CancelToken workerStop);
    ~Heartbeat();
    Heartbeat(const Heartbeat &) = delete;
    Heartbeat &operator=(const Heartbeat &) = delete;

    /** Any thread. */
    void setPulse(const JobPulse &pulse);
    StopReason reason() const;
    double workedSeconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count(); }

private:
    void run(const std::filesystem::path &project);
    void look(JobWork &work);

    JobId m_id;
    CancelToken m_job, m_workerStop;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    JobPulse m_pulse;
    StopReason m_reason = StopReason::none;
    bool m_isEnding = false;
    std::thread m_thread;
};

} // namespace kino
