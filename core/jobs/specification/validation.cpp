#include "core/jobs/specification/check.h"
#include "core/jobs/specification/study.h"

#include <algorithm>

namespace kino {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostTold = 200;
constexpr std::size_t kDeepest = 40;

/** Without recursion, so that no file is too deep for the stack. */
bool isDeep(const Json &json)
{
    std::vector<std::pair<const Json *, std::size_t>> open{{&json, 0}};
    while (!open.empty()) {
        const auto [value, depth] = open.back();
        open.pop_back();
        if (depth > kDeepest)
            return true;
        if (value->is_structured()) {
            for (const Json &each : *value)
                open.emplace_back(&each, depth + 1);
        }
    }
    return false;
}

bool isStudy(const Json &specification)
{
    const auto kind = specification.find("kind");
    return kind != specification.end() && *kind == "study";
}

/** Errors first, else in the order of the schema: parameters that are not in it, such as unknown ones, after those around them. */
void sortProblems(const Schema &schema, std::vector<Problem> &problems)
{
    const auto placeOf = [&](std::string path) {
        for (;;) {
            const Parameter *parameter = schema.find(path);
            const std::size_t dot = path.rfind('.');
            if (parameter)
                return static_cast<std::size_t>(parameter - schema.parameters().data());
            if (dot == std::string::npos)
                return schema.parameters().size();
            path.resize(dot);
        }
    };
    std::ranges::stable_sort(problems, {}, [&](const Problem &problem) { return std::pair(problem.severity, placeOf(problem.path)); });
}

} // namespace

std::vector<Problem> validateSpecification(const Json &specification, const std::filesystem::path &folder)
{
    if (!specification.is_object())
        return {{"specification", "must be an object, {\"kinoscope\": 1, \"kind\": \"train\", …}, not " + valueWords(specification)}};
    if (isDeep(specification))
        return {{"specification", "has objects within objects more than " + std::to_string(kDeepest) + " deep, which no specification needs"}};
    const Schema &schema = schemaOf(isStudy(specification) ? SpecificationKind::study : SpecificationKind::train);
    specification::Checked checked = specification::checkAgainst(schema, specification);
    if (isStudy(specification))
        specification::addStudyProblems(checked, specification, folder);
    else
        specification::addRelationProblems(checked);
    if (!isStudy(specification) && !folder.empty())
        specification::addFileWarnings(checked, folder);
    sortProblems(schema, checked.problems);
    if (checked.problems.size() > kMostTold) {
        const std::size_t more = checked.problems.size() - kMostTold;
        checked.problems.resize(kMostTold);
        checked.problems.push_back({"specification", "there are " + std::to_string(more) + " more problems; mend these first"});
    }
    return std::move(checked.problems);
}

bool isSound(const std::vector<Problem> &problems)
{
    return std::ranges::none_of(problems, [](const Problem &problem) { return problem.severity == ProblemSeverity::error; });
}

std::string errorLines(const std::vector<Problem> &problems)
{
    std::string lines;
    for (const Problem &problem : problems) {
        if (problem.severity == ProblemSeverity::error)
            lines += (lines.empty() ? "" : "\n") + problem.text();
    }
    return lines;
}

} // namespace kino
