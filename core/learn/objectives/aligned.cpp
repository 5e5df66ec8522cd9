#include "core/learn/objectives/aligned.h"

#include "core/base/error.h"
#include "core/learn/losses.h"
#include "core/learn/objective_infos.h"
#include "core/learn/triplet.h"

#include <cmath>
#include <limits>

namespace kino {
namespace {

/** Rows that have the other modality; all of both where every row has it. */
std::pair<torch::Tensor, torch::Tensor> known(const torch::Tensor &windows, const PairedEmbeddings &paired)
{
    if (paired.mask.min().item<double>() > 0.5)
        return {windows, paired.vectors};
    const torch::Tensor rows = torch::nonzero(paired.mask > 0.5).squeeze(1);
    return {windows.index_select(0, rows), paired.vectors.index_select(0, rows)};
}

double gradientLength(const torch::Tensor &loss, const torch::Tensor &of)
{
    const torch::Tensor gradient = torch::autograd::grad({loss}, {of}, {}, /*retain_graph=*/true, /*create_graph=*/false, /*allow_unused=*/true)[0];
    return gradient.defined() ? gradient.norm().item<double>() : 0;
}

} // namespace

AlignedObjective::AlignedObjective(const ObjectiveSetup &setup)
    : Objective(setup), m_chain(chosenAugmentations(setup))
{
    if (setup.paired.empty())
        throw Error("The objective " + setup.name + " aligns windows with embeddings of text or video; name their files in data.embeddings.");
    for (const auto &[name, width] : setup.paired) {
        m_modalities.push_back(name);
        if (width != setup.paired.begin()->second)
            throw Error("The embeddings of " + setup.paired.begin()->first + " and " + name + " differ in width; the windows' embedding can be compared with one width.");
    }
    const std::int64_t width = setup.paired.begin()->second;
    if (width != m_width)
        m_projection = register_module("projection", std::make_shared<torch::nn::LinearImpl>(m_width, width));
}

torch::Tensor AlignedObjective::aligned(const LearningBatch &batch)
{
    const torch::Tensor embedding = embed(batch.views.at(0));
    return m_projection ? m_projection->forward(embedding) : embedding;
}

ContrastObjective::ContrastObjective(const ObjectiveSetup &setup) : AlignedObjective(setup)
{
    const nlohmann::json options = completeOptions(objectiveInfo("contrast").options, setup.options);
    m_hasContrast = options.at("contrast");
    m_learnsTemperature = options.at("learn_temperature");
    m_directions = options.at("directions") == "rows" ? ContrastDirections::rows : ContrastDirections::both;
    m_temperature = register_module("temperature", std::make_shared<Temperature>(options.at("temperature").get<double>()));
    if (!m_learnsTemperature || !m_hasContrast) {
        for (torch::Tensor &parameter : m_temperature->parameters())
            parameter.requires_grad_(false);
    }
    if (options.at("distillation") == "none")
        return;
    m_distillation = options.at("distillation");
    m_distillationOptions = options.at("distillation_options");
    m_share = options.at("distillation_share");
    const double weight = m_share > 0 ? std::numeric_limits<double>::quiet_NaN() : options.at("distillation_weight").get<double>();
    for (const std::string &name : m_modalities)
        m_weights[name] = register_buffer("distillation_weight_" + name, torch::scalar_tensor(weight, torch::kFloat64));
}

ObjectiveLoss ContrastObjective::loss(const LearningBatch &batch)
{
    const torch::Tensor windows = aligned(batch);
    ObjectiveLoss result;
    for (const std::string &name : m_modalities) {
        const PairedEmbeddings &paired = pairedIn(batch, name);
        torch::Tensor contrast;
        if (m_hasContrast) {
            contrast = infoNce(windows, paired.vectors, {.temperature = m_temperature->value(), .directions = m_directions, .mask = paired.mask});
            result.terms.push_back({"info_nce_" + name, contrast});
            result.observations.emplace_back("matching_accuracy_" + name, matchingAccuracy(windows, paired.vectors));
        }
        if (m_distillation.empty())
            continue;
        const auto [student, teacher] = known(windows, paired);
        if (student.size(0) < 2)
            continue; // most of these losses compare rows with each other
        const torch::Tensor distillation = computeLoss(m_distillation, student, teacher, m_distillationOptions);
        torch::Tensor &weight = m_weights.at(name);
        if (std::isnan(weight.item<double>()) && windows.requires_grad()) {
            const double own = gradientLength(distillation, windows), other = gradientLength(contrast, windows);
            // A loss without a gradient ("nst" as it was run) stays without one whatever it is multiplied by.
            weight.fill_(own > 0 ? m_share * other / own : 0);
        }
        const double value = weight.item<double>();
        result.terms.push_back({m_distillation + "_" + name, distillation, std::isnan(value) ? 0 : value});
        result.observations.emplace_back("distillation_weight_" + name, weight.detach());
    }
    if (result.terms.empty())
        result.terms.push_back({"none", windows.sum() * 0}); // no two pairs in this batch: nothing to learn from it
    if (m_hasContrast && m_learnsTemperature)
        result.observations.emplace_back("temperature", m_temperature->value().detach());
    return result;
}

TripletObjective::TripletObjective(const ObjectiveSetup &setup) : AlignedObjective(setup)
{
    const nlohmann::json options = completeOptions(objectiveInfo("triplet").options, setup.options);
    m_isCyclic = options.at("negatives") == "cyclic";
    m_margin = options.at("margin");
}

ObjectiveLoss TripletObjective::loss(const LearningBatch &batch)
{
    const torch::Tensor windows = aligned(batch);
    ObjectiveLoss result;
    for (const std::string &name : m_modalities) {
        const auto [anchors, positives] = known(windows, pairedIn(batch, name));
        if (anchors.size(0) < 2)
            continue;
        result.terms.push_back({"triplet_" + name, m_isCyclic ? cyclicTripletLoss(anchors, positives, m_margin) : tripletLoss(anchors, positives, m_margin)});
        result.observations.emplace_back("matching_accuracy_" + name, matchingAccuracy(anchors, positives));
    }
    if (result.terms.empty())
        result.terms.push_back({"triplet", windows.sum() * 0}); // no pair in this batch: nothing to learn from it
    return result;
}

} // namespace kino
