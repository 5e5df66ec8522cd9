#include "core/jobs/specification/documentation.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

using Json = nlohmann::ordered_json;

/** A value as a file holds it. */
std::string codeOf(const nlohmann::json &value)
{
    return value.is_number_float() ? numberWords(value.get<double>()) : value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/** Stars of file patterns are no emphasis. */
std::string plain(std::string text)
{
    for (std::size_t at = text.find('*'); at != std::string::npos; at = text.find('*', at + 2))
        text.insert(at, "\\");
    return text;
}

/** What a pipe would do to a table. */
std::string cell(std::string text)
{
    for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2))
        text.insert(at, "\\");
    return text;
}

std::string defaultWords(const Parameter &parameter)
{
    if (parameter.absence == Absence::refused)
        return "must be given";
    if (parameter.absence == Absence::leftOut)
        return "left out";
    if (!parameter.usualWords.empty())
        return parameter.usualWords;
    return "`" + codeOf(parameter.usual) + "`";
}

std::string valueCell(const Parameter &parameter)
{
    std::string words = plain(allowedWords(parameter));
    if (parameter.type == ParameterType::named || parameter.type == ParameterType::namedList) {
        words = parameterTypeWords(parameter.type) + ":";
        for (const NamedChoice &choice : parameter.named)
            words += " `" + choice.name + "`";
        words += parameter.mayBeNull ? ", or null" : "";
    }
    return words + (parameter.unit.empty() ? "" : " (" + parameter.unit + ")");
}

std::string conditionWords(const Condition &condition)
{
    if (!condition.values.empty())
        return "`" + condition.path + "` " + listOfWords(condition.values);
    return "`" + condition.path + "`" + (condition.presence == Presence::absent ? " left out" : "");
}

std::string helpCell(const Parameter &parameter)
{
    std::string words = plain(parameter.help);
    for (const std::string &relation : parameter.relations)
        words += " " + relation;
    std::string with;
    for (const Condition &condition : parameter.conditions)
        with += (with.empty() ? "" : "; ") + conditionWords(condition);
    if (!with.empty())
        words += " *With " + with + ".*";
    return words + (parameter.source.empty() ? "" : " *Source: " + parameter.source + ".*");
}

std::string row(const Parameter &parameter, const std::string &path)
{
    return "| `" + path + "` | " + cell(valueCell(parameter)) + " | " + cell(defaultWords(parameter)) + " | " + cell(helpCell(parameter)) + " |\n";
}

constexpr const char *kHeader = "| path | value | default | what it is |\n| --- | --- | --- | --- |\n";

std::string tablesOf(const Schema &schema)
{
    std::string text;
    for (const std::string &group : groupsOf(schema)) {
        text += "\n### " + group + "\n\n" + kHeader;
        for (const Parameter &parameter : schema.parameters()) {
            if (parameter.group == group)
                text += row(parameter, parameter.path);
        }
    }
    return text;
}

std::string choicesOf(const Parameter &parameter)
{
    const std::string place = parameter.path + (parameter.type == ParameterType::namedList ? ".N" : "");
    std::string text = "\n### " + parameter.path + "\n";
    for (const NamedChoice &choice : parameter.named) {
        text += "\n**`" + choice.name + "`**" + (choice.title.empty() ? "" : ": " + choice.title) + "."
            + (choice.domain == Domain::signal ? " For signals." : choice.domain == Domain::picture ? " For pictures." : "")
            + (choice.source.empty() ? "" : " *Source: " + choice.source + ".*") + "\n";
        if (choice.options.empty())
            continue;
        text += "\n" + std::string(kHeader);
        for (const Parameter &option : choice.options)
            text += row(option, place + ".options." + option.path);
    }
    return text;
}

const char *absenceName(Absence absence)
{
    return absence == Absence::refused ? "required" : absence == Absence::leftOut ? "left-out" : "default";
}

Json parameterJson(const Parameter &parameter);

Json choiceJson(const NamedChoice &choice)
{
    Json json{{"name", choice.name}, {"title", choice.title}, {"source", choice.source}};
    if (choice.domain != Domain::any)
        json["domain"] = choice.domain == Domain::picture ? "picture" : "signal";
    json["options"] = Json::array();
    for (const Parameter &option : choice.options)
        json["options"].push_back(parameterJson(option));
    return json;
}

