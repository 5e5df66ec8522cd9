#include "core/nn/har_cnn.h"

#include <array>

namespace kino {

namespace nn = torch::nn;

HarCnnEncoder::HarCnnEncoder(const HarCnnOptions &options)
    : Encoder("har-cnn"), m_input(harCnnInput(options.channels)), m_dropout(options.dropout)
{
    constexpr std::array<std::int64_t, 3> kKernels = {24, 16, 8};
    constexpr std::array<std::int64_t, 3> kChannels = {32, 64, kWidth};
    std::int64_t from = options.channels;
    for (std::size_t layer = 0; layer < kKernels.size(); ++layer) {
        m_convolutions.push_back(register_module("conv" + std::to_string(layer + 1), nn::Conv1d(nn::Conv1dOptions(from, kChannels[layer], kKernels[layer]))));
        // Keras' defaults, which the reference was trained from: Glorot uniform kernels, biases of zero.
        nn::init::xavier_uniform_(m_convolutions.back()->weight);
        nn::init::zeros_(m_convolutions.back()->bias);
        from = kChannels[layer];
    }
}

torch::Tensor HarCnnEncoder::forward(const torch::Tensor &windows, Taps *taps)
{
    torch::Tensor flow = windows;
    for (std::size_t layer = 0; layer < m_convolutions.size(); ++layer) {
        flow = torch::relu(m_convolutions[layer]->forward(flow));
        if (taps)
            taps->record("block" + std::to_string(layer + 1), flow);
        flow = torch::dropout(flow, m_dropout, is_training());
    }
    return flow.amax(2);
}

} // namespace kino
