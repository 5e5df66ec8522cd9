#include "core/jobs/specification/schema.h"

#include "core/jobs/specification/tables.h"

#include <algorithm>

namespace kino {
namespace {

std::string parentOf(const std::string &path)
{
    const std::size_t dot = path.rfind('.');
    return dot == std::string::npos ? std::string() : path.substr(0, dot);
}

Schema trainSchema()
{
    std::vector<Parameter> all = specification::jobParameters();
    all.push_back(specification::seedParameter());
    for (auto &&part : {specification::dataParameters(), specification::learningParameters()})
        all.insert(all.end(), part.begin(), part.end());
    return Schema(std::move(all));
}

/** What stands at a path, or would by default. */
nlohmann::json valueOrDefault(const Schema &schema, const std::string &path, const nlohmann::json &specification)
{
    if (const nlohmann::json *value = valueAt(specification, path))
        return value->is_string() ? *value : nlohmann::json();
    const Parameter *parameter = schema.find(path);
    return parameter ? defaultOf(*parameter, specification) : nlohmann::json();
}

ConditionVerdict judge(const Schema &schema, const Condition &condition, const nlohmann::json &specification)
{
    if (condition.values.empty()) {
        const nlohmann::json *value = valueAt(specification, condition.path);
        const bool isGiven = value && !value->is_null();
        if (condition.presence == Presence::absent)
            return isGiven ? ConditionVerdict{Fit::no, "no " + condition.path} : ConditionVerdict{};
        return isGiven ? ConditionVerdict{} : ConditionVerdict{Fit::no, condition.path + ", which is not given"};
    }
    const nlohmann::json value = valueOrDefault(schema, condition.path, specification);
    const Parameter *parameter = schema.find(condition.path);
    if (!value.is_string() || (parameter && std::ranges::find(parameter->allowed, value.get<std::string>()) == parameter->allowed.end()))
        return {Fit::unknown};
    if (std::ranges::find(condition.values, value.get<std::string>()) != condition.values.end())
        return {};
    return {Fit::no, condition.path + " " + listOfWords(condition.values) + ", not with " + valueWords(value)};
}

} // namespace

std::string_view specificationKindName(SpecificationKind kind) { return kind == SpecificationKind::train ? "train" : "study"; }

Schema::Schema(std::vector<Parameter> parameters) : m_parameters(std::move(parameters))
{
    for (const Parameter &parameter : m_parameters) {
        const std::string parent = parentOf(parameter.path);
        auto found = std::ranges::find(m_children, parent, [](const auto &entry) { return entry.first; });
        if (found == m_children.end())
            found = m_children.insert(m_children.end(), {parent, {}});
        found->second.push_back(&parameter);
    }
}

const Parameter *Schema::find(const std::string &path) const
{
    const auto found = std::ranges::find(m_parameters, path, &Parameter::path);
    return found == m_parameters.end() ? nullptr : &*found;
}

const std::vector<const Parameter *> &Schema::childrenOf(const std::string &path) const
{
    static const std::vector<const Parameter *> none;
    const auto found = std::ranges::find(m_children, path, [](const auto &entry) { return entry.first; });
    return found == m_children.end() ? none : found->second;
}

const Schema &schemaOf(SpecificationKind kind)
{
    static const Schema train = trainSchema(), study(specification::studyParameters());
    return kind == SpecificationKind::train ? train : study;
}

std::vector<std::string> groupsOf(const Schema &schema)
{
    std::vector<std::string> groups;
    for (const Parameter &parameter : schema.parameters()) {
        if (std::ranges::find(groups, parameter.group) == groups.end())
            groups.push_back(parameter.group);
    }
    return groups;
}

ConditionVerdict judgeConditions(const Schema &schema, const Parameter &parameter, const nlohmann::json &specification)
{
    ConditionVerdict verdict;
    for (std::string path = parameter.path; !path.empty(); path = parentOf(path)) {
        const Parameter *around = path == parameter.path ? &parameter : schema.find(path);
        if (!around)
            continue;
        for (const Condition &condition : around->conditions) {
            const ConditionVerdict one = judge(schema, condition, specification);
            if (one.fit == Fit::no)
                return one;
            if (one.fit == Fit::unknown)
                verdict = one;
        }
    }
    return verdict;
}

} // namespace kino
