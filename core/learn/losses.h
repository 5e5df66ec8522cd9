// The losses by name, for the command line, specifications and forms: which options each has, what it is given.
#pragma once

#include "core/base/named_option.h"

#include <torch/torch.h>

#include <optional>
#include <string>
#include <vector>

namespace kino {

struct LossInfo {
    std::string name;
    std::string title;
    std::string source;
    std::vector<NamedOption> options;
    /** The second argument is a teacher, or a key: it gets no gradient. */
    bool teaches = false;
};

/** In the order in which they are listed everywhere. */
const std::vector<LossInfo> &lossInfos();
/** Throws Error naming what there is. */
const LossInfo &lossInfo(const std::string &name);
/** Everything that is wrong with these options, one sentence each; empty where they are sound. */
std::vector<std::string> lossOptionProblems(const LossInfo &info, const nlohmann::json &options);

/** What some losses take beside the two. */
struct LossExtras {
    std::optional<torch::Tensor> mask;      // infonce, [B]
    std::optional<torch::Tensor> negatives; // infonce, [N, D] or [B, M, D]
    std::optional<torch::Tensor> queue;     // moco, [K, D]
};

/**
 * a: student or query, b: teacher or positive; [B, D], for maps [B, C, H, W]. Throws Error for options with problems, for
 * extras that the loss does not take or lacks, and for shapes that do not fit.
 */
torch::Tensor computeLoss(const std::string &name, const torch::Tensor &a, const torch::Tensor &b,
                          const nlohmann::json &options = nlohmann::json::object(), const LossExtras &extras = {});

} // namespace kino
