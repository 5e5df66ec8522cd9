// The convolutional trunk of multi-task self-supervision for activity recognition (Saeed, Ozcelebi and Lukkien 2019, by
// SelfHAR's implementation; methods 5.3), which SimCLR for HAR uses too.
#pragma once

#include "core/nn/encoder.h"

namespace kino {

struct HarCnnOptions {
    /** 3 in the reference: an accelerometer. */
    std::int64_t channels = 3;
    double dropout = 0.1;
};

/**
 * [B, C, T], 46 samples and more, to [B, 96]: three convolutions (24, 16, 8 samples; 32, 64, 96 channels; ReLU; dropout),
 * then the maximum over time. The reference standardises its input by the training subjects and adds an L2 penalty of 1e-4
 * on the kernels; both are the trainer's. Taps: block1, block2, block3, embedding.
 */
class HarCnnEncoder : public Encoder {
public:
    explicit HarCnnEncoder(const HarCnnOptions &options = {});
    const EncoderInput &input() const override { return m_input; }
    std::int64_t width() const override { return kWidth; }
    std::vector<std::string> tapNames() const override { return {"block1", "block2", "block3", "embedding"}; }

protected:
    torch::Tensor forward(const torch::Tensor &windows, Taps *taps) override;

private:
    static constexpr std::int64_t kWidth = 96;
    EncoderInput m_input;
    double m_dropout;
    std::vector<torch::nn::Conv1d> m_convolutions;
};

} // namespace kino
