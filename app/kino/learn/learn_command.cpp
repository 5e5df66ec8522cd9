#include "app/kino/learn/learn_command.h"

#include "core/base/error.h"
#include "core/base/npy.h"

#include <map>

namespace kino::cli {

nlohmann::json optionsFrom(const std::vector<std::string> &settings)
{
    nlohmann::json options = nlohmann::json::object();
    for (const std::string &setting : settings) {
        const std::size_t at = setting.find('=');
        if (at == std::string::npos || at == 0)
            throw Error("--set takes option=value, such as --set width=128, not \"" + setting + "\"");
        const std::string value = setting.substr(at + 1);
        const nlohmann::json parsed = nlohmann::json::parse(value, nullptr, false);
        options[setting.substr(0, at)] = parsed.is_discarded() ? nlohmann::json(value) : parsed;
    }
    return options;
}

nlohmann::ordered_json optionsJson(std::span<const NamedOption> options)
{
    nlohmann::ordered_json all = nlohmann::ordered_json::object();
    for (const NamedOption &option : options) {
        nlohmann::ordered_json each{{"default", option.usual}};
        if (!option.allowed.empty())
            each["allowed"] = option.allowed;
        else if (option.usual.is_boolean() || option.usual.is_object())
            each["type"] = option.usual.is_boolean() ? "flag" : "object";
        else if (option.isWhole)
            each.update({{"least", static_cast<std::int64_t>(option.least)}, {"most", static_cast<std::int64_t>(option.most)}});
        else
            each.update({{"least", option.least}, {"most", option.most}});
        each["help"] = option.help;
        all[option.name] = std::move(each);
    }
    return all;
}

torch::Tensor readArray(const std::string &path, torch::ScalarType as)
{
    const NpyArray array = NpyArray::open(path);
    static const std::map<std::string, torch::ScalarType> types = {{"f2", torch::kFloat16}, {"f4", torch::kFloat32}, {"f8", torch::kFloat64}, {"i1", torch::kInt8},
                                                                   {"i2", torch::kInt16},   {"i4", torch::kInt32},   {"i8", torch::kInt64},   {"u1", torch::kUInt8},
                                                                   {"b1", torch::kBool}};
    const auto type = types.find(array.dtype());
    if (type == types.end())
        throw Error(path, "holds numbers of the type " + array.dtype() + ", which is not taken here.");
    // from_blob takes no const, but what it makes is only read here.
    return torch::from_blob(const_cast<std::byte *>(array.bytes().data()), array.shape(), torch::TensorOptions(type->second)).to(as).clone();
}

} // namespace kino::cli
