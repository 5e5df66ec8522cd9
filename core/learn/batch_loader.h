// Makes batches ahead of the training thread: reads windows, augments each view, lays them into tensors. What a batch holds
// depends on seed, epoch and row alone, not on how many threads work.
#pragma once

#include "core/learn/objective.h"
#include "core/learn/sample_source.h"

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace kino {

/** The batches of an epoch, each a list of items; item = row * variants + variant. Called from the loader's threads. */
using EpochPlan = std::function<std::vector<std::vector<std::size_t>>(std::int64_t epoch)>;

/** Which batch comes next. */
struct BatchPlace {
    std::int64_t epoch = 0;
    std::int64_t batch = 0;
    friend auto operator<=>(const BatchPlace &, const BatchPlace &) = default;
};

enum class Augmenting { asInTraining, none };

/** One batch, made on the calling thread. */
LearningBatch makeBatch(const SampleSource &source, const Objective &objective, std::span<const std::size_t> items, std::uint64_t seed, std::int64_t epoch,
                        Augmenting augmenting);

/** Rows as they are, finished: [B, …]. */
torch::Tensor readSamples(const SampleSource &source, std::span<const std::size_t> rows);
LearningBatch onDevice(LearningBatch batch, const torch::Device &device);

class BatchLoader {
public:
    struct Loaded {
        LearningBatch batch;
        BatchPlace place;
        std::int64_t batchesOfEpoch = 0;
        bool endsEpoch() const { return place.batch + 1 == batchesOfEpoch; }
    };

    /** Begins at once, at `from`, and goes through `epochs`. Source and objective must outlive it. */
    BatchLoader(const SampleSource &source, const Objective &objective, EpochPlan plan, std::uint64_t seed, BatchPlace from, std::int64_t epochs,
                std::size_t threads);
    ~BatchLoader();
    BatchLoader(const BatchLoader &) = delete;
    BatchLoader &operator=(const BatchLoader &) = delete;

    /** The next batch in order; nothing after the last epoch. Epochs without batches are passed over. Throws what reading threw. */
    std::optional<Loaded> next();

private:
    void work();
    /** The plan of an epoch, kept for the one that is being made. */
    std::shared_ptr<const std::vector<std::vector<std::size_t>>> planOf(std::int64_t epoch);

    const SampleSource &m_source;
    const Objective &m_objective;
    EpochPlan m_plan;
    std::uint64_t m_seed;
    std::int64_t m_epochs;
    std::size_t m_ahead;

    std::mutex m_mutex;
    std::condition_variable m_changed;
    BatchPlace m_toMake, m_toGive;
    std::map<BatchPlace, Loaded> m_ready;
    std::set<std::int64_t> m_emptyEpochs;
    std::size_t m_inWork = 0;
    std::int64_t m_plannedEpoch = -1;
    std::shared_ptr<const std::vector<std::vector<std::size_t>>> m_planned;
    std::exception_ptr m_failure;
    bool m_isStopping = false;
    std::vector<std::thread> m_threads;
};

} // namespace kino
