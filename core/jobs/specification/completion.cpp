#include "core/jobs/specification/completion.h"

#include "core/base/error.h"
#include "core/jobs/specification/specification.h"
#include "core/learn/loss_infos.h"

#include <algorithm>

namespace kino {
namespace specification {
namespace {

using Json = nlohmann::json;

std::string keyOf(const Parameter &parameter) { return parameter.path.substr(parameter.path.rfind('.') + 1); }

class Completion {
public:
    Completion(const Schema &schema, const Json &given) : m_schema(schema), m_given(given) {}

    void fillObject(const std::string &path, Json &object)
    {
        for (const Parameter *child : m_schema.childrenOf(path)) {
            const std::string key = keyOf(*child);
            const auto found = object.find(key);
            if (found != object.end() && found->is_null() && child->absence == Absence::leftOut) {
                object.erase(found);
                continue;
            }
            if (judgeConditions(m_schema, *child, m_given).fit != Fit::yes)
                continue;
            if (found == object.end() && child->absence != Absence::usual)
                continue;
            if (found == object.end())
                object[key] = defaultOf(*child, m_given);
            fillInside(*child, object[key]);
        }
    }

private:
    void fillInside(const Parameter &parameter, Json &value)
    {
        if (parameter.type == ParameterType::namedList && value.is_array()) {
            for (Json &each : value)
                fillNamed(parameter, each);
        } else if (parameter.type == ParameterType::named) {
            fillNamed(parameter, value);
            if (value.is_object())
                fillObject(parameter.path, value);
        } else if (parameter.type == ParameterType::object && value.is_object()) {
            fillObject(parameter.path, value);
        } else if (parameter.type == ParameterType::base && value.is_object()) {
            value = filledWithDefaults(schemaOf(SpecificationKind::train), value);
        }
    }

    void fillNamed(const Parameter &parameter, Json &value) const
    {
        const auto name = value.is_object() ? value.find("name") : value.end();
        if (!value.is_object() || name == value.end() || !name->is_string())
            return;
        const NamedChoice *choice = findChoice(parameter.named, name->get<std::string>());
        if (!choice)
            return;
        Json &options = value["options"];
        if (options.is_null())
            options = Json::object();
        if (!options.is_object())
            return;
        for (const Parameter &option : choice->options) {
            if (!options.contains(option.path))
                options[option.path] = defaultOf(option, m_given);
        }
        // Options of the loss that another option names: the only ones inside options.
        const auto loss = options.find("distillation"), lossOptions = options.find("distillation_options");
        if (loss != options.end() && lossOptions != options.end() && loss->is_string() && lossOptions->is_object()) {
            const auto info = std::ranges::find(lossInfos(), loss->get<std::string>(), &LossInfo::name);
            if (info != lossInfos().end())
                lossOptions->update(completeOptions(info->options, *lossOptions));
        }
    }

    const Schema &m_schema;
    const Json &m_given;
};

nlohmann::ordered_json orderedNamed(const Parameter &parameter, const Json &value);

nlohmann::ordered_json orderedObject(const Schema &schema, const std::string &path, const Json &object,
                                     nlohmann::ordered_json ordered = nlohmann::ordered_json::object())
{
    for (const Parameter *child : schema.childrenOf(path)) {
        const auto found = object.find(keyOf(*child));
        if (found == object.end())
            continue;
        nlohmann::ordered_json &target = ordered[keyOf(*child)];
        if (child->type == ParameterType::object && found->is_object()) {
            target = orderedObject(schema, child->path, *found);
        } else if (child->type == ParameterType::named && found->is_object()) {
            target = orderedObject(schema, child->path, *found, orderedNamed(*child, *found));
        } else if (child->type == ParameterType::namedList && found->is_array()) {
            target = nlohmann::ordered_json::array();
            for (const Json &each : *found)
                target.push_back(orderedNamed(*child, each));
        } else if (child->type == ParameterType::base && found->is_object()) {
            target = orderedObject(schemaOf(SpecificationKind::train), "", *found);
        } else {
            target = *found;
        }
    }
    for (const auto &[key, value] : object.items()) { // what the schema does not know stays, at the end
        if (!ordered.contains(key))
            ordered[key] = value;
    }
    return ordered;
}

nlohmann::ordered_json orderedNamed(const Parameter &parameter, const Json &value)
{
    nlohmann::ordered_json ordered = nlohmann::ordered_json::object();
    const auto name = value.is_object() ? value.find("name") : value.end();
    const bool isNamed = value.is_object() && name != value.end() && name->is_string();
    const NamedChoice *choice = isNamed ? findChoice(parameter.named, name->get<std::string>()) : nullptr;
    if (!choice)
        return value;
    ordered["name"] = *name;
    const auto options = value.find("options");
    if (options == value.end() || !options->is_object())
        return ordered;
    nlohmann::ordered_json &target = ordered["options"] = nlohmann::ordered_json::object();
    for (const Parameter &option : choice->options) {
        if (const auto found = options->find(option.path); found != options->end())
            target[option.path] = *found;
    }
    for (const auto &[key, each] : options->items()) {
        if (!target.contains(key))
            target[key] = each;
    }
    return ordered;
}

} // namespace

Json filledWithDefaults(const Schema &schema, const Json &given)
{
    Json filled = given;
    if (filled.is_object())
        Completion(schema, given).fillObject("", filled);
    return filled;
}

} // namespace specification

namespace {

SpecificationKind kindOf(const nlohmann::json &specification)
{
    const nlohmann::json *kind = valueAt(specification, "kind");
    return kind && *kind == "study" ? SpecificationKind::study : SpecificationKind::train;
}

} // namespace

nlohmann::json completeSpecification(const nlohmann::json &specification)
{
    const std::vector<Problem> problems = validateSpecification(specification);
    if (!isSound(problems))
        throw Error(errorLines(problems));
    return specification::filledWithDefaults(schemaOf(kindOf(specification)), specification);
}

nlohmann::json datasetPart(const nlohmann::json &specification)
{
    nlohmann::json part = specification;
    const auto data = part.is_object() ? part.find("data") : part.end();
    if (!part.is_object() || data == part.end() || !data->is_object())
        return part;
    if (const auto source = data->find("source"); source != data->end() && *source == "embeddings") {
        nlohmann::json split = data->value("split", nlohmann::json());
        *data = {{"recordings", {"*"}}, {"window", {{"seconds", 1}}}, {"split", std::move(split)}};
    }
    for (const char *key : {"sampler", "shots", "embeddings"})
        data->erase(key);
    for (const char *key : {"profile", "split"}) {
        if (const auto found = data->find(key); found != data->end() && found->is_null())
            data->erase(found);
    }
    if (const auto window = data->find("window"); window != data->end() && window->is_object() && window->contains("around") && window->at("around").is_null())
        window->erase("around");
    return part;
}

nlohmann::ordered_json orderedSpecification(const nlohmann::json &specification)
{
    if (!specification.is_object())
        return specification;
    return specification::orderedObject(schemaOf(kindOf(specification)), "", specification);
}

} // namespace kino
