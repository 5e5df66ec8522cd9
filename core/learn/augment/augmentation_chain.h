// Augmentations one after another, as a specification lists them, on one sample or a batch, in place. What the trainer
// feeds and what a view previews come from here: the result is a pure function of sample, options and random stream.
// Const functions may be called from any thread. Free of LibTorch.
#pragma once

#include "core/base/random.h"
#include "core/learn/augment/sample_shape.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

namespace kino {

struct AugmentationInfo;
struct AugmentationOperation;

/** Room that augmenting needs, kept from sample to sample so that none allocates. One for each thread. */
struct AugmentationScratch {
    std::vector<float> values;
    std::vector<float> factors;
    std::vector<double> times;
    std::vector<std::int32_t> places;
};

class AugmentationChain {
public:
    /** Changes nothing. */
    AugmentationChain() = default;
    /**
     * [{"name": "noise", "options": {"sigma": 0.1}}, ...], applied in this order; options that are not given take their
     * usual values. Throws Error with all problems of all entries at once.
     */
    explicit AugmentationChain(const nlohmann::json &list);

    bool empty() const { return m_steps.empty(); }
    std::size_t size() const { return m_steps.size(); }
    /** The list with every option filled in: what belongs beside a result. */
    const nlohmann::json &description() const { return m_description; }

    /** Which augmentations cannot be applied to samples of this shape and why, one sentence each. */
    std::vector<std::string> problemsFor(const SampleShape &shape) const;

    /**
     * In place; `sample` holds shape.size() values. The k-th augmentation draws from stream.split(k), so that another
     * probability or magnitude of one changes no other's numbers. Values that are not finite stay where they are or spread
     * to their neighbours. Throws Error where problemsFor(shape) has problems, or where the sizes disagree.
     */
    void apply(std::span<float> sample, const SampleShape &shape, const RandomStream &stream) const;
    void apply(std::span<float> sample, const SampleShape &shape, const RandomStream &stream, AugmentationScratch &scratch) const;
    /** `samples` lie one after another, streams[i] is that of sample i: the same as apply() one by one. */
    void applyBatch(std::span<float> samples, const SampleShape &shape, std::span<const RandomStream> streams) const;

private:
    struct Step {
        const AugmentationInfo *info = nullptr;
        double probability = 1;
        /** Shared by copies of the chain. */
        std::shared_ptr<const AugmentationOperation> operation;
    };

    void requireFits(std::size_t values, std::size_t count, const SampleShape &shape) const;
    void applyChecked(std::span<float> sample, const SampleShape &shape, const RandomStream &stream, AugmentationScratch &scratch) const;

    std::vector<Step> m_steps;
    nlohmann::json m_description = nlohmann::json::array();
};

} // namespace kino
