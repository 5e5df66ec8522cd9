// TimeDistributedIMUEncoder of IMU2CLIP (methods 3.1.3): convolutions to one signal, cut into ten frames for a GRU.
#pragma once

#include "core/nn/encoder.h"

namespace kino {

struct TimeDistributedOptions {
    std::int64_t width = 512;
};

/**
 * [B, 6, T], 59 samples and more; no normalisation of the input. 1,250,635 parameters at width 512. Taps: convolved
 * [B, 1, T'], frames [B, 10, 128], state, embedding.
 */
class TimeDistributedEncoder : public Encoder {
public:
    explicit TimeDistributedEncoder(const TimeDistributedOptions &options = {});
    const EncoderInput &input() const override { return m_input; }
    std::int64_t width() const override { return m_width; }
    std::vector<std::string> tapNames() const override { return {"convolved", "frames", "state", "embedding"}; }

protected:
    torch::Tensor forward(const torch::Tensor &windows, Taps *taps) override;

private:
    EncoderInput m_input = kTimeDistributedInput;
    std::int64_t m_width;
    torch::nn::Conv1d m_first = nullptr;
    torch::nn::Conv1d m_second = nullptr;
    torch::nn::GRU m_rnn = nullptr;
    torch::nn::Linear m_output = nullptr;
};

} // namespace kino
