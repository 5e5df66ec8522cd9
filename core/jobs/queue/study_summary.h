// What a study's runs gave together. Reads the runs' files; no LibTorch; the caller's thread, not the window's.
#pragma once

#include "core/base/cancel.h"
#include "core/insight/pooled_scores.h"
#include "core/store/jobs/job_store.h"

#include <set>

namespace kino {

/** A window that a run of a study was tested on. */
struct StudyPrediction {
    JobId run = 0;
    std::int64_t cell = 0;
    std::optional<std::int64_t> fold;
    std::int64_t seed = 0;
    std::string recording, subject, device;
    Nanos startNs = 0;
    std::string label, predicted;
    double confidence = 0;
};

struct StudyCellSummary {
    std::int64_t cell = 0;
    std::string name;
    std::vector<JobRow> runs;
    /** Of seeds all of whose folds are done: a pool that lacks some subjects is another. */
    PooledPredictions predictions;
    /** Final metrics of runs that are done, over runs: of cells without predictions all there is. */
    std::map<std::string, Spread> metrics;
};

struct StudySummary {
    /** In bytewise order, of all cells together. */
    std::vector<std::string> classes;
    std::vector<StudyCellSummary> cells;
};

/** Of the runs that are done so far. Throws Error for what is no study, and where a run's files are damaged. */
StudySummary summariseStudy(const JobStore &store, JobId study, const CancelToken &cancel = {});

/** Of one run that is done; none where it classifies nothing. Throws Error where its files are damaged. */
std::vector<StudyPrediction> predictionsOfRun(const JobStore &store, const JobRow &run);
/** Seeds of which every run is done: those that are pooled. */
std::set<std::int64_t> wholeSeeds(std::span<const JobRow> runs);
/** The test predictions of one cell, of all its runs that are done: what lies behind a number of its confusion. */
std::vector<StudyPrediction> predictionsOfCell(const JobStore &store, JobId study, std::int64_t cell, const CancelToken &cancel = {});

/** For kino's --json and a study's result: cells with scores, both spreads, confusion and runs; differences against the cell `against`. */
nlohmann::ordered_json studyJson(const StudySummary &summary, std::int64_t against = 0);

/** Writes study.json, cells.csv and predictions.csv (pooled) to the study's folder and gives the result to keep with it. */
nlohmann::json writeStudyFiles(const JobStore &store, JobId study);

} // namespace kino
