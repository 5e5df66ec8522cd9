#include "core/learn/objectives/multitask.h"

#include "core/learn/objective_infos.h"

namespace kino {
namespace {

/** One entry for each task, with SelfHAR's magnitudes. */
const nlohmann::json &taskAugmentations() { return augmentationPreset("multitask-har").chain; }

} // namespace

const std::vector<std::string> &MultitaskObjective::tasks()
{
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const nlohmann::json &chain : taskAugmentations())
            list.push_back(chain.at("name"));
        return list;
    }();
    return names;
}

MultitaskObjective::MultitaskObjective(const ObjectiveSetup &setup) : Objective(setup)
{
    const std::int64_t hidden = completeOptions(objectiveInfo("multitask").options, setup.options).at("hidden");
    for (std::size_t task = 0; task < taskAugmentations().size(); ++task) {
        m_chains.emplace_back(nlohmann::json::array({taskAugmentations()[task]}));
        m_heads.push_back(register_module("task_" + tasks()[task], std::make_shared<MlpHead>(std::vector<std::int64_t>{m_width, hidden, 1})));
    }
}

ObjectiveLoss MultitaskObjective::loss(const LearningBatch &batch)
{
    const torch::Tensor embedding = embed(batch.views.at(0));
    ObjectiveLoss result;
    torch::Tensor right;
    for (std::size_t task = 0; task < m_heads.size(); ++task) {
        const torch::Tensor score = m_heads[task]->forward(embedding).squeeze(1);
        const torch::Tensor target = (batch.variants == static_cast<std::int64_t>(task + 1)).to(score.dtype());
        result.terms.push_back({tasks()[task], torch::binary_cross_entropy_with_logits(score, target)});
        const torch::NoGradGuard guard;
        const torch::Tensor hits = ((score > 0) == (target > 0.5)).to(torch::kFloat32).mean();
        right = right.defined() ? right + hits : hits;
    }
    result.observations.emplace_back("task_accuracy", right / static_cast<double>(m_heads.size()));
    return result;
}

} // namespace kino
