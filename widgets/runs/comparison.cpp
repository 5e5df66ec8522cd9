#include "widgets/runs/comparison.h"

#include "core/insight/run_comparison.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

std::vector<RunParameters> parametersOf(const std::vector<ComparedRun> &runs)
{
    std::vector<RunParameters> all;
    for (const ComparedRun &run : runs) {
        RunParameters &made = all.emplace_back();
        for (const auto &[path, value] : run.parameters)
            made.emplace_back(path.toStdString(), value.toStdString());
    }
    return all;
}

} // namespace

std::vector<ComparedLine> comparedParameters(const std::vector<ComparedRun> &runs)
{
    std::vector<ComparedLine> lines;
    for (const ComparedParameter &parameter : compareParameters(parametersOf(runs))) {
        ComparedLine &line = lines.emplace_back(ComparedLine{QString::fromStdString(parameter.path), {}, parameter.differs});
        for (const std::string &value : parameter.values)
            line.values += QString::fromStdString(value);
    }
    return lines;
}

std::vector<Repetitions> repetitionsOf(const std::vector<ComparedRun> &runs, const QString &metric)
{
    std::vector<Repetitions> groups;
    for (const std::vector<std::size_t> &places : findRepetitions(parametersOf(runs))) {
        Repetitions group;
        for (const std::size_t place : places) {
            const ComparedRun &run = runs[place];
            const auto value = run.metrics.find(metric);
            if (value == run.metrics.end() || !std::isfinite(value->second))
                continue;
            if (group.values.empty()) {
                group.name = run.name;
                group.place = run.place;
            }
            group.values.push_back(value->second);
            if (group.values.size() == 2 && !run.repeatedName.isEmpty())
                group.name = run.repeatedName;
        }
        if (group.values.empty())
            continue;
        group.spread = *finiteSpread(group.values);
        groups.push_back(std::move(group));
    }
    return groups;
}

QStringList comparedMetrics(const std::vector<ComparedRun> &runs)
{
    std::map<QString, std::size_t> counts;
    for (const ComparedRun &run : runs) {
        for (const auto &[key, value] : run.metrics)
            counts[key] += std::isfinite(value) ? 1 : 0;
    }
    QStringList keys;
    for (const auto &[key, count] : counts) {
        if (count > 0)
            keys += key;
    }
    std::ranges::stable_sort(keys, [&](const QString &one, const QString &other) { return counts[one] > counts[other]; });
    return keys;
}

} // namespace kino
