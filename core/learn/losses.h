// Losses computed by name and options, as the command line and specifications give them.
#pragma once

#include "core/learn/loss_infos.h"

#include <torch/torch.h>

#include <optional>
#include <string>

namespace kino {

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
