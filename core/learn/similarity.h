// What losses and retrieval share: unit vectors with gradients that stay finite. Any thread that owns the tensors.
#pragma once

#include <torch/torch.h>

#include <string>

namespace kino {

/**
 * Along `dimension` divided by the Euclidean length. A vector shorter than 1e-12 becomes zeros and gets no gradient: it has
 * no direction, and that of x / max(|x|, 1e-12) is 1e12 times what it is given.
 */
torch::Tensor unitVectors(const torch::Tensor &vectors, std::int64_t dimension = 1);

/** [A, D] and [B, D] to [A, B]. */
torch::Tensor cosineSimilarity(const torch::Tensor &a, const torch::Tensor &b);

/** Throws Error, naming `what`, unless both are [B, D] of one shape with B of `leastRows` or more. */
void requirePairs(const torch::Tensor &a, const torch::Tensor &b, const std::string &what, std::int64_t leastRows);

} // namespace kino
