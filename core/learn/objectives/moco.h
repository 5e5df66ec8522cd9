// Momentum contrast (He et al. 2020; methods 5.1): queries against keys of a slow copy of the encoder and a queue of earlier
// keys. Both views come from the same augmentations; with the sensor-aware set of pictures that is our reading of IMG2IMU.
#pragma once

#include "core/learn/objective.h"
#include "core/nn/heads.h"

namespace kino {

class MocoObjective : public Objective {
public:
    explicit MocoObjective(const ObjectiveSetup &setup);

    std::size_t views() const override { return 2; }
    const AugmentationChain &chain(std::size_t, std::size_t) const override { return m_chain; }
    std::int64_t leastBatch() const override { return 2; }
    /** In training, in this order: queries, the slow encoder's step, keys (rows shuffled), loss, enqueueing. */
    ObjectiveLoss loss(const LearningBatch &batch) override;
    std::map<std::string, torch::Tensor> weights() const override;

private:
    torch::Tensor keysOf(const torch::Tensor &view);
    void followQuickEncoder();
    void enqueue(const torch::Tensor &keys);

    AugmentationChain m_chain;
    double m_temperature;
    double m_momentum;
    bool m_isSymmetric;
    std::shared_ptr<MlpHead> m_projection, m_keyProjection;
    std::shared_ptr<Encoder> m_keyEncoder;
    torch::Tensor m_queue; // [K, D] of unit length
    torch::Tensor m_place; // int64, where the next keys go
};

} // namespace kino
