#include "app/kinoscope/inspect/plot_files.h"

#include "core/base/error.h"
#include "core/base/files.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>

#include <cmath>

namespace kino {
namespace {

namespace fs = std::filesystem;

constexpr Nanos kNearlyAll = 10 * kNanosPerMillisecond;

QString folderSetting() { return QStringLiteral("plots/folder"); }

/** "12.345s": a millisecond tells two pictures apart, trailing zeros do not. */
QString secondsText(RecordingTime time)
{
    const Nanos milliseconds = (time.ns + (time.ns < 0 ? -1 : 1) * kNanosPerMillisecond / 2) / kNanosPerMillisecond;
    QString text = QString::number(std::abs(milliseconds) / 1000);
    if (const Nanos rest = std::abs(milliseconds) % 1000; rest > 0) {
        text += QLatin1Char('.') + QString::number(rest).rightJustified(3, QLatin1Char('0'));
        while (text.endsWith(QLatin1Char('0')))
            text.chop(1);
    }
    return (milliseconds < 0 ? QStringLiteral("-") : QString()) + text + QLatin1Char('s');
}

QString fileName(const fs::path &file) { return QString::fromStdString(file.filename().string()); }

QString savedText(const std::vector<fs::path> &files)
{
    if (files.size() == 1)
        return PlotFiles::tr("Saved as %1.").arg(QDir::toNativeSeparators(QString::fromStdString(files.front().string())));
    QStringList names;
    for (const fs::path &file : files)
        names += fileName(file);
    const QString folder = QDir::toNativeSeparators(QString::fromStdString(files.front().parent_path().string()));
    return PlotFiles::tr("Saved as %1 files in %2: %3.").arg(files.size()).arg(folder, names.join(QStringLiteral(", ")));
}

QString endingOf(PlotFormat format)
{
    for (const PlotFormatInfo &info : plotFormats()) {
        if (info.format == format)
            return QLatin1String(info.ending);
    }
    return {};
}

} // namespace

QString plotName(const QString &recording, const QString &plot, TimeRange visible, TimeRange bounds)
{
    QString name = recording.isEmpty() ? plot : recording + QLatin1Char('_') + plot;
    if (visible.isEmpty())
        name += QLatin1Char('_') + secondsText(visible.start);
    else if (visible.start - bounds.start > kNearlyAll || bounds.end - visible.end > kNearlyAll)
        name += QLatin1Char('_') + secondsText(visible.start) + QLatin1Char('-') + secondsText(visible.end);
    return QString::fromStdString(plainFileName(name.toStdString()));
}

PlotFiles::PlotFiles(TaskRunner &runner, QWidget &window)
    : QObject(&window), m_runner(runner), m_window(window), m_where([this](const QString &proposed, PlotFormat format) { return askPerson(proposed, format); }),
      m_replace([this](const QStringList &files) { return askPersonToReplace(files); })
{
}

void PlotFiles::setAsks(AskWhere where, AskReplace replace)
{
    m_where = std::move(where);
    m_replace = std::move(replace);
}

QString PlotFiles::askPerson(const QString &proposed, PlotFormat format)
{
    QStringList filters;
    QString chosen;
    for (const PlotFormatInfo &info : plotFormats()) {
        filters += QStringLiteral("%1 (*%2)").arg(QLatin1String(info.name), QLatin1String(info.ending));
        if (info.format == format)
            chosen = filters.back();
    }
    return QFileDialog::getSaveFileName(&m_window, tr("Save plot"), proposed, filters.join(QStringLiteral(";;")), &chosen);
}

bool PlotFiles::askPersonToReplace(const QStringList &files)
{
    QMessageBox box(QMessageBox::Question, tr("Save plot"), files.size() == 1 ? tr("%1 is there already.").arg(files.front()) : tr("%1 files are there already: %2.").arg(files.size()).arg(files.mid(0, 8).join(QStringLiteral(", "))),
                    QMessageBox::Cancel, &m_window);
    box.addButton(tr("&Replace"), QMessageBox::AcceptRole);
    box.setDefaultButton(QMessageBox::Cancel);
    box.exec();
    return box.buttonRole(box.clickedButton()) == QMessageBox::AcceptRole;
}

void PlotFiles::ask(PlotFigure figure, const QString &name, PlotFormat format, double pixelRatio)
{
    const QString usual = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    const QString kept = QSettings().value(folderSetting()).toString();
    const QDir folder(!kept.isEmpty() && QFileInfo(kept).isDir() ? kept : usual);
    QString chosen = m_where(folder.filePath(name + endingOf(format)), format);
    if (chosen.isEmpty())
        return;
    // "walk_12.5s" has no ending.
    if (const QString suffix = QFileInfo(chosen).suffix(); suffix.isEmpty() || suffix.front().isDigit())
        chosen += endingOf(format);
    const fs::path file = chosen.toStdString();
    figure.title = name;
    try {
        QStringList there;
        for (const fs::path &each : plotFiles(figure, file)) {
            std::error_code ignored; // what cannot be looked at is told when it cannot be written
            if (each != file && fs::exists(each, ignored))
                there += fileName(each);
        }
        if (!there.isEmpty() && !m_replace(there))
            return;
    } catch (const Error &error) {
        Q_EMIT failed(QString::fromStdString(error.sentence()), QString::fromUtf8(error.what()));
        return;
    }
    QSettings().setValue(folderSetting(), QFileInfo(chosen).absolutePath());
    save(std::make_shared<const PlotFigure>(std::move(figure)), file, pixelRatio);
}

void PlotFiles::save(const std::shared_ptr<const PlotFigure> &figure, const fs::path &file, double pixelRatio)
{
    // A line of its own for each: one must not take the place of another.
    auto *line = new TaskLine(m_runner, this);
    ++m_running;
    const QString what = tr("Saving %1").arg(fileName(file));
    connect(line, &TaskLine::progressed, this, [this, what](double fraction) { Q_EMIT progressed(what, fraction); });
    connect(line, &TaskLine::busyChanged, this, [this, line](bool busy) {
        if (busy)
            return;
        line->deleteLater();
        if (--m_running == 0)
            Q_EMIT progressed({}, -1);
    });
    connect(this, &PlotFiles::cancelRequested, line, &TaskLine::drop);
    line->onFailure([this](const QString &sentence, const QString &details) { Q_EMIT failed(sentence, details); });
    using Files = std::vector<fs::path>;
    line->ask<Files>([figure, file, pixelRatio](const TaskContext &context, const std::function<void(Files)> &) { return savePlot(*figure, file, pixelRatio, context.cancel, context.progress); },
                     [this, figure, file](const Files &files) {
                         QString sentence = savedText(files);
                         if (!figure->numbersNote.isEmpty() && plotFormatOf(file) == PlotFormat::csv)
                             sentence += QLatin1Char(' ') + figure->numbersNote;
                         Q_EMIT told(sentence);
                     });
}

void PlotFiles::cancel()
{
    if (!isBusy())
        return;
    Q_EMIT cancelRequested();
    Q_EMIT told(tr("Saving was stopped. Files that were not whole yet were not written."));
}

} // namespace kino
