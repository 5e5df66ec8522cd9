#include "core/jobs/training/estimate.h"

#include "core/base/error.h"
#include "core/base/resident_memory.h"
#include "core/insight/spread.h"
#include "core/jobs/queue/project_recordings.h"
#include "core/jobs/queue/submission.h"
#include "core/jobs/specification/specification.h"
#include "core/jobs/training/specification_paths.h"
#include "core/jobs/training/training_parts.h"

#include <chrono>
#include <set>

namespace kino {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kWarmUpSteps = 3, kLeastTimed = 5, kLeastTimedSlow = 2, kMostTimed = 200;
/** With slow steps the probe may take so many times what it was given. */
constexpr double kPatience = 4;
constexpr double kLow = 0.1, kHigh = 0.9;
/** What judging a few batches may take beside the steps. */
constexpr double kJudgingSeconds = 2;
/** Of plans whose length differs from epoch to epoch. */
constexpr double kCountingSeconds = 3;
/** Of a study's different cells so many are tried; the others are like them on average. */
constexpr std::size_t kMostProbed = 12;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

class NoMetrics : public MetricSink {
public:
    void add(std::int64_t, std::int64_t, std::string_view, double) override {}
    Json mark() override { return {}; }
    void rewind(const Json &) override {}
};

std::int64_t bytesOf(const std::map<std::string, torch::Tensor> &tensors)
{
    std::int64_t bytes = 0;
    for (const auto &[name, tensor] : tensors)
        bytes += static_cast<std::int64_t>(tensor.nbytes());
    return bytes;
}

struct StepCount {
    std::int64_t firstEpoch = 0, all = 0;
    bool isCounted = true;
};

StepCount countSteps(const EpochPlan &plan, std::int64_t epochs, const CancelToken &cancel)
{
    StepCount count;
    const auto start = Clock::now();
    for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
        cancel.throwIfCancelled();
        count.all += static_cast<std::int64_t>(plan(epoch).size());
        if (epoch == 0)
            count.firstEpoch = count.all;
        if (secondsSince(start) > kCountingSeconds && epoch + 1 < epochs) {
            count.all = std::llround(static_cast<double>(count.all) / static_cast<double>(epoch + 1) * static_cast<double>(epochs));
            count.isCounted = false;
            break;
        }
    }
    return count;
}

/** Ends a probe once enough steps were timed. */
class StepClock {
public:
    explicit StepClock(double probeSeconds) : m_probeSeconds(probeSeconds) {}

    /** A step is done. Gives how far the probe is, 1 for over. */
    double tick()
    {
        m_ends.push_back(Clock::now());
        const std::size_t steps = m_ends.size();
        if (m_warmUp == 0) {
            if (steps >= kWarmUpSteps || secondsSince(m_start) >= m_probeSeconds)
                m_warmUp = steps;
            return 0;
        }
        const std::size_t timed = steps - m_warmUp;
        const double seconds = secondsSince(m_ends[m_warmUp - 1]);
        const bool isEnough = timed >= kMostTimed || (timed >= kLeastTimed && seconds >= m_probeSeconds) || (timed >= kLeastTimedSlow && seconds >= kPatience * m_probeSeconds);
        return isEnough ? 1 : std::min(0.99, seconds / m_probeSeconds);
    }

    struct Times {
        std::vector<double> seconds; // of the timed steps
        std::size_t warmUp = 0;
    };
    /** Of a run that is over before warming up was, all but its first step are timed. */
    Times times() const
    {
        Times times;
        times.warmUp = std::min(m_warmUp == 0 ? std::size_t{1} : m_warmUp, m_ends.size() - 1);
        for (std::size_t step = times.warmUp; step < m_ends.size(); ++step)
            times.seconds.push_back(std::chrono::duration<double>(m_ends[step] - (step == 0 ? m_start : m_ends[step - 1])).count());
        return times;
    }

private:
    double m_probeSeconds;
    Clock::time_point m_start = Clock::now();
    std::vector<Clock::time_point> m_ends;
    std::size_t m_warmUp = 0;
};

