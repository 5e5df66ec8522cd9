#include "core/learn/objectives/supervised.h"

#include "core/base/error.h"
#include "core/learn/objective_infos.h"
#include "core/learn/similarity.h"

namespace kino {

SupervisedObjective::SupervisedObjective(const ObjectiveSetup &setup) : Objective(setup), m_chain(chosenAugmentations(setup))
{
    const nlohmann::json options = completeOptions(objectiveInfo("supervised").options, setup.options);
    if (setup.classes.size() < 2)
        throw Error("The training windows are of " + std::to_string(setup.classes.size()) + " class; to classify takes two.");
    m_head = options.at("head");
    m_isUnitLength = options.at("unit_length");
    m_smoothing = options.at("label_smoothing");
    m_trunkRate = options.at("trunk_rate");
    const auto classes = static_cast<std::int64_t>(setup.classes.size());
    const std::int64_t hidden = options.at("hidden");
    m_classifier = register_module("classifier",
                                   std::make_shared<MlpHead>(hidden > 0 ? std::vector<std::int64_t>{m_width, hidden, classes} : std::vector<std::int64_t>{m_width, classes}));
    if (m_encoder && m_isFrozen) {
        // A head of the encoder's own stays as it is, too; without one of that name this throws.
        m_encoder->head(m_head, torch::zeros({1, m_width}));
    }
    if (options.at("class_weights") != "balanced")
        return;
    std::vector<double> weights;
    double all = 0;
    for (const std::int64_t count : setup.classCounts)
        all += static_cast<double>(count);
    for (const std::int64_t count : setup.classCounts)
        weights.push_back(count > 0 ? all / (static_cast<double>(classes) * static_cast<double>(count)) : 0);
    m_classWeights = register_buffer("class_weights", torch::tensor(weights, torch::kFloat32));
}

torch::Tensor SupervisedObjective::logits(const torch::Tensor &view)
{
    torch::Tensor embedding = embed(view);
    if (m_head != "embedding")
        embedding = head(m_head, embedding);
    return m_classifier->forward(m_isUnitLength ? unitVectors(embedding) : embedding);
}

ObjectiveLoss SupervisedObjective::loss(const LearningBatch &batch)
{
    const torch::Tensor scores = logits(batch.views.at(0));
    const torch::Tensor weights = m_classWeights.defined() ? m_classWeights.to(scores.dtype()) : torch::Tensor();
    ObjectiveLoss result;
    result.terms.push_back({"cross_entropy",
                            torch::nn::functional::cross_entropy(scores, batch.labels,
                                                                 torch::nn::functional::CrossEntropyFuncOptions().weight(weights).label_smoothing(m_smoothing))});
    const torch::NoGradGuard guard;
    result.observations.emplace_back("accuracy", (scores.argmax(1) == batch.labels).to(torch::kFloat32).mean());
    return result;
}

std::vector<std::pair<std::vector<torch::Tensor>, double>> SupervisedObjective::parameterGroups() const
{
    std::vector<torch::Tensor> trunk;
    if (m_encoder && !m_isFrozen)
        trunk = m_encoder->parameters();
    return {{m_classifier->parameters(), 1.0}, {std::move(trunk), m_trunkRate}};
}

} // namespace kino
