#include "core/jobs/queue/submission.h"

#include "core/base/error.h"
#include "core/jobs/specification/specification.h"
#include "core/jobs/specification/study.h"

namespace kino {
namespace {

using Json = nlohmann::json;

std::string nameOf(const Json &complete)
{
    if (const std::string given = complete.value("name", ""); !given.empty())
        return given;
    if (complete.at("kind") == "study")
        return "Study";
    std::string name = complete.at("objective").at("name");
    if (complete.contains("encoder"))
        name += ", " + complete.at("encoder").at("name").get<std::string>();
    return name;
}

NewJob jobOf(const Json &given, const Json &complete, const std::filesystem::path &folder, const Submission &how)
{
    NewJob job;
    job.name = how.name.empty() ? nameOf(complete) : how.name;
    job.kind = complete.at("kind");
    job.specification = given;
    job.complete = complete;
    job.folder = std::filesystem::absolute(folder).lexically_normal().string();
    job.priority = how.priority;
    job.tags = how.tags;
    if (complete.contains("seed"))
        job.seed = complete.at("seed").get<std::int64_t>();
    const Json *weights = valueAt(complete, "encoder.weights");
    if (weights && weights->is_object() && weights->contains("run"))
        job.parents.emplace_back(weights->at("run").get<JobId>(), Lineage::weights);
    return job;
}

void requireRunOfWeights(const JobStore &store, const NewJob &job)
{
    for (const auto &[id, role] : job.parents) {
        if (role != Lineage::weights)
            continue;
        const JobRow parent = store.row(id);
        if (parent.kind != "train" || parent.deletedAtNs)
            throw Error("encoder.weights: job " + std::to_string(id) + (parent.deletedAtNs ? " was removed; restore it" : " is a study, not a run; name one of its runs"));
    }
}

} // namespace

void requireSensibleStudy(const Json &complete)
{
    if (specification::countRuns(complete) > kMostRunsOfStudy)
        throw Error("grid: the study has " + std::to_string(static_cast<std::int64_t>(specification::countRuns(complete))) + " runs, and a study may have "
                    + std::to_string(static_cast<std::int64_t>(kMostRunsOfStudy)) + "; take fewer values, folds or seeds, or several studies");
}

std::vector<StudyRun> expandStudy(const Json &study)
{
    const Json folds = study.value("folds", Json());
    std::vector<StudyRun> runs;
    std::int64_t number = 0;
    for (const specification::StudyCell &cell : specification::studyCells(study)) {
        std::vector<std::int64_t> seeds{cell.specification.value("seed", std::int64_t{0})};
        if (study.contains("seeds") && study.at("seeds").is_array())
            seeds = study.at("seeds").get<std::vector<std::int64_t>>();
        const std::int64_t count = folds.is_null() ? 1 : folds.get<std::int64_t>();
        for (std::int64_t fold = 0; fold < count; ++fold) {
            for (const std::int64_t seed : seeds) {
                StudyRun run{.cell = number, .cellName = cell.words, .fold = {}, .seed = seed, .specification = cell.specification};
                run.specification["seed"] = seed;
                if (!folds.is_null()) {
                    run.fold = fold;
                    run.specification["data"]["split"] = {{"by", "subject"}, {"folds", count}, {"fold", fold}};
                }
                runs.push_back(std::move(run));
            }
        }
        ++number;
    }
    return runs;
}

JobId submitSpecification(JobStore &store, const Json &given, const std::filesystem::path &folder, const Submission &how)
{
    const Json complete = completeSpecification(given);
    NewJob job = jobOf(given, complete, folder, how);
    job.parents.insert(job.parents.end(), how.parents.begin(), how.parents.end());
    if (job.kind != "study") {
        requireRunOfWeights(store, job);
        return store.submit(job);
    }
    requireSensibleStudy(complete);
    std::vector<NewJob> runs;
    for (StudyRun &run : expandStudy(given)) {
        std::string name = job.name;
        if (!run.cellName.empty())
            name += ": " + run.cellName;
        if (run.fold)
            name += ", fold " + std::to_string(*run.fold);
        name += ", seed " + std::to_string(run.seed);
        Submission each{.priority = how.priority, .name = name};
        NewJob made = jobOf(run.specification, completeSpecification(run.specification), folder, each);
        requireRunOfWeights(store, made);
        made.cell = run.cell;
        made.cellName = run.cellName;
        made.fold = run.fold;
        runs.push_back(std::move(made));
    }
    return store.submitStudy(job, std::move(runs)).front();
}

} // namespace kino
