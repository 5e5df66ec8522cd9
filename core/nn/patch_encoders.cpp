#include "core/nn/patch_encoders.h"

#include "core/base/error.h"

namespace kino {
namespace {

namespace nn = torch::nn;

constexpr std::int64_t kChannels = 6;
constexpr std::int64_t kHidden = 128;

EncoderInput inputOf(std::int64_t patch)
{
    if (patch < 1)
        throw Error("A patch has one sample at least, not " + std::to_string(patch) + ".");
    return patchInput(patch);
}

nn::Linear tokenLayer(std::int64_t patch, std::int64_t width)
{
    return nn::Linear(nn::LinearOptions(kChannels * patch, width).bias(false));
}

} // namespace

torch::Tensor cutPatches(const torch::Tensor &windows, std::int64_t patch)
{
    const std::int64_t count = windows.size(2) / patch;
    return windows.slice(2, 0, count * patch)
        .reshape({windows.size(0), windows.size(1), count, patch})
        .transpose(1, 2)
        .reshape({windows.size(0), count, windows.size(1) * patch});
}

PatchTransformerEncoder::PatchTransformerEncoder(const PatchTransformerOptions &options)
    : Encoder("patch-transformer"), m_options(options), m_input(inputOf(options.patch))
{
    m_tokens = register_module("imu_token_embed", tokenLayer(options.patch, options.width));
    if (options.hasClassToken)
        m_classToken = register_parameter("cls", torch::zeros({1, 1, options.width}));
    const auto model = register_module("model", std::make_shared<nn::Module>());
    const auto layers = model->register_module("layers", std::make_shared<nn::Module>());
    m_layer = layers->register_module("0", nn::TransformerEncoderLayer(nn::TransformerEncoderLayerOptions(options.width, 1)
                                                                           .dim_feedforward(kHidden)
                                                                           .dropout(0.1)
                                                                           .activation(torch::kReLU)));
}

torch::Tensor PatchTransformerEncoder::forward(const torch::Tensor &windows, Taps *taps)
{
    torch::Tensor tokens = m_tokens->forward(cutPatches(windows, m_options.patch));
    if (m_options.hasClassToken)
        tokens = torch::cat({m_classToken.expand({windows.size(0), 1, m_options.width}), tokens}, 1);
    // Torch's layer has the sequence first.
    const torch::Tensor layer = m_layer->forward(tokens.transpose(0, 1)).transpose(0, 1);
    if (taps) {
        taps->record("tokens", tokens);
        taps->record("layer", layer);
    }
    return m_options.hasClassToken ? layer.select(1, 0) : layer.mean(1);
}

PatchRnnEncoder::PatchRnnEncoder(const PatchRnnOptions &options)
    : Encoder("patch-rnn"), m_options(options), m_input(inputOf(options.patch))
{
    if (options.isBidirectional && options.width % 2 != 0)
        throw Error("The width of patch-rnn is even: half of it looks forward and half backward. It was " + std::to_string(options.width) + ".");
    const std::int64_t state = options.isBidirectional ? options.width / 2 : options.width;
    m_tokens = register_module("imu_token_embed", tokenLayer(options.patch, state));
    m_rnn = register_module("gru", nn::GRU(nn::GRUOptions(state, state).batch_first(true).bidirectional(options.isBidirectional)));
}

torch::Tensor PatchRnnEncoder::forward(const torch::Tensor &windows, Taps *taps)
{
    const torch::Tensor tokens = m_tokens->forward(cutPatches(windows, m_options.patch));
    if (taps)
        taps->record("tokens", tokens);
    const torch::Tensor states = std::get<1>(m_rnn->forward(tokens)); // [directions, B, state]
    return m_options.isBidirectional ? torch::cat({states[0], states[1]}, 1) : states[0];
}

} // namespace kino
