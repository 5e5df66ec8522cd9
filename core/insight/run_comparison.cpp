#include "core/insight/run_comparison.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace kino {

bool isOfTheRepetition(const std::string &path) { return path == "seed" || path.ends_with(".seed") || path == "name" || path == "about"; }

namespace {

/** What a study says of all its runs stands under "base": there it is called as a run calls it, but for what the study says of itself. */
RunParameters calledAsInRuns(const RunParameters &parameters)
{
    constexpr std::string_view kBase = "base.";
    RunParameters called;
    for (const auto &[path, value] : parameters) {
        const std::string own = path.starts_with(kBase) ? path.substr(kBase.size()) : path;
        if (own == path || std::ranges::find(parameters, own, &RunParameters::value_type::first) == parameters.end())
            called.emplace_back(own, value);
    }
    return called;
}

} // namespace

std::vector<ComparedParameter> compareParameters(std::span<const RunParameters> runs)
{
    std::vector<ComparedParameter> lines;
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t run = 0; run < runs.size(); ++run) {
        for (const auto &[path, value] : calledAsInRuns(runs[run])) {
            const auto [place, isNew] = known.emplace(path, lines.size());
            if (isNew)
                lines.push_back({path, std::vector<std::string>(runs.size()), false});
            lines[place->second].values[run] = value;
        }
    }
    for (ComparedParameter &line : lines)
        line.differs = std::ranges::any_of(line.values, [&](const std::string &value) { return value != line.values.front(); });
    std::ranges::stable_partition(lines, &ComparedParameter::differs);
    return lines;
}

std::vector<std::vector<std::size_t>> findRepetitions(std::span<const RunParameters> runs)
{
    std::vector<std::vector<std::size_t>> groups;
    std::map<RunParameters, std::size_t> places; // by all parameters but those of the repetition
    for (std::size_t run = 0; run < runs.size(); ++run) {
        RunParameters own;
        std::ranges::copy_if(runs[run], std::back_inserter(own), [](const auto &each) { return !isOfTheRepetition(each.first); });
        std::ranges::sort(own);
        const auto [place, isNew] = places.emplace(std::move(own), groups.size());
        if (isNew)
            groups.emplace_back();
        groups[place->second].push_back(run);
    }
    return groups;
}

} // namespace kino
