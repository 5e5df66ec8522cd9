#include "core/learn/distillation.h"

#include "core/base/error.h"
#include "core/learn/similarity.h"

#include <cmath>

namespace kino {
namespace {

namespace F = torch::nn::functional;

constexpr double kEpsilon = 1e-6;

void requireSameBatch(const torch::Tensor &student, const torch::Tensor &teacher, const std::string &what, std::int64_t leastRows)
{
    if (student.dim() < 2 || teacher.dim() < 2 || student.size(0) != teacher.size(0))
        throw Error("The loss " + what + " takes a student's and a teacher's outputs for the same batch.");
    if (student.size(0) < leastRows)
        throw Error("The loss " + what + " compares the windows of a batch with one another, so it takes batches of " + std::to_string(leastRows)
                    + " and more, not of " + std::to_string(student.size(0)) + ".");
}

void requireSameShape(const torch::Tensor &student, const torch::Tensor &teacher, const std::string &what)
{
    if (student.sizes() != teacher.sizes())
        throw Error("The loss " + what + " takes a student's and a teacher's outputs of one shape; where their widths differ, put a linear layer between.");
}

void requireMaps(const torch::Tensor &student, const torch::Tensor &teacher, const std::string &what)
{
    requireSameBatch(student, teacher, what, 1);
    if (student.dim() != 4 || teacher.dim() != 4 || student.size(2) != teacher.size(2) || student.size(3) != teacher.size(3))
        throw Error("The mode map of " + what + " takes feature maps [batch, channels, height, width] of one height and width.");
}

torch::Tensor meanSquare(const torch::Tensor &a, const torch::Tensor &b) { return (a - b).square().mean(); }

/** x / (|x| + 1e-6) along the rows of [B, N]; a row of zeros stays and gets no gradient. */
torch::Tensor rowsOverLength(const torch::Tensor &x, double epsilon)
{
    const torch::Tensor squares = x.square().sum(1, true);
    return x / (torch::sqrt(torch::where(squares > 0, squares, torch::ones_like(squares))) + epsilon);
}

/** |x|^p summed over channels, [B, C, H, W] to [B, H W], each over its length. */
torch::Tensor attentionMaps(const torch::Tensor &maps, double p) { return rowsOverLength(maps.abs().pow(p).sum(1).flatten(1), kEpsilon); }

/** Mean of (x_i · y_j)² over samples and pairs of channels; [B, C, N] each. */
torch::Tensor meanSquaredProducts(const torch::Tensor &x, const torch::Tensor &y) { return torch::bmm(x, y.transpose(1, 2)).square().mean(); }

torch::Tensor channelDiscrepancy(const torch::Tensor &student, const torch::Tensor &teacher)
{
    const torch::Tensor s = unitVectors(student, 2);
    const torch::Tensor t = unitVectors(teacher, 2);
    return meanSquaredProducts(t, t) + meanSquaredProducts(s, s) - 2 * meanSquaredProducts(s, t);
}

/** Every row a distribution over the batch: cosines moved to [0, 1], divided by their sum. */
torch::Tensor neighbourProbabilities(const torch::Tensor &embeddings, double epsilon)
{
    const torch::Tensor units = rowsOverLength(embeddings, epsilon);
    const torch::Tensor similarity = (units.matmul(units.t()) + 1) / 2;
    return similarity / similarity.sum(1, true);
}

/** Divided by their mean over those that are above zero. */
torch::Tensor relativeDistances(const torch::Tensor &embeddings)
{
    constexpr double kLeastSquare = 1e-12;
    const torch::Tensor squares = embeddings.square().sum(1);
    const torch::Tensor between = squares.unsqueeze(0) + squares.unsqueeze(1) - 2 * embeddings.matmul(embeddings.t());
    const torch::Tensor isSelf = torch::eye(embeddings.size(0), embeddings.options().dtype(torch::kBool));
    const torch::Tensor distances = between.clamp_min(kLeastSquare).sqrt().masked_fill(isSelf, 0);
    const double pairs = static_cast<double>(embeddings.size(0) * (embeddings.size(0) - 1));
    return distances / (distances.sum() / pairs);
}

/** [B, B, B]: at vertex i the cosine between the directions to j and to k. */
torch::Tensor vertexCosines(const torch::Tensor &embeddings)
{
    const torch::Tensor directions = unitVectors(embeddings.unsqueeze(0) - embeddings.unsqueeze(1), 2);
    return torch::bmm(directions, directions.transpose(1, 2));
}

torch::Tensor rowUnitGram(const torch::Tensor &features)
{
    const torch::Tensor flat = features.flatten(1);
    return unitVectors(flat.matmul(flat.t()));
}

} // namespace

torch::Tensor softTargetLoss(const torch::Tensor &student, const torch::Tensor &teacher, double temperature)
{
    requireSameShape(student, teacher, "soft-target");
    const torch::Tensor s = torch::log_softmax(student / temperature, -1);
    const torch::Tensor t = torch::log_softmax(teacher.detach() / temperature, -1);
    return (t.exp() * (t - s)).sum() / student.size(0) * temperature * temperature;
}

torch::Tensor meanSquaredLoss(const torch::Tensor &student, const torch::Tensor &teacher)
{
    requireSameShape(student, teacher, "logits or fitnets");
    return meanSquare(student, teacher.detach());
}

torch::Tensor attentionTransferLoss(const torch::Tensor &student, const torch::Tensor &teacher, DistillationMode mode, double p)
{
    const torch::Tensor fixed = teacher.detach();
    if (mode == DistillationMode::map) {
        requireMaps(student, fixed, "attention-transfer");
        return meanSquare(attentionMaps(student, p), attentionMaps(fixed, p));
    }
    requirePairs(student, fixed, "attention-transfer", mode == DistillationMode::asRun ? 2 : 1);
    if (mode == DistillationMode::asRun)
        return meanSquare(rowsOverLength(student.abs().pow(p).sum(1).unsqueeze(0), kEpsilon), rowsOverLength(fixed.abs().pow(p).sum(1).unsqueeze(0), kEpsilon));
    return meanSquare(unitVectors(student.abs().pow(p)), unitVectors(fixed.abs().pow(p)));
}

torch::Tensor neuronSelectivityLoss(const torch::Tensor &student, const torch::Tensor &teacher, DistillationMode mode, std::int64_t channels)
{
    const torch::Tensor fixed = teacher.detach();
    if (mode == DistillationMode::map) {
        requireMaps(student, fixed, "nst");
        return channelDiscrepancy(student.flatten(2), fixed.flatten(2));
    }
    requirePairs(student, fixed, "nst", 1);
    if (mode == DistillationMode::asRun)
        return channelDiscrepancy(student.unsqueeze(2), fixed.unsqueeze(2));
    if (channels < 1 || student.size(1) % channels != 0)
        throw Error("The embeddings of nst are cut into \"channels\", so their width " + std::to_string(student.size(1)) + " is a multiple of it; it was "
                    + std::to_string(channels) + ".");
    const auto cut = [channels](const torch::Tensor &each) { return each.reshape({each.size(0), channels, each.size(1) / channels}); };
    return channelDiscrepancy(cut(student), cut(fixed));
}

torch::Tensor probabilisticTransferLoss(const torch::Tensor &student, const torch::Tensor &teacher, double epsilon)
{
    requireSameBatch(student, teacher, "pkt", 2);
    const torch::Tensor s = neighbourProbabilities(student, epsilon);
    const torch::Tensor t = neighbourProbabilities(teacher.detach(), epsilon);
    return (t * torch::log((t + epsilon) / (s + epsilon))).mean();
}

RelationalLoss relationalLoss(const torch::Tensor &student, const torch::Tensor &teacher)
{
    requireSameBatch(student, teacher, "rkd", 2);
    const torch::Tensor fixed = teacher.detach();
    return {F::smooth_l1_loss(relativeDistances(student), relativeDistances(fixed)), F::smooth_l1_loss(vertexCosines(student), vertexCosines(fixed))};
}

torch::Tensor activationBoundariesLoss(const torch::Tensor &student, const torch::Tensor &teacher, DistillationMode mode, double margin)
{
    requireSameShape(student, teacher, "activation-boundaries");
    requireSameBatch(student, teacher, "activation-boundaries", mode == DistillationMode::sound ? 2 : 1);
    torch::Tensor side = teacher.detach();
    if (mode == DistillationMode::sound)
        side = side - side.mean(0, true);
    const torch::Tensor isOff = (student > -margin).logical_and(side <= 0);
    const torch::Tensor isOn = (student <= margin).logical_and(side > 0);
    const torch::Tensor off = (student + margin).square() * isOff.to(student.scalar_type());
    const torch::Tensor on = (student - margin).square() * isOn.to(student.scalar_type());
    return (off + on).mean();
}

torch::Tensor similarityPreservingLoss(const torch::Tensor &student, const torch::Tensor &teacher)
{
    requireSameBatch(student, teacher, "similarity-preserving", 2);
    return meanSquare(rowUnitGram(student), rowUnitGram(teacher.detach()));
}

torch::Tensor correlationCongruenceLoss(const torch::Tensor &student, const torch::Tensor &teacher, double gamma, std::int64_t order)
{
    requireSameBatch(student, teacher, "correlation-congruence", 2);
    const auto kernel = [gamma, order](const torch::Tensor &embeddings) {
        const torch::Tensor units = unitVectors(embeddings);
        const torch::Tensor similarity = units.matmul(units.t());
        torch::Tensor power = torch::ones_like(similarity);
        torch::Tensor sum = torch::zeros_like(similarity);
        double weight = std::exp(-2 * gamma);
        for (std::int64_t p = 0; p <= order; ++p) {
            sum = sum + weight * power;
            power = power * similarity;
            weight *= 2 * gamma / static_cast<double>(p + 1);
        }
        return sum;
    };
    return meanSquare(kernel(student), kernel(teacher.detach()));
}

torch::Tensor factorTransferLoss(const torch::Tensor &student, const torch::Tensor &teacher)
{
    requireSameShape(student, teacher, "factor-transfer");
    requireSameBatch(student, teacher, "factor-transfer", 1);
    return (unitVectors(student.flatten(1)) - unitVectors(teacher.detach().flatten(1))).abs().mean();
}

} // namespace kino
