#include "app/kinoscope/experiments/job_words.h"

#include "app/kinoscope/texts.h"
#include "core/insight/run_comparison.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <cmath>

namespace kino {
namespace {

QString words(const char *english) { return QCoreApplication::translate("JobWords", english); }

/** "macro_f1" of "test.macro_f1": "macro-F1, test". */
QString metricTitle(const MetricColumn &column)
{
    QString key = text(column.key);
    const qsizetype dot = key.indexOf(QLatin1Char('.'));
    if (dot > 0)
        key = key.mid(dot + 1).replace(QStringLiteral("macro_f1"), QStringLiteral("macro-F1")) + QStringLiteral(", ") + key.left(dot);
    switch (column.figure) {
    case MetricFigure::final: return key;
    case MetricFigure::last: return words("last %1").arg(key);
    case MetricFigure::least: return words("least %1").arg(key);
    case MetricFigure::most: return words("greatest %1").arg(key);
    }
    return key;
}

QString dateWords(Nanos atNs)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(atNs / kNanosPerMillisecond);
    return at.date() == QDate::currentDate() ? at.toString(QStringLiteral("HH:mm")) : at.toString(QStringLiteral("yyyy-MM-dd HH:mm"));
}

QString parameterTitle(const std::string &path)
{
    const QString last = text(path.substr(path.rfind('.') == std::string::npos ? 0 : path.rfind('.') + 1));
    // "encoder.name" is the encoder.
    return last == QLatin1String("name") && path.find('.') != std::string::npos ? text(path.substr(0, path.find('.'))) : QString(last).replace(QLatin1Char('_'), QLatin1Char(' '));
}

QString workedWords(double seconds) { return seconds < 60 ? words("%1 s").arg(qRound64(seconds)) : secondsWords(seconds); }

/** "epochs 8, folds 4" */
QString tellingApartWords(const RunTableRow &row)
{
    QStringList parts;
    for (const auto &[path, value] : row.tellingApart)
        parts += parameterTitle(path) + QLatin1Char(' ') + (value.empty() ? QStringLiteral("\u2013") : text(value));
    return parts.join(QStringLiteral(", "));
}

/** Without separators of thousands: as the runs' own cells have it. */
QString plainWords(double number) { return QString::number(number, 'g', QLocale::FloatingPointShortest); }

RunCell cellOf(const ParameterValue &value)
{
    RunCell cell{text(parameterText(value))};
    if (const auto *whole = std::get_if<std::int64_t>(&value))
        cell.number = static_cast<double>(*whole);
    if (const auto *number = std::get_if<double>(&value))
        cell.number = *number;
    return cell;
}

/** Of one that runs, all but its time left. */
QStringList workWords(const JobRow &job)
{
    QStringList parts;
    if (job.request == JobRequest::pause)
        parts += words("pausing");
    else if (job.request == JobRequest::cancel)
        parts += words("cancelling");
    if (!job.stage.empty())
        parts += text(job.stage);
    if (job.ratePerSecond)
        parts += words("%1 windows/s").arg(qRound64(*job.ratePerSecond));
    return parts;
}

} // namespace

RunState runStateOf(JobState state)
{
    switch (state) {
    case JobState::queued: return RunState::queued;
    case JobState::running: return RunState::running;
    case JobState::paused: return RunState::paused;
    case JobState::cancelling: return RunState::cancelling;
    case JobState::cancelled: return RunState::cancelled;
    case JobState::interrupted: return RunState::interrupted;
    case JobState::failed: return RunState::failed;
    case JobState::done: return RunState::done;
    }
    return RunState::queued;
}

JobState jobStateOf(RunState state)
{
    const auto found = std::ranges::find(allJobStates(), state, runStateOf);
    return found == allJobStates().end() ? JobState::queued : *found;
}

QString shortSecondsWords(double seconds) { return seconds < 60 ? words("< 1 min") : secondsWords(seconds); }

QString secondsWords(double seconds)
{
    if (seconds < 60)
        return words("less than a minute");
    const auto minutes = static_cast<qint64>(std::llround(seconds / 60));
    if (minutes < 60)
        return words("%1 min").arg(minutes);
    return minutes < 48 * 60 ? words("%1 h %2 min").arg(minutes / 60).arg(minutes % 60) : words("%1 days").arg(minutes / 60 / 24);
}

QString jobName(const JobRow &job) { return job.name.empty() ? words("Job %1").arg(job.id) : text(job.name); }

QString lostStepsWords(std::int64_t steps)
{
    return steps <= 0 ? QString() : steps == 1 ? words("1 step is done again") : words("%1 steps are done again").arg(steps);
}