/** Real steps, as the trainer makes them, the loader's waiting included. */
StepClock::Times timeSteps(TrainingParts &parts, std::size_t threads, const EstimateOptions &options, const Progress &progress)
{
    const CancelToken enough;
    StepClock clock(options.probeSeconds);
    TrainerOptions trainer = parts.trainerOptions(threads);
    trainer.onPulse = [&](const TrainingPulse &pulse) {
        const double done = clock.tick();
        progress(done, "step " + std::to_string(pulse.step));
        if (done >= 1 || options.cancel.isCancelled())
            enough.cancel();
    };
    NoMetrics metrics;
    Trainer(parts.objective(), parts.data().source, parts.plan(), parts.optimizer(), parts.schedule(), trainer, metrics).run(enough);
    options.cancel.throwIfCancelled();
    return clock.times();
}

std::int64_t countEvaluations(std::int64_t epochs, std::int64_t every) { return epochs / every + (epochs % every != 0 ? 1 : 0); }

/** Batches of rows that validate or test, after one to warm up; and how many batches of those a whole run judges. */
struct EvaluationCost {
    double secondsPerBatch = 0;
    double batches = 0;
};

EvaluationCost timeEvaluation(TrainingParts &parts, const TrainerOptions &trainer)
{
    const TrainingData &data = parts.data();
    const auto batchesOf = [&](std::span<const std::uint32_t> rows) {
        return static_cast<double>(evaluationBatches(data, parts.specification(), rows, parts.objective().variants()).size());
    };
    const double validation = batchesOf(data.validationRows), test = batchesOf(data.testRows);
    EvaluationCost cost;
    // Both once more at the end; of a classifier the test's predictions again, which is about half of judging.
    cost.batches = validation * static_cast<double>(countEvaluations(trainer.epochs, trainer.evaluateEpochs) + 1) + test * (parts.objective().classifies() ? 1.5 : 1);
    const std::vector<std::uint32_t> &rows = data.validationRows.empty() ? data.testRows : data.validationRows;
    if (rows.empty())
        return cost;
    const auto batch = parts.specification().at("train").at("batch").get<std::size_t>();
    const std::span<const std::uint32_t> some(rows.data(), std::min(rows.size(), batch));
    const torch::NoGradGuard noGradients;
    parts.objective().eval();
    parts.evaluate(some, "validation"); // warms up
    std::vector<double> seconds;
    const auto start = Clock::now();
    while (seconds.size() < kLeastTimed && (seconds.empty() || secondsSince(start) < kJudgingSeconds)) {
        const auto begin = Clock::now();
        parts.evaluate(some, "validation");
        seconds.push_back(secondsSince(begin));
    }
    cost.secondsPerBatch = percentileOf(seconds, 0.5) / std::max(1.0, batchesOf(some));
    return cost;
}

Json withoutPath(Json specification, const std::vector<std::string> &path)
{
    Json *at = &specification;
    for (std::size_t depth = 0; depth + 1 < path.size(); ++depth) {
        if (!at->is_object() || !at->contains(path[depth]))
            return specification;
        at = &at->at(path[depth]);
    }
    if (at->is_object())
        at->erase(path.back());
    return specification;
}

/** Weights of a run of the project: its file; of one that is not done none, which costs as much. */
Json withRunWeights(Json specification, const EstimateOptions &options, OrderedJson &notes)
{
    if (!specification.contains("encoder"))
        return specification;
    Json &encoder = specification.at("encoder");
    const Json weights = encoder.value("weights", Json());
    if (!weights.is_object() || !weights.contains("run") || options.project.empty())
        return specification;
    const std::string run = std::to_string(weights.at("run").get<std::int64_t>());
    const fs::path file = fs::absolute(options.project) / "runs" / run / "best.safetensors";
    std::error_code ignored;
    if (fs::exists(file, ignored)) {
        encoder["weights"] = file.string();
    } else {
        encoder["weights"] = nullptr;
        notes.push_back("Run " + run + " has no weights yet; random ones stand for them, which cost the same.");
    }
    return specification;
}

