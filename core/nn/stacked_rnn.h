// MW2StackRNNPooling of IMU2CLIP (methods 3.1.1) and the encoder of PRIMUS (methods 2.2): three dilated convolutions, then
// a GRU. Input [B, 6, T], rows accelerometer x y z, gyroscope x y z, in SI units, not standardised.
//
// The GRU is given [B, 32 channels, 32 positions] as it is: its sequence runs over the channels and its features are the
// positions in time. That is the reference's way, and its weights mean nothing the other way round.
#pragma once

#include "core/nn/encoder.h"
#include "core/nn/normalisation.h"

namespace kino {

struct StackedRnnOptions {
    std::int64_t width = 512;
    Normalisation normalisation = Normalisation::group;
};

/** Convolution without bias, dilation 2, then a pool over three samples (MW2) or, where `stretched` > 0, to that length. */
class ConvolutionBlock : public torch::nn::Module {
public:
    ConvolutionBlock(std::int64_t channelsIn, std::int64_t channelsOut, std::int64_t kernel, std::int64_t stretched);
    /** `convolved`, where given, is what the pool was given. */
    torch::Tensor forward(const torch::Tensor &input, torch::Tensor *convolved = nullptr);

private:
    torch::nn::Conv1d m_convolution = nullptr;
    std::int64_t m_stretched;
};

/** What both share. Taps: norm, block1, block2, block3 (before pooling), pooled, embedding. */
class StackedRnn : public Encoder {
public:
    const EncoderInput &input() const override { return m_input; }
    std::int64_t width() const override { return m_width; }
    std::vector<std::string> tapNames() const override { return {"norm", "block1", "block2", "block3", "pooled", "embedding"}; }

protected:
    /** `root` is the reference's name of the stack: "net" or "backbone". */
    StackedRnn(std::string name, const std::string &root, const StackedRnnOptions &options, EncoderInput input, std::int64_t stretched);
    torch::Tensor forward(const torch::Tensor &windows, Taps *taps) override;

private:
    EncoderInput m_input;
    std::int64_t m_width;
    torch::nn::GroupNorm m_norm = nullptr;
    std::vector<std::shared_ptr<ConvolutionBlock>> m_blocks;
    torch::nn::GroupNorm m_pooledNorm = nullptr;
    torch::nn::GRU m_rnn = nullptr;
};

/** Windows of 978 to 1004 samples: the third pool must leave 32 positions. 850,892 parameters at width 512. */
class Mw2Encoder : public StackedRnn {
public:
    explicit Mw2Encoder(const StackedRnnOptions &options = {});
};

/** Windows of 123 samples and more: the last pool stretches to 32 positions. Heads "ssl" and "mmcl", one Linear each. */
class PrimusEncoder : public StackedRnn {
public:
    explicit PrimusEncoder(const StackedRnnOptions &options = {});
    std::vector<std::string> heads() const override { return {"embedding", "ssl", "mmcl"}; }
    torch::Tensor head(const std::string &name, const torch::Tensor &embedding) override;

private:
    torch::nn::Linear m_ssl = nullptr;
    torch::nn::Linear m_mmcl = nullptr;
};

} // namespace kino
