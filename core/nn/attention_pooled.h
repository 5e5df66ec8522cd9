// AttentionPooledIMUEncoder of IMU2CLIP (methods 3.1.2): one dilated convolution and a weighted mean over time.
#pragma once

#include "core/nn/encoder.h"
#include "core/nn/normalisation.h"

namespace kino {

struct AttentionPooledOptions {
    std::int64_t width = 512;
    Normalisation normalisation = Normalisation::group;
};

/** [B, 6, T], 19 samples and more. 14,301 parameters at width 512. Taps: norm, convolved, attention [B, 1, T'], embedding. */
class AttentionPooledEncoder : public Encoder {
public:
    explicit AttentionPooledEncoder(const AttentionPooledOptions &options = {});
    const EncoderInput &input() const override { return m_input; }
    std::int64_t width() const override { return m_width; }
    std::vector<std::string> tapNames() const override { return {"norm", "convolved", "attention", "embedding"}; }

protected:
    torch::Tensor forward(const torch::Tensor &windows, Taps *taps) override;

private:
    EncoderInput m_input = kAttentionPooledInput;
    std::int64_t m_width;
    torch::nn::GroupNorm m_norm = nullptr;
    torch::nn::Conv1d m_convolution = nullptr;
    torch::nn::Conv1d m_score = nullptr;
    torch::nn::Linear m_output = nullptr;
};

} // namespace kino
