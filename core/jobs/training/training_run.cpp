#include "core/jobs/training/training_run.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/data/dataset/pretraining.h"
#include "core/jobs/specification/specification.h"
#include "core/jobs/training/run_folder.h"
#include "core/jobs/training/run_log.h"
#include "core/jobs/training/run_metrics.h"
#include "core/jobs/training/specification_paths.h"
#include "core/jobs/training/training_files.h"
#include "core/jobs/training/training_parts.h"

#include <cmath>

namespace kino {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/** One run in its folder. */
class TrainingRun {
public:
    TrainingRun(Json specification, const fs::path &folder, const TrainingRunOptions &options)
        : m_spec(specification), m_options(options), m_runFolder(options.folder, options.former, options.foreign), m_threads(chooseThreads()),
          m_parts(std::move(specification), folder, partsOptions()), m_log(options.log)
    {
    }

    nlohmann::ordered_json run();

private:
    std::size_t chooseThreads() const;
    TrainingPartsOptions partsOptions() const;
    void describe();
    void save(const fs::path &path, const std::map<std::string, torch::Tensor> &objectiveWeights);
    nlohmann::ordered_json finish(const TrainingOutcome &outcome);
    void say(const std::string &sentence) const
    {
        if (m_options.say)
            m_options.say(sentence);
    }

