// SimCLR (Chen et al. 2020): two augmented views of each window, NT-Xent between their projections.
#pragma once

#include "core/learn/contrastive.h"
#include "core/learn/objective.h"
#include "core/nn/heads.h"

namespace kino {

class SimclrObjective : public Objective {
public:
    explicit SimclrObjective(const ObjectiveSetup &setup);

    std::size_t views() const override { return 2; }
    const AugmentationChain &chain(std::size_t, std::size_t) const override { return m_chain; }
    std::int64_t leastBatch() const override { return 2; }
    ObjectiveLoss loss(const LearningBatch &batch) override;

private:
    AugmentationChain m_chain;
    double m_temperature;
    NtXentReduction m_reduction;
    std::shared_ptr<MlpHead> m_projection; // nullptr for none
};

} // namespace kino
