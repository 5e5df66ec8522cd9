#include "core/nn/heads.h"

#include "core/base/error.h"

namespace kino {

MlpHead::MlpHead(const std::vector<std::int64_t> &widths)
{
    if (widths.size() < 2)
        throw Error("A head has a width to begin with and one to end with.");
    for (std::size_t layer = 0; layer + 1 < widths.size(); ++layer)
        m_layers.push_back(register_module(std::to_string(2 * layer), torch::nn::Linear(widths[layer], widths[layer + 1])));
}

torch::Tensor MlpHead::forward(const torch::Tensor &embedding)
{
    torch::Tensor flow = embedding;
    for (std::size_t layer = 0; layer < m_layers.size(); ++layer)
        flow = m_layers[layer]->forward(layer == 0 ? flow : torch::relu(flow));
    return flow;
}

std::vector<std::int64_t> mocoHeadWidths(std::int64_t width) { return {width, width, 128}; }

std::vector<std::int64_t> simclrHeadWidths(std::int64_t width) { return {width, 256, 128, 50}; }

} // namespace kino
