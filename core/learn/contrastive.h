// Contrastive losses: InfoNCE as IMU2CLIP and PRIMUS use it, NT-Xent, MoCo's. Values are scalars in the type of the input.
#pragma once

#include <torch/torch.h>

#include <optional>

namespace kino {

enum class ContrastDirections { both, rows };

struct InfoNceOptions {
    /** Divides the cosines; a raw number, not an exponent. A tensor where it is learned (Temperature). */
    torch::Tensor temperature = torch::scalar_tensor(0.1, torch::kFloat64);
    /** both: the sum of the two directions, not their mean. */
    ContrastDirections directions = ContrastDirections::both;
    /** [B], 1 for rows that have a positive. The others stay in the denominators; without any the loss is 0 (PRIMUS). */
    std::optional<torch::Tensor> mask = std::nullopt;
};

/**
 * -mean log softmax(cos(a, b) / t) at the diagonal, over rows, and over columns added to it (methods 2.3, 3.2; IMU2CLIP
 * lib/loss.py). a, b: [B, D]. Random embeddings give 2 ln B. Throws Error for batches of one and for a mask of another
 * length.
 */
torch::Tensor infoNce(const torch::Tensor &a, const torch::Tensor &b, const InfoNceOptions &options = {});

/**
 * Each a with its own b against explicit negatives: [N, D] for all, or [B, M, D] of its own (methods 3.2). One direction,
 * mean over rows.
 */
torch::Tensor infoNceWithNegatives(const torch::Tensor &a, const torch::Tensor &b, const torch::Tensor &negatives, const torch::Tensor &temperature);

enum class NtXentReduction { sum, mean };

/**
 * SimCLR's loss (methods 5.2; google-research/simclr objective.py): the cross-entropies of both views, whose negatives are
 * all other windows of both views, added; `mean` is half of that, the paper's 1 / (2N). a, b: [B, D], B of 2 and more.
 */
torch::Tensor ntXent(const torch::Tensor &a, const torch::Tensor &b, double temperature = 0.1, NtXentReduction reduction = NtXentReduction::sum);

/**
 * MoCo's loss (methods 5.1; He et al. 2020): queries [B, D] against their keys and a queue [K, D] of keys of unit length,
 * which is used as given. Keys and queue get no gradient.
 */
torch::Tensor mocoContrast(const torch::Tensor &queries, const torch::Tensor &keys, const torch::Tensor &queue, double temperature = 0.2);

/** A learned temperature: one raw scalar, divided by as it is, never below 1e-3. */
class Temperature : public torch::nn::Module {
public:
    static constexpr double kLeast = 1e-3;
    explicit Temperature(double start = 0.1);
    torch::Tensor value() const { return m_value.clamp_min(kLeast); }

private:
    torch::Tensor m_value;
};

} // namespace kino
