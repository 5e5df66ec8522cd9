#include "core/nn/attention_pooled.h"

namespace kino {
namespace {

namespace nn = torch::nn;

constexpr std::int64_t kChannels = 24;

/** Of four draws of a normal variable the first within two standard deviations; the first draw where none is. */
void fillTruncatedNormal(torch::Tensor &tensor, double standardDeviation)
{
    const torch::NoGradGuard guard;
    std::vector<std::int64_t> shape = tensor.sizes().vec();
    shape.push_back(4);
    const torch::Tensor draws = torch::randn(shape, tensor.options());
    const torch::Tensor isNear = (draws.abs() < 2).to(torch::kInt64);
    const torch::Tensor first = std::get<1>(isNear.max(-1, true));
    tensor.copy_(draws.gather(-1, first).squeeze(-1) * standardDeviation);
}

} // namespace

AttentionPooledEncoder::AttentionPooledEncoder(const AttentionPooledOptions &options) : Encoder("attention-pooled"), m_width(options.width)
{
    const auto encoder = register_module("encoder", std::make_shared<nn::Module>());
    m_norm = encoder->register_module("0", makeNormalisation(options.normalisation, 2, 6));
    m_convolution = encoder->register_module("1", nn::Conv1d(nn::Conv1dOptions(6, kChannels, 10).dilation(2)));
    const auto pool = encoder->register_module("3", std::make_shared<nn::Module>());
    m_score = pool->register_module("weight", nn::Conv1d(nn::Conv1dOptions(kChannels, 1, 1)));
    m_output = encoder->register_module("5", nn::Linear(kChannels, m_width));
    for (nn::Conv1d &convolution : {std::ref(m_convolution), std::ref(m_score)}) {
        fillTruncatedNormal(convolution->weight, 0.02);
        fillTruncatedNormal(convolution->bias, 0.02);
    }
    fillTruncatedNormal(m_output->weight, 0.1);
    const torch::NoGradGuard guard;
    m_output->bias.zero_();
}

torch::Tensor AttentionPooledEncoder::forward(const torch::Tensor &windows, Taps *taps)
{
    const torch::Tensor normed = m_norm->forward(windows);
    const torch::Tensor convolved = m_convolution->forward(normed);
    const torch::Tensor active = torch::leaky_relu(convolved, 0.01);
    const torch::Tensor attention = torch::softmax(m_score->forward(active), 2);
    if (taps) {
        taps->record("norm", normed);
        taps->record("convolved", convolved);
        taps->record("attention", attention);
    }
    return m_output->forward(torch::leaky_relu((attention * active).sum(2), 0.01));
}

} // namespace kino
