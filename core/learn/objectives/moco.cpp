#include "core/learn/objectives/moco.h"

#include "core/base/error.h"
#include "core/learn/contrastive.h"
#include "core/learn/objective_infos.h"
#include "core/learn/similarity.h"
#include "core/nn/encoders.h"
#include "core/nn/weights.h"

namespace kino {
namespace {

void copyState(const torch::nn::Module &from, torch::nn::Module &to)
{
    const torch::NoGradGuard guard;
    const auto source = stateOf(from);
    for (auto &[name, tensor] : stateOf(to))
        tensor.copy_(source.at(name));
}

} // namespace

MocoObjective::MocoObjective(const ObjectiveSetup &setup) : Objective(setup), m_chain(chosenAugmentations(setup))
{
    if (!m_encoder || m_isFrozen)
        throw Error("MoCo learns an encoder; it cannot be frozen or be replaced by embeddings.");
    const nlohmann::json options = completeOptions(objectiveInfo("moco").options, setup.options);
    m_temperature = options.at("temperature");
    m_momentum = options.at("momentum");
    m_isSymmetric = options.at("symmetric");
    const std::int64_t width = options.at("width"), queue = options.at("queue");
    const std::vector<std::int64_t> widths
        = options.at("projection") == "moco" ? std::vector<std::int64_t>{m_width, m_width, width} : std::vector<std::int64_t>{m_width, width};
    m_projection = register_module("projection", std::make_shared<MlpHead>(widths));
    m_keyEncoder = register_module("key_encoder", makeEncoder(setup.encoderName, setup.encoderOptions));
    m_keyProjection = register_module("key_projection", std::make_shared<MlpHead>(widths));
    copyState(*m_encoder, *m_keyEncoder);
    copyState(*m_projection, *m_keyProjection);
    for (torch::nn::Module *slow : {static_cast<torch::nn::Module *>(m_keyEncoder.get()), static_cast<torch::nn::Module *>(m_keyProjection.get())}) {
        for (torch::Tensor &parameter : slow->parameters())
            parameter.requires_grad_(false);
    }
    m_queue = register_buffer("queue", unitVectors(torch::randn({queue, width})));
    m_place = register_buffer("queue_place", torch::zeros({}, torch::kInt64));
}


void MocoObjective::followQuickEncoder()
{
    const torch::NoGradGuard guard;
    // Parameters alone: running statistics of a batch norm are each encoder's own.
    const auto follow = [this](const torch::nn::Module &quick, torch::nn::Module &slow) {
        const auto source = quick.parameters();
        auto target = slow.parameters();
        for (std::size_t i = 0; i < target.size(); ++i)
            target[i].mul_(m_momentum).add_(source[i], 1 - m_momentum);
    };
    follow(*m_encoder, *m_keyEncoder);
    follow(*m_projection, *m_keyProjection);
}

torch::Tensor MocoObjective::keysOf(const torch::Tensor &view)
{
    const torch::NoGradGuard guard;
    if (!is_training())
        return unitVectors(m_keyProjection->forward(embedBy(*m_keyEncoder, view)));
    // Shuffled, so that where a batch norm works on parts of a batch a key meets other rows than its query did.
    const torch::Tensor order = torch::randperm(view.size(0), torch::kInt64).to(view.device());
    const torch::Tensor keys = unitVectors(m_keyProjection->forward(embedBy(*m_keyEncoder, view.index_select(0, order))));
    return torch::empty_like(keys).index_copy_(0, order, keys);
}

void MocoObjective::enqueue(const torch::Tensor &keys)
{
    const torch::NoGradGuard guard;
    const std::int64_t size = m_queue.size(0);
    const torch::Tensor places = (torch::arange(keys.size(0), torch::TensorOptions(torch::kInt64).device(m_queue.device())) + m_place) % size;
    m_queue.index_copy_(0, places, keys.to(m_queue.dtype()));
    m_place.add_(keys.size(0)).remainder_(size);
}

std::map<std::string, torch::Tensor> MocoObjective::weights() const
{
    std::map<std::string, torch::Tensor> kept = Objective::weights();
    std::erase_if(kept, [](const auto &each) { return each.first.starts_with("key_") || each.first.starts_with("queue"); });
    return kept;
}

ObjectiveLoss MocoObjective::loss(const LearningBatch &batch)
{
    if (m_queue.size(0) % batch.views.at(0).size(0) != 0 && is_training())
        throw Error("The queue of " + std::to_string(m_queue.size(0)) + " keys is not divisible by the batch of " + std::to_string(batch.views.at(0).size(0))
                    + "; choose a batch that divides it.");
    const std::size_t passes = m_isSymmetric ? 2 : 1;
    std::vector<torch::Tensor> queries;
    for (std::size_t pass = 0; pass < passes; ++pass)
        queries.push_back(m_projection->forward(embed(batch.views.at(pass))));
    if (is_training())
        followQuickEncoder();
    ObjectiveLoss result;
    std::vector<torch::Tensor> keys;
    const torch::Tensor queue = m_queue.clone(); // as it was before these keys are in it
    torch::Tensor sum;
    for (std::size_t pass = 0; pass < passes; ++pass) {
        keys.push_back(keysOf(batch.views.at(1 - pass)));
        const torch::Tensor value = mocoContrast(queries[pass], keys.back(), queue, m_temperature);
        sum = sum.defined() ? sum + value : value;
    }
    result.terms.push_back({"info_nce", passes > 1 ? sum / static_cast<double>(passes) : sum});
    {
        const torch::NoGradGuard guard;
        const torch::Tensor query = unitVectors(queries[0].detach());
        const torch::Tensor own = (query * keys[0]).sum(1);
        result.observations.emplace_back("matching_accuracy", (own > std::get<0>(query.mm(queue.t()).max(1))).to(torch::kFloat32).mean());
    }
    if (is_training()) {
        for (const torch::Tensor &each : keys)
            enqueue(each);
    }
    return result;
}

} // namespace kino
