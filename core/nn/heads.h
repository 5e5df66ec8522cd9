// What is put on an encoder while it learns: projection heads of contrastive methods, classifiers. Thrown away, or kept,
// afterwards.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace kino {

/** Linear layers with ReLU between, by the names "0", "2", "4", … of a Python Sequential. */
class MlpHead : public torch::nn::Module {
public:
    /** From widths[0] to widths.back(). Throws Error for fewer than two. */
    explicit MlpHead(const std::vector<std::int64_t> &widths);
    /** [B, widths[0]] to [B, widths.back()]. */
    torch::Tensor forward(const torch::Tensor &embedding);

private:
    std::vector<torch::nn::Linear> m_layers;
};

/** Of MoCo v2 (methods 5.1): d to d to 128. */
std::vector<std::int64_t> mocoHeadWidths(std::int64_t width);
/** Of SimCLR for HAR (Tang et al. 2020; methods 5.2): d to 256 to 128 to 50. */
std::vector<std::int64_t> simclrHeadWidths(std::int64_t width);

} // namespace kino
