#include "core/learn/triplet.h"

#include "core/learn/similarity.h"

namespace kino {
namespace {

constexpr double kEpsilon = 1e-6;

torch::Tensor distances(const torch::Tensor &differences)
{
    const torch::Tensor shifted = differences + kEpsilon;
    // A difference of exactly -1e-6 everywhere has no length; its gradient would be infinite.
    return torch::sqrt((shifted * shifted).sum(-1).clamp_min(kEpsilon * kEpsilon * kEpsilon * kEpsilon));
}

} // namespace

torch::Tensor tripletLoss(const torch::Tensor &anchors, const torch::Tensor &positives, double margin)
{
    requirePairs(anchors, positives, "triplet", 2);
    const torch::Tensor toPositive = distances(anchors - positives);
    const torch::Tensor isSelf = torch::eye(anchors.size(0), anchors.options().dtype(torch::kBool));
    const torch::Tensor toOthers = distances(anchors.unsqueeze(1) - anchors.unsqueeze(0)).masked_fill(isSelf, std::numeric_limits<double>::infinity());
    return torch::relu(toPositive - std::get<0>(toOthers.min(1)) + margin).mean();
}

torch::Tensor cyclicTripletLoss(const torch::Tensor &anchors, const torch::Tensor &positives, double margin)
{
    requirePairs(anchors, positives, "triplet-cs", 2);
    return torch::relu(distances(anchors - positives) - distances(anchors - positives.roll(1, 0)) + margin).mean();
}

} // namespace kino
