#include "core/base/named_option.h"

#include "core/base/error.h"

#include <algorithm>

namespace kino {

namespace {

std::string numberWords(const NamedOption &option)
{
    const auto text = [&option](double number) { return (option.isWhole ? nlohmann::json(static_cast<std::int64_t>(number)) : nlohmann::json(number)).dump(); };
    return std::string(option.isWhole ? "whole number" : "number") + " from " + text(option.least) + " to " + text(option.most);
}

bool isNumberInRange(const NamedOption &option, const nlohmann::json &value)
{
    return (option.isWhole ? value.is_number_integer() : value.is_number()) && value.get<double>() >= option.least && value.get<double>() <= option.most;
}

/** Empty where the value is sound. */
std::string whatIsWanted(const NamedOption &option, const nlohmann::json &value)
{
    if (option.usual.is_boolean())
        return value.is_boolean() ? "" : "true or false";
    if (option.usual.is_object())
        return value.is_object() ? "" : "an object";
    if (option.usual.is_array()) {
        const bool isSound = value.is_array() && std::ranges::all_of(value, [&option](const nlohmann::json &each) { return isNumberInRange(option, each); });
        return isSound ? "" : "a list of numbers, each a " + numberWords(option);
    }
    if (!option.allowed.empty())
        return value.is_string() && std::ranges::find(option.allowed, value.get<std::string>()) != option.allowed.end() ? "" : "one of " + listOfWords(option.allowed);
    return isNumberInRange(option, value) ? "" : "a " + numberWords(option);
}

} // namespace

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
        } else if (const std::string wanted = whatIsWanted(*option, value); !wanted.empty()) {
            problems.push_back("\"" + key + "\" of " + owner + " is " + wanted + ", not " + value.dump() + ".");
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
