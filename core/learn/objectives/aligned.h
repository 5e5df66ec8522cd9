// Windows aligned with given embeddings of another modality: InfoNCE as in IMU2CLIP, with a distillation loss beside it or
// alone as in the "Ambient AI" study; triplets as in that study.
#pragma once

#include "core/learn/contrastive.h"
#include "core/learn/objective.h"

namespace kino {

/** What both share: one view, embeddings as wide as the encoder's, or a linear layer to their width. */
class AlignedObjective : public Objective {
public:
    const AugmentationChain &chain(std::size_t, std::size_t) const override { return m_chain; }
    std::int64_t leastBatch() const override { return 2; }

protected:
    explicit AlignedObjective(const ObjectiveSetup &setup);
    torch::Tensor aligned(const LearningBatch &batch);

    std::vector<std::string> m_modalities;

private:
    AugmentationChain m_chain;
    std::shared_ptr<torch::nn::LinearImpl> m_projection; // where widths differ
};

class ContrastObjective : public AlignedObjective {
public:
    explicit ContrastObjective(const ObjectiveSetup &setup);
    ObjectiveLoss loss(const LearningBatch &batch) override;

private:
    bool m_hasContrast, m_learnsTemperature;
    ContrastDirections m_directions;
    std::shared_ptr<Temperature> m_temperature;
    std::string m_distillation; // empty for none
    nlohmann::json m_distillationOptions;
    double m_share = 0;
    /** By target; NaN until the first step has shown the gradients' lengths. */
    std::map<std::string, torch::Tensor> m_weights;
};

class TripletObjective : public AlignedObjective {
public:
    explicit TripletObjective(const ObjectiveSetup &setup);
    ObjectiveLoss loss(const LearningBatch &batch) override;

private:
    bool m_isCyclic;
    double m_margin;
};

} // namespace kino
