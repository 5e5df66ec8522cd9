// Distillation losses between a student's and a teacher's embeddings, or feature maps (methods 4.2 to 4.4). The teacher gets
// no gradient. Values are scalars in the type of the student's.
//
// Most were made for feature maps or class logits. On embeddings [B, D] some of them mean nothing as the "Ambient AI" study
// ran them; `asRun` reproduces that, `sound` is what they would be for embeddings, `map` is the original for [B, C, H, W].
#pragma once

#include <torch/torch.h>

namespace kino {

enum class DistillationMode { sound, asRun, map };

/** T² KL(teacher || student) of softmax(x / T) over the last dimension, mean over the batch (Hinton et al. 2015). */
torch::Tensor softTargetLoss(const torch::Tensor &student, const torch::Tensor &teacher, double temperature = 4);

/** Mean squared difference: of logits (Ba and Caruana 2014), of features (FitNets, Romero et al. 2015). Any one shape. */
torch::Tensor meanSquaredLoss(const torch::Tensor &student, const torch::Tensor &teacher);

/**
 * Attention transfer (Zagoruyko and Komodakis 2017): mean squared difference of attention maps A = sum over channels of
 * |f|^p, each divided by its length over space. map: [B, C, H, W]. sound: the embedding is the map, by sample. asRun: one
 * number per sample, divided by the length over the batch (B of 2 and more): it compares magnitudes, not attention.
 */
torch::Tensor attentionTransferLoss(const torch::Tensor &student, const torch::Tensor &teacher, DistillationMode mode = DistillationMode::sound, double p = 2);

/**
 * Neuron selectivity transfer (Huang and Wang 2017), an MMD² with the kernel (x·y)² between channels of unit length over
 * space. map: [B, C, H, W]; channel counts may differ. sound: embeddings as `channels` channels of D / channels positions.
 * asRun: D channels of one position, which is 0 without a gradient, always.
 */
torch::Tensor neuronSelectivityLoss(const torch::Tensor &student, const torch::Tensor &teacher, DistillationMode mode = DistillationMode::sound,
                                    std::int64_t channels = 32);

/** Probabilistic knowledge transfer (Passalis and Tefas 2018): mean over B² of p_t log((p_t + e) / (p_s + e)). B ≥ 2. */
torch::Tensor probabilisticTransferLoss(const torch::Tensor &student, const torch::Tensor &teacher, double epsilon = 1e-6);

struct RelationalLoss {
    torch::Tensor distance; // smooth L1 of the distances, each network's divided by their mean
    torch::Tensor angle; // smooth L1 of the cosines at every vertex of every triple
};
/** Relational knowledge distillation (Park et al. 2019), both terms unweighted; the study has 25 and 50. B ≥ 2. */
RelationalLoss relationalLoss(const torch::Tensor &student, const torch::Tensor &teacher);

/**
 * Activation boundaries (Heo et al. 2019): the student is pushed by `margin` to the teacher's side of zero. sound: the
 * teacher centred per dimension over the batch (B ≥ 2), for embeddings are no pre-activations. asRun and map: as given.
 */
torch::Tensor activationBoundariesLoss(const torch::Tensor &student, const torch::Tensor &teacher, DistillationMode mode = DistillationMode::sound,
                                       double margin = 2);

/** Similarity preserving (Tung and Mori 2019): mean squared difference of FFᵀ with rows of unit length. [B, …], B ≥ 2. */
torch::Tensor similarityPreservingLoss(const torch::Tensor &student, const torch::Tensor &teacher);

/**
 * Correlation congruence (Peng et al. 2019): mean squared difference of the Taylor series, to `order`, of a Gaussian kernel
 * between rows of unit length; powers are elementwise. B ≥ 2.
 */
torch::Tensor correlationCongruenceLoss(const torch::Tensor &student, const torch::Tensor &teacher, double gamma = 0.4, std::int64_t order = 2);

/** Factor transfer (Kim et al. 2018) of given factors: mean absolute difference of rows of unit length. [B, …]. */
torch::Tensor factorTransferLoss(const torch::Tensor &student, const torch::Tensor &teacher);

} // namespace kino
