// The optimizers by name and their options. Free of torch. Any thread.
#pragma once

#include "core/base/named_option.h"

#include <string>
#include <vector>

namespace kino {

struct OptimizerInfo {
    std::string name;  // "adam"
    std::string title; // "Adam"
    std::string source;
    std::vector<NamedOption> options;
};

/** sgd, adam, adamw, adagrad. */
const std::vector<OptimizerInfo> &optimizerInfos();
/** Throws Error naming what there is. */
const OptimizerInfo &optimizerInfo(const std::string &name);

} // namespace kino