QString statusWords(const JobRow &job)
{
    const QString stage = text(job.stage);
    switch (job.state) {
    case JobState::queued: return stage.isEmpty() ? words("waiting") : stage;
    case JobState::running: {
        QStringList parts = workWords(job);
        if (job.secondsLeft)
            parts += words("%1 left").arg(secondsWords(*job.secondsLeft));
        return parts.isEmpty() ? words("beginning") : parts.join(QStringLiteral("   "));
    }
    case JobState::paused: return words("paused by you");
    case JobState::cancelling: return words("stops after this step");
    case JobState::cancelled: return words("cancelled");
    case JobState::interrupted: return job.error ? text(*job.error) : words("lost its worker; resume it to go on from its checkpoint");
    case JobState::failed: return job.error ? text(*job.error) : words("failed");
    case JobState::done: return {};
    }
    return {};
}

QueueItem queueCard(const JobRow &job, std::span<const LostJob> lost)
{
    QueueItem item{.kind = QueueItem::Kind::card, .id = job.id, .name = jobName(job), .state = runStateOf(job.state)};
    QStringList detail{text(job.kind)};
    if (!job.cellName.empty())
        detail += text(job.cellName);
    if (job.fold)
        detail += words("fold %1").arg(*job.fold);
    if (job.seed)
        detail += words("seed %1").arg(*job.seed);
    item.detail = detail.join(QStringLiteral(", "));
    item.status = statusWords(job);
    if (job.state == JobState::running && job.secondsLeft) {
        item.status = workWords(job).join(QStringLiteral("   "));
        item.remaining = words("%1 left").arg(shortSecondsWords(*job.secondsLeft));
    }
    const auto own = std::ranges::find(lost, job.id, [](const LostJob &each) { return each.job.id; });
    if (job.state == JobState::interrupted && own != lost.end())
        item.status = words("lost its worker") + (own->steps > 0 ? QStringLiteral("   ") + lostStepsWords(own->steps) : QString());
    if (const auto ofStudy = std::ranges::count(lost, std::optional(job.id), [](const LostJob &each) { return each.job.study; }); ofStudy > 0)
        item.status = (ofStudy == 1 ? words("1 run lost its worker") : words("%1 runs lost their worker").arg(ofStudy)) + QStringLiteral("   ") + item.status;
    item.progress = job.state == JobState::queued && job.progress <= 0 ? 0 : job.progress;
    item.canPause = mayPause(job);
    item.canResume = mayResume(job);
    item.canCancel = mayCancel(job);
    item.canMove = job.state == JobState::queued;
    return item;
}

QueueItem finishedLine(const JobRow &job, std::optional<double> value)
{
    QueueItem item{.kind = QueueItem::Kind::finished, .id = job.id, .name = jobName(job), .state = runStateOf(job.state)};
    item.status = statusWords(job);
    if (value)
        item.value = numberCellText(*value);
    item.canResume = mayResume(job);
    return item;
}

RunTableData tableOf(const std::vector<RunTableRow> &rows, const RunTableQuery &query)
{
    RunTableData table;
    for (const std::string &path : query.parameters) {
        const bool isSeed = isOfTheRepetition(path) && path != "name" && path != "about";
        table.columns.push_back({QStringLiteral("parameter:") + text(path), parameterTitle(path), text(path), false, isSeed, GroupFigure::range, plainWords});
    }
    for (const MetricColumn &metric : query.metrics)
        table.columns.push_back({QStringLiteral("metric:") + text(metric.key), metricTitle(metric), text(metric.key), true});
    table.columns.push_back({QStringLiteral("tags"), words("Tags")});
    table.columns.push_back({QStringLiteral("seconds"), words("Time"), words("Of work, pauses left out"), true, false, GroupFigure::total, workedWords});
    table.columns.push_back({QStringLiteral("created"), words("Submitted"), {}, true, false, GroupFigure::none});
    for (const RunTableRow &row : rows) {
        RunRow &made = table.rows.emplace_back(RunRow{.id = row.job.id, .name = jobName(row.job), .state = runStateOf(row.job.state)});
        made.stateTip = statusWords(row.job);
        made.repetition = row.repetition ? static_cast<qint64>(*row.repetition) : -1;
        made.repetitionWords = tellingApartWords(row);
        made.isStarred = row.job.isStarred;
        made.notes = text(row.job.notes);
        for (const std::string &tag : row.job.tags)
            made.tags += text(tag);
        for (const ParameterValue &value : row.parameters)
            made.cells.push_back(cellOf(value));
        for (const std::optional<double> &value : row.metrics)
            made.cells.push_back(value ? RunCell{row.job.kind == "study" ? words("best %1").arg(numberCellText(*value)) : numberCellText(*value), *value} : RunCell{});
        made.cells.push_back({made.tags.join(QStringLiteral(", "))});
        made.cells.push_back(row.job.workedSeconds > 0 ? RunCell{workedWords(row.job.workedSeconds), row.job.workedSeconds} : RunCell{});
        made.cells.push_back({dateWords(row.job.createdAtNs), static_cast<double>(row.job.createdAtNs)});
    }
    for (std::size_t column = 0; column < query.parameters.size(); ++column)
        table.columns[column].isNumber = std::ranges::any_of(table.rows, [&](const RunRow &row) { return std::isfinite(row.cells[column].number); });
    return table;
}

} // namespace kino