Json parameterJson(const Parameter &parameter)
{
    Json json{{"path", parameter.path}, {"type", parameterTypeName(parameter.type)}, {"title", parameter.title}, {"group", parameter.group},
              {"unit", parameter.unit}, {"absence", absenceName(parameter.absence)}};
    if (parameter.absence == Absence::usual && parameter.usualWords.empty())
        json["default"] = parameter.usual;
    if (!parameter.usualWords.empty())
        json["default_words"] = parameter.usualWords;
    json["nullable"] = parameter.mayBeNull;
    if (std::isfinite(parameter.least))
        json[parameter.isAboveLeast ? "above" : "least"] = parameter.least;
    if (std::isfinite(parameter.most))
        json["most"] = parameter.most;
    if (parameter.leastCount > 0)
        json["least_count"] = parameter.leastCount;
    if (parameter.isUnique)
        json["unique"] = true;
    if (!parameter.allowed.empty())
        json["allowed"] = parameter.allowed;
    for (const Condition &condition : parameter.conditions)
        json["with"].push_back({{"path", condition.path}, {"values", condition.values}, {"presence", condition.presence == Presence::given ? "given" : "absent"}});
    for (const NamedChoice &choice : parameter.named)
        json["choices"].push_back(choiceJson(choice));
    json["help"] = parameter.help;
    json["source"] = parameter.source;
    json["relations"] = parameter.relations;
    return json;
}

Json schemaJson(const Schema &schema)
{
    Json parameters = Json::array();
    for (const Parameter &parameter : schema.parameters())
        parameters.push_back(parameterJson(parameter));
    return {{"groups", groupsOf(schema)}, {"parameters", std::move(parameters)}};
}

} // namespace

std::string specificationDocumentation()
{
    const Schema &train = schemaOf(SpecificationKind::train), &study = schemaOf(SpecificationKind::study);
    std::string text
        = "# The specification of a job\n\n"
          "<!-- Made from the schema by `kino validate --documentation`; a test keeps both alike. -->\n\n"
          "One JSON file describes one job: `kino train`, `kino windows`, the queue and the window's form read the same. It may hold\n"
          "`//` comments. `kino validate SPEC.json` tells everything that is wrong with it at once, `kino validate --schema --json` gives\n"
          "this page to programs. What is not given has the default written here; a run keeps all of it in its `spec.json`.\n\n"
          "Paths are written with dots, places in lists as numbers from 0: `--set augment.0.options.sigma=0.1`. What follows `=` is JSON,\n"
          "or else a text. Paths of files and file patterns count from the folder that the specification lies in. Ready specifications\n"
          "with comments lie in `projects/`; [datasets.md](datasets.md) tells what becomes of recordings.\n\n"
          "## Kind train\n";
    text += tablesOf(train);
    text += "\n## Kind study\n\nMany runs from one file: a grid of values, folds and seeds around a specification of kind train.\n";
    text += tablesOf(study);
    text += "\n## Names and their options\n\nAlways `{\"name\": …, \"options\": {…}}`; options that are not given have their defaults.\n";
    for (const Parameter &parameter : train.parameters()) {
        if (!parameter.named.empty())
            text += choicesOf(parameter);
    }
    return text;
}

Json specificationSchemaJson()
{
    return {{"kinoscope", 1}, {"kinds", {{"train", schemaJson(schemaOf(SpecificationKind::train))}, {"study", schemaJson(schemaOf(SpecificationKind::study))}}}};
}

std::string specificationHelp()
{
    std::string text = "Paths of a specification, their values and defaults (docs/specification.md has all of it):\n";
    std::size_t width = 0;
    const auto parameters = schemaOf(SpecificationKind::train).parameters();
    for (const Parameter &parameter : parameters)
        width = std::max(width, parameter.path.size());
    for (const Parameter &parameter : parameters) {
        if (parameter.type == ParameterType::object)
            continue;
        std::string words = allowedWords(parameter);
        if (!parameter.named.empty()) {
            std::vector<std::string> names;
            for (const NamedChoice &choice : parameter.named)
                names.push_back(choice.name);
            words = listOfWords(names);
        }
        std::string usual = (parameter.absence == Absence::usual ? "default " : "") + defaultWords(parameter);
        for (const Condition &condition : parameter.conditions)
            usual += ", with " + conditionWords(condition);
        std::erase(usual, '`');
        const std::string unit = parameter.unit.empty() ? "" : " (" + parameter.unit + ")";
        text += "  " + parameter.path + std::string(width + 2 - parameter.path.size(), ' ') + words + unit + "; " + usual + "\n";
    }
    return text;
}

} // namespace kino
