#include "core/base/named_option.h"

#include "core/base/error.h"

#include <algorithm>

namespace kino {

std::string listOfWords(const std::vector<std::string> &words)
{
    std::string text;
    for (const std::string &word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::vector<std::string> optionProblems(const std::string &owner, std::span<const NamedOption> known, const nlohmann::json &options)
{
    if (!options.is_object())
        return {"The options of " + owner + " are an object, such as {\"width\": 512}."};
    std::vector<std::string> problems;
    for (const auto &[key, value] : options.items()) {
        const auto option = std::ranges::find(known, key, &NamedOption::name);
        if (option == known.end()) {
            std::vector<std::string> names;
            for (const NamedOption &each : known)
                names.push_back(each.name);
            problems.push_back("There is no option \"" + key + "\" of " + owner + "; it has " + (names.empty() ? "none" : listOfWords(names)) + ".");
        } else if (!option->allowed.empty()) {
            if (!value.is_string() || std::ranges::find(option->allowed, value.get<std::string>()) == option->allowed.end())
                problems.push_back("\"" + key + "\" of " + owner + " is one of " + listOfWords(option->allowed) + ", not " + value.dump() + ".");
        } else {
            const bool isNumber = option->isWhole ? value.is_number_integer() : value.is_number();
            const auto text = [&](double number) { return option->isWhole ? nlohmann::json(static_cast<std::int64_t>(number)).dump() : nlohmann::json(number).dump(); };
            if (!isNumber || !(value.get<double>() >= option->least && value.get<double>() <= option->most))
                problems.push_back("\"" + key + "\" of " + owner + " is a " + (option->isWhole ? "whole number" : "number") + " from " + text(option->least) + " to "
                                   + text(option->most) + ", not " + value.dump() + ".");
        }
    }
    return problems;
}

nlohmann::json completeOptions(std::span<const NamedOption> known, const nlohmann::json &options)
{
    nlohmann::json all = nlohmann::json::object();
    for (const NamedOption &option : known)
        all[option.name] = options.contains(option.name) ? options.at(option.name) : option.usual;
    return all;
}

void requireNoProblems(const std::vector<std::string> &problems)
{
    std::string all;
    for (const std::string &problem : problems)
        all += (all.empty() ? "" : " ") + problem;
    if (!all.empty())
        throw Error(all);
}

} // namespace kino
