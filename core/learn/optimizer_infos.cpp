#include "core/learn/optimizer_infos.h"

#include "core/base/error.h"

#include <algorithm>

namespace kino {
namespace {

NamedOption number(const char *name, double usual, double least, double most, const char *help) { return {name, usual, {}, least, most, false, help}; }
NamedOption rate(double usual) { return number("lr", usual, 0, 1e3, "Learning rate."); }
NamedOption decay(double usual) { return number("weight_decay", usual, 0, 10, "L2 penalty; of adamw decoupled from the gradient."); }
NamedOption epsilon(double usual) { return number("epsilon", usual, 0, 1, "Added to the root of the second moment."); }

std::vector<NamedOption> adamOptions(double weightDecay)
{
    return {rate(2e-4), number("beta1", 0.9, 0, 0.999999, "Decay of the first moment."), number("beta2", 0.999, 0, 0.9999999, "Decay of the second moment."),
            epsilon(1e-8), decay(weightDecay)};
}

} // namespace

const std::vector<OptimizerInfo> &optimizerInfos()
{
    static const std::vector<OptimizerInfo> infos = {
        {"sgd",
         "Stochastic gradient descent with momentum",
         "MoCo (He et al. 2020): lr 0.03 for a batch of 256, momentum 0.9, weight decay 1e-4",
         {rate(0.03), number("momentum", 0.9, 0, 0.999999, "Share of the last step that goes on."), decay(1e-4),
          {"nesterov", false, {}, 0, 0, false, "The gradient is taken where the momentum leads."}}},
        {"adam", "Adam", "Kingma and Ba 2015; IMU2CLIP and PRIMUS: lr 2e-4, no decay", adamOptions(0)},
        {"adamw", "Adam with decoupled weight decay", "Loshchilov and Hutter 2019; PRIMUS few-shot: lr 1e-4, decay 1e-4", adamOptions(1e-4)},
        {"adagrad",
         "Adagrad",
         "Duchi et al. 2011; the distillation study prints lr 2e-4, epsilon 1e-8, decay 0.1 (read as lr_decay)",
         {rate(2e-4), number("lr_decay", 0, 0, 1e3, "The rate is divided by 1 + lr_decay times the steps done."), epsilon(1e-8), decay(0)}}};
    return infos;
}

const OptimizerInfo &optimizerInfo(const std::string &name)
{
    const auto found = std::ranges::find(optimizerInfos(), name, &OptimizerInfo::name);
    if (found != optimizerInfos().end())
        return *found;
    std::vector<std::string> known;
    for (const OptimizerInfo &each : optimizerInfos())
        known.push_back(each.name);
    throw Error("There is no optimizer \"" + name + "\"; there are " + listOfWords(known) + ".");
}

} // namespace kino
