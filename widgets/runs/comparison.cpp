#include "widgets/runs/comparison.h"

#include <QHash>

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

/** Drawn anew in each repetition, or only what it is called. */
bool isOfTheRepetition(const QString &path)
{
    return path == QLatin1String("seed") || path.endsWith(QLatin1String(".seed")) || path == QLatin1String("name") || path == QLatin1String("about");
}

} // namespace

std::vector<ComparedLine> comparedParameters(const std::vector<ComparedRun> &runs)
{
    std::vector<ComparedLine> lines;
    QHash<QString, std::size_t> known;
    for (std::size_t run = 0; run < runs.size(); ++run) {
        for (const auto &[path, value] : runs[run].parameters) {
            auto found = known.constFind(path);
            if (found == known.cend()) {
                found = known.insert(path, lines.size());
                QStringList empty;
                empty.resize(static_cast<qsizetype>(runs.size()));
                lines.push_back({path, empty});
            }
            lines[*found].values[static_cast<qsizetype>(run)] = value;
        }
    }
    for (ComparedLine &line : lines)
        line.differs = std::ranges::any_of(line.values, [&](const QString &value) { return value != line.values.front(); });
    std::ranges::stable_partition(lines, [](const ComparedLine &line) { return line.differs; });
    return lines;
}

std::vector<Repetitions> repetitionsOf(const std::vector<ComparedRun> &runs, const QString &metric)
{
    std::vector<Repetitions> groups;
    QHash<QString, std::size_t> places; // by all parameters but those of the repetition
    for (const ComparedRun &run : runs) {
        const auto value = run.metrics.find(metric);
        if (value == run.metrics.end() || !std::isfinite(value->second))
            continue;
        QStringList parts;
        for (const auto &[path, parameter] : run.parameters) {
            if (!isOfTheRepetition(path))
                parts += path + QLatin1Char('=') + parameter;
        }
        parts.sort();
        const QString all = parts.join(QLatin1Char('\n'));
        auto place = places.constFind(all);
        if (place == places.cend()) {
            place = places.insert(all, groups.size());
            groups.push_back({run.name, run.place, {}, {}});
        }
        groups[*place].values.push_back(value->second);
    }
    for (Repetitions &group : groups)
        group.spread = *finiteSpread(group.values);
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
