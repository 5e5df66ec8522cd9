#include "core/jobs/queue/run_import.h"

#include "core/base/error.h"
#include "core/base/file_lock.h"
#include "core/base/files.h"
#include "core/jobs/queue/metrics_csv.h"
#include "core/jobs/specification/specification.h"
#include "core/store/jobs/metrics.h"

namespace kino {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

void copyRun(const fs::path &from, const fs::path &to, const CancelToken &cancel)
{
    fs::create_directories(to);
    for (auto at = fs::recursive_directory_iterator(from); at != fs::recursive_directory_iterator(); ++at) {
        cancel.throwIfCancelled();
        const fs::path name = at->path().lexically_relative(from);
        if (name == "cache") {
            at.disable_recursion_pending();
            continue;
        }
        if (at->is_symlink())
            fs::copy_symlink(at->path(), to / name);
        else if (at->is_directory())
            fs::create_directories(to / name);
        else if (at->is_regular_file() && name != ".lock")
            fs::copy_file(at->path(), to / name);
    }
}

} // namespace

std::vector<JobArtifact> findArtifacts(const fs::path &runFolder)
{
    static constexpr std::pair<const char *, const char *> kKnown[] = {
        {"best.safetensors", "best weights"},     {"last.safetensors", "last weights"}, {"predictions.csv", "predictions"}, {"confusion.csv", "confusion"},
        {"windows.csv", "windows"},               {"metrics.csv", "metrics"},           {"spec.json", "specification"},     {"result.json", "result"},
        {"normalisation.json", "normalisation"}, {"study.json", "study"},              {"cells.csv", "cells"}};
    std::vector<JobArtifact> artifacts;
    for (const auto &[file, name] : kKnown) {
        std::error_code code;
        const std::uintmax_t bytes = fs::file_size(runFolder / file, code);
        if (code)
            continue;
        const auto made = std::chrono::file_clock::to_sys(fs::last_write_time(runFolder / file, code)).time_since_epoch();
        artifacts.push_back({name, file, bytes, std::chrono::duration_cast<std::chrono::nanoseconds>(made).count()});
    }
    return artifacts;
}

JobId importRun(JobStore &store, const fs::path &given, const CancelToken &cancel)
{
    const fs::path folder = fs::absolute(given).lexically_normal();
    std::error_code ignored;
    if (!fs::exists(folder / "spec.json", ignored) || !fs::exists(folder / "run.json", ignored))
        throw Error(folder, "holds no run (no spec.json and run.json); give the folder that `kino train --out` wrote");
    if (FileLock::isLocked(folder / ".lock"))
        throw Error(folder, "is in use: a run works in it; wait for its end");
    const Json specification = readJsonFile(folder / "spec.json"), facts = readJsonFile(folder / "run.json");
    Json result = fs::exists(folder / "result.json", ignored) ? readJsonFile(folder / "result.json") : Json();
    const bool isDone = result.is_object() && result.value("state", "") == "done";
    NewJob job;
    job.specification = specification;
    job.complete = completeSpecification(specification);
    job.name = job.complete.value("name", "").empty() ? folder.stem().string() : job.complete.at("name").get<std::string>();
    job.kind = job.complete.at("kind");
    job.folder = folder.string();
    job.seed = job.complete.at("seed").get<std::int64_t>();
    if (facts.is_object() && facts.contains("fingerprint")) {
        Statement known(store.database(), "SELECT j.id FROM jobs j JOIN job_documents d ON d.job_id = j.id WHERE d.folder = ? AND j.fingerprint = ? AND j.deleted_at_ns IS NULL");
        if (known.bind(folder.string(), facts.at("fingerprint").get<std::string>()).step())
            throw Error(folder, "is in the project already, as run " + std::to_string(known.integer(0)));
    }
    const double seconds = result.is_object() && result.contains("seconds") && result.at("seconds").is_number() ? result.at("seconds").get<double>() : 0;
    if (!isDone)
        result = {{"fingerprint", facts.value("fingerprint", "")}};
    const JobId id = store.insertFinished(job, isDone ? JobState::done : JobState::cancelled, result, seconds);
    try {
        copyRun(folder, store.runFolder(id), cancel);
        if (fs::exists(folder / "metrics.csv", ignored)) {
            MetricWriter writer(store.folder(), id);
            readMetricsCsv(folder / "metrics.csv", [&writer](std::int64_t step, std::int64_t epoch, std::string_view key, double value) { writer.add(step, epoch, key, value); }, cancel);
            writer.flush();
        }
        store.setArtifacts(id, findArtifacts(store.runFolder(id)));
    } catch (...) {
        store.forget(id);
        fs::remove_all(store.runFolder(id), ignored);
        throw;
    }
    return id;
}

} // namespace kino
