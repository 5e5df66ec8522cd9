#include "core/store/jobs/rows.h"

#include "core/base/error.h"
#include "core/store/recording_rows.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace kino {
namespace {

void flatten(const nlohmann::json &value, const std::string &path, std::vector<std::pair<std::string, ParameterValue>> &found)
{
    const std::string prefix = path.empty() ? path : path + ".";
    if (value.is_object() && !value.empty()) {
        for (const auto &[key, each] : value.items())
            flatten(each, prefix + key, found);
    } else if (value.is_array() && !value.empty() && std::ranges::all_of(value, [](const nlohmann::json &each) { return each.is_object(); })) {
        for (std::size_t place = 0; place < value.size(); ++place)
            flatten(value[place], prefix + std::to_string(place), found);
    } else if (value.is_boolean()) {
        found.emplace_back(path, value.get<bool>());
    } else if (value.is_number_float() || value.is_number_unsigned()) {
        // Beyond int64 no whole number is asked for anywhere.
        if (value.is_number_unsigned() && value.get<std::uint64_t>() <= std::uint64_t{1} << 62)
            found.emplace_back(path, value.get<std::int64_t>());
        else
            found.emplace_back(path, value.get<double>());
    } else if (value.is_number_integer()) {
        found.emplace_back(path, value.get<std::int64_t>());
    } else if (value.is_string()) {
        found.emplace_back(path, value.get<std::string>());
    } else if (value.is_null()) {
        found.emplace_back(path, std::monostate());
    } else {
        found.emplace_back(path, jsonText(value));
    }
}

JobRow rowFrom(const Statement &from)
{
    JobRow row;
    int column = 0;
    row.id = from.integer(column++);
    row.name = from.text(column++);
    row.kind = from.text(column++);
    row.state = jobStateFromName(from.text(column++)).value_or(JobState::failed);
    const std::string request = from.text(column++);
    row.request = request == "cancel" ? JobRequest::cancel : request == "pause" ? JobRequest::pause : JobRequest::none;
    row.priority = from.integer(column++);
    row.place = from.integer(column++);
    row.progress = from.real(column++);
    row.stage = from.text(column++);
    row.ratePerSecond = from.optionalReal(column++);
    row.secondsLeft = from.optionalReal(column++);
    row.error = from.optionalText(column++);
    row.createdAtNs = from.integer(column++);
    row.startedAtNs = from.optionalInteger(column++);
    row.finishedAtNs = from.optionalInteger(column++);
    row.heartbeatAtNs = from.optionalInteger(column++);
    row.workedSeconds = from.real(column++);
    row.attempts = from.integer(column++);
    row.seed = from.optionalInteger(column++);
    row.fingerprint = from.optionalText(column++);
    row.study = from.optionalInteger(column++);
    row.cell = from.optionalInteger(column++);
    row.cellName = from.text(column++);
    row.fold = from.optionalInteger(column++);
    row.isStarred = from.integer(column++) != 0;
    row.deletedAtNs = from.optionalInteger(column++);
    row.notes = from.text(column++);
    row.metricsGeneration = from.integer(column++);
    row.revision = from.integer(column);
    return row;
}

} // namespace

const std::string &jobSelection()
{
    static const std::string selection =
        "SELECT j.id, j.name, j.kind, j.state, j.request, j.priority, j.place, j.progress, j.stage, j.rate, j.seconds_left, j.error, "
        "j.created_at_ns, j.started_at_ns, j.finished_at_ns, j.heartbeat_at_ns, j.worked_seconds, j.attempts, j.seed, j.fingerprint, "
        "j.study_id, j.cell, j.cell_name, j.fold, j.starred, j.deleted_at_ns, j.notes, j.metrics_generation, j.revision FROM jobs j ";
    return selection;
}

std::vector<JobRow> readJobRows(const Database &database, Statement &statement)
{
    std::vector<JobRow> rows;
    while (statement.step())
        rows.push_back(rowFrom(statement));
    // Of many rows all tags at once: few have any.
    constexpr std::size_t kFew = 50;
    if (rows.size() <= kFew) {
        Statement tags(database, "SELECT tag FROM job_tags WHERE job_id = ? ORDER BY tag");
        for (JobRow &row : rows) {
            tags.bind(row.id);
            while (tags.step())
                row.tags.push_back(tags.text(0));
        }
        return rows;
    }
    std::unordered_map<JobId, std::vector<std::string>> tagsOf;
    Statement tags(database, "SELECT job_id, tag FROM job_tags ORDER BY job_id, tag");
    while (tags.step())
        tagsOf[tags.integer(0)].push_back(tags.text(1));
    if (tagsOf.empty())
        return rows;
    for (JobRow &row : rows) {
        if (const auto found = tagsOf.find(row.id); found != tagsOf.end())
            row.tags = std::move(found->second);
    }
    return rows;
}

