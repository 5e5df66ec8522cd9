// ResNet-18, -34 and -50 (He et al. 2016) for spectrogram images, by torchvision's names, without its last layer `fc`.
#pragma once

#include "core/nn/encoder.h"

namespace kino {

/** What normalises between the convolutions. Running statistics of batches leak between the two views of MoCo on one device. */
enum class ImageNormalisation {
    batch,      // torchvision's
    splitBatch, // statistics of each eighth of a batch: what ShuffleBN does on eight devices (MoCo's CIFAR demo)
    group       // 32 groups; no statistics of a batch at all
};
std::string_view imageNormalisationName(ImageNormalisation normalisation); // "batch", "split-batch", "group"
ImageNormalisation imageNormalisationFromName(const std::string &name);

/** torch's BatchNorm2d in eval mode and by its names; in training, each of `splits` parts of the batch by its own statistics. */
class SplitBatchNorm : public torch::nn::Module {
public:
    SplitBatchNorm(std::int64_t channels, std::int64_t splits);
    /** [B, C, H, W]; in training B must be divisible by `splits`, else Error. */
    torch::Tensor forward(const torch::Tensor &input);

private:
    std::int64_t m_splits;
    torch::Tensor m_weight, m_bias, m_mean, m_variance, m_batches;
};

enum class ResNetDepth { eighteen = 18, thirtyFour = 34, fifty = 50 };

struct ResNetOptions {
    ResNetDepth depth = ResNetDepth::eighteen;
    ImageNormalisation normalisation = ImageNormalisation::batch;
};

/**
 * [B, 3, H, W], usually 3 x 96 x 128, to [B, 512], or [B, 2048] for 50. Strides 4, 4, 8, 16, 32: layer4 of 96 x 128 is
 * 3 x 4. 11,176,512 parameters (18), 21,284,672 (34), 23,508,032 (50). Taps: stem, layer1 … layer4, embedding.
 */
class ResNetEncoder : public Encoder {
public:
    explicit ResNetEncoder(const ResNetOptions &options = {});
    const EncoderInput &input() const override { return m_input; }
    std::int64_t width() const override { return m_width; }
    std::vector<std::string> tapNames() const override { return {"stem", "layer1", "layer2", "layer3", "layer4", "embedding"}; }

    class Block;

protected:
    torch::Tensor forward(const torch::Tensor &windows, Taps *taps) override;

private:
    EncoderInput m_input = kResNetInput;
    std::int64_t m_width;
    torch::nn::Conv2d m_stem = nullptr;
    torch::nn::AnyModule m_stemNorm;
    std::vector<std::vector<std::shared_ptr<Block>>> m_layers;
};

} // namespace kino
