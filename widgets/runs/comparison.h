// Chosen runs side by side: what differs between them first, and what came of each with its spread over repetitions. Values; any thread.
#pragma once

#include "widgets/runs/run_table_data.h"
#include "widgets/runs/run_table_view.h"

#include <map>
#include <utility>

namespace kino {

struct ComparedRun {
    qint64 id = 0;
    QString name;
    /** As curvePen() takes it. */
    int place = 0;
    /** By path, in the order of the schema. */
    std::vector<std::pair<QString, QString>> parameters;
    /** Final numbers by key. */
    std::map<QString, double> metrics;
    /** With others that differ by the seed alone; empty: `name`. */
    QString repeatedName = {};
};

struct ComparedLine {
    QString path;
    QStringList values; // as the runs; empty where one has none
    bool differs = false;
};
/** Those that differ first, each part in the order of the first run that has them. */
std::vector<ComparedLine> comparedParameters(const std::vector<ComparedRun> &runs);

/** Runs that differ by nothing but the seed. */
struct Repetitions {
    QString name; // of several without the seed
    int place = 0; // of the first
    std::vector<double> values;
    Spread spread;
};
/** One for each set of parameters, in the order in which they come; those without the metric are left out. */
std::vector<Repetitions> repetitionsOf(const std::vector<ComparedRun> &runs, const QString &metric);
/** That any of them has, those that all have first, then by name. */
QStringList comparedMetrics(const std::vector<ComparedRun> &runs);

} // namespace kino
