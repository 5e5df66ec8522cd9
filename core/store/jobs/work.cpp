#include "core/store/jobs/work.h"

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/store/jobs/rows.h"
#include "core/store/recording_rows.h"

#include <algorithm>

namespace kino {
namespace {

/** What is kept of a log that does not end. */
constexpr std::int64_t kMostLogLines = 5000;

JobEvent eventOf(JobEnd end, JobRequest request)
{
    // A request that came between the last step and now counts, too.
    if (request == JobRequest::cancel && (end == JobEnd::paused || end == JobEnd::released))
        return JobEvent::stop;
    if (request == JobRequest::pause && end == JobEnd::released)
        return JobEvent::halt;
    switch (end) {
    case JobEnd::done: return JobEvent::finish;
    case JobEnd::failed: return JobEvent::fail;
    case JobEnd::cancelled: return JobEvent::stop;
    case JobEnd::paused: return JobEvent::halt;
    case JobEnd::released: return JobEvent::release;
    }
    return JobEvent::fail;
}

std::string_view levelName(JobLogLevel level)
{
    return level == JobLogLevel::info ? "info" : level == JobLogLevel::warning ? "warning" : "error";
}

/** What keeps a run from beginning. */
struct Hindrance {
    bool isFinal = false;
    std::string sentence;
};

std::optional<Hindrance> hindranceOf(const Database &database, JobId id)
{
    Statement parents(database, "SELECT j.id, j.name, j.state, j.deleted_at_ns FROM job_parents p JOIN jobs j ON j.id = p.parent_id "
                                "WHERE p.child_id = ? AND p.role = 'weights'");
    parents.bind(id);
    while (parents.step()) {
        const auto state = jobStateFromName(parents.text(2)).value_or(JobState::failed);
        const std::string parent = "run " + std::to_string(parents.integer(0));
        if (!parents.isNull(3))
            return Hindrance{true, "The " + parent + ", whose weights it starts from, was removed; restore it, then resume this one."};
        if (state == JobState::failed || state == JobState::cancelled)
            return Hindrance{true, "The " + parent + ", whose weights it starts from, is " + std::string(jobStateName(state)) + "; resume that one, then this one."};
        if (state != JobState::done)
            return Hindrance{false, "waits for " + parent};
    }
    return std::nullopt;
}

/** It was at work: whatever was put in order meanwhile, of those of its priority it goes on before the others begin. */
void giveFirstTurn(const Database &database, JobId id)
{
    Statement(database, "UPDATE jobs SET place = min(place, coalesce((SELECT min(o.place) - 1 FROM jobs o WHERE o.id <> jobs.id AND o.priority = jobs.priority "
                        "AND o.kind <> 'study' AND o.state IN ('queued', 'paused', 'interrupted') AND o.deleted_at_ns IS NULL), place)) WHERE id = ?")
        .bind(id)
        .run();
}

} // namespace

JobWork::JobWork(const std::filesystem::path &projectFolder) : m_store(projectFolder) {}

std::vector<JobId> JobWork::recoverLost()
{
    Transaction transaction(database(), Durability::full);
    const bool goesOn = m_store.resumePolicy() == ResumePolicy::always;
    Statement statement(database(), jobSelection() + "WHERE j.state IN ('running', 'cancelling') AND j.kind <> 'study' ORDER BY j.id");
    std::vector<JobId> ids;
    for (const JobRow &job : readJobRows(database(), statement)) {
        ids.push_back(job.id);
        JobState state = *nextState(job.state, job.request == JobRequest::cancel ? JobEvent::stop : job.request == JobRequest::pause ? JobEvent::halt : JobEvent::lose);
        std::string sentence = "Its worker ended without a word: killed, out of memory, or the power went.";
        Statement losses(database(), "SELECT losses + 1 FROM jobs WHERE id = ?");
        losses.bind(job.id).step();
        if (state == JobState::interrupted && losses.integer(0) >= kMostLosses)
            sentence += " That happened " + std::to_string(losses.integer(0)) + " times without a checkpoint in between, so it does not go on by itself.";
        else if (state == JobState::interrupted && goesOn)
            state = JobState::queued;
        losses.reset();
        addLog(job.id, JobLogLevel::warning, sentence);
        Statement(database(), "UPDATE jobs SET state = ?, request = 'none', stage = '', rate = NULL, seconds_left = NULL, worker = NULL, heartbeat_at_ns = NULL, "
                              "losses = losses + 1, error = ?, finished_at_ns = ? WHERE id = ?")
            .bind(jobStateName(state), state == JobState::interrupted ? std::optional(sentence) : std::nullopt,
                  isOver(state) ? std::optional(wallClockNs()) : std::nullopt, job.id)
            .run();
        giveFirstTurn(database(), job.id);
        renewStudyOf(database(), job);
    }
    transaction.commit();
    return ids;
}

std::optional<JobId> JobWork::takeNext(std::int64_t workerProcess)
{
    Statement any(database(), "SELECT 1 FROM jobs WHERE state = 'queued' AND kind <> 'study' AND deleted_at_ns IS NULL");
    if (!any.step())
        return std::nullopt;
    any.reset();
    Transaction transaction(database(), Durability::full);
    Statement queued(database(), jobSelection() + "WHERE j.state = 'queued' AND j.kind <> 'study' AND j.deleted_at_ns IS NULL ORDER BY j.priority DESC, j.place, j.id");
    std::optional<JobId> taken;
    for (const JobRow &job : readJobRows(database(), queued)) {
        const std::optional<Hindrance> hindrance = hindranceOf(database(), job.id);
        if (!hindrance) {
            taken = job.id;
            break;
        }
        if (hindrance->isFinal) {
            Statement(database(), "UPDATE jobs SET state = 'failed', error = ?, stage = '', finished_at_ns = ? WHERE id = ?").bind(hindrance->sentence, wallClockNs(), job.id).run();
            addLog(job.id, JobLogLevel::error, hindrance->sentence);
            renewStudyOf(database(), job);
        } else if (job.stage != hindrance->sentence) {
            Statement(database(), "UPDATE jobs SET stage = ? WHERE id = ?").bind(hindrance->sentence, job.id).run();
        }
    }
    if (taken) {
        const std::int64_t now = wallClockNs();
        Statement(database(), "UPDATE jobs SET state = 'running', request = 'none', stage = '', error = NULL, started_at_ns = coalesce(started_at_ns, ?1), "
                              "finished_at_ns = NULL, heartbeat_at_ns = ?1, worker = ?2, attempts = attempts + 1, worked_before = worked_seconds WHERE id = ?3")
            .bind(now, workerProcess, *taken)
            .run();
        renewStudyOf(database(), m_store.row(*taken));
    }
    transaction.commit();
    return taken;
}

bool JobWork::isAnyReady() const
{
    Statement queued(database(), "SELECT id FROM jobs WHERE state = 'queued' AND kind <> 'study' AND deleted_at_ns IS NULL");
    while (queued.step()) {
        if (const auto hindrance = hindranceOf(database(), queued.integer(0)); !hindrance || hindrance->isFinal)
            return true;
    }
    return false;
}

JobRequest JobWork::obeyRequest(JobId id)
{
    {
        Statement asked(database(), "SELECT request FROM jobs WHERE id = ?");
        if (!asked.bind(id).step() || asked.text(0) == "none")
            return JobRequest::none;
        if (asked.text(0) == "pause")
            return JobRequest::pause;
    }
    Transaction transaction(database(), Durability::full);
    const JobRow job = m_store.row(id);
    if (job.request == JobRequest::cancel && job.state == JobState::running) {
        Statement(database(), "UPDATE jobs SET state = 'cancelling' WHERE id = ?").bind(id).run();
        renewStudyOf(database(), job);
        transaction.commit();
    }
    return job.request;
}

void JobWork::beat(JobId id, const JobPulse &pulse)
{
    Transaction transaction(database());
    Statement(database(), "UPDATE jobs SET heartbeat_at_ns = ?, progress = ?, stage = ?, rate = ?, seconds_left = ?, worked_seconds = worked_before + ? "
                          "WHERE id = ? AND state IN ('running', 'cancelling')")
        .bind(wallClockNs(), pulse.progress, pulse.stage, pulse.ratePerSecond, pulse.secondsLeft, pulse.workedSeconds, id)
        .run();
    renewStudyOf(database(), m_store.row(id));
    transaction.commit();
}

void JobWork::noteCheckpoint(JobId id) { Statement(database(), "UPDATE jobs SET losses = 0 WHERE id = ? AND losses > 0").bind(id).run(); }

void JobWork::setEnvironment(JobId id, const nlohmann::json &environment)
{
    Statement(database(), "UPDATE job_documents SET environment = ? WHERE job_id = ?").bind(jsonText(environment), id).run();
}

void JobWork::setFingerprint(JobId id, const std::string &fingerprint)
{
    Statement(database(), "UPDATE jobs SET fingerprint = ? WHERE id = ?").bind(fingerprint, id).run();
}

void JobWork::addLog(JobId id, JobLogLevel level, std::string_view text)
{
    Statement(database(), "INSERT INTO job_log (job_id, number, at_ns, level, text) SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4 FROM job_log WHERE job_id = ?1")
        .bind(id, wallClockNs(), levelName(level), validUtf8(std::string(text)))
        .run();
    Statement(database(), "DELETE FROM job_log WHERE job_id = ?1 AND number <= (SELECT max(number) FROM job_log WHERE job_id = ?1) - ?2").bind(id, kMostLogLines).run();
}

JobState JobWork::end(JobId id, const Ending &ending)
{
    Transaction transaction(database(), Durability::full);
    const JobRow job = m_store.row(id);
    const std::optional<JobState> next = nextState(job.state, eventOf(ending.end, job.request));
    if (!next)
        throw Error(m_store.folder(), "job " + std::to_string(id) + " is " + std::string(jobStateName(job.state)) + ", which its worker did not leave it in");
    const bool isFailed = *next == JobState::failed;
    if (isFailed)
        addLog(id, JobLogLevel::error, ending.error);
    Statement(database(), "UPDATE jobs SET state = ?, request = 'none', stage = '', rate = NULL, seconds_left = NULL, worker = NULL, heartbeat_at_ns = NULL, "
                          "losses = 0, progress = CASE WHEN ? THEN 1.0 ELSE progress END, error = ?, finished_at_ns = ?, worked_seconds = worked_before + ? WHERE id = ?")
        .bind(jobStateName(*next), *next == JobState::done, isFailed ? std::optional(validUtf8(ending.error)) : std::nullopt,
              isOver(*next) ? std::optional(wallClockNs()) : std::nullopt, ending.workedSeconds, id)
        .run();
    if (*next == JobState::queued)
        giveFirstTurn(database(), id);
    if (*next == JobState::done) {
        Statement(database(), "UPDATE job_documents SET result = ? WHERE job_id = ?").bind(jsonText(ending.result), id).run();
        writeFinalMetrics(database(), id, ending.result);
    }
    replaceArtifacts(database(), id, ending.artifacts);
    renewStudyOf(database(), job);
    transaction.commit();
    return *next;
}

void JobWork::setStudyResult(JobId study, const nlohmann::json &result, std::span<const JobArtifact> artifacts)
{
    Transaction transaction(database(), Durability::full);
    Statement(database(), "UPDATE job_documents SET result = ? WHERE job_id = ?").bind(jsonText(result), study).run();
    writeFinalMetrics(database(), study, result);
    replaceArtifacts(database(), study, artifacts);
    Statement(database(), "UPDATE jobs SET revision = revision WHERE id = ?").bind(study).run();
    transaction.commit();
}

} // namespace kino