    Json m_spec; // complete
    TrainingRunOptions m_options;
    RunFolder m_runFolder;
    std::size_t m_threads;
    TrainingParts m_parts;
    RunLog m_log;
};

std::size_t TrainingRun::chooseThreads() const
{
    if (m_options.threads > 0)
        return m_options.threads;
    // Sums differ with another number: a run goes on with its own.
    const auto former = m_runFolder.formerThreads();
    return former ? *former : threadsOf(m_spec);
}

TrainingPartsOptions TrainingRun::partsOptions() const
{
    return {.cacheFolder = m_options.cacheFolder.empty() ? m_options.folder / "cache" : m_options.cacheFolder,
            .recordings = m_options.recordings,
            .cancel = m_options.cancel,
            .progress = m_options.progress.part(0, 0.1),
            .say = m_options.say};
}

/** Once all that was asked for could be made, not before: a start that fails leaves the folder free. */
void TrainingRun::describe()
{
    const Json facts{{"threads", m_threads}, {"device", m_parts.device().str()}, {"fingerprint", m_parts.data().fingerprint}};
    m_runFolder.describe(m_spec, facts);
    writeWindowTable(m_options.folder / "windows.csv", *m_parts.data().table);
    if (!m_parts.data().normalisation.is_null())
        writeFileAtomically(m_options.folder / "normalisation.json", m_parts.data().normalisation.dump(2) + "\n");
    if (m_options.onBegin)
        m_options.onBegin(facts);
}

void TrainingRun::save(const fs::path &path, const std::map<std::string, torch::Tensor> &objectiveWeights)
{
    const TrainingData &data = m_parts.data();
    std::map<std::string, torch::Tensor> all = objectiveWeights;
    if (m_parts.isEmbeddedBefore()) {
        for (const auto &[name, tensor] : stateOf(*m_parts.encoder()))
            all["encoder." + name] = tensor;
    }
    std::set<std::string> subjects;
    for (const std::vector<std::string> &each : {pretrainedSubjects(m_parts.startingWeights().metadata), data.trainSubjects()})
        subjects.insert(each.begin(), each.end());
    std::map<std::string, std::string> metadata{{"objective", m_spec.at("objective").dump()},
                                                {"classes", Json(data.table->classes).dump()},
                                                {"fingerprint", data.fingerprint},
                                                {kPretrainedSubjectsKey, Json(subjects).dump()}};
    if (m_parts.encoder())
        metadata["encoder"] = Json{{"name", m_spec.at("encoder").at("name")}, {"options", m_spec.at("encoder").at("options")}}.dump();
    writeTensors(path, all, metadata);
}

nlohmann::ordered_json TrainingRun::finish(const TrainingOutcome &outcome)
{
    const fs::path &out = m_options.folder;
    const TrainingData &data = m_parts.data();
    Objective &objective = m_parts.objective();
    const bool isCancelled = outcome.end == TrainingEnd::cancelled;
    nlohmann::ordered_json metrics = nlohmann::ordered_json::object(), subjects = nlohmann::ordered_json::object();
    const auto add = [&metrics](const std::string &key, double value) {
        if (std::isfinite(value))
            metrics[key] = value;
        else
            metrics[key] = nullptr;
    };
    save(out / "last.safetensors", objective.weights());
    const torch::NoGradGuard noGradients;
    for (auto &[name, tensor] : stateOf(objective)) {
        if (const auto best = outcome.bestState.find(name); best != outcome.bestState.end())
            tensor.copy_(best->second);
    }
    save(out / "best.safetensors", objective.weights());
    if (!isCancelled) {
        objective.eval();
        for (const auto &[rows, part] : {std::pair(&data.testRows, "test"), std::pair(&data.validationRows, "validation")}) {
            for (const auto &[key, value] : m_parts.evaluate(*rows, part).metrics)
                add(key, value);
        }
        if (objective.classifies()) {
            const std::vector<Prediction> predictions = m_parts.predict(data.testRows);
            writePredictions(out / "predictions.csv", *data.table, predictions);
            writeConfusion(out / "confusion.csv", data.table->classes, m_parts.judge(predictions));
            std::map<std::string, std::vector<Prediction>> bySubject;
            for (const Prediction &each : predictions)
                bySubject[data.table->recordingOf(data.table->rows[each.row]).subject].push_back(each);
            for (const auto &[subject, own] : bySubject) {
                const Classification classification = m_parts.judge(own);
                subjects[subject] = {{"windows", classification.count}, {"accuracy", classification.accuracy}, {"macro_f1", classification.macroF1}};
            }
        }
    }
    add("train.loss", outcome.lastLoss);
    nlohmann::ordered_json errors = nlohmann::ordered_json::array();
    for (const ImportFailure &failure : data.failures)
        errors.push_back({{"path", failure.path.string()}, {"message", failure.message}});
    nlohmann::ordered_json result{{"state", isCancelled ? "cancelled" : "done"},
                                  {"seconds", outcome.seconds},
                                  {"steps", outcome.steps},
                                  {"epochs", outcome.epochs},
                                  {"stopped_early", outcome.end == TrainingEnd::stoppedEarly},
                                  {"best_step", outcome.bestStep >= 0 ? Json(outcome.bestStep) : Json()},
                                  {"metrics", std::move(metrics)},
                                  {"per_subject", std::move(subjects)},
                                  {"classes", data.table->classes},
                                  {"windows", {{"train", data.trainRows.size()}, {"validation", data.validationRows.size()}, {"test", data.testRows.size()}}},
                                  {"leakage", leakageJson(data.leakage)},
                                  {"errors", std::move(errors)},
                                  {"fingerprint", data.fingerprint},
                                  {"threads", m_threads},
                                  {"device", m_parts.device().str()}};
    writeFileAtomically(out / "result.json", result.dump(2) + "\n");
    return result;
}

nlohmann::ordered_json TrainingRun::run()
{
    m_runFolder.requireSameRun(m_spec, m_threads, m_options.otherThreads);
    setTorchThreads(m_threads);
    fs::create_directories(partsOptions().cacheFolder);
    m_parts.load();
    m_runFolder.requireSameData(m_parts.data().fingerprint);
    m_log.tellData(m_parts.data());
    m_parts.make();
    m_log.tellModel(m_parts, m_threads);
    describe();
    TrainerOptions options = m_parts.trainerOptions(m_threads);
    options.checkpointFolder = m_options.folder / "checkpoint";
    options.onPulse = [this](const TrainingPulse &pulse) {
        m_log.takePulse(pulse);
        if (m_options.onPulse)
            m_options.onPulse(pulse);
    };
    RunMetrics metrics(m_options.folder / "metrics.csv", m_options.metrics);
    metrics.onMark([this] { m_log.noteSaving(); });
    std::function<Evaluation()> evaluateRows;
    if (!m_parts.data().validationRows.empty())
        evaluateRows = [this] {
            Evaluation evaluation = m_parts.evaluate(m_parts.data().validationRows, "validation");
            m_log.tellValidation(evaluation);
            return evaluation;
        };
    Trainer trainer(m_parts.objective(), m_parts.data().source, m_parts.plan(), m_parts.optimizer(), m_parts.schedule(), options, metrics, evaluateRows);
    if (m_runFolder.isResumed() && !trainer.resume()) {
        say("There is no checkpoint yet; the run begins anew.");
        metrics.rewindAll();
    }
    nlohmann::ordered_json result = finish(trainer.run(m_options.cancel, m_options.progress.part(0.1, 1)));
    m_log.tellEnd(result);
    return result;
}

} // namespace

nlohmann::ordered_json runTraining(const Json &specification, const fs::path &specificationFolder, const TrainingRunOptions &options)
{
    if (const char *world = std::getenv("WORLD_SIZE"); world && std::atoi(world) > 1)
        throw Error("WORLD_SIZE is " + std::string(world) + ": training over several processes does not exist yet; start one process without it.");
    const Json complete = completeSpecification(specification);
    if (complete.at("kind") != "train")
        throw Error("kind: \"" + complete.at("kind").get<std::string>() + "\" is not trained by itself; a run is of kind train");
    return TrainingRun(withWholePaths(complete, specificationFolder), specificationFolder, options).run();
}

} // namespace kino
