#include "core/learn/objectives/simclr.h"

#include "core/learn/objective_infos.h"

namespace kino {

SimclrObjective::SimclrObjective(const ObjectiveSetup &setup)
    : Objective(setup), m_chain(chosenAugmentations(setup))
{
    const nlohmann::json options = completeOptions(objectiveInfo("simclr").options, setup.options);
    m_temperature = options.at("temperature");
    m_reduction = options.at("reduction") == "mean" ? NtXentReduction::mean : NtXentReduction::sum;
    const std::string projection = options.at("projection");
    if (projection != "none")
        m_projection = register_module("projection", std::make_shared<MlpHead>(projection == "har" ? simclrHeadWidths(m_width) : mocoHeadWidths(m_width)));
}

ObjectiveLoss SimclrObjective::loss(const LearningBatch &batch)
{
    // One pass for both views: statistics of a batch, where an encoder has them, are of both, as in the reference.
    const torch::Tensor both = embed(torch::cat({batch.views.at(0), batch.views.at(1)}));
    const std::vector<torch::Tensor> halves = (m_projection ? m_projection->forward(both) : both).chunk(2);
    ObjectiveLoss result;
    result.terms.push_back({"nt_xent", ntXent(halves[0], halves[1], m_temperature, m_reduction)});
    result.observations.emplace_back("matching_accuracy", matchingAccuracy(halves[0], halves[1]));
    return result;
}

} // namespace kino
