#include "core/learn/loss_infos.h"

#include "core/base/error.h"

#include <algorithm>

namespace kino {
namespace {

NamedOption temperature(double usual) { return {"temperature", usual, {}, 1e-4, 1e4, false, "Divides the cosines, or the logits."}; }

NamedOption modeOf(std::vector<std::string> modes)
{
    return {"mode", "sound", std::move(modes), 0, 0, false, "What it would be for embeddings, what the study ran, or the original for feature maps."};
}

NamedOption margin(double usual) { return {"margin", usual, {}, 0, 1e3, false, "How far apart is enough."}; }

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

} // namespace kino
