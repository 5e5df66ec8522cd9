// Triplet losses as the distillation study ran them (methods 4.5). Embeddings are not normalised.
#pragma once

#include <torch/torch.h>

namespace kino {

/**
 * mean relu(|a_i - p_i| - |a_i - a_j| + margin), a_j the closest other anchor of the batch: as released, the negative is
 * another window's motion and not another text. Distances add 1e-6 to each difference (torch's pairwise_distance). a, p:
 * [B, D], B of 2 and more.
 */
torch::Tensor tripletLoss(const torch::Tensor &anchors, const torch::Tensor &positives, double margin = 0.2);

/** "CS", cyclic shift, in our reading (the code is not public): the negative of row i is the positive of row i - 1. */
torch::Tensor cyclicTripletLoss(const torch::Tensor &anchors, const torch::Tensor &positives, double margin = 0.2);

} // namespace kino
