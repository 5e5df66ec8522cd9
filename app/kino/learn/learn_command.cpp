#include "app/kino/learn/learn_command.h"

#include "core/base/error.h"

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

} // namespace kino::cli
