#include "app/kinoscope/experiments/specification_fields.h"

#include "app/kinoscope/texts.h"
#include "core/base/error.h"

#include <QCoreApplication>

namespace kino {
namespace {

using Json = nlohmann::json;

constexpr const char *kBase = "base.";

QString fieldWords(const char *english) { return QCoreApplication::translate("SpecificationFields", english); }

FieldKind fieldKind(ParameterType type)
{
    switch (type) {
    case ParameterType::object: return FieldKind::section;
    case ParameterType::flag: return FieldKind::flag;
    case ParameterType::whole: return FieldKind::whole;
    case ParameterType::number: return FieldKind::number;
    case ParameterType::text:
    case ParameterType::path: return FieldKind::text;
    case ParameterType::choice: return FieldKind::choice;
    case ParameterType::choices: return FieldKind::choices;
    case ParameterType::texts:
    case ParameterType::names:
    case ParameterType::globs: return FieldKind::texts;
    case ParameterType::numbers:
    case ParameterType::wholes: return FieldKind::numbers;
    case ParameterType::recordings:
    case ParameterType::weights: return FieldKind::oneOf;
    case ParameterType::named: return FieldKind::named;
    case ParameterType::namedList: return FieldKind::namedList;
    case ParameterType::labels:
    case ParameterType::paths:
    case ParameterType::options:
    case ParameterType::grid:
    case ParameterType::base: break;
    }
    return FieldKind::json;
}

std::vector<FieldVariant> variantsOf(ParameterType type)
{
    using Holds = FieldVariant::Holds;
    if (type == ParameterType::recordings)
        return {{.title = fieldWords("All of the project"), .holds = Holds::nothing, .fixed = {{"project", "all"}}},
                {.title = fieldWords("With the tag"), .key = "tag", .placeholder = fieldWords("a tag of the library")},
                {.title = fieldWords("Files"), .holds = Holds::texts, .placeholder = QStringLiteral("data/**/*.csv")}};
    if (type == ParameterType::weights)
        return {{.title = fieldWords("Random"), .holds = Holds::nothing, .fixed = nullptr},
                {.title = fieldWords("Of a run"), .holds = Holds::whole, .key = "run", .placeholder = fieldWords("its number")},
                {.title = fieldWords("Of a file"), .placeholder = QStringLiteral("best.safetensors")}};
    return {};
}

FormField fieldOf(const Parameter &parameter)
{
    FormField field{.path = parameter.path, .kind = fieldKind(parameter.type), .title = text(parameter.title)};
    if (field.title.isEmpty()) // of options of a choice: its name is all there is
        field.title = text(parameter.path).replace(QLatin1Char('_'), QLatin1Char(' '));
    field.unit = text(parameter.unit);
    field.group = text(parameter.group);
    field.help = text(parameter.help);
    for (const std::string &relation : parameter.relations)
        field.help += QLatin1Char(' ') + text(relation);
    field.source = text(parameter.source);
    field.allowed = parameter.type == ParameterType::object ? QString() : text(allowedWords(parameter));
    field.usualWords = text(parameter.usualWords);
    field.words = parameter.allowed;
    field.variants = variantsOf(parameter.type);
    field.mayBeNull = parameter.mayBeNull;
    field.isNeeded = parameter.absence == Absence::refused;
    field.mayBeOneText = parameter.type == ParameterType::names;
    field.origin = &parameter;
    for (const NamedChoice &choice : parameter.named) {
        FormChoice &made = field.named.emplace_back(FormChoice{choice.name, text(choice.title), text(choice.source), {}});
        for (const Parameter &option : choice.options)
            made.options.push_back(fieldOf(option));
    }
    return field;
}

/** Objects that are always there need no line: their fields make them. */
bool isShown(const Parameter &parameter)
{
    if (parameter.path == "kinoscope" || parameter.type == ParameterType::base)
        return false;
    return parameter.type != ParameterType::object || parameter.mayBeNull || parameter.absence == Absence::leftOut;
}

std::vector<FormField> makeFields(SpecificationKind kind)
{
    std::vector<FormField> fields;
    for (const Parameter &parameter : schemaOf(kind).parameters()) {
        if (isShown(parameter))
            fields.push_back(fieldOf(parameter));
    }
    if (kind == SpecificationKind::train)
        return fields;
    for (const Parameter &parameter : schemaOf(SpecificationKind::train).parameters()) {
        if (!isShown(parameter) || parameter.path == "kind" || parameter.path == "name" || parameter.path == "about")
            continue;
        FormField field = fieldOf(parameter);
        field.path = kBase + field.path;
        field.group = QCoreApplication::translate("SpecificationFields", "Base: %1").arg(field.group);
        fields.push_back(std::move(field));
    }
    return fields;
}

void addStates(FormVerdict &verdict, const Schema &schema, const std::string &prefix, const Json &specification)
{
    for (const Parameter &parameter : schema.parameters()) {
        FieldState &state = verdict.states[prefix + parameter.path];
        const ConditionVerdict fit = judgeConditions(schema, parameter, specification);
        state.applies = fit.fit != Fit::no;
        if (!state.applies)
            state.reason = QCoreApplication::translate("SpecificationFields", "goes with %1").arg(text(fit.reason));
        state.usual = defaultOf(parameter, specification);
    }
}

} // namespace

std::shared_ptr<const std::vector<FormField>> specificationFields(SpecificationKind kind)
{
    static const auto train = std::make_shared<const std::vector<FormField>>(makeFields(SpecificationKind::train));
    static const auto study = std::make_shared<const std::vector<FormField>>(makeFields(SpecificationKind::study));
    return kind == SpecificationKind::train ? train : study;
}

SpecificationKind kindOf(const Json &specification)
{
    const Json *kind = valueAt(specification, "kind");
    return kind && *kind == "study" ? SpecificationKind::study : SpecificationKind::train;
}

FormVerdict judgeSpecification(const Json &specification, const std::filesystem::path &folder)
{
    FormVerdict verdict;
    const SpecificationKind kind = kindOf(specification);
    addStates(verdict, schemaOf(kind), "", specification);
    const Json empty = Json::object();
    const Json *base = valueAt(specification, "base");
    const Json &inner = base && base->is_object() ? *base : empty;
    if (kind == SpecificationKind::study)
        addStates(verdict, schemaOf(SpecificationKind::train), kBase, inner);
    // What is a default of a choice shows with it.
    for (const FormRow &row : formRows(*specificationFields(kind), specification, verdict)) {
        if (row.kind == FormRow::Kind::field && !verdict.states.contains(row.path))
            verdict.states[row.path].usual = defaultOf(*static_cast<const Parameter *>(row.field->origin), row.path.starts_with(kBase) ? inner : specification);
    }
    for (const Problem &problem : validateSpecification(specification, folder))
        verdict.problems.push_back({problem.path == "specification" ? std::string() : problem.path, text(problem.sentence), problem.severity == ProblemSeverity::warning});
    return verdict;
}

} // namespace kino
