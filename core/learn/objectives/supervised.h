// Classification of windows by their labels: cross-entropy on a linear layer, or one hidden layer, over the encoder.
#pragma once

#include "core/learn/objective.h"
#include "core/nn/heads.h"

namespace kino {

class SupervisedObjective : public Objective {
public:
    explicit SupervisedObjective(const ObjectiveSetup &setup);

    const AugmentationChain &chain(std::size_t, std::size_t) const override { return m_chain; }
    ObjectiveLoss loss(const LearningBatch &batch) override;
    torch::Tensor logits(const torch::Tensor &view) override;
    bool classifies() const override { return true; }
    std::vector<std::pair<std::vector<torch::Tensor>, double>> parameterGroups() const override;

private:
    AugmentationChain m_chain;
    std::string m_head;
    bool m_isUnitLength = false;
    double m_smoothing = 0;
    double m_trunkRate = 1;
    torch::Tensor m_classWeights; // [classes], or undefined
    std::shared_ptr<MlpHead> m_classifier;
};

} // namespace kino
