// Weights in files: safetensors in and out, PyTorch state dicts in. Names are the references' (encoder.h). Any thread that
// owns the module.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace kino {

struct WeightsFile {
    std::string format; // "safetensors", "pytorch-zip"
    std::map<std::string, torch::Tensor> tensors;
    /** Of safetensors. */
    std::map<std::string, std::string> metadata;
};

/** By the file's first bytes, whatever it is called. Throws Error for what is neither, and for damaged files. */
WeightsFile readWeights(const std::filesystem::path &path);

/** The file appears whole or not at all. */
void writeTensors(const std::filesystem::path &path, const std::map<std::string, torch::Tensor> &tensors, const std::map<std::string, std::string> &metadata = {});
/** Every parameter and buffer, by its name. */
void writeWeights(const std::filesystem::path &path, const torch::nn::Module &module, const std::map<std::string, std::string> &metadata = {});

/** Every parameter and buffer of a module by its name, in bytewise order; they share its memory. */
std::map<std::string, torch::Tensor> stateOf(const torch::nn::Module &module);

struct WrongShape {
    std::string name; // in the module
    std::vector<std::int64_t> found;
    std::vector<std::int64_t> wanted;
};

/** How a file's tensors and a module's names belong together. Names as the module has them; `unexpected` as the file has. */
struct WeightsMatch {
    std::string prefix;
    std::vector<std::string> matched;
    std::vector<std::string> missing;
    std::vector<std::string> unexpected;
    std::vector<WrongShape> wrongShape;

    bool isWhole() const { return missing.empty() && wrongShape.empty(); }
};

/** The prefix of the file's names under which most of the module's are; empty where none is better. */
std::string findPrefix(const std::map<std::string, torch::Tensor> &tensors, const torch::nn::Module &module);
/** Without a prefix in front of the file's names. */
WeightsMatch matchWeights(const std::map<std::string, torch::Tensor> &tensors, const torch::nn::Module &module, const std::string &prefix);
/** Copies what matches into the module, whatever their types. Throws Error, changing nothing, unless the match is whole. */
WeightsMatch loadWeights(const std::map<std::string, torch::Tensor> &tensors, torch::nn::Module &module, const std::string &prefix);

} // namespace kino
