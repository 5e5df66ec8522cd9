// Runs as a table shows them: plain rows that somebody else has read. Values; any thread.
#pragma once

#include "core/insight/spread.h"
#include "widgets/controls/status_mark.h"

#include <QString>
#include <QStringList>

#include <limits>
#include <memory>
#include <optional>
#include <vector>

namespace kino {

enum class RunState { queued, running, paused, cancelling, cancelled, interrupted, failed, done };
QString runStateText(RunState state);

/** A sign for a state that is told by its shape: waiting, at work, paused, …: of about 8 logical pixels. */
void paintRunState(QPainter &painter, QPointF centre, RunState state, const Theme &theme);

/** What a group's heading says of a column of numbers. */
enum class GroupFigure {
    none, // a date
    spread, // mean and standard deviation: a metric
    range, // "1 to 3", or the one that all have: a parameter
    total // time that was worked
};

struct RunColumn {
    /** "parameter:train.batch", "metric:test.macro_f1", "seconds": what it is known by. */
    QString id;
    QString title;
    QString tip = {};
    bool isNumber = false;
    /** Of a parameter that is drawn, such as the seed: runs that differ by it alone are repetitions. */
    bool isSeed = false;
    GroupFigure ofGroup = GroupFigure::spread;
    /** How a number is told that no run has, such as a total; nullptr: numberCellText(). */
    QString (*words)(double) = nullptr;
};

struct RunCell {
    QString text;
    /** What numbers are sorted by; NaN for words and for nothing. */
    double number = std::numeric_limits<double>::quiet_NaN();
};

struct RunRow {
    qint64 id = 0;
    QString name;
    RunState state = RunState::queued;
    /** "running", "pausing", "failed: …" */
    QString stateTip = {};
    bool isStarred = false;
    QStringList tags = {};
    QString notes = {};
    std::vector<RunCell> cells = {}; // as the columns
    /** The same in runs that differ by nothing but the seed; -1: not asked. */
    qint64 repetition = -1;
    /** What tells this repetition from others whose shown parameters are the same: "epochs 8". */
    QString repetitionWords = {};
};

struct RunTableData {
    std::vector<RunColumn> columns;
    std::vector<RunRow> rows;
};

/** Of those that are finite; nothing where none is. */
std::optional<Spread> finiteSpread(std::vector<double> values);
/** "0.536", "0.536 ± 0.021": as many digits as the spread leaves of use. */
QString spreadText(const Spread &spread);
/** Four significant digits: "0.5361", "2,884". */
QString numberCellText(double number);

} // namespace kino
