#include "core/learn/trainer.h"

#include "core/base/error.h"
#include "core/learn/checkpoint.h"
#include "core/nn/weights.h"

#include <ATen/Context.h>
#include <cmath>

namespace kino {
namespace {

constexpr const char *kModule = "module.", *kOptimizer = "optimizer.", *kBest = "best.", *kRandom = "random.";

void addAll(std::map<std::string, torch::Tensor> &target, const char *prefix, const std::map<std::string, torch::Tensor> &source)
{
    for (const auto &[name, tensor] : source)
        target[prefix + name] = tensor;
}

std::map<std::string, torch::Tensor> allUnder(const std::map<std::string, torch::Tensor> &source, const std::string &prefix)
{
    std::map<std::string, torch::Tensor> found;
    for (auto each = source.lower_bound(prefix); each != source.end() && each->first.starts_with(prefix); ++each)
        found[each->first.substr(prefix.size())] = each->second;
    return found;
}

std::map<std::string, torch::Tensor> copied(const std::map<std::string, torch::Tensor> &tensors)
{
    std::map<std::string, torch::Tensor> copies;
    for (const auto &[name, tensor] : tensors)
        copies[name] = tensor.detach().to(torch::kCPU, /*non_blocking=*/false, /*copy=*/true);
    return copies;
}

/** torch's own random numbers, which dropout and shuffled keys draw: of the CPU, and of the device where it has some. */
std::map<std::string, at::Generator> generators(const torch::Device &device)
{
    std::map<std::string, at::Generator> all{{"cpu", at::globalContext().defaultGenerator(torch::kCPU)}};
    if (!device.is_cpu())
        all.emplace("device", at::globalContext().defaultGenerator(device));
    return all;
}

/** NaN is no JSON. */
nlohmann::json numberOrNull(double value) { return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(); }
double numberFrom(const nlohmann::json &value) { return value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN(); }

} // namespace

Trainer::Trainer(Objective &objective, const SampleSource &source, EpochPlan plan, Optimizer &optimizer, Schedule schedule, TrainerOptions options, MetricSink &metrics,
                 std::function<Evaluation()> evaluate)
    : m_objective(objective), m_source(source), m_plan(std::move(plan)), m_optimizer(optimizer), m_schedule(std::move(schedule)), m_options(std::move(options)),
      m_metrics(metrics), m_evaluate(std::move(evaluate))
{
}

double Trainer::secondsOfAll() const { return m_secondsBefore + std::chrono::duration<double>(Clock::now() - m_start).count(); }

bool Trainer::resume()
{
    const std::optional<Checkpoint> checkpoint = readCheckpoint(m_options.checkpointFolder);
    if (!checkpoint)
        return false;
    try {
        takeOver(*checkpoint);
    } catch (const nlohmann::json::exception &) {
        throw Error(m_options.checkpointFolder / "current" / "state.json", "is damaged; take a copy of the checkpoint from elsewhere, or begin a new run");
    }
    return true;
}

void Trainer::takeOver(const Checkpoint &checkpoint)
{
    const nlohmann::json &state = checkpoint.state;
    const auto module = allUnder(checkpoint.tensors, kModule);
    loadWeights(module, m_objective, "");
    m_optimizer.setState(allUnder(checkpoint.tensors, kOptimizer));
    for (auto &[name, generator] : generators(m_options.device)) {
        const auto found = checkpoint.tensors.find(kRandom + name);
        if (found == checkpoint.tensors.end())
            throw Error(m_options.checkpointFolder, "holds no random state of this device: it was written on another; train on that one, or begin anew");
        generator.set_state(found->second);
    }
    m_step = state.at("step").get<std::int64_t>();
    m_next = {state.at("epoch").get<std::int64_t>(), state.at("batch").get<std::int64_t>()};
    m_secondsBefore = state.at("seconds").get<double>();
    m_epochLoss = state.at("epoch_loss").get<double>();
    m_epochRows = state.at("epoch_rows").get<std::int64_t>();
    m_bestStoppingEpoch = state.at("best_stopping_epoch").get<std::int64_t>();
    m_toEvaluate = state.at("to_evaluate").get<std::int64_t>();
    m_bestStoppingScore = numberFrom(state.at("best_stopping_score"));
    m_isStoppedEarly = state.at("stopped_early").get<bool>();
    m_outcome.lastLoss = numberFrom(state.at("last_loss"));
    m_outcome.bestStep = state.at("best_step").get<std::int64_t>();
    m_outcome.bestScore = numberFrom(state.at("best_score"));
    m_outcome.bestState = allUnder(checkpoint.tensors, kBest);
    m_metrics.rewind(state.at("metrics"));
}

void Trainer::save()
{
    if (m_options.checkpointFolder.empty())
        return;
    Checkpoint checkpoint;
    addAll(checkpoint.tensors, kModule, stateOf(m_objective));
    addAll(checkpoint.tensors, kOptimizer, m_optimizer.state());
    addAll(checkpoint.tensors, kBest, m_outcome.bestState);
    for (const auto &[name, generator] : generators(m_options.device))
        checkpoint.tensors[kRandom + name] = generator.get_state();
    checkpoint.state = {{"step", m_step},
                        {"epoch", m_next.epoch},
                        {"batch", m_next.batch},
                        {"seconds", secondsOfAll()},
                        {"epoch_loss", m_epochLoss},
                        {"epoch_rows", m_epochRows},
                        {"best_stopping_epoch", m_bestStoppingEpoch},
                        {"to_evaluate", m_toEvaluate},
                        {"best_stopping_score", numberOrNull(m_bestStoppingScore)},
                        {"stopped_early", m_isStoppedEarly},
                        {"last_loss", numberOrNull(m_outcome.lastLoss)},
                        {"best_step", m_outcome.bestStep},
                        {"best_score", numberOrNull(m_outcome.bestScore)},
                        {"metrics", m_metrics.mark()}};
    writeCheckpoint(m_options.checkpointFolder, m_step, checkpoint);
}

double Trainer::gradientLength() const
{
    std::vector<torch::Tensor> lengths;
    for (const torch::Tensor &parameter : m_optimizer.parameters()) {
        if (parameter.grad().defined())
            lengths.push_back(parameter.grad().norm());
    }
    return lengths.empty() ? 0 : torch::stack(lengths).norm().item<double>();
}

void Trainer::step(LearningBatch &batch, const BatchPlace &place, std::int64_t batchesOfEpoch)
{
    const bool endsEpoch = place.batch + 1 == batchesOfEpoch;
    const bool hasRow = m_step % m_options.metricSteps == 0 || place.batch == 0 || endsEpoch;
    const double rate = m_optimizer.baseRate() * m_schedule.factor(m_step, static_cast<double>(place.epoch) + static_cast<double>(place.batch) / static_cast<double>(batchesOfEpoch));
    m_optimizer.setRate(rate);
    m_optimizer.zeroGradients();
    const ObjectiveLoss loss = m_objective.loss(batch);
    const torch::Tensor total = loss.total();
    const double value = total.item<double>();
    if (!std::isfinite(value)) {
        std::string terms;
        for (const LossTerm &term : loss.terms) {
            const double each = term.value.item<double>();
            m_metrics.add(m_step, place.epoch, "train.loss." + term.name, each);
            if (!std::isfinite(each))
                terms += (terms.empty() ? "" : ", ") + term.name;
        }
        m_metrics.add(m_step, place.epoch, "train.loss", value);
        m_metrics.mark();
        throw Error("The loss is not finite at step " + std::to_string(m_step) + " (epoch " + std::to_string(place.epoch) + "): " + (terms.empty() ? "the sum of its terms" : terms)
                    + " broke. A lower learning rate, clip_norm, or a look at the data's extremes may help.");
    }
    total.backward();
    double length = std::numeric_limits<double>::quiet_NaN();
    if (m_options.clipNorm)
        length = torch::nn::utils::clip_grad_norm_(m_optimizer.parameters(), *m_options.clipNorm);
    else if (hasRow)
        length = gradientLength();
    m_optimizer.step();

    const std::int64_t rows = batch.labels.size(0);
    m_epochLoss += value * static_cast<double>(rows);
    m_epochRows += rows;
    m_rowsSince += rows;
    m_sessionRows += rows;
    if (hasRow) {
        m_metrics.add(m_step, place.epoch, "train.loss", value);
        if (loss.terms.size() > 1) {
            for (const LossTerm &term : loss.terms)
                m_metrics.add(m_step, place.epoch, "train.loss." + term.name, term.value.item<double>());
        }
        for (const auto &[name, observed] : loss.observations)
            m_metrics.add(m_step, place.epoch, "train." + name, observed.item<double>());
        m_metrics.add(m_step, place.epoch, "train.gradient_norm", length);
        m_metrics.add(m_step, place.epoch, "train.learning_rate", rate);
        const auto now = Clock::now();
        const double seconds = std::chrono::duration<double>(now - m_lastRow).count();
        if (m_step > 0 && seconds > 0)
            m_metrics.add(m_step, place.epoch, "train.windows_per_second", static_cast<double>(m_rowsSince) / seconds);
        m_lastRow = now;
        m_rowsSince = 0;
    }
    ++m_step;
    m_next = endsEpoch ? BatchPlace{place.epoch + 1, 0} : BatchPlace{place.epoch, place.batch + 1};
    if (endsEpoch)
        m_toEvaluate = place.epoch;
}

void Trainer::evaluateEpoch(std::int64_t epoch)
{
    const bool isDue = m_evaluate && ((epoch + 1) % m_options.evaluateEpochs == 0 || epoch + 1 == m_options.epochs);
    Evaluation evaluation;
    if (isDue) {
        const torch::NoGradGuard noGradients;
        m_objective.eval();
        evaluation = m_evaluate(); // may be cancelled: nothing has changed until here
        m_objective.train();
    }
    m_outcome.lastLoss = m_epochLoss / static_cast<double>(std::max<std::int64_t>(m_epochRows, 1));
    m_metrics.add(m_step - 1, epoch, "train.epoch_loss", m_outcome.lastLoss);
    m_epochLoss = 0;
    m_epochRows = 0;
    m_toEvaluate = -1;
    if (!isDue)
        return;
    for (const auto &[key, value] : evaluation.metrics)
        m_metrics.add(m_step - 1, epoch, key, value);
    if (std::isfinite(evaluation.score) && !(evaluation.score <= m_outcome.bestScore)) {
        m_outcome.bestScore = evaluation.score;
        m_outcome.bestStep = m_step;
        m_outcome.bestState = copied(stateOf(m_objective));
    }
    if (m_bestStoppingEpoch < 0 || (std::isfinite(evaluation.stoppingScore) && !(evaluation.stoppingScore <= m_bestStoppingScore))) {
        m_bestStoppingScore = evaluation.stoppingScore;
        m_bestStoppingEpoch = epoch;
    }
    m_isStoppedEarly = m_options.patience && epoch - m_bestStoppingEpoch >= *m_options.patience;
    m_lastRow = Clock::now(); // evaluating is not training
    m_rowsSince = 0;
}

void Trainer::report(const Progress &progress, double fraction, std::int64_t epoch)
{
    if (m_firstFraction < 0)
        m_firstFraction = fraction; // where this session began, near enough
    TrainingPulse pulse{.fraction = fraction, .epoch = epoch, .epochs = m_options.epochs, .step = m_step, .windowsPerSecond = {}, .secondsLeft = {}};
    const double seconds = std::chrono::duration<double>(Clock::now() - m_start).count();
    if (seconds > 0)
        pulse.windowsPerSecond = static_cast<double>(m_sessionRows) / seconds;
    if (fraction > m_firstFraction)
        pulse.secondsLeft = seconds * (1 - fraction) / (fraction - m_firstFraction);
    std::string what = "epoch " + std::to_string(epoch + 1) + " of " + std::to_string(m_options.epochs) + ", step " + std::to_string(m_step);
    if (pulse.windowsPerSecond)
        what += ", " + std::to_string(std::llround(*pulse.windowsPerSecond)) + " windows/s";
    if (pulse.secondsLeft)
        what += ", " + std::to_string(std::llround(*pulse.secondsLeft)) + " s left";
    progress(fraction, what);
    if (m_options.onPulse)
        m_options.onPulse(pulse);
}

TrainingOutcome Trainer::run(const CancelToken &cancel, const Progress &progress)
{
    m_start = m_lastRow = Clock::now();
    m_objective.train();
    m_objective.setPrecision(m_options.precision);
    auto savedAt = m_start;
    std::int64_t savedStep = m_step;
    m_outcome.end = TrainingEnd::done;
    try {
        if (m_toEvaluate >= 0)
            evaluateEpoch(m_toEvaluate);
        if (!m_isStoppedEarly) {
            BatchLoader loader(m_source, m_objective, m_plan, m_options.seed, m_next, m_options.epochs, m_options.loaderThreads);
            while (std::optional<BatchLoader::Loaded> loaded = loader.next()) {
                LearningBatch batch = onDevice(std::move(loaded->batch), m_options.device);
                step(batch, loaded->place, loaded->batchesOfEpoch);
                if (loaded->endsEpoch())
                    evaluateEpoch(loaded->place.epoch);
                const double epochPart = static_cast<double>(loaded->place.batch + 1) / static_cast<double>(loaded->batchesOfEpoch);
                report(progress, (static_cast<double>(loaded->place.epoch) + epochPart) / static_cast<double>(m_options.epochs), loaded->place.epoch);
                cancel.throwIfCancelled();
                if (m_isStoppedEarly)
                    break;
                const bool isDue = std::chrono::duration<double>(Clock::now() - savedAt).count() >= m_options.checkpointSeconds
                                   || (m_options.checkpointSteps && m_step - savedStep >= *m_options.checkpointSteps);
                if (isDue) {
                    save();
                    savedAt = Clock::now();
                    savedStep = m_step;
                }
            }
        }
    } catch (const Cancelled &) {
        m_objective.train();
        m_outcome.end = TrainingEnd::cancelled;
    }
    if (m_isStoppedEarly && m_outcome.end == TrainingEnd::done)
        m_outcome.end = TrainingEnd::stoppedEarly;
    save();
    m_outcome.steps = m_step;
    m_outcome.epochs = m_next.epoch;
    m_outcome.seconds = secondsOfAll();
    if (m_outcome.bestStep < 0)
        m_outcome.bestState = copied(stateOf(m_objective));
    return m_outcome;
}

} // namespace kino
