// A job's rows in the tables of a project: written and read here only. Callers hold the transaction. Internal to the store.
#pragma once

#include "core/store/database.h"
#include "core/store/jobs/job.h"
#include "core/store/jobs/run_table.h"

#include <span>

namespace kino {

/** "SELECT … FROM jobs j" of what readJobRows() reads; add WHERE and ORDER BY. */
const std::string &jobSelection();
std::vector<JobRow> readJobRows(const Database &database, Statement &statement);
/** Throws Error where there is none. */
JobRow readJobRow(const Database &database, JobId id);

JobId insertJob(const Database &database, const NewJob &job, JobState state);

/** Paths with values of a complete specification: objects opened, lists of objects too, other lists as JSON text. */
std::vector<std::pair<std::string, ParameterValue>> flattened(const nlohmann::json &specification);
void insertParameters(const Database &database, JobId id, const nlohmann::json &complete);
ParameterValue readParameter(const Statement &statement, int column);

/** In the table of names, made where it is missing. */
std::int64_t metricKeyId(const Database &database, std::string_view key);
/** The "metrics" of a result as the run's final ones. */
void writeFinalMetrics(const Database &database, JobId id, const nlohmann::json &result);
void replaceArtifacts(const Database &database, JobId id, std::span<const JobArtifact> artifacts);
std::vector<JobArtifact> readArtifacts(const Database &database, JobId id);

/** State, progress and times of a study from those of its runs. */
void renewStudy(const Database &database, JobId study);
void renewStudyOf(const Database &database, const JobRow &run);

/** JSON kept in a column, null for NULL. */
nlohmann::json jsonFrom(const std::optional<std::string> &text);
std::string jsonText(const nlohmann::json &document);

} // namespace kino
