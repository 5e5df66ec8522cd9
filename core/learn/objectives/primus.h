// PRIMUS (Das et al. 2025; methods 2.3): InfoNCE between a window and its augmented view, between a window and the text and
// video of the same instant, and of each with a nearest neighbour from a queue of earlier batches. View 0 is the window as it
// is, view 1 the augmented one.
#pragma once

#include "core/learn/contrastive.h"
#include "core/learn/objective.h"

namespace kino {

class PrimusObjective : public Objective {
public:
    explicit PrimusObjective(const ObjectiveSetup &setup);

    std::size_t views() const override { return 2; }
    const AugmentationChain &chain(std::size_t view, std::size_t) const override { return view == 0 ? m_untouched : m_chain; }
    std::int64_t leastBatch() const override { return 2; }
    /** In training neighbours are looked up first, then the batch is enqueued. In validation queues stay as they are. */
    ObjectiveLoss loss(const LearningBatch &batch) override;
    std::map<std::string, torch::Tensor> weights() const override;

private:
    /** Places in the queues, one for each row; -1 where there is no neighbour yet. */
    torch::Tensor findNeighbours(const torch::Tensor &ssl, const LearningBatch &batch) const;
    void enqueue(const torch::Tensor &ssl, const LearningBatch &batch);

    AugmentationChain m_untouched, m_chain;
    double m_share;
    bool m_hasSelfSupervision, m_hasNeighbours, m_isAnyRecording;
    std::vector<std::string> m_modalities; // bytewise: text, video
    std::shared_ptr<Temperature> m_mmTemperature, m_sslTemperature;
    std::shared_ptr<torch::nn::LinearImpl> m_ssl, m_mmcl; // for encoders without these heads
    torch::Tensor m_imuQueue; // [K, D]
    std::map<std::string, torch::Tensor> m_modalityQueues, m_modalityKnown; // [K, D], [K] 1 where the row has it
    torch::Tensor m_recordings; // [K], -1 where nothing is yet
    torch::Tensor m_place;
};

} // namespace kino
