// What the specification of a run names, put together: data, encoder, objective, optimizer, the batches of an epoch, and what is said of
// rows that only validate or test. `kino train` trains it, `kino estimate` tries a few steps. One thread; writes nothing but its cache.
#pragma once

#include "core/insight/classification.h"
#include "core/jobs/training/training_data.h"
#include "core/jobs/training/training_files.h"
#include "core/learn/objectives.h"
#include "core/learn/trainer.h"
#include "core/nn/weights.h"

#include <functional>

namespace kino {

struct TrainingPartsOptions {
    /** Where resampled channels and pictures are kept; empty: in memory alone. */
    std::filesystem::path cacheFolder;
    /** Recordings of a project, for specifications that name them. */
    ProjectRecordings recordings;
    CancelToken cancel;
    /** Of load() and make(). */
    Progress progress;
    /** What a person should know. May be empty. */
    std::function<void(const std::string &sentence)> say;
};

/** As many as the specification says, or as the process may use. */
std::size_t threadsOf(const nlohmann::json &specification);
/** Of torch, for the process. */
void setTorchThreads(std::size_t threads);

class TrainingParts {
public:
    /** `specification` is complete, its paths whole or counted from `folder`. */
    TrainingParts(nlohmann::json specification, std::filesystem::path folder, TrainingPartsOptions options);

    /** Reads all data. Throws Error for what cannot be trained on and for leakage that is not allowed. */
    void load();
    /** Makes the rest from it. Throws Error for what does not fit together. */
    void make();

    const nlohmann::json &specification() const { return m_spec; }
    const torch::Device &device() const { return m_device; }
    const WeightsFile &startingWeights() const { return m_starting; }
    const TrainingData &data() const { return m_data; }
    const std::shared_ptr<Encoder> &encoder() const { return m_encoder; }
    /** The encoder is frozen and nothing augments: windows were embedded once. */
    bool isEmbeddedBefore() const { return m_isEmbeddedBefore; }
    Objective &objective() { return *m_objective; }
    Optimizer &optimizer() { return *m_optimizer; }
    const EpochPlan &plan() const { return m_plan; }
    std::uint64_t seed() const { return m_spec.at("seed").get<std::uint64_t>(); }

    /** As the specification's "train" says, without checkpoints. */
    TrainerOptions trainerOptions(std::size_t threads) const;
    Schedule schedule() const;

    /** The objective is in evaluation mode and gradients are off. Metrics are called "part.…". Throws Cancelled. */
    Evaluation evaluate(std::span<const std::uint32_t> rows, const std::string &part);
    std::vector<Prediction> predict(std::span<const std::uint32_t> rows);
    Classification judge(std::span<const Prediction> predictions) const;

private:
    void judgePlan() const;
    void embedBefore();
    std::size_t batch() const { return m_spec.at("train").at("batch").get<std::size_t>(); }
    void say(const std::string &sentence) const
    {
        if (m_options.say)
            m_options.say(sentence);
    }

    nlohmann::json m_spec;
    std::filesystem::path m_folder;
    TrainingPartsOptions m_options;
    torch::Device m_device;
    WeightsFile m_starting;
    TrainingData m_data;
    std::shared_ptr<Encoder> m_encoder;
    bool m_isEmbeddedBefore = false;
    std::shared_ptr<Objective> m_objective;
    std::unique_ptr<Optimizer> m_optimizer;
    EpochPlan m_plan;
};

} // namespace kino
