#include "core/store/jobs/job_store.h"

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/store/jobs/rows.h"
#include "core/store/migrations.h"
#include "core/store/recording_rows.h"

#include <algorithm>
#include <set>

namespace kino {
namespace {

namespace fs = std::filesystem;

constexpr const char *kPolicySetting = "jobs.resume";

Database openProjectDatabase(const fs::path &folder)
{
    std::error_code ignored;
    if (!fs::exists(folder / "project.sqlite", ignored))
        throw Error(folder, "is not a Kinoscope project (it holds no project.sqlite); make one with `kino new`");
    Database database(folder / "project.sqlite", OpenMode::existing);
    migrate(database, projectMigrations());
    return database;
}

/** Why an event makes no sense in a state. */
std::string refusal(const JobRow &job, JobEvent event)
{
    const std::string is = "job " + std::to_string(job.id) + " is " + std::string(jobStateName(job.state));
    switch (event) {
    case JobEvent::askCancel: return is + " and cannot be cancelled: it is over";
    case JobEvent::askPause: return is + " and cannot be paused; only a job that waits or runs can";
    case JobEvent::resume:
        return is + (job.state == JobState::done ? ": there is nothing to go on with; retry makes a new run of the same specification"
                                                 : " already; only one that is paused, interrupted, cancelled or failed can go on");
    default: return is + " and cannot " + std::string(jobEventName(event));
    }
}

void applyUserEvent(const Database &database, const JobRow &job, JobEvent event)
{
    const std::optional<JobState> next = nextState(job.state, event);
    const bool takesBack = event == JobEvent::resume && job.state == JobState::running;
    if (!next || (takesBack && job.request != JobRequest::pause))
        throw Error(database.file().parent_path(), refusal(job, event));
    if (isActive(job.state)) {
        JobRequest request = takesBack ? JobRequest::none : event == JobEvent::askCancel ? JobRequest::cancel : JobRequest::pause;
        if (job.request == JobRequest::cancel)
            request = JobRequest::cancel;
        Statement(database, "UPDATE jobs SET request = ? WHERE id = ?").bind(jobRequestName(request), job.id).run();
        return;
    }
    Statement(database, "UPDATE jobs SET state = ?, request = 'none', stage = '', losses = 0, finished_at_ns = ? WHERE id = ?")
        .bind(jobStateName(*next), isOver(*next) ? std::optional(wallClockNs()) : std::nullopt, job.id)
        .run();
}

std::vector<JobRow> runsOfStudy(const Database &database, JobId study)
{
    Statement statement(database, jobSelection() + "WHERE j.study_id = ? AND j.deleted_at_ns IS NULL ORDER BY j.cell, j.fold, j.seed, j.id");
    statement.bind(study);
    return readJobRows(database, statement);
}

NewJob cloneOf(const Database &database, const JobRow &row)
{
    Statement documents(database, "SELECT specification, complete, folder FROM job_documents WHERE job_id = ?");
    if (!documents.bind(row.id).step())
        throw Error(database.file().parent_path(), "holds no specification of job " + std::to_string(row.id));
    NewJob clone;
    clone.name = row.name;
    clone.kind = row.kind;
    clone.specification = jsonFrom(documents.text(0));
    clone.complete = jsonFrom(documents.text(1));
    clone.folder = documents.text(2);
    clone.priority = row.priority;
    clone.seed = row.seed;
    clone.cell = row.cell;
    clone.cellName = row.cellName;
    clone.fold = row.fold;
    clone.tags = row.tags;
    clone.parents.emplace_back(row.id, Lineage::clone);
    Statement weights(database, "SELECT parent_id FROM job_parents WHERE child_id = ? AND role = 'weights'");
    weights.bind(row.id);
    while (weights.step())
        clone.parents.emplace_back(weights.integer(0), Lineage::weights);
    return clone;
}

std::vector<JobId> insertStudy(const Database &database, const NewJob &study, std::vector<NewJob> runs)
{
    std::vector<JobId> ids{insertJob(database, study, JobState::queued)};
    for (NewJob &run : runs) {
        run.study = ids.front();
        ids.push_back(insertJob(database, run, JobState::queued));
    }
    renewStudy(database, ids.front());
    return ids;
}

} // namespace

std::string_view resumePolicyName(ResumePolicy policy)
{
    return policy == ResumePolicy::ask ? "ask" : policy == ResumePolicy::always ? "always" : "never";
}

std::optional<ResumePolicy> resumePolicyFromName(std::string_view name)
{
    for (const ResumePolicy policy : {ResumePolicy::ask, ResumePolicy::always, ResumePolicy::never}) {
        if (resumePolicyName(policy) == name)
            return policy;
    }
    return std::nullopt;
}

JobStore::JobStore(const fs::path &projectFolder) : m_folder(fs::absolute(projectFolder).lexically_normal()), m_database(openProjectDatabase(m_folder))
{
    if (!m_folder.has_filename())
        m_folder = m_folder.parent_path();
}

JobId JobStore::submit(const NewJob &job)
{
    Transaction transaction(m_database, Durability::full);
    const JobId id = insertJob(m_database, job, JobState::queued);
    transaction.commit();
    return id;
}

std::vector<JobId> JobStore::submitStudy(const NewJob &study, std::vector<NewJob> runs)
{
    Transaction transaction(m_database, Durability::full);
    const std::vector<JobId> ids = insertStudy(m_database, study, std::move(runs));
    transaction.commit();
    return ids;
}

JobId JobStore::insertFinished(const NewJob &job, JobState state, const nlohmann::json &result, double seconds)
{
    Transaction transaction(m_database, Durability::full);
    const JobId id = insertJob(m_database, job, state);
    Statement(m_database, "UPDATE jobs SET progress = ?, worked_seconds = ?, finished_at_ns = created_at_ns, fingerprint = ? WHERE id = ?")
        .bind(state == JobState::done ? 1.0 : 0.0, seconds,
              result.is_object() && result.contains("fingerprint") ? std::optional(result.at("fingerprint").get<std::string>()) : std::nullopt, id)
        .run();
    Statement(m_database, "UPDATE job_documents SET result = ? WHERE job_id = ?").bind(jsonText(result), id).run();
    writeFinalMetrics(m_database, id, result);
    transaction.commit();
    return id;
}

void JobStore::setArtifacts(JobId id, std::span<const JobArtifact> artifacts)
{
    Transaction transaction(m_database);
    replaceArtifacts(m_database, id, artifacts);
    Statement(m_database, "UPDATE jobs SET revision = revision WHERE id = ?").bind(id).run();
    transaction.commit();
}

void JobStore::forget(JobId id)
{
    Transaction transaction(m_database, Durability::full);
    Statement(m_database, "DELETE FROM jobs WHERE id = ?").bind(id).run();
    transaction.commit();
}

JobRow JobStore::row(JobId id) const { return readJobRow(m_database, id); }

JobDetail JobStore::detail(JobId id) const
{
    JobDetail detail;
    detail.row = row(id);
    Statement documents(m_database, "SELECT specification, complete, folder, environment, result FROM job_documents WHERE job_id = ?");
    if (documents.bind(id).step()) {
        detail.specification = jsonFrom(documents.text(0));
        detail.complete = jsonFrom(documents.text(1));
        detail.folder = documents.text(2);
        detail.environment = jsonFrom(documents.optionalText(3));
        detail.result = jsonFrom(documents.optionalText(4));
    }
    const auto relatives = [&](const char *sql) {
        std::vector<JobRelative> found;
        Statement statement(m_database, sql);
        statement.bind(id);
        while (statement.step()) {
            const std::string role = statement.text(1);
            found.push_back({statement.integer(0), role == "weights" ? Lineage::weights : role == "study" ? Lineage::study : Lineage::clone, statement.text(2),
                             statement.text(3), jobStateFromName(statement.text(4)).value_or(JobState::failed)});
        }
        return found;
    };
    detail.parents = relatives("SELECT p.parent_id, p.role, j.name, j.kind, j.state FROM job_parents p JOIN jobs j ON j.id = p.parent_id WHERE p.child_id = ? "
                               "ORDER BY p.parent_id");
    detail.children = relatives("SELECT p.child_id, p.role, j.name, j.kind, j.state FROM job_parents p JOIN jobs j ON j.id = p.child_id WHERE p.parent_id = ? "
                                "ORDER BY p.child_id");
    detail.artifacts = artifacts(id);
    return detail;
}

std::vector<JobRow> JobStore::queue(StudyRuns runs) const
{
    // A study's turn is that of the first of its runs.
    const auto first = [](const std::string &column) {
        return "coalesce((SELECT r." + column + " FROM jobs r WHERE r.study_id = j.id AND r.state IN ('queued', 'paused', 'interrupted') AND r.deleted_at_ns IS NULL "
                                                "ORDER BY r.priority DESC, r.place, r.id LIMIT 1), j." + column + ")";
    };
    const bool isListed = runs == StudyRuns::listed;
    Statement statement(m_database, jobSelection() + "WHERE j.state NOT IN ('done', 'failed', 'cancelled') AND j.deleted_at_ns IS NULL "
                                                     + (isListed ? "" : "AND j.study_id IS NULL ") + "ORDER BY j.state NOT IN ('running', 'cancelling'), "
                                                     + (isListed ? "j.priority" : first("priority")) + " DESC, " + (isListed ? "j.place" : first("place")) + ", j.id");
    return readJobRows(m_database, statement);
}

std::vector<JobRow> JobStore::jobs() const
{
    Statement statement(m_database, jobSelection() + "WHERE j.deleted_at_ns IS NULL ORDER BY j.id DESC");
    return readJobRows(m_database, statement);
}

std::vector<JobRow> JobStore::deletedJobs() const
{
    Statement statement(m_database, jobSelection() + "WHERE j.deleted_at_ns IS NOT NULL ORDER BY j.deleted_at_ns DESC, j.id DESC");
    return readJobRows(m_database, statement);
}

std::vector<JobRow> JobStore::runsOf(JobId study) const { return runsOfStudy(m_database, study); }
std::vector<JobArtifact> JobStore::artifacts(JobId id) const { return readArtifacts(m_database, id); }

std::vector<JobLogLine> JobStore::log(JobId id, std::int64_t after, std::size_t most) const
{
    Statement statement(m_database, "SELECT number, at_ns, level, text FROM job_log WHERE job_id = ? AND number > ? ORDER BY number DESC LIMIT ?");
    statement.bind(id, after, most);
    std::vector<JobLogLine> lines;
    while (statement.step()) {
        const std::string level = statement.text(2);
        lines.push_back({statement.integer(0), statement.integer(1),
                         level == "error" ? JobLogLevel::error : level == "warning" ? JobLogLevel::warning : JobLogLevel::info, statement.text(3)});
    }
    std::ranges::reverse(lines);
    return lines;
}

bool JobStore::hasChanged()
{
    const std::int64_t version = m_database.dataVersion();
    return std::exchange(m_dataVersion, version) != version;
}

JobChanges JobStore::changesSince(JobRevision revision) const
{
    JobChanges changes;
    Statement clock(m_database, "SELECT revision FROM job_clock");
    clock.step();
    changes.revision = clock.integer(0);
    clock.reset();
    // What is written between the two looks comes again the next time.
    Statement statement(m_database, jobSelection() + "WHERE j.revision > ? ORDER BY j.revision");
    statement.bind(revision);
    changes.rows = readJobRows(m_database, statement);
    return changes;
}

JobState JobStore::change(JobId id, JobEvent event)
{
    Transaction transaction(m_database, Durability::full);
    const JobRow job = row(id);
    if (job.kind == "study") {
        std::size_t changed = 0;
        for (const JobRow &run : runsOf(id)) {
            const bool isOverAlready = event == JobEvent::askCancel && isOver(run.state);
            if (isOverAlready || !nextState(run.state, event) || (event == JobEvent::resume && run.state == JobState::running && run.request != JobRequest::pause))
                continue;
            applyUserEvent(m_database, run, event);
            ++changed;
        }
        if (changed == 0)
            throw Error(m_folder, refusal(job, event));
        renewStudy(m_database, id);
    } else {
        applyUserEvent(m_database, job, event);
        renewStudyOf(m_database, job);
    }
    const JobState state = row(id).state;
    transaction.commit();
    return state;
}

JobState JobStore::cancel(JobId id) { return change(id, JobEvent::askCancel); }
JobState JobStore::pause(JobId id) { return change(id, JobEvent::askPause); }
JobState JobStore::resume(JobId id) { return change(id, JobEvent::resume); }

JobId JobStore::retry(JobId id)
{
    Transaction transaction(m_database, Durability::full);
    const JobRow job = row(id);
    JobId made = 0;
    if (job.kind == "study") {
        std::vector<NewJob> runs;
        for (const JobRow &run : runsOf(id))
            runs.push_back(cloneOf(m_database, run));
        made = insertStudy(m_database, cloneOf(m_database, job), std::move(runs)).front();
    } else {
        NewJob clone = cloneOf(m_database, job);
        clone.cell.reset(); // a run of its own: in a study there is one for each cell, fold and seed
        clone.fold.reset();
        made = insertJob(m_database, clone, JobState::queued);
    }
    transaction.commit();
    return made;
}

std::vector<QueuePlace> JobStore::queueOrder() const
{
    Statement statement(m_database, "SELECT id, priority, place FROM jobs WHERE state IN ('queued', 'paused', 'interrupted') AND kind <> 'study' "
                                    "AND deleted_at_ns IS NULL ORDER BY priority DESC, place, id");
    std::vector<QueuePlace> order;
    while (statement.step())
        order.push_back({statement.integer(0), statement.integer(1), statement.integer(2)});
    return order;
}

std::vector<QueuePlace> JobStore::moveBefore(std::span<const JobId> ids, std::optional<JobId> before)
{
    Transaction transaction(m_database, Durability::full);
    const auto withRuns = [this](JobId id, std::set<JobId> &all) {
        all.insert(id);
        for (const JobRow &run : runsOf(id))
            all.insert(run.id);
    };
    std::set<JobId> moving, target;
    for (const JobId id : ids)
        withRuns(id, moving);
    if (before)
        withRuns(*before, target);
    std::vector<QueuePlace> moved, rest;
    for (const QueuePlace &each : queueOrder())
        (moving.contains(each.id) ? moved : rest).push_back(each);
    const auto at = before ? std::ranges::find_if(rest, [&](const QueuePlace &each) { return target.contains(each.id); }) : rest.end();
    if (before && at == rest.end())
        throw Error(m_folder, "job " + std::to_string(*before) + " does not wait, so nothing can be put before it");
    std::vector<QueuePlace> order(rest.begin(), at);
    for (const QueuePlace &each : moved)
        order.push_back({each.id, at != rest.end() ? at->priority : rest.empty() ? each.priority : rest.back().priority, each.place});
    order.insert(order.end(), at, rest.end());
    std::vector<QueuePlace> former;
    const std::vector<QueuePlace> now = queueOrder();
    Statement update(m_database, "UPDATE jobs SET priority = ?, place = ? WHERE id = ?");
    for (std::size_t place = 0; place < order.size(); ++place) {
        const QueuePlace wanted{order[place].id, order[place].priority, static_cast<std::int64_t>(place) + 1};
        const auto before_ = std::ranges::find(now, wanted.id, &QueuePlace::id);
        if (*before_ == wanted)
            continue;
        former.push_back(*before_);
        update.bind(wanted.priority, wanted.place, wanted.id).run();
    }
    transaction.commit();
    return former;
}

void JobStore::restorePlaces(std::span<const QueuePlace> places)
{
    Transaction transaction(m_database, Durability::full);
    Statement update(m_database, "UPDATE jobs SET priority = ?, place = ? WHERE id = ?");
    for (const QueuePlace &each : places)
        update.bind(each.priority, each.place, each.id).run();
    transaction.commit();
}

void JobStore::setPriority(JobId id, std::int64_t priority)
{
    row(id);
    Transaction transaction(m_database, Durability::full);
    Statement(m_database, "UPDATE jobs SET priority = ? WHERE id = ? OR study_id = ?").bind(priority, id, id).run();
    transaction.commit();
}

void JobStore::changeRows(std::span<const JobId> ids, const char *sql, std::optional<std::string> value)
{
    Transaction transaction(m_database, Durability::full);
    Statement statement(m_database, sql);
    for (const JobId id : ids) {
        row(id);
        if (value)
            statement.bind(id, validUtf8(*value)).run();
        else
            statement.bind(id).run();
    }
    transaction.commit();
}

void JobStore::rename(JobId id, const std::string &name) { changeRows({&id, 1}, "UPDATE jobs SET name = ?2 WHERE id = ?1", name); }
void JobStore::setNotes(JobId id, const std::string &notes) { changeRows({&id, 1}, "UPDATE jobs SET notes = ?2 WHERE id = ?1", notes); }
void JobStore::star(std::span<const JobId> ids) { changeRows(ids, "UPDATE jobs SET starred = 1 WHERE id = ?"); }
void JobStore::unstar(std::span<const JobId> ids) { changeRows(ids, "UPDATE jobs SET starred = 0 WHERE id = ?"); }

void JobStore::addTag(std::span<const JobId> ids, const std::string &tag)
{
    if (tag.empty())
        throw Error(m_folder, "a tag needs a name");
    changeRows(ids, "INSERT OR IGNORE INTO job_tags (job_id, tag) VALUES (?, ?)", tag);
}

void JobStore::removeTag(std::span<const JobId> ids, const std::string &tag) { changeRows(ids, "DELETE FROM job_tags WHERE job_id = ? AND tag = ?", tag); }

std::vector<std::string> JobStore::tags() const
{
    std::vector<std::string> tags;
    Statement rows(m_database, "SELECT DISTINCT tag FROM job_tags ORDER BY tag");
    while (rows.step())
        tags.push_back(rows.text(0));
    return tags;
}

void JobStore::remove(std::span<const JobId> ids)
{
    Transaction transaction(m_database, Durability::full);
    Statement update(m_database, "UPDATE jobs SET deleted_at_ns = ?1 WHERE (id = ?2 OR study_id = ?2) AND deleted_at_ns IS NULL");
    const std::int64_t now = wallClockNs();
    for (const JobId id : ids) {
        const JobRow job = row(id);
        if (isActive(job.state))
            throw Error(m_folder, "job " + std::to_string(id) + " is running; cancel it before it is removed");
        update.bind(now, id).run();
        renewStudyOf(m_database, job);
    }
    transaction.commit();
}

void JobStore::restore(std::span<const JobId> ids)
{
    Transaction transaction(m_database, Durability::full);
    // Runs that were removed before their study stay so.
    Statement update(m_database, "UPDATE jobs SET deleted_at_ns = NULL WHERE id = ?1 OR (study_id = ?1 AND deleted_at_ns = (SELECT deleted_at_ns FROM jobs WHERE id = ?1))");
    for (const JobId id : ids) {
        const JobRow job = row(id);
        update.bind(id).run();
        renewStudyOf(m_database, job);
    }
    transaction.commit();
}

ResumePolicy JobStore::resumePolicy() const
{
    Statement read(m_database, "SELECT value FROM settings WHERE key = ?");
    if (!read.bind(kPolicySetting).step())
        return ResumePolicy::always;
    const nlohmann::json value = jsonFrom(read.text(0));
    return value.is_string() ? resumePolicyFromName(value.get<std::string>()).value_or(ResumePolicy::ask) : ResumePolicy::ask;
}

void JobStore::setResumePolicy(ResumePolicy policy)
{
    Statement(m_database, "INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        .bind(kPolicySetting, jsonText(std::string(resumePolicyName(policy))))
        .run();
}

} // namespace kino
