// Runs that are done without anything having been trained: their folders and rows are written as the runner and the worker write them, with
// predictions that a test has worked out by hand.
#pragma once

#include "core/base/files.h"
#include "core/data/table/csv_text.h"
#include "core/insight/classification.h"
#include "core/store/jobs/work.h"

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace kino::test {

/** A window of a run's test part and what was said of it. */
struct PreparedRow {
    std::string recording, subject;
    Nanos startNs = 0;
    std::string label, predicted;
    double confidence = 0.5;
    std::string device = "phone";
};

inline NewJob preparedJob(const std::string &name, std::int64_t seed, const std::string &encoder = "mw2")
{
    NewJob job;
    job.name = name;
    job.specification = {{"kinoscope", 1}, {"kind", "train"}, {"name", name}, {"seed", seed}, {"encoder", {{"name", encoder}}}};
    job.complete = job.specification;
    job.complete["objective"] = {{"name", "supervised"}};
    job.complete["train"] = {{"batch", 64}};
    job.complete["data"] = {{"rate_hz", 50}, {"window", {{"seconds", 0.5}}}, {"recordings", {{"project", "all"}}}};
    job.folder = "/";
    job.seed = seed;
    return job;
}

/** Cells 0 and 1 ("mw2", "primus"), folds 0 and 1, seeds 1 and 2, all queued. Gives the study's id. */
inline JobId submitPreparedStudy(JobStore &store, const std::string &name)
{
    NewJob study = preparedJob(name, 0);
    study.kind = "study";
    std::vector<NewJob> runs;
    for (int cell = 0; cell < 2; ++cell) {
        for (int fold = 0; fold < 2; ++fold) {
            for (int seed = 1; seed <= 2; ++seed) {
                NewJob &run = runs.emplace_back(preparedJob("run", seed));
                run.cell = cell;
                run.cellName = cell == 0 ? "mw2" : "primus";
                run.fold = fold;
            }
        }
    }
    return store.submitStudy(study, runs).front();
}

/** Fold 0 tests recording "a", fold 1 the others; seed 2 of the second cell takes every window for "sit". */
inline std::vector<PreparedRow> rowsOfPreparedStudy(std::span<const PreparedRow> all, const JobRow &run)
{
    std::vector<PreparedRow> rows;
    for (PreparedRow row : all) {
        if ((row.recording == "a") != (run.fold == 0))
            continue;
        if (run.cell == 1 && run.seed == 2)
            row.predicted = "sit";
        rows.push_back(row);
    }
    return rows;
}

/** `ids`: numbers of the recordings in the project, by name; those without one are left out of recordings.json. */
inline void writePreparedRun(const std::filesystem::path &folder, const std::vector<PreparedRow> &rows, const std::map<std::string, std::int64_t> &ids)
{
    std::filesystem::create_directories(folder);
    std::string windows = "recording,start_ns,label,subject,split,device,bout\n", predictions = "recording,start_ns,label,predicted,confidence,device\n";
    nlohmann::json recordings = nlohmann::json::array();
    for (const auto &[name, id] : ids)
        recordings.push_back({{"id", id}, {"name", name}});
    for (const PreparedRow &row : rows) {
        const std::string begin = csvField(row.recording) + "," + std::to_string(row.startNs) + "," + csvField(row.label) + ",";
        windows += begin + csvField(row.subject) + ",test," + csvField(row.device) + ",1\n";
        predictions += begin + csvField(row.predicted) + "," + nlohmann::json(row.confidence).dump() + "," + csvField(row.device) + "\n";
    }
    writeFileAtomically(folder / "windows.csv", windows);
    writeFileAtomically(folder / "predictions.csv", predictions);
    writeFileAtomically(folder / "recordings.json", recordings.dump());
}

/** What result.json would hold; its figures are those that the caller names. */
inline nlohmann::json preparedResult(const std::vector<PreparedRow> &rows, const nlohmann::json &metrics)
{
    std::set<std::string> classes;
    for (const PreparedRow &row : rows)
        classes.insert({row.label, row.predicted});
    return {{"state", "done"}, {"metrics", metrics}, {"classes", classes}, {"windows", {{"train", 40}, {"validation", 0}, {"test", rows.size()}}},
            {"leakage", {{"shared_subjects", nlohmann::json::array()}, {"overlapping_windows", 0}, {"identical_recordings", nlohmann::json::array()}, {"pretrained_on_test_subjects", nlohmann::json::array()}}},
            {"fingerprint", "0123456789abcdef"}};
}

/** Takes the next job of the queue and ends it as done. Gives its id. */
inline JobId finishNext(JobWork &work, const std::function<std::vector<PreparedRow>(const JobRow &)> &rowsOf, const std::map<std::string, std::int64_t> &ids, const nlohmann::json &metrics)
{
    const JobId id = work.takeNext(1).value();
    const std::vector<PreparedRow> rows = rowsOf(work.store().row(id));
    std::vector<JobArtifact> artifacts;
    if (!rows.empty()) {
        writePreparedRun(work.store().runFolder(id), rows, ids);
        for (const char *file : {"windows.csv", "predictions.csv"})
            artifacts.push_back({file, file, std::filesystem::file_size(work.store().runFolder(id) / file), 1});
    }
    work.end(id, {.end = JobEnd::done, .result = preparedResult(rows, metrics), .artifacts = artifacts, .workedSeconds = 12});
    return id;
}

} // namespace kino::test
