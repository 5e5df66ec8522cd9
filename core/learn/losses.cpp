#include "core/learn/losses.h"

#include "core/base/error.h"
#include "core/learn/contrastive.h"
#include "core/learn/distillation.h"
#include "core/learn/triplet.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

NamedOption temperature(double usual) { return {"temperature", usual, {}, 1e-4, 1e4, false, "Divides the cosines, or the logits."}; }

NamedOption modeOf(std::vector<std::string> modes)
{
    return {"mode", "sound", std::move(modes), 0, 0, false, "What it would be for embeddings, what the study ran, or the original for feature maps."};
}

NamedOption margin(double usual) { return {"margin", usual, {}, 0, 1e3, false, "How far apart is enough."}; }

DistillationMode modeFrom(const std::string &name)
{
    return name == "as-run" ? DistillationMode::asRun : name == "map" ? DistillationMode::map : DistillationMode::sound;
}

void requireExtras(const std::string &name, const LossExtras &extras)
{
    if (name != "infonce" && (extras.mask || extras.negatives))
        throw Error("The loss " + name + " takes neither a mask nor negatives; infonce does.");
    if (extras.mask && extras.negatives)
        throw Error("The loss infonce takes a mask or negatives, not both: with negatives every row counts.");
    if (name == "moco" && !extras.queue)
        throw Error("The loss moco compares with a queue of keys, [count, width]; give one.");
    if (name != "moco" && extras.queue)
        throw Error("The loss " + name + " takes no queue; moco does.");
}

} // namespace

const std::vector<LossInfo> &lossInfos()
{
    static const std::vector<LossInfo> infos = {
        {"infonce",
         "Symmetric InfoNCE",
         "IMU2CLIP and PRIMUS, reference implementations",
         {temperature(0.1), {"directions", "both", {"both", "rows"}, 0, 0, false, "The sum of both directions, or rows alone."}}},
        {"nt-xent",
         "SimCLR's loss",
         "Chen et al. 2020, google-research/simclr",
         {temperature(0.1), {"reduction", "sum", {"sum", "mean"}, 0, 0, false, "Of the two views' cross-entropies."}}},
        {"moco", "MoCo's loss, with a queue", "He et al. 2020, facebookresearch/moco", {temperature(0.2)}, true},
        {"soft-target", "Soft target", "Hinton et al. 2015", {temperature(4)}, true},
        {"logits", "Mean squared difference of logits", "Ba and Caruana 2014", {}, true},
        {"fitnets", "Mean squared difference of features", "Romero et al. 2015", {}, true},
        {"attention-transfer",
         "Attention transfer",
         "Zagoruyko and Komodakis 2017",
         {modeOf({"as-run", "sound", "map"}), {"p", 2, {}, 1, 16, false, "Power of the activations."}},
         true},
        {"nst",
         "Neuron selectivity transfer",
         "Huang and Wang 2017",
         {modeOf({"as-run", "sound", "map"}), {"channels", 32, {}, 1, 65536, true, "Into which embeddings are cut in the mode sound."}},
         true},
        {"pkt", "Probabilistic knowledge transfer", "Passalis and Tefas 2018", {{"epsilon", 1e-6, {}, 1e-12, 1, false, "Keeps logarithms finite."}}, true},
        {"rkd",
         "Relational knowledge distillation",
         "Park et al. 2019",
         {{"distance", 25, {}, 0, 1e6, false, "Weight of the distances."}, {"angle", 50, {}, 0, 1e6, false, "Weight of the angles."}},
         true},
        {"activation-boundaries", "Activation boundaries", "Heo et al. 2019", {modeOf({"as-run", "sound"}), margin(2)}, true},
        {"similarity-preserving", "Similarity preserving", "Tung and Mori 2019", {}, true},
        {"correlation-congruence",
         "Correlation congruence",
         "Peng et al. 2019",
         {{"gamma", 0.4, {}, 1e-6, 1e3, false, "Of the Gaussian kernel."}, {"order", 2, {}, 0, 32, true, "Of its Taylor series."}},
         true},
        {"factor-transfer", "Factor transfer", "Kim et al. 2018", {}, true},
        {"triplet", "Triplet, hardest other anchor", "the distillation study, as released", {margin(0.2)}},
        {"triplet-cs", "Triplet, cyclic shift", "the distillation study, our reading", {margin(0.2)}},
    };
    return infos;
}

const LossInfo &lossInfo(const std::string &name)
{
    const auto found = std::ranges::find(lossInfos(), name, &LossInfo::name);
    if (found != lossInfos().end())
        return *found;
    std::vector<std::string> known;
    for (const LossInfo &each : lossInfos())
        known.push_back(each.name);
    throw Error("There is no loss \"" + name + "\"; there are " + listOfWords(known) + ".");
}

std::vector<std::string> lossOptionProblems(const LossInfo &info, const nlohmann::json &options)
{
    return optionProblems("the loss " + info.name, info.options, options);
}

torch::Tensor computeLoss(const std::string &name, const torch::Tensor &a, const torch::Tensor &b, const nlohmann::json &options, const LossExtras &extras)
{
    const LossInfo &info = lossInfo(name);
    requireNoProblems(lossOptionProblems(info, options));
    requireExtras(name, extras);
    const nlohmann::json all = completeOptions(info.options, options);
    const auto number = [&all](const char *key) { return all.at(key).get<double>(); };
    const auto whole = [&all](const char *key) { return all.at(key).get<std::int64_t>(); };
    const auto mode = [&all] { return modeFrom(all.at("mode")); };
    if (name == "infonce") {
        const torch::Tensor divisor = torch::scalar_tensor(number("temperature"), torch::kFloat64);
        if (extras.negatives)
            return infoNceWithNegatives(a, b, *extras.negatives, divisor);
        return infoNce(a, b, {divisor, all.at("directions") == "rows" ? ContrastDirections::rows : ContrastDirections::both, extras.mask});
    }
    if (name == "nt-xent")
        return ntXent(a, b, number("temperature"), all.at("reduction") == "mean" ? NtXentReduction::mean : NtXentReduction::sum);
    if (name == "moco")
        return mocoContrast(a, b, *extras.queue, number("temperature"));
    if (name == "soft-target")
        return softTargetLoss(a, b, number("temperature"));
    if (name == "logits" || name == "fitnets")
        return meanSquaredLoss(a, b);
    if (name == "attention-transfer")
        return attentionTransferLoss(a, b, mode(), number("p"));
    if (name == "nst")
        return neuronSelectivityLoss(a, b, mode(), whole("channels"));
    if (name == "pkt")
        return probabilisticTransferLoss(a, b, number("epsilon"));
    if (name == "rkd") {
        const RelationalLoss loss = relationalLoss(a, b);
        return number("distance") * loss.distance + number("angle") * loss.angle;
    }
    if (name == "activation-boundaries")
        return activationBoundariesLoss(a, b, mode(), number("margin"));
    if (name == "similarity-preserving")
        return similarityPreservingLoss(a, b);
    if (name == "correlation-congruence")
        return correlationCongruenceLoss(a, b, number("gamma"), whole("order"));
    if (name == "factor-transfer")
        return factorTransferLoss(a, b);
    if (name == "triplet")
        return tripletLoss(a, b, number("margin"));
    return cyclicTripletLoss(a, b, number("margin"));
}

} // namespace kino
