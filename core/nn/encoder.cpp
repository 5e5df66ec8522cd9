#include "core/nn/encoder.h"

#include "core/base/error.h"

namespace kino {
namespace {

std::string lengthRange(const EncoderInput &input)
{
    if (input.leastLength == input.mostLength)
        return std::to_string(input.leastLength);
    if (input.mostLength == std::numeric_limits<std::int64_t>::max())
        return std::to_string(input.leastLength) + " and more";
    return std::to_string(input.leastLength) + " to " + std::to_string(input.mostLength);
}

} // namespace

const torch::Tensor &Taps::at(const std::string &name) const
{
    const auto found = m_tensors.find(name);
    if (found != m_tensors.end())
        return found->second;
    std::string known;
    for (const auto &[each, tensor] : m_tensors)
        known += (known.empty() ? "" : ", ") + each;
    throw Error("There is no tap " + name + "; there are " + known + ".");
}

torch::Tensor Encoder::embed(const torch::Tensor &windows, Taps *taps)
{
    requireInput(windows);
    torch::Tensor embedding = forward(windows, taps);
    if (taps)
        taps->record("embedding", embedding);
    return embedding;
}

torch::Tensor Encoder::head(const std::string &name, const torch::Tensor &embedding)
{
    if (name == "embedding")
        return embedding;
    std::string known;
    for (const std::string &each : heads())
        known += (known.empty() ? "" : ", ") + each;
    throw Error("The encoder " + this->name() + " has no head " + name + "; it has " + known + ".");
}

void Encoder::requireInput(const torch::Tensor &windows) const
{
    const EncoderInput &wanted = input();
    const std::int64_t dimensions = wanted.height > 0 ? 4 : 3;
    const auto shape = windows.sizes();
    if (windows.dim() != dimensions || windows.size(1) != wanted.channels) {
        const std::string expected = wanted.height > 0 ? "pictures [batch, " + std::to_string(wanted.channels) + ", height, width]"
                                                       : "windows [batch, " + std::to_string(wanted.channels) + ", samples]";
        std::string given;
        for (const std::int64_t size : shape)
            given += (given.empty() ? "" : ", ") + std::to_string(size);
        throw Error("The encoder " + name() + " takes " + expected + ", not [" + given + "].");
    }
    const std::int64_t length = windows.size(dimensions - 1);
    if (length >= wanted.leastLength && length <= wanted.mostLength)
        return;
    throw Error("The encoder " + name() + " takes windows of " + lengthRange(wanted) + " samples, not of " + std::to_string(length)
                + ": choose another length or rate of the window.");
}

std::int64_t countParameters(const torch::nn::Module &module)
{
    std::int64_t count = 0;
    for (const torch::Tensor &parameter : module.parameters())
        count += parameter.numel();
    return count;
}

} // namespace kino
