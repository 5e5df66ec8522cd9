// What a worker says of the job that it has: taken, alive, its progress, its end. The only writer of those columns.
//
// Threads: a connection of its own, for one thread at a time (the worker's heartbeat has another). State changes are written with
// synchronous=FULL, heartbeats and log lines with NORMAL. Throws Error, BusyError where the database is locked for long.
#pragma once

#include "core/store/jobs/job_store.h"

namespace kino {

struct JobPulse {
    double progress = 0;
    std::string stage = {};
    std::optional<double> ratePerSecond = {};
    std::optional<double> secondsLeft = {};
    double workedSeconds = 0; // of this attempt
};

/** How an attempt ended. */
enum class JobEnd { done, failed, cancelled, paused, released };

class JobWork {
public:
    explicit JobWork(const std::filesystem::path &projectFolder);

    /**
     * Jobs that say they are at work though no worker is: to be called by a worker that has just got the lock. They become
     * interrupted (cancelled where that was asked), and, by the project's policy, queued again, with the first turn of their priority. One that was lost
     * kMostLosses times without a checkpoint in between stays interrupted: it may be what kills the worker. Gives their ids.
     */
    std::vector<JobId> recoverLost();
    static constexpr std::int64_t kMostLosses = 5;

    /**
     * The first job of the queue that can begin becomes running, with this worker's process id. One whose starting weights come from
     * a run that is not over waits; where that run cannot end well any more it fails with a sentence. Nothing where none is ready.
     */
    std::optional<JobId> takeNext(std::int64_t workerProcess);

    /** Whether takeNext() may find one. */
    bool isAnyReady() const;

    /** What is asked of it; cancel is obeyed: its state becomes cancelling. Cheap where nothing is. */
    JobRequest obeyRequest(JobId id);
    void beat(JobId id, const JobPulse &pulse);
    /** A checkpoint is safe: losses are counted from here. */
    void noteCheckpoint(JobId id);
    void setEnvironment(JobId id, const nlohmann::json &environment);
    void setFingerprint(JobId id, const std::string &fingerprint);
    void addLog(JobId id, JobLogLevel level, std::string_view text);

    struct Ending {
        JobEnd end = JobEnd::done;
        /** Of a failed one. */
        std::string error = {};
        /** result.json; null for none. Its "metrics" are the run's final ones. */
        nlohmann::json result = {};
        std::vector<JobArtifact> artifacts = {};
        double workedSeconds = 0; // of this attempt
    };
    /** Gives the state that it came to: one that was asked to stop may have been done before. */
    JobState end(JobId id, const Ending &ending);
    /** What a study's runs gave together. */
    void setStudyResult(JobId study, const nlohmann::json &result, std::span<const JobArtifact> artifacts);

    const Database &database() const { return m_store.database(); }
    const JobStore &store() const { return m_store; }
    JobStore &store() { return m_store; }

private:
    JobStore m_store;
};

} // namespace kino
