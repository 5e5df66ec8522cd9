#include "core/learn/objective.h"

#include "core/base/error.h"
#include "core/learn/objective_infos.h"
#include "core/learn/similarity.h"
#include "core/nn/weights.h"

#include <ATen/autocast_mode.h>

namespace kino {
namespace {

/** torch's automatic casts to bfloat16 while it lives. */
class LowerPrecision {
public:
    explicit LowerPrecision(torch::DeviceType device) : m_device(device), m_was(at::autocast::is_autocast_enabled(device)), m_type(at::autocast::get_autocast_dtype(device))
    {
        at::autocast::set_autocast_enabled(device, true);
        at::autocast::set_autocast_dtype(device, torch::kBFloat16);
        at::autocast::increment_nesting();
    }
    ~LowerPrecision()
    {
        // Weights that were cast are kept until here, for a step must cast them anew.
        if (at::autocast::decrement_nesting() == 0)
            at::autocast::clear_cache();
        at::autocast::set_autocast_enabled(m_device, m_was);
        at::autocast::set_autocast_dtype(m_device, m_type);
    }
    LowerPrecision(const LowerPrecision &) = delete;
    LowerPrecision &operator=(const LowerPrecision &) = delete;

private:
    torch::DeviceType m_device;
    bool m_was;
    torch::ScalarType m_type;
};

} // namespace

torch::Tensor ObjectiveLoss::total() const
{
    torch::Tensor sum;
    for (const LossTerm &term : terms) {
        if (term.weight == 0)
            continue;
        const torch::Tensor weighted = term.weight == 1 ? term.value : term.value * term.weight;
        sum = sum.defined() ? sum + weighted : weighted;
    }
    if (!sum.defined())
        throw Error("All terms of the loss are switched off or weigh nothing; there is nothing to learn.");
    return sum;
}

Objective::Objective(const ObjectiveSetup &setup) : torch::nn::Module(setup.name), m_isFrozen(setup.freezeEncoder), m_width(setup.width)
{
    if (!setup.encoder)
        return;
    m_encoder = register_module("encoder", setup.encoder);
    m_width = setup.encoder->width();
    if (m_isFrozen) {
        for (torch::Tensor &parameter : m_encoder->parameters())
            parameter.requires_grad_(false);
    }
}

torch::Tensor Objective::logits(const torch::Tensor &) { throw Error("The objective " + name() + " does not classify; supervised does."); }

std::vector<std::pair<std::vector<torch::Tensor>, double>> Objective::parameterGroups() const
{
    std::vector<torch::Tensor> learned;
    for (const torch::Tensor &parameter : parameters()) {
        if (parameter.requires_grad())
            learned.push_back(parameter);
    }
    return {{std::move(learned), 1.0}};
}

void Objective::train(bool on)
{
    torch::nn::Module::train(on);
    if (m_isFrozen && m_encoder)
        m_encoder->eval();
}

torch::Tensor Objective::embed(const torch::Tensor &view)
{
    if (!m_encoder)
        return view;
    if (!m_isFrozen)
        return embedBy(*m_encoder, view);
    const torch::NoGradGuard frozen;
    return embedBy(*m_encoder, view);
}

torch::Tensor Objective::embedBy(Encoder &encoder, const torch::Tensor &view) const
{
    if (m_precision == Precision::float32)
        return encoder.embed(view);
    const LowerPrecision lower(view.device().type());
    return encoder.embed(view).to(torch::kFloat32);
}

std::map<std::string, torch::Tensor> Objective::weights() const { return stateOf(*this); }

torch::Tensor Objective::head(const std::string &name, const torch::Tensor &embedding)
{
    if (!m_encoder)
        return embedding;
    return m_encoder->head(name, embedding);
}

AugmentationChain chosenAugmentations(const ObjectiveSetup &setup)
{
    const AugmentationInput input = setup.shape.isPicture() ? AugmentationInput::picture : AugmentationInput::signal;
    return AugmentationChain(setup.augmentations ? *setup.augmentations : usualAugmentations(objectiveInfo(setup.name), input));
}

const PairedEmbeddings &pairedIn(const LearningBatch &batch, const std::string &name)
{
    const auto found = batch.paired.find(name);
    if (found == batch.paired.end())
        throw Error("The objective needs embeddings of the " + name + " beside the windows; name their file in data.embeddings." + name + ".");
    return found->second;
}

torch::Tensor matchingAccuracy(const torch::Tensor &a, const torch::Tensor &b)
{
    const torch::NoGradGuard guard;
    const torch::Tensor similarity = cosineSimilarity(a.detach(), b.detach());
    const torch::Tensor own = torch::arange(similarity.size(0), similarity.device());
    return (similarity.argmax(1) == own).to(torch::kFloat32).mean() * 0.5 + (similarity.argmax(0) == own).to(torch::kFloat32).mean() * 0.5;
}

} // namespace kino
