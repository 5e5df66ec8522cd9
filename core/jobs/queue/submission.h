// From a specification to jobs in a project's queue. No LibTorch; the caller's thread, not the window's.
#pragma once

#include "core/store/jobs/job_store.h"

namespace kino {

struct Submission {
    std::int64_t priority = 0;
    /** Without it the specification's, else what it trains. */
    std::string name = {};
    /** Beside the run that the starting weights come from: what it is a changed copy of. */
    std::vector<std::pair<JobId, Lineage>> parents = {};
    std::vector<std::string> tags = {};
};

/** More runs than a person can mean, and than a list can show. */
inline constexpr double kMostRunsOfStudy = 20'000;

/**
 * `specification` as it was given; relative paths in it count from `folder`. A study becomes a job with all its runs, cells x folds x
 * seeds. Gives the job's id. Throws Error with every mistake, for starting weights of a run that there is not, for a study that is too
 * large; then nothing was added.
 */
JobId submitSpecification(JobStore &store, const nlohmann::json &specification, const std::filesystem::path &folder, const Submission &how = {});

/** Throws Error where a complete study has more runs than kMostRunsOfStudy. */
void requireSensibleStudy(const nlohmann::json &complete);

/** One run of a study, as it will be submitted. */
struct StudyRun {
    std::int64_t cell = 0;
    std::string cellName;
    std::optional<std::int64_t> fold;
    std::int64_t seed = 0;
    nlohmann::json specification; // not completed
};
/** Of a sound study as it was given: by cell, then fold, then seed. */
std::vector<StudyRun> expandStudy(const nlohmann::json &study);

} // namespace kino
