#include "core/learn/contrastive.h"

#include "core/base/error.h"
#include "core/learn/similarity.h"

namespace kino {
namespace {

namespace F = torch::nn::functional;

/** -log softmax over each row of [B, M] at column `positive` of the row; [B]. */
torch::Tensor crossEntropies(const torch::Tensor &logits, const torch::Tensor &positive)
{
    return F::cross_entropy(logits, positive, F::CrossEntropyFuncOptions().reduction(torch::kNone));
}

torch::Tensor indices(const torch::Tensor &like, std::int64_t count) { return torch::arange(count, like.options().dtype(torch::kInt64)); }

torch::Tensor zeros(const torch::Tensor &like, std::int64_t count) { return torch::zeros({count}, like.options().dtype(torch::kInt64)); }

} // namespace

torch::Tensor infoNce(const torch::Tensor &a, const torch::Tensor &b, const InfoNceOptions &options)
{
    requirePairs(a, b, "infonce", 2);
    const torch::Tensor logits = cosineSimilarity(a, b) / options.temperature.to(a.device(), a.scalar_type());
    const torch::Tensor diagonal = indices(a, a.size(0));
    const auto direction = [&](const torch::Tensor &each) {
        const torch::Tensor losses = crossEntropies(each, diagonal);
        if (!options.mask)
            return losses.mean();
        const torch::Tensor mask = options.mask->to(a.device(), a.scalar_type());
        if (mask.dim() != 1 || mask.size(0) != a.size(0))
            throw Error("The mask of infonce has one number for each of the " + std::to_string(a.size(0)) + " rows, not " + std::to_string(mask.numel()) + ".");
        return (losses * mask).sum() / mask.sum().clamp_min(1); // of zeros and ones
    };
    const torch::Tensor rows = direction(logits);
    return options.directions == ContrastDirections::rows ? rows : rows + direction(logits.t());
}

torch::Tensor infoNceWithNegatives(const torch::Tensor &a, const torch::Tensor &b, const torch::Tensor &negatives, const torch::Tensor &temperature)
{
    requirePairs(a, b, "infonce", 1);
    const bool isPaired = negatives.dim() == 3;
    const bool fits = isPaired ? negatives.size(0) == a.size(0) && negatives.size(2) == a.size(1) : negatives.dim() == 2 && negatives.size(1) == a.size(1);
    if (!fits)
        throw Error("The negatives of infonce are [count, width] or [batch, count, width], of the width " + std::to_string(a.size(1)) + " of the embeddings.");
    const torch::Tensor query = unitVectors(a);
    const torch::Tensor positive = (query * unitVectors(b)).sum(1, true);
    const torch::Tensor others = negatives.to(a.device(), a.scalar_type());
    const torch::Tensor against = isPaired ? torch::bmm(unitVectors(others, 2), query.unsqueeze(2)).squeeze(2) : query.matmul(unitVectors(others).t());
    const torch::Tensor logits = torch::cat({positive, against}, 1) / temperature.to(a.device(), a.scalar_type());
    return crossEntropies(logits, zeros(a, a.size(0))).mean();
}

torch::Tensor ntXent(const torch::Tensor &a, const torch::Tensor &b, double temperature, NtXentReduction reduction)
{
    requirePairs(a, b, "nt-xent", 2);
    const torch::Tensor ua = unitVectors(a);
    const torch::Tensor ub = unitVectors(b);
    const torch::Tensor isSelf = torch::eye(a.size(0), a.options().dtype(torch::kBool));
    const double minusInfinity = -std::numeric_limits<double>::infinity();
    const auto within = [&](const torch::Tensor &view) { return (view.matmul(view.t()) / temperature).masked_fill(isSelf, minusInfinity); };
    const torch::Tensor across = ua.matmul(ub.t()) / temperature;
    const torch::Tensor diagonal = indices(a, a.size(0));
    const torch::Tensor sum = crossEntropies(torch::cat({across, within(ua)}, 1), diagonal).mean()
                              + crossEntropies(torch::cat({across.t(), within(ub)}, 1), diagonal).mean();
    return reduction == NtXentReduction::sum ? sum : sum / 2;
}

torch::Tensor mocoContrast(const torch::Tensor &queries, const torch::Tensor &keys, const torch::Tensor &queue, double temperature)
{
    requirePairs(queries, keys, "moco", 1);
    if (queue.dim() != 2 || queue.size(1) != queries.size(1))
        throw Error("The queue of moco is [count, width], of the width " + std::to_string(queries.size(1)) + " of the embeddings.");
    const torch::Tensor q = unitVectors(queries);
    const torch::Tensor positive = (q * unitVectors(keys.detach())).sum(1, true);
    const torch::Tensor logits = torch::cat({positive, q.matmul(queue.detach().to(q.device(), q.scalar_type()).t())}, 1) / temperature;
    return crossEntropies(logits, zeros(queries, queries.size(0))).mean();
}

Temperature::Temperature(double start)
{
    m_value = register_parameter("temperature", torch::scalar_tensor(start));
}

} // namespace kino
