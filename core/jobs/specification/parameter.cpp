#include "core/jobs/specification/parameter.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace kino {
namespace {

struct TypeWords {
    ParameterType type;
    std::string_view name;
    std::string_view words;
    std::string_view mustBe;
};

constexpr std::array kTypes = {
    TypeWords{ParameterType::object, "object", "object", "an object, {…}"},
    TypeWords{ParameterType::flag, "flag", "true or false", "true or false"},
    TypeWords{ParameterType::whole, "whole", "whole number", "a whole number"},
    TypeWords{ParameterType::number, "number", "number", "a number"},
    TypeWords{ParameterType::text, "text", "text", "a text"},
    TypeWords{ParameterType::choice, "choice", "choice", "one of"},
    TypeWords{ParameterType::path, "path", "path of a file or folder", "the path of a file or folder"},
    TypeWords{ParameterType::texts, "texts", "list of texts", "a list of texts"},
    TypeWords{ParameterType::names, "names", "name, or list of names", "a name or a list of names"},
    TypeWords{ParameterType::choices, "choices", "list of choices", "a list of"},
    TypeWords{ParameterType::numbers, "numbers", "list of numbers", "a list of numbers"},
    TypeWords{ParameterType::wholes, "wholes", "list of whole numbers", "a list of whole numbers"},
    TypeWords{ParameterType::globs, "globs", "list of file patterns", "a list of file patterns, such as [\"data/**/*.csv\"]"},
    TypeWords{ParameterType::recordings, "recordings", "list of file patterns, or a choice of a project's recordings",
              "a list of file patterns, such as [\"data/**/*.csv\"], or {\"project\": \"all\"}, or {\"tag\": \"…\"}"},
    TypeWords{ParameterType::weights, "weights", "path of a file, or {\"run\": number}", "the path of a file, or {\"run\": number}"},
    TypeWords{ParameterType::labels, "labels", "names for names", "an object of names, such as {\"WALKING\": \"walk\", \"TURNING\": null}"},
    TypeWords{ParameterType::paths, "paths", "files by name", "an object of files by name, such as {\"text\": \"text.safetensors\"}"},
    TypeWords{ParameterType::named, "named", "name and options", "an object, {\"name\": …, \"options\": {…}}"},
    TypeWords{ParameterType::namedList, "named-list", "list of names with options", "a list of objects, [{\"name\": …, \"options\": {…}}]"},
    TypeWords{ParameterType::options, "options", "options", "an object of options"},
    TypeWords{ParameterType::grid, "grid", "lists of values by path", "an object of lists by path, such as {\"encoder.name\": [\"mw2\", \"primus\"]}"},
    TypeWords{ParameterType::base, "base", "a specification of kind train", "an object, a specification of kind \"train\""}};

const TypeWords &wordsOf(ParameterType type) { return *std::ranges::find(kTypes, type, &TypeWords::type); }

std::string rangeWords(const Parameter &parameter)
{
    const bool hasLeast = std::isfinite(parameter.least), hasMost = std::isfinite(parameter.most);
    const std::string least = numberWords(parameter.least), most = numberWords(parameter.most);
    if (hasLeast && parameter.isAboveLeast)
        return " above " + least + (hasMost ? " and at most " + most : "");
    if (hasLeast && hasMost && parameter.least == parameter.most)
        return ", " + least;
    if (hasLeast)
        return hasMost ? " from " + least + " to " + most : ", " + least + " or more";
    return hasMost ? ", at most " + most : "";
}

std::string countWords(const Parameter &parameter)
{
    if (parameter.leastCount == parameter.mostCount)
        return ", " + std::to_string(parameter.leastCount) + " of them";
    std::string words = parameter.leastCount == 1 ? ", at least one" : parameter.leastCount > 1 ? ", at least " + std::to_string(parameter.leastCount) : "";
    if (parameter.isUnique)
        words += ", each at most once";
    if (parameter.isAscending)
        words += ", each above the one before";
    return words;
}

} // namespace

std::string parameterTypeWords(ParameterType type) { return std::string(wordsOf(type).words); }
std::string_view parameterTypeName(ParameterType type) { return wordsOf(type).name; }

Parameter parameterOf(const NamedOption &option)
{
    Parameter parameter{.path = option.name, .usual = option.usual, .mayBeNull = option.usual.is_null(), .help = option.help};
    const bool isList = option.usual.is_array();
    if (!option.allowed.empty()) {
        parameter.type = isList ? ParameterType::choices : ParameterType::choice;
        parameter.allowed = option.allowed;
        return parameter;
    }
    if (option.usual.is_boolean()) {
        parameter.type = ParameterType::flag;
        return parameter;
    }
    if (option.usual.is_object()) {
        parameter.type = ParameterType::options;
        return parameter;
    }
    if (option.usual.is_string()) {
        parameter.type = ParameterType::text;
        return parameter;
    }
    parameter.type = option.isWhole ? (isList ? ParameterType::wholes : ParameterType::whole) : isList ? ParameterType::numbers : ParameterType::number;
    parameter.least = option.least;
    parameter.most = option.most;
    return parameter;
}

std::vector<Parameter> parametersOf(const std::vector<NamedOption> &options)
{
    std::vector<Parameter> parameters;
    for (const NamedOption &option : options)
        parameters.push_back(parameterOf(option));
    return parameters;
}

const NamedChoice *findChoice(const std::vector<NamedChoice> &choices, const std::string &name)
{
    const auto found = std::ranges::find(choices, name, &NamedChoice::name);
    return found == choices.end() ? nullptr : &*found;
}

std::string allowedWords(const Parameter &parameter)
{
    std::string words(wordsOf(parameter.type).mustBe);
    switch (parameter.type) {
    case ParameterType::choice: words += ": " + listOfWords(parameter.allowed); break;
    case ParameterType::choices: words += ": " + listOfWords(parameter.allowed) + countWords(parameter); break;
    case ParameterType::whole:
    case ParameterType::number:
        words += rangeWords(parameter);
        for (const std::string &word : parameter.allowed)
            words += ", or \"" + word + "\"";
        break;
    case ParameterType::wholes:
    case ParameterType::numbers: words += rangeWords(parameter) + countWords(parameter); break;
    case ParameterType::texts:
    case ParameterType::names:
    case ParameterType::globs: words += countWords(parameter); break;
    default: break;
    }
    return words + (parameter.mayBeNull ? ", or null" : "");
}

std::string numberWords(double number)
{
    std::array<char, 64> text{};
    const double size = std::abs(number);
    const bool isPlain = number == 0 || (size >= 1e-4 && size < 1e16);
    const auto end = std::to_chars(text.begin(), text.end(), number, isPlain ? std::chars_format::fixed : std::chars_format::general).ptr;
    std::string words(text.begin(), end);
    if (const std::size_t zero = words.find("e-0"); zero != std::string::npos)
        words.erase(zero + 2, 1);
    return words;
}

std::string valueWords(const nlohmann::json &value)
{
    constexpr std::size_t kLongest = 60;
    if (value.is_object())
        return value.empty() ? "{}" : "an object";
    if (value.is_array())
        return value.empty() ? "[]" : "a list";
    const bool isWhole = value.is_number_float() && std::floor(value.get<double>()) == value.get<double>() && std::abs(value.get<double>()) < 1e15;
    // As it was written: 3.0 is refused where a whole number, 3, is wanted.
    std::string text = value.is_number_float() ? numberWords(value.get<double>()) + (isWhole ? ".0" : "")
                                               : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (text.size() <= kLongest)
        return text;
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) // no half of a letter
        --end;
    return text.substr(0, end) + "…\"";
}

} // namespace kino
