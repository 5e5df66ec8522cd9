// Training: batches through an objective into an optimizer, with validation, best weights, checkpoints that hold everything,
// and resuming from them as if nothing had happened. Runs on the calling thread.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/learn/batch_loader.h"
#include "core/learn/checkpoint.h"
#include "core/learn/metric_sink.h"
#include "core/learn/optimizer.h"
#include "core/learn/schedule.h"
#include "core/learn/training_pulse.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <limits>

namespace kino {

struct TrainerOptions {
    std::int64_t epochs = 1;
    std::uint64_t seed = 0;
    /** The gradient's length is at most this. */
    std::optional<double> clipNorm = std::nullopt;
    Precision precision = Precision::float32;
    torch::Device device = torch::kCPU;
    /** Epochs without a better stopping score after which training ends. */
    std::optional<std::int64_t> patience = std::nullopt;
    /** Epochs between evaluations; the last epoch is always evaluated. */
    std::int64_t evaluateEpochs = 1;
    /** Steps between two rows of metrics; the first and last step of an epoch have rows always. */
    std::int64_t metricSteps = 10;
    /** Empty for none. */
    std::filesystem::path checkpointFolder = {};
    double checkpointSeconds = 30;
    std::optional<std::int64_t> checkpointSteps = std::nullopt;
    std::size_t loaderThreads = 1;
    /** After each step, on the thread that trains. */
    std::function<void(const TrainingPulse &)> onPulse = {};
};

struct Evaluation {
    /** Greater is better; NaN where nothing can be said. The weights of the best are kept. */
    double score = std::numeric_limits<double>::quiet_NaN();
    /** What early stopping looks at, greater is better too. */
    double stoppingScore = std::numeric_limits<double>::quiet_NaN();
    std::vector<std::pair<std::string, double>> metrics = {};
};

enum class TrainingEnd { done, stoppedEarly, cancelled };

struct TrainingOutcome {
    TrainingEnd end = TrainingEnd::done;
    std::int64_t steps = 0;
    std::int64_t epochs = 0;
    /** Of all sessions of the run together. */
    double seconds = 0;
    std::int64_t bestStep = -1; // -1 where no evaluation had a score
    double bestScore = std::numeric_limits<double>::quiet_NaN();
    double lastLoss = std::numeric_limits<double>::quiet_NaN(); // mean over the last whole epoch
    /** All of the objective's at the best evaluation, queues and slow copies included; the last where there is none. */
    std::map<std::string, torch::Tensor> bestState;
};

class Trainer {
public:
    /** Everything must outlive it. `evaluate` finds the objective in evaluation mode with gradients off. */
    Trainer(Objective &objective, const SampleSource &source, EpochPlan plan, Optimizer &optimizer, Schedule schedule, TrainerOptions options, MetricSink &metrics,
            std::function<Evaluation()> evaluate = {});

    /**
     * Takes weights, optimizer, queues, random states and counts from the checkpoint in the folder, and goes on from there.
     * Throws Error where it does not fit. Gives false where there is none.
     */
    bool resume();
    /**
     * To the end, or until cancelled: then the step that runs is finished and a checkpoint written, also where an evaluation
     * throws Cancelled; it is made anew at resuming. Throws Error, naming the
     * step and the term, for a loss that is not finite.
     */
    TrainingOutcome run(const CancelToken &cancel = {}, const Progress &progress = {});

private:
    void step(LearningBatch &batch, const BatchPlace &place, std::int64_t batchesOfEpoch);
    void evaluateEpoch(std::int64_t epoch);
    void save();
    void takeOver(const Checkpoint &checkpoint);
    void report(const Progress &progress, double fraction, std::int64_t epoch);
    double gradientLength() const;

    Objective &m_objective;
    const SampleSource &m_source;
    EpochPlan m_plan;
    Optimizer &m_optimizer;
    Schedule m_schedule;
    TrainerOptions m_options;
    MetricSink &m_metrics;
    std::function<Evaluation()> m_evaluate;

    // What a checkpoint holds beside tensors.
    std::int64_t m_step = 0;
    BatchPlace m_next;
    double m_secondsBefore = 0;
    double m_epochLoss = 0; // sum over rows of this epoch
    std::int64_t m_epochRows = 0;
    std::int64_t m_bestStoppingEpoch = -1;
    /** The epoch that is over and not yet evaluated: stopping may come in between. -1 for none. */
    std::int64_t m_toEvaluate = -1;
    double m_bestStoppingScore = std::numeric_limits<double>::quiet_NaN();
    bool m_isStoppedEarly = false;
    TrainingOutcome m_outcome;

    using Clock = std::chrono::steady_clock;
    double secondsOfAll() const;
    Clock::time_point m_start = Clock::now();
    Clock::time_point m_lastRow = m_start; // of metrics
    std::int64_t m_rowsSince = 0;
    std::int64_t m_sessionRows = 0;
    double m_firstFraction = -1;
};

} // namespace kino