/** `specification` as given, of kind train. */
OrderedJson estimateRun(const Json &given, const fs::path &folder, const EstimateOptions &options, const Progress &progress)
{
    OrderedJson notes = OrderedJson::array();
    const Json specification = withWholePaths(withRunWeights(completeSpecification(given), options, notes), folder);
    const std::size_t threads = options.threads > 0 ? options.threads : threadsOf(specification);
    setTorchThreads(threads);
    restartPeak();
    const std::int64_t before = residentMemory().nowBytes;
    const auto start = Clock::now();
    TrainingParts parts(specification, folder,
                        {.cacheFolder = {},
                         .recordings = options.project.empty() ? ProjectRecordings() : recordingsOfProject(options.project),
                         .cancel = options.cancel,
                         .progress = progress.part(0, 0.4),
                         .say = [&](const std::string &sentence) { notes.push_back(sentence); }});
    parts.load();
    const std::int64_t dataBytes = std::max<std::int64_t>(0, residentMemory().nowBytes - before);
    parts.make();
    const double loadingSeconds = secondsSince(start);

    const TrainerOptions trainer = parts.trainerOptions(threads);
    const StepCount steps = countSteps(parts.plan(), trainer.epochs, options.cancel);
    const StepClock::Times times = timeSteps(parts, threads, options, progress.part(0.4, 0.95));
    const EvaluationCost evaluation = timeEvaluation(parts, trainer);
    const std::int64_t peakBytes = residentMemory().peakBytes;

    const double median = percentileOf(times.seconds, 0.5), low = percentileOf(times.seconds, kLow), high = percentileOf(times.seconds, kHigh);
    const double evaluationSeconds = evaluation.secondsPerBatch * evaluation.batches, around = loadingSeconds + evaluationSeconds;
    const auto all = static_cast<double>(steps.all);
    std::int64_t parameters = countParameters(parts.objective()), trained = 0, gradientBytes = 0;
    for (const torch::Tensor &each : parts.optimizer().parameters()) {
        trained += each.numel();
        gradientBytes += static_cast<std::int64_t>(each.nbytes());
    }
    const std::int64_t stateBytes = bytesOf(stateOf(parts.objective())), optimizerBytes = bytesOf(parts.optimizer().state());
    // The best weights so far are kept in memory and in each checkpoint, from the first evaluation on.
    const std::int64_t bestBytes = parts.data().validationRows.empty() ? 0 : stateBytes;
    std::int64_t weightsBytes = bytesOf(parts.objective().weights());
    if (parts.isEmbeddedBefore()) {
        weightsBytes += bytesOf(stateOf(*parts.encoder()));
        parameters += countParameters(*parts.encoder());
    }
    const std::int64_t checkpointBytes = stateBytes + optimizerBytes + bestBytes;
    if (times.seconds.size() < kLeastTimed)
        notes.push_back("Only " + std::to_string(times.seconds.size()) + " steps were timed: the range says little.");
    if (trainer.patience)
        notes.push_back("Early stopping may end it sooner: time and steps are the most it takes.");
    if (!steps.isCounted)
        notes.push_back("Not all epochs were counted: the number of steps is that of the first ones, carried on.");
    return {{"kind", "train"},
            {"runs", 1},
            {"device", parts.device().str()},
            {"threads", threads},
            {"windows", {{"train", parts.data().trainRows.size()}, {"validation", parts.data().validationRows.size()}, {"test", parts.data().testRows.size()}}},
            {"parameters", {{"all", parameters}, {"trained", trained}}},
            {"steps", {{"first_epoch", steps.firstEpoch}, {"epochs", trainer.epochs}, {"all", steps.all}, {"counted", steps.isCounted}}},
            {"step_seconds", {{"median", median}, {"low", low}, {"high", high}, {"timed", times.seconds.size()}, {"warm_up", times.warmUp}}},
            {"seconds",
             {{"loading", loadingSeconds},
              {"training", median * all},
              {"evaluation", evaluationSeconds},
              {"all", around + median * all},
              {"low", around + low * all},
              {"high", around + high * all}}},
            {"memory",
             {{"peak_bytes", peakBytes},
              {"data_bytes", dataBytes},
              {"weights_bytes", stateBytes},
              {"gradient_bytes", gradientBytes},
              {"optimizer_bytes", optimizerBytes},
              {"best_bytes", bestBytes}}},
            {"disk", {{"checkpoint_bytes", checkpointBytes}, {"weights_bytes", weightsBytes}, {"most_bytes", 2 * checkpointBytes + 2 * weightsBytes}}},
            {"notes", std::move(notes)}};
}

