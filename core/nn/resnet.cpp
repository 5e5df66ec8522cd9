#include "core/nn/resnet.h"

#include "core/base/error.h"

#include <array>

namespace kino {
namespace {

namespace nn = torch::nn;
namespace F = torch::nn::functional;

constexpr std::int64_t kSplits = 8;
constexpr std::int64_t kGroups = 32;
constexpr double kMomentum = 0.1;
constexpr double kEpsilon = 1e-5;

/** Blocks of layer1 to layer4. */
std::array<std::int64_t, 4> blocksOf(ResNetDepth depth)
{
    return depth == ResNetDepth::eighteen ? std::array<std::int64_t, 4>{2, 2, 2, 2} : std::array<std::int64_t, 4>{3, 4, 6, 3};
}

nn::Conv2d convolution(std::int64_t from, std::int64_t to, std::int64_t kernel, std::int64_t stride)
{
    nn::Conv2d made(nn::Conv2dOptions(from, to, kernel).stride(stride).padding(kernel / 2).bias(false));
    nn::init::kaiming_normal_(made->weight, 0, torch::kFanOut, torch::kReLU);
    return made;
}

/** Registered as `name` in `parent`. */
nn::AnyModule addNormalisation(nn::Module &parent, const std::string &name, ImageNormalisation normalisation, std::int64_t channels)
{
    switch (normalisation) {
    case ImageNormalisation::batch: return nn::AnyModule(parent.register_module(name, nn::BatchNorm2d(channels)));
    case ImageNormalisation::splitBatch: return nn::AnyModule(parent.register_module(name, std::make_shared<SplitBatchNorm>(channels, kSplits)));
    case ImageNormalisation::group: return nn::AnyModule(parent.register_module(name, nn::GroupNorm(nn::GroupNormOptions(kGroups, channels))));
    }
    return {};
}

} // namespace

std::string_view imageNormalisationName(ImageNormalisation normalisation)
{
    switch (normalisation) {
    case ImageNormalisation::batch: return "batch";
    case ImageNormalisation::splitBatch: return "split-batch";
    case ImageNormalisation::group: return "group";
    }
    return {};
}

ImageNormalisation imageNormalisationFromName(const std::string &name)
{
    for (const auto each : {ImageNormalisation::batch, ImageNormalisation::splitBatch, ImageNormalisation::group}) {
        if (imageNormalisationName(each) == name)
            return each;
    }
    throw Error("The normalisation " + name + " is not known here; known are batch, split-batch, group.");
}

SplitBatchNorm::SplitBatchNorm(std::int64_t channels, std::int64_t splits) : m_splits(splits)
{
    m_weight = register_parameter("weight", torch::ones({channels}));
    m_bias = register_parameter("bias", torch::zeros({channels}));
    m_mean = register_buffer("running_mean", torch::zeros({channels}));
    m_variance = register_buffer("running_var", torch::ones({channels}));
    m_batches = register_buffer("num_batches_tracked", torch::tensor(0, torch::kInt64));
}

torch::Tensor SplitBatchNorm::forward(const torch::Tensor &input)
{
    if (!is_training())
        return torch::batch_norm(input, m_weight, m_bias, m_mean, m_variance, false, kMomentum, kEpsilon, false);
    if (input.size(0) % m_splits != 0)
        throw Error("Split batch norm takes batches of a multiple of " + std::to_string(m_splits) + ", not " + std::to_string(input.size(0))
                    + ": choose another batch size, or group normalisation.");
    const std::int64_t channels = input.size(1);
    // Part s holds every m_splits-th sample: [B / splits, splits * C, H, W] is the same memory.
    torch::Tensor mean = m_mean.repeat({m_splits});
    torch::Tensor variance = m_variance.repeat({m_splits});
    const torch::Tensor parts = input.reshape({input.size(0) / m_splits, m_splits * channels, input.size(2), input.size(3)});
    const torch::Tensor output = torch::batch_norm(parts, m_weight.repeat({m_splits}), m_bias.repeat({m_splits}), mean, variance, true, kMomentum, kEpsilon, false);
    {
        const torch::NoGradGuard guard;
        m_mean.copy_(mean.view({m_splits, channels}).mean(0));
        m_variance.copy_(variance.view({m_splits, channels}).mean(0));
        m_batches += 1;
    }
    return output.reshape(input.sizes());
}

/** Two convolutions of 3 x 3, or a bottleneck of 1 x 1, 3 x 3, 1 x 1, beside a shortcut. */
class ResNetEncoder::Block : public nn::Module {
public:
    Block(std::int64_t from, std::int64_t planes, std::int64_t stride, bool isBottleneck, ImageNormalisation normalisation)
    {
        const std::int64_t to = isBottleneck ? 4 * planes : planes;
        if (isBottleneck) {
            add(convolution(from, planes, 1, 1), planes, normalisation);
            add(convolution(planes, planes, 3, stride), planes, normalisation);
            add(convolution(planes, to, 1, 1), to, normalisation);
        } else {
            add(convolution(from, planes, 3, stride), planes, normalisation);
            add(convolution(planes, planes, 3, 1), planes, normalisation);
        }
        if (stride == 1 && from == to)
            return;
        const auto shortcut = register_module("downsample", std::make_shared<nn::Module>());
        m_shortcut = shortcut->register_module("0", convolution(from, to, 1, stride));
        m_shortcutNorm = addNormalisation(*shortcut, "1", normalisation, to);
    }

