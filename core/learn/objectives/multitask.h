// Multi-task self-supervision (Saeed, Ozcelebi and Lukkien 2019, by SelfHAR's implementation; methods 5.3): eight binary
// tasks, each to tell whether a window was changed in one way. An epoch holds every window nine times: as it is, with all
// targets 0, and changed in each of the ways, with the target of that way alone 1.
#pragma once

#include "core/learn/objective.h"
#include "core/nn/heads.h"

namespace kino {

class MultitaskObjective : public Objective {
public:
    explicit MultitaskObjective(const ObjectiveSetup &setup);

    /** In the order of the targets. */
    static const std::vector<std::string> &tasks();

    std::size_t variants() const override { return 1 + m_chains.size(); }
    const AugmentationChain &chain(std::size_t, std::size_t variant) const override { return variant == 0 ? m_untouched : m_chains.at(variant - 1); }
    ObjectiveLoss loss(const LearningBatch &batch) override;

private:
    AugmentationChain m_untouched;
    std::vector<AugmentationChain> m_chains;
    std::vector<std::shared_ptr<MlpHead>> m_heads;
};

} // namespace kino
