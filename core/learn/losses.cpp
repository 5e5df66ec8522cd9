#include "core/learn/losses.h"

#include "core/base/error.h"
#include "core/learn/contrastive.h"
#include "core/learn/distillation.h"
#include "core/learn/triplet.h"

#include <cmath>

namespace kino {
namespace {

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
