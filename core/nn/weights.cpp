#include "core/nn/weights.h"

#include "core/base/error.h"
#include "core/base/safetensors.h"
#include "core/base/torch_archive.h"

#include <algorithm>
#include <array>
#include <set>

namespace kino {
namespace {

struct Type {
    const char *name;
    torch::ScalarType type;
};

constexpr std::array<Type, 10> kTypes = {{{"F32", torch::kFloat32},
                                          {"F64", torch::kFloat64},
                                          {"F16", torch::kFloat16},
                                          {"BF16", torch::kBFloat16},
                                          {"I64", torch::kInt64},
                                          {"I32", torch::kInt32},
                                          {"I16", torch::kInt16},
                                          {"I8", torch::kInt8},
                                          {"U8", torch::kUInt8},
                                          {"BOOL", torch::kBool}}};

torch::ScalarType typeOf(const std::string &name, const std::filesystem::path &path)
{
    const auto found = std::ranges::find(kTypes, name, [](const Type &each) { return std::string(each.name); });
    if (found == kTypes.end())
        throw Error(path, "holds numbers of the type " + name + ", which is not read.");
    return found->type;
}

std::string nameOf(torch::ScalarType type)
{
    const auto found = std::ranges::find(kTypes, type, &Type::type);
    if (found == kTypes.end())
        throw Error(std::string("Weights of the type ") + torch::toString(type) + " cannot be written.");
    return found->name;
}

torch::Tensor copyOf(const ArchiveTensor &tensor, const std::filesystem::path &path)
{
    const torch::ScalarType type = typeOf(tensor.dtype, path);
    const auto *start = tensor.storage->data() + static_cast<std::size_t>(tensor.offset) * torch::elementSize(type);
    // from_blob takes no const, but what it makes is only read here.
    return torch::from_blob(const_cast<std::byte *>(start), tensor.shape, tensor.strides, torch::TensorOptions(type)).clone(torch::MemoryFormat::Contiguous);
}

std::string listOf(const std::vector<std::string> &names)
{
    constexpr std::size_t kMost = 5;
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i)
        text += (i > 0 ? ", " : "") + names[i];
    return names.size() > kMost ? text + " and " + std::to_string(names.size() - kMost) + " more" : text;
}

std::string shapeText(const std::vector<std::int64_t> &shape)
{
    std::string text;
    for (const std::int64_t size : shape)
        text += (text.empty() ? "" : ", ") + std::to_string(size);
    return "[" + text + "]";
}

} // namespace

WeightsFile readWeights(const std::filesystem::path &path)
{
    WeightsFile file;
    if (isZipArchive(path)) {
        file.format = "pytorch-zip";
        for (const auto &[name, tensor] : readTorchArchive(path))
            file.tensors[name] = copyOf(tensor, path);
        return file;
    }
    file.format = "safetensors";
    const SafetensorsFile opened = SafetensorsFile::open(path);
    for (const auto &[name, view] : opened.tensors())
        file.tensors[name] = torch::from_blob(const_cast<std::byte *>(view.bytes.data()), view.shape, torch::TensorOptions(typeOf(view.dtype, path))).clone();
    file.metadata = opened.metadata();
    return file;
}

void writeTensors(const std::filesystem::path &path, const std::map<std::string, torch::Tensor> &tensors, const std::map<std::string, std::string> &metadata)
{
    std::map<std::string, torch::Tensor> held; // on the CPU, in one piece
    std::map<std::string, TensorView> views;
    for (const auto &[name, tensor] : tensors) {
        const torch::Tensor &plain = held[name] = tensor.detach().to(torch::kCPU).contiguous();
        views[name] = {nameOf(plain.scalar_type()), plain.sizes().vec(), {static_cast<const std::byte *>(plain.const_data_ptr()), plain.nbytes()}};
    }
    writeSafetensors(path, views, metadata);
}

void writeWeights(const std::filesystem::path &path, const torch::nn::Module &module, const std::map<std::string, std::string> &metadata)
{
    writeTensors(path, stateOf(module), metadata);
}

std::map<std::string, torch::Tensor> stateOf(const torch::nn::Module &module)
{
    std::map<std::string, torch::Tensor> state;
    for (const auto &each : module.named_parameters())
        state[each.key()] = each.value();
    for (const auto &each : module.named_buffers())
        state[each.key()] = each.value();
    return state;
}

std::string findPrefix(const std::map<std::string, torch::Tensor> &tensors, const torch::nn::Module &module)
{
    const auto state = stateOf(module);
    std::set<std::string> candidates{std::string()};
    for (const auto &[name, tensor] : tensors) {
        // A prefix stands before a whole name of the module.
        if (!state.empty() && name.ends_with("." + state.begin()->first))
            candidates.insert(name.substr(0, name.size() - state.begin()->first.size()));
    }
    std::string best;
    std::size_t most = 0;
    for (const std::string &prefix : candidates) {
        const std::size_t matched = matchWeights(tensors, module, prefix).matched.size();
        if (matched > most) {
            most = matched;
            best = prefix;
        }
    }
    return best;
}

WeightsMatch matchWeights(const std::map<std::string, torch::Tensor> &tensors, const torch::nn::Module &module, const std::string &prefix)
{
    WeightsMatch match;
    match.prefix = prefix;
    const auto state = stateOf(module);
    for (const auto &[name, wanted] : state) {
        const auto found = tensors.find(prefix + name);
        if (found == tensors.end())
            match.missing.push_back(name);
        else if (found->second.sizes() != wanted.sizes())
            match.wrongShape.push_back({name, found->second.sizes().vec(), wanted.sizes().vec()});
        else
            match.matched.push_back(name);
    }
    for (const auto &[name, tensor] : tensors) {
        if (!name.starts_with(prefix) || !state.contains(name.substr(prefix.size())))
            match.unexpected.push_back(name);
    }
    return match;
}

WeightsMatch loadWeights(const std::map<std::string, torch::Tensor> &tensors, torch::nn::Module &module, const std::string &prefix)
{
    WeightsMatch match = matchWeights(tensors, module, prefix);
    if (!match.isWhole()) {
        std::string why = "The weights do not fit the encoder " + module.name() + ":";
        if (!match.missing.empty())
            why += " missing are " + listOf(match.missing) + ";";
        for (const WrongShape &each : match.wrongShape)
            why += " " + each.name + " is " + shapeText(each.found) + " and not " + shapeText(each.wanted) + ";";
        why.back() = '.';
        if (match.matched.empty() && !tensors.empty())
            why += " The file's names begin like " + tensors.begin()->first + ": is there a prefix to name?";
        throw Error(why);
    }
    const torch::NoGradGuard guard;
    for (auto &[name, tensor] : stateOf(module))
        tensor.copy_(tensors.at(prefix + name));
    return match;
}

} // namespace kino
