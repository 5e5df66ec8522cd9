// Arrays of NPY files as tensors.
#pragma once

#include <string>
#include <torch/torch.h>

namespace kino::cli {

/** Numbers of any type as a tensor of the type `as`. Throws Error for what is not one. */
torch::Tensor readArray(const std::string &path, torch::ScalarType as);

} // namespace kino::cli
