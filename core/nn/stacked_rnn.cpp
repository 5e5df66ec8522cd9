#include "core/nn/stacked_rnn.h"

namespace kino {
namespace {

namespace nn = torch::nn;
namespace F = torch::nn::functional;

constexpr std::int64_t kChannels = 32;
constexpr std::int64_t kPositions = 32;

} // namespace

ConvolutionBlock::ConvolutionBlock(std::int64_t channelsIn, std::int64_t channelsOut, std::int64_t kernel, std::int64_t stretched)
    : m_stretched(stretched)
{
    const auto net = register_module("net", std::make_shared<nn::Module>());
    m_convolution = net->register_module("0", nn::Conv1d(nn::Conv1dOptions(channelsIn, channelsOut, kernel).dilation(2).bias(false)));
}

torch::Tensor ConvolutionBlock::forward(const torch::Tensor &input, torch::Tensor *convolved)
{
    const torch::Tensor output = m_convolution->forward(input);
    if (convolved)
        *convolved = output;
    if (m_stretched > 0)
        return F::adaptive_avg_pool1d(output, F::AdaptiveAvgPool1dFuncOptions(m_stretched));
    return F::max_pool1d(output, F::MaxPool1dFuncOptions(3));
}

StackedRnn::StackedRnn(std::string name, const std::string &root, const StackedRnnOptions &options, EncoderInput input, std::int64_t stretched)
    : Encoder(std::move(name)), m_input(input), m_width(options.width)
{
    const auto net = register_module(root, std::make_shared<nn::Module>());
    // The accelerometer is one group, the gyroscope the other.
    m_norm = net->register_module("0", makeNormalisation(options.normalisation, 2, 6));
    m_blocks.push_back(net->register_module("1", std::make_shared<ConvolutionBlock>(6, kChannels, 10, 0)));
    m_blocks.push_back(net->register_module("2", std::make_shared<ConvolutionBlock>(kChannels, kChannels, 5, 0)));
    m_blocks.push_back(net->register_module("3", std::make_shared<ConvolutionBlock>(kChannels, kChannels, 5, stretched)));
    m_pooledNorm = net->register_module("4", makeNormalisation(options.normalisation, 4, kChannels));
    m_rnn = net->register_module("5", nn::GRU(nn::GRUOptions(kPositions, m_width).batch_first(true)));
}

torch::Tensor StackedRnn::forward(const torch::Tensor &windows, Taps *taps)
{
    torch::Tensor flow = m_norm->forward(windows);
    if (taps)
        taps->record("norm", flow);
    for (std::size_t block = 0; block < m_blocks.size(); ++block) {
        torch::Tensor convolved;
        flow = m_blocks[block]->forward(flow, &convolved);
        if (taps)
            taps->record("block" + std::to_string(block + 1), convolved);
    }
    flow = m_pooledNorm->forward(flow);
    if (taps)
        taps->record("pooled", flow);
    const torch::Tensor lastState = std::get<1>(m_rnn->forward(flow));
    return lastState[0];
}

Mw2Encoder::Mw2Encoder(const StackedRnnOptions &options)
    : StackedRnn("mw2", "net", options, kMw2Input, 0)
{
}

PrimusEncoder::PrimusEncoder(const StackedRnnOptions &options)
    : StackedRnn("primus", "backbone", options, kPrimusInput, kPositions)
{
    m_ssl = register_module("ssl_head", nn::Linear(options.width, options.width));
    m_mmcl = register_module("mmcl_head", nn::Linear(options.width, options.width));
}

torch::Tensor PrimusEncoder::head(const std::string &name, const torch::Tensor &embedding)
{
    if (name == "ssl")
        return m_ssl->forward(embedding);
    if (name == "mmcl")
        return m_mmcl->forward(embedding);
    return Encoder::head(name, embedding);
}

} // namespace kino
