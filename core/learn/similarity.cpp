#include "core/learn/similarity.h"

#include "core/base/error.h"

namespace kino {
namespace {

constexpr double kLeastLength = 1e-12;

std::string shapeText(const torch::Tensor &tensor)
{
    std::string text;
    for (const std::int64_t size : tensor.sizes())
        text += (text.empty() ? "" : ", ") + std::to_string(size);
    return "[" + text + "]";
}

} // namespace

torch::Tensor unitVectors(const torch::Tensor &vectors, std::int64_t dimension)
{
    const torch::Tensor squares = (vectors * vectors).sum(dimension, true);
    const torch::Tensor hasDirection = squares > kLeastLength * kLeastLength;
    // Where there is no direction the root is taken of something else, or its gradient would be infinite.
    const torch::Tensor lengths = torch::sqrt(torch::where(hasDirection, squares, torch::ones_like(squares)));
    return torch::where(hasDirection, vectors / lengths, torch::zeros_like(vectors));
}

torch::Tensor cosineSimilarity(const torch::Tensor &a, const torch::Tensor &b) { return unitVectors(a).matmul(unitVectors(b).t()); }

void requirePairs(const torch::Tensor &a, const torch::Tensor &b, const std::string &what, std::int64_t leastRows)
{
    if (a.dim() != 2 || a.sizes() != b.sizes())
        throw Error("The loss " + what + " takes two matrices of one shape [batch, width], not " + shapeText(a) + " and " + shapeText(b) + ".");
    if (a.size(0) < leastRows)
        throw Error("The loss " + what + " compares the windows of a batch with one another, so it takes batches of " + std::to_string(leastRows)
                    + " and more, not of " + std::to_string(a.size(0)) + ".");
}

} // namespace kino