/** What two cells may differ in and cost the same. */
std::string costKey(const Json &given)
{
    Json key = completeSpecification(given);
    const std::vector<std::string> free[] = {{"name"}, {"about"}, {"seed"}, {"data", "split", "fold"}, {"train", "optimizer", "options"}, {"train", "schedule"}};
    for (const std::vector<std::string> &path : free)
        key = withoutPath(std::move(key), path);
    return key.dump();
}

struct CellGroup {
    StudyRun first;
    std::set<std::int64_t> cells;
    std::size_t runs = 0;
};

OrderedJson estimateStudy(const Json &specification, const fs::path &folder, const EstimateOptions &options)
{
    requireSensibleStudy(completeSpecification(specification));
    const std::vector<StudyRun> runs = expandStudy(specification);
    std::vector<CellGroup> groups;
    std::map<std::string, std::size_t> groupOfKey;
    std::map<std::int64_t, std::size_t> groupOfCell;
    for (const StudyRun &run : runs) {
        const auto known = groupOfCell.find(run.cell);
        const std::size_t group = known != groupOfCell.end() ? known->second : groupOfKey.emplace(costKey(run.specification), groups.size()).first->second;
        groupOfCell.emplace(run.cell, group);
        if (group == groups.size())
            groups.push_back({run, {}, 0});
        groups[group].cells.insert(run.cell);
        ++groups[group].runs;
    }
    const std::size_t probed = std::min(groups.size(), kMostProbed);
    OrderedJson probes = OrderedJson::array(), notes = OrderedJson::array();
    double all = 0, low = 0, high = 0, disk = 0, probedRuns = 0;
    std::int64_t peakBytes = 0;
    for (std::size_t place = 0; place < probed; ++place) {
        const CellGroup &group = groups[place * groups.size() / probed];
        const double from = static_cast<double>(place) / static_cast<double>(probed), to = static_cast<double>(place + 1) / static_cast<double>(probed);
        OrderedJson probe;
        try {
            probe = estimateRun(group.first.specification, folder, options, options.progress.part(from, to));
        } catch (const Error &error) {
            throw Error((group.first.cellName.empty() ? "The study's runs" : "The cell " + group.first.cellName) + ": " + error.what());
        }
        probe["name"] = group.first.cellName;
        probe["cells"] = group.cells;
        probe["runs"] = group.runs;
        const auto count = static_cast<double>(group.runs);
        all += count * probe.at("seconds").at("all").get<double>();
        low += count * probe.at("seconds").at("low").get<double>();
        high += count * probe.at("seconds").at("high").get<double>();
        disk += count * probe.at("disk").at("most_bytes").get<double>();
        probedRuns += count;
        peakBytes = std::max(peakBytes, probe.at("memory").at("peak_bytes").get<std::int64_t>());
        probes.push_back(std::move(probe));
    }
    if (groupOfCell.size() > groups.size())
        notes.push_back("Cells that differ only in what costs nothing (rates, schedules, names) share a probe.");
    if (runs.size() > groupOfCell.size())
        notes.push_back("Of each cell the first fold and seed were tried; the others are taken to cost the same.");
    const double factor = static_cast<double>(runs.size()) / probedRuns;
    if (probed < groups.size())
        notes.push_back(std::to_string(probed) + " of " + std::to_string(groups.size()) + " different cells were tried; the others are taken to be like them on average.");
    return {{"kind", "study"},
            {"runs", runs.size()},
            {"cells", groupOfCell.size()},
            {"probes", std::move(probes)},
            {"seconds", {{"all", all * factor}, {"low", low * factor}, {"high", high * factor}}},
            {"memory", {{"peak_bytes", peakBytes}}},
            {"disk", {{"most_bytes", std::llround(disk * factor)}}},
            {"notes", std::move(notes)}};
}

} // namespace

OrderedJson estimateJob(const Json &specification, const fs::path &folder, const EstimateOptions &options)
{
    const Json complete = completeSpecification(specification);
    if (complete.at("kind") == "study")
        return estimateStudy(specification, folder, options);
    if (complete.at("kind") != "train")
        throw Error("kind: \"" + complete.at("kind").get<std::string>() + "\" cannot be estimated; a run is of kind train, and a study of those");
    return estimateRun(specification, folder, options, options.progress);
}

} // namespace kino
