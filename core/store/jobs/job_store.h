// The jobs of a project as a person sees them: submit, list, look into, cancel, pause, resume, reorder, annotate. What a worker
// says of the job that it has is JobWork's; curves are metrics.h's; the run table's columns and filter run_table.h's.
//
// Threads: a connection of its own, for one thread at a time; not the window's. Every change is one transaction with
// synchronous=FULL. Every function throws Error with a sentence and then changed nothing.
#pragma once

#include "core/store/database.h"
#include "core/store/jobs/job.h"

#include <filesystem>
#include <span>

namespace kino {

/** What becomes of a job that lost its worker (a crash, a power cut), at the start of the next one. */
enum class ResumePolicy { ask, always, never };
std::string_view resumePolicyName(ResumePolicy policy);
std::optional<ResumePolicy> resumePolicyFromName(std::string_view name);

struct JobChanges {
    JobRevision revision = 0;
    /** New ones and those of which anything changed, deleted ones (deletedAtNs) too. */
    std::vector<JobRow> rows;
};

/** Runs of studies beside their studies, or studies alone. */
enum class StudyRuns { listed, left };

class JobStore {
public:
    /** Of a project's folder; brings its schema up to date. */
    explicit JobStore(const std::filesystem::path &projectFolder);

    const std::filesystem::path &folder() const { return m_folder; }
    std::filesystem::path runFolder(JobId id) const { return m_folder / "runs" / std::to_string(id); }

    // --- Submitting ---

    /** Queued behind all others of its priority. Parameters are flattened from `complete`. */
    JobId submit(const NewJob &job);
    /** A study and its runs, all or none; `runs` get it as their study. Gives the ids, the study's first. */
    std::vector<JobId> submitStudy(const NewJob &study, std::vector<NewJob> runs);
    /** What a computer elsewhere made: at its end already. */
    JobId insertFinished(const NewJob &job, JobState state, const nlohmann::json &result, double seconds);
    void setArtifacts(JobId id, std::span<const JobArtifact> artifacts);
    /** Takes a job that was inserted by mistake out of the database altogether. */
    void forget(JobId id);

    // --- Looking ---

    /** Throws Error where there is no such job. */
    JobRow row(JobId id) const;
    JobDetail detail(JobId id) const;
    /** Not over, in the order in which they will be taken, the active first. */
    std::vector<JobRow> queue(StudyRuns runs = StudyRuns::listed) const;
    /** All that are not deleted, newest first. */
    std::vector<JobRow> jobs() const;
    std::vector<JobRow> deletedJobs() const;
    /** Of a study, by cell, fold and seed. */
    std::vector<JobRow> runsOf(JobId study) const;
    std::vector<JobArtifact> artifacts(JobId id) const;
    /** The last `most` lines after line `after`, ascending. */
    std::vector<JobLogLine> log(JobId id, std::int64_t after = 0, std::size_t most = 500) const;

    /**
     * Whether anyone else (another connection, another process) wrote to the project since the last call; true at the first.
     * Costs microseconds: ask it on a timer, and read only where it says so. What this connection wrote does not count.
     */
    bool hasChanged();
    /** With 0 everything. */
    JobChanges changesSince(JobRevision revision) const;

    // --- What a person decides. Each throws Error, saying why, where it makes no sense in the job's state; a study passes
    // it on to all its runs for which it does. ---

    /** A running one is asked; one that no worker has is cancelled at once. Gives the state. */
    JobState cancel(JobId id);
    JobState pause(JobId id);
    /** paused, interrupted, cancelled, failed: back to the queue, to go on from its checkpoint in the same run. */
    JobState resume(JobId id);
    /** A new job from the same specification, a clone of it; a study with all its runs. Gives its id. */
    JobId retry(JobId id);

    std::vector<QueuePlace> queueOrder() const;
    /**
     * Puts waiting jobs before another one, or last: they take its priority. Gives where all that moved stood before:
     * restorePlaces() of that undoes it.
     */
    std::vector<QueuePlace> moveBefore(std::span<const JobId> ids, std::optional<JobId> before);
    void restorePlaces(std::span<const QueuePlace> places);
    void setPriority(JobId id, std::int64_t priority);

    void rename(JobId id, const std::string &name);
    void setNotes(JobId id, const std::string &notes);
    void star(std::span<const JobId> ids);
    void unstar(std::span<const JobId> ids);
    void addTag(std::span<const JobId> ids, const std::string &tag);
    void removeTag(std::span<const JobId> ids, const std::string &tag);
    std::vector<std::string> tags() const;
    /** Out of all lists, a study with its runs; nothing is removed from the disk. Throws Error for one that a worker has. */
    void remove(std::span<const JobId> ids);
    /** Undoes remove(). */
    void restore(std::span<const JobId> ids);

    ResumePolicy resumePolicy() const;
    void setResumePolicy(ResumePolicy policy);

    const Database &database() const { return m_database; }

private:
    JobState change(JobId id, JobEvent event);
    void changeRows(std::span<const JobId> ids, const char *sql, std::optional<std::string> value = {});

    std::filesystem::path m_folder;
    Database m_database;
    std::int64_t m_dataVersion = -1;
};

} // namespace kino
