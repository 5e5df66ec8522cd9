// PatchTransformer and PatchRNN of IMU2CLIP (methods 3.1.4, 3.1.5): windows cut into patches of a few samples, each patch a
// token. What is left over at the end is dropped.
#pragma once

#include "core/nn/encoder.h"

namespace kino {

/** [B, C, T] to [B, T / patch, C * patch], each patch flattened channel by channel. */
torch::Tensor cutPatches(const torch::Tensor &windows, std::int64_t patch);

struct PatchTransformerOptions {
    std::int64_t width = 512;
    /** Samples of a patch. */
    std::int64_t patch = 1;
    /** The embedding is the output of an extra token; else the mean over all tokens. */
    bool hasClassToken = true;
};

/**
 * [B, 6, T] with one patch and more. One encoder layer (post-norm, one head, 128 hidden, ReLU, dropout 0.1), no positions:
 * it does not know the order of its patches. 1,187,968 parameters at width 512 and patch 1. Taps: tokens, layer, embedding.
 */
class PatchTransformerEncoder : public Encoder {
public:
    explicit PatchTransformerEncoder(const PatchTransformerOptions &options = {});
    const EncoderInput &input() const override { return m_input; }
    std::int64_t width() const override { return m_options.width; }
    std::vector<std::string> tapNames() const override { return {"tokens", "layer", "embedding"}; }

protected:
    torch::Tensor forward(const torch::Tensor &windows, Taps *taps) override;

private:
    PatchTransformerOptions m_options;
    EncoderInput m_input;
    torch::nn::Linear m_tokens = nullptr;
    torch::Tensor m_classToken;
    torch::nn::TransformerEncoderLayer m_layer = nullptr;
};

struct PatchRnnOptions {
    /** Even where it is bidirectional. */
    std::int64_t width = 512;
    std::int64_t patch = 1;
    bool isBidirectional = true;
};

/** [B, 6, T] with one patch and more. 791,040 parameters at width 512 and patch 1. Taps: tokens, embedding. */
class PatchRnnEncoder : public Encoder {
public:
    explicit PatchRnnEncoder(const PatchRnnOptions &options = {});
    const EncoderInput &input() const override { return m_input; }
    std::int64_t width() const override { return m_options.width; }
    std::vector<std::string> tapNames() const override { return {"tokens", "embedding"}; }

protected:
    torch::Tensor forward(const torch::Tensor &windows, Taps *taps) override;

private:
    PatchRnnOptions m_options;
    EncoderInput m_input;
    torch::nn::Linear m_tokens = nullptr;
    torch::nn::GRU m_rnn = nullptr;
};

} // namespace kino