JobRow readJobRow(const Database &database, JobId id)
{
    Statement statement(database, jobSelection() + "WHERE j.id = ?");
    statement.bind(id);
    std::vector<JobRow> rows = readJobRows(database, statement);
    if (rows.empty())
        throw Error(database.file().parent_path(), "has no job number " + std::to_string(id) + "; `kino jobs` and `kino runs` list what there is");
    return std::move(rows.front());
}

JobId insertJob(const Database &database, const NewJob &job, JobState state)
{
    Statement(database, "INSERT INTO jobs (name, kind, state, priority, place, created_at_ns, seed, study_id, cell, cell_name, fold) "
                        "VALUES (?, ?, ?, ?, (SELECT coalesce(max(place), 0) + 1 FROM jobs), ?, ?, ?, ?, ?, ?)")
        .bind(job.name, job.kind, jobStateName(state), job.priority, wallClockNs(), job.seed, job.study, job.cell, job.cellName, job.fold)
        .run();
    const JobId id = database.lastInsertId();
    Statement(database, "INSERT INTO job_documents (job_id, specification, complete, folder) VALUES (?, ?, ?, ?)")
        .bind(id, jsonText(job.specification), jsonText(job.complete), job.folder)
        .run();
    Statement parent(database, "INSERT OR IGNORE INTO job_parents (child_id, parent_id, role) VALUES (?, ?, ?)");
    for (const auto &[other, role] : job.parents) {
        readJobRow(database, other); // a sentence where there is none
        parent.bind(id, other, lineageName(role)).run();
    }
    if (job.study)
        parent.bind(id, *job.study, lineageName(Lineage::study)).run();
    Statement tag(database, "INSERT OR IGNORE INTO job_tags (job_id, tag) VALUES (?, ?)");
    for (const std::string &each : job.tags)
        tag.bind(id, each).run();
    insertParameters(database, id, job.complete);
    return id;
}

std::vector<std::pair<std::string, ParameterValue>> flattened(const nlohmann::json &specification)
{
    std::vector<std::pair<std::string, ParameterValue>> found;
    flatten(specification, "", found);
    return found;
}

void insertParameters(const Database &database, JobId id, const nlohmann::json &complete)
{
    Statement known(database, "SELECT id FROM parameter_paths WHERE path = ?");
    Statement make(database, "INSERT INTO parameter_paths (path) VALUES (?)");
    Statement insert(database, "INSERT INTO job_parameters (path_id, job_id, value) VALUES (?, ?, ?)");
    for (const auto &[path, value] : flattened(complete)) {
        if (!known.bind(path).step()) {
            make.bind(path).run();
            known.bind(path).step();
        }
        const std::int64_t place = known.integer(0);
        if (const bool *flag = std::get_if<bool>(&value))
            insert.bind(place, id, *flag ? "true" : "false").run();
        else if (const auto *whole = std::get_if<std::int64_t>(&value))
            insert.bind(place, id, *whole).run();
        else if (const double *number = std::get_if<double>(&value))
            insert.bind(place, id, *number).run();
        else if (const std::string *text = std::get_if<std::string>(&value))
            insert.bind(place, id, *text).run();
        else
            insert.bind(place, id, std::nullopt).run();
    }
}

ParameterValue readParameter(const Statement &statement, int column)
{
    if (statement.isNull(column))
        return std::monostate();
    if (statement.isInteger(column))
        return statement.integer(column);
    if (statement.isReal(column))
        return statement.real(column);
    std::string text = statement.text(column);
    if (text == "true" || text == "false")
        return text == "true";
    return text;
}

std::int64_t metricKeyId(const Database &database, std::string_view key)
{
    Statement known(database, "SELECT id FROM metric_keys WHERE key = ?");
    if (known.bind(key).step())
        return known.integer(0);
    Statement(database, "INSERT INTO metric_keys (key) VALUES (?)").bind(key).run();
    known.bind(key).step();
    return known.integer(0);
}