    torch::Tensor forward(const torch::Tensor &input)
    {
        torch::Tensor flow = input;
        for (std::size_t each = 0; each < m_convolutions.size(); ++each) {
            flow = m_norms[each].forward(m_convolutions[each]->forward(flow));
            if (each + 1 < m_convolutions.size())
                flow = torch::relu(flow);
        }
        const torch::Tensor shortcut = m_shortcut ? m_shortcutNorm.forward(m_shortcut->forward(input)) : input;
        return torch::relu(flow + shortcut);
    }

private:
    void add(nn::Conv2d made, std::int64_t channels, ImageNormalisation normalisation)
    {
        const std::string number = std::to_string(m_convolutions.size() + 1);
        m_convolutions.push_back(register_module("conv" + number, std::move(made)));
        m_norms.push_back(addNormalisation(*this, "bn" + number, normalisation, channels));
    }

    std::vector<nn::Conv2d> m_convolutions;
    std::vector<nn::AnyModule> m_norms;
    nn::Conv2d m_shortcut = nullptr;
    nn::AnyModule m_shortcutNorm;
};

ResNetEncoder::ResNetEncoder(const ResNetOptions &options) : Encoder("resnet" + std::to_string(static_cast<int>(options.depth)))
{
    const bool isBottleneck = options.depth == ResNetDepth::fifty;
    m_stem = register_module("conv1", convolution(3, 64, 7, 2));
    m_stemNorm = addNormalisation(*this, "bn1", options.normalisation, 64);
    std::int64_t from = 64;
    for (std::int64_t layer = 0; layer < 4; ++layer) {
        const std::int64_t planes = 64 << layer;
        const auto group = register_module("layer" + std::to_string(layer + 1), std::make_shared<nn::Module>());
        std::vector<std::shared_ptr<Block>> blocks;
        for (std::int64_t block = 0; block < blocksOf(options.depth)[static_cast<std::size_t>(layer)]; ++block) {
            const std::int64_t stride = layer > 0 && block == 0 ? 2 : 1;
            blocks.push_back(group->register_module(std::to_string(block), std::make_shared<Block>(from, planes, stride, isBottleneck, options.normalisation)));
            from = isBottleneck ? 4 * planes : planes;
        }
        m_layers.push_back(std::move(blocks));
    }
    m_width = from;
}

torch::Tensor ResNetEncoder::forward(const torch::Tensor &windows, Taps *taps)
{
    torch::Tensor flow = torch::relu(m_stemNorm.forward(m_stem->forward(windows)));
    flow = torch::max_pool2d(flow, 3, 2, 1);
    if (taps)
        taps->record("stem", flow);
    for (std::size_t layer = 0; layer < m_layers.size(); ++layer) {
        for (const std::shared_ptr<Block> &block : m_layers[layer])
            flow = block->forward(flow);
        if (taps)
            taps->record("layer" + std::to_string(layer + 1), flow);
    }
    return flow.mean({2, 3});
}

} // namespace kino
