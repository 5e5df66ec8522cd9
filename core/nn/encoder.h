// What every encoder is: a window in, an embedding out, lengths that it can take, intermediate tensors by name.
//
// Encoders keep the parameter names of their reference implementation, so that its weights load unchanged. A module
// belongs to one thread at a time.
#pragma once

#include "core/nn/encoder_input.h"

#include <torch/torch.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace kino {

/** Intermediate tensors of one forward pass, part of its graph: for feature distillation and attribution. */
class Taps {
public:
    void record(const std::string &name, const torch::Tensor &tensor) { m_tensors.insert_or_assign(name, tensor); }
    /** Throws Error naming what there is. */
    const torch::Tensor &at(const std::string &name) const;
    const std::map<std::string, torch::Tensor> &all() const { return m_tensors; }

private:
    std::map<std::string, torch::Tensor> m_tensors;
};

class Encoder : public torch::nn::Module {
public:
    virtual const EncoderInput &input() const = 0;
    /** D. */
    virtual std::int64_t width() const = 0;
    /** [B, C, T] or [B, C, H, W] to [B, D]. Throws Error, with the lengths that are possible, for another shape. */
    torch::Tensor embed(const torch::Tensor &windows, Taps *taps = nullptr);

    /** "embedding", and what else can be asked of head(). */
    virtual std::vector<std::string> heads() const { return {"embedding"}; }
    /** [B, D] from embed() to [B, D']. Throws Error for a head that it does not have. */
    virtual torch::Tensor head(const std::string &name, const torch::Tensor &embedding);
    /** What embed() records, in the order in which it is computed. */
    virtual std::vector<std::string> tapNames() const = 0;

protected:
    Encoder(std::string name) : torch::nn::Module(std::move(name)) {}
    virtual torch::Tensor forward(const torch::Tensor &windows, Taps *taps) = 0;
    void requireInput(const torch::Tensor &windows) const;
};

/** Learned numbers of a module. */
std::int64_t countParameters(const torch::nn::Module &module);

} // namespace kino
