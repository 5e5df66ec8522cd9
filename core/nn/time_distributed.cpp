#include "core/nn/time_distributed.h"

namespace kino {
namespace {

namespace nn = torch::nn;
namespace F = torch::nn::functional;

constexpr std::int64_t kFrames = 10;
constexpr std::int64_t kFrameLength = 128;
constexpr std::int64_t kState = 512;

} // namespace

TimeDistributedEncoder::TimeDistributedEncoder(const TimeDistributedOptions &options) : Encoder("time-distributed"), m_width(options.width)
{
    const auto signal = register_module("time_distributed_signal_encoder", std::make_shared<nn::Module>());
    m_first = signal->register_module("conv1", nn::Conv1d(nn::Conv1dOptions(6, 6, 50)));
    m_second = signal->register_module("conv2", nn::Conv1d(nn::Conv1dOptions(6, 1, 10)));
    const auto rnn = register_module("rnn", std::make_shared<nn::Module>());
    m_rnn = rnn->register_module("gru", nn::GRU(nn::GRUOptions(kFrameLength, kState).batch_first(true)));
    const auto classifier = register_module("classifier", std::make_shared<nn::Module>());
    m_output = classifier->register_module("linear", nn::Linear(kState, m_width));
}

torch::Tensor TimeDistributedEncoder::forward(const torch::Tensor &windows, Taps *taps)
{
    const torch::Tensor convolved = torch::relu(m_second->forward(torch::relu(m_first->forward(windows))));
    const torch::Tensor frames = F::adaptive_avg_pool1d(convolved, F::AdaptiveAvgPool1dFuncOptions(kFrames * kFrameLength))
                                     .reshape({windows.size(0), kFrames, kFrameLength});
    const torch::Tensor state = std::get<1>(m_rnn->forward(frames))[0];
    if (taps) {
        taps->record("convolved", convolved);
        taps->record("frames", frames);
        taps->record("state", state);
    }
    return m_output->forward(state);
}

} // namespace kino