void writeFinalMetrics(const Database &database, JobId id, const nlohmann::json &result)
{
    Statement(database, "UPDATE metric_summaries SET final = NULL WHERE job_id = ?").bind(id).run();
    if (!result.is_object() || !result.contains("metrics") || !result.at("metrics").is_object())
        return;
    Statement write(database, "INSERT INTO metric_summaries (key_id, job_id, final) VALUES (?, ?, ?) "
                              "ON CONFLICT (key_id, job_id) DO UPDATE SET final = excluded.final");
    for (const auto &[key, value] : result.at("metrics").items()) {
        if (value.is_number() && std::isfinite(value.get<double>()))
            write.bind(metricKeyId(database, key), id, value.get<double>()).run();
    }
}

void replaceArtifacts(const Database &database, JobId id, std::span<const JobArtifact> artifacts)
{
    Statement(database, "DELETE FROM job_artifacts WHERE job_id = ?").bind(id).run();
    Statement insert(database, "INSERT OR REPLACE INTO job_artifacts (job_id, path, name, bytes, made_at_ns) VALUES (?, ?, ?, ?, ?)");
    for (const JobArtifact &each : artifacts)
        insert.bind(id, each.path, each.name, static_cast<std::int64_t>(each.bytes), each.madeAtNs).run();
}

std::vector<JobArtifact> readArtifacts(const Database &database, JobId id)
{
    std::vector<JobArtifact> artifacts;
    Statement read(database, "SELECT name, path, bytes, made_at_ns FROM job_artifacts WHERE job_id = ? ORDER BY path");
    read.bind(id);
    while (read.step())
        artifacts.push_back({read.text(0), read.text(1), static_cast<std::uint64_t>(read.integer(2)), read.integer(3)});
    return artifacts;
}

void renewStudy(const Database &database, JobId study)
{
    Statement read(database, "SELECT state, count(*), sum(CASE WHEN state IN ('done', 'failed', 'cancelled') THEN 1.0 ELSE progress END), "
                             "min(started_at_ns), max(finished_at_ns), sum(worked_seconds), max(request = 'none'), max(request = 'cancel') FROM jobs WHERE study_id = ? AND deleted_at_ns IS NULL GROUP BY state");
    read.bind(study);
    JobCounts counts{};
    std::size_t all = 0;
    double progress = 0, worked = 0;
    std::optional<std::int64_t> started, finished;
    auto request = JobRequest::none;
    while (read.step()) {
        const auto state = jobStateFromName(read.text(0)).value_or(JobState::failed);
        const auto count = static_cast<std::size_t>(read.integer(1));
        counts[static_cast<std::size_t>(state)] = count;
        all += count;
        progress += read.real(2);
        if (const auto first = read.optionalInteger(3))
            started = std::min(started.value_or(*first), *first);
        if (const auto last = read.optionalInteger(4))
            finished = std::max(finished.value_or(*last), *last);
        worked += read.real(5);
        // What all that are at work were asked for is what the study was asked for.
        if (state == JobState::running && read.integer(6) == 0)
            request = read.integer(7) != 0 ? JobRequest::cancel : JobRequest::pause;
    }
    if (all == 0)
        return;
    const JobState state = studyState(counts);
    if (counts[static_cast<std::size_t>(JobState::queued)] > 0)
        request = JobRequest::none;
    const std::size_t over = counts[static_cast<std::size_t>(JobState::done)] + counts[static_cast<std::size_t>(JobState::failed)]
                           + counts[static_cast<std::size_t>(JobState::cancelled)];
    const std::size_t failures = counts[static_cast<std::size_t>(JobState::failed)];
    const std::string stage = std::to_string(over) + " of " + std::to_string(all) + " runs are over" + (failures > 0 ? ", " + std::to_string(failures) + " failed" : "");
    Statement(database, "UPDATE jobs SET state = ?, request = ?, progress = ?, stage = ?, started_at_ns = ?, finished_at_ns = ?, worked_seconds = ? WHERE id = ?")
        .bind(jobStateName(state), jobRequestName(request), progress / static_cast<double>(all), stage, started, isOver(state) ? finished : std::nullopt, worked, study)
        .run();
}

void renewStudyOf(const Database &database, const JobRow &run)
{
    if (run.study)
        renewStudy(database, *run.study);
}

nlohmann::json jsonFrom(const std::optional<std::string> &text)
{
    if (!text)
        return nullptr;
    auto document = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
    return document.is_discarded() ? nlohmann::json() : document;
}

std::string jsonText(const nlohmann::json &document) { return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); }

} // namespace kino
