// Plots of the window into files: asks where to, writes on a worker, says what came of it. GUI thread.
#pragma once

#include "app/kinoscope/task_runner.h"
#include "widgets/style/plot_figure.h"
#include "widgets/timeline/time_axis.h"

namespace kino {

/** "walk_timeline_12.5s-20s": what a figure of this stretch is called; without it where that is all, with one time at an instant. */
QString plotName(const QString &recording, const QString &plot, TimeRange visible, TimeRange bounds);

class PlotFiles : public QObject {
    Q_OBJECT

public:
    /** Dialogs have `window` as their parent. */
    PlotFiles(TaskRunner &runner, QWidget &window);

    /** Where to, of a name with its ending; empty: nowhere. Replaced by tests, as is the next. */
    using AskWhere = std::function<QString(const QString &proposed, PlotFormat format)>;
    /** Whether these files, which nobody has been asked about, may be replaced. */
    using AskReplace = std::function<bool(const QStringList &files)>;
    void setAsks(AskWhere where, AskReplace replace);

    /** Asks for a file, which may have another ending than the format's: then that decides. */
    void ask(PlotFigure figure, const QString &name, PlotFormat format, double pixelRatio);
    bool isBusy() const { return m_running > 0; }
    /** Files that are not whole yet are not written. */
    void cancel();

Q_SIGNALS:
    void told(const QString &sentence);
    void failed(const QString &sentence, const QString &details);
    /** Below 0: nothing is under way any more. */
    void progressed(const QString &what, double fraction);
    void cancelRequested();

private:
    void save(const std::shared_ptr<const PlotFigure> &figure, const std::filesystem::path &file, double pixelRatio);
    QString askPerson(const QString &proposed, PlotFormat format);
    bool askPersonToReplace(const QStringList &files);

    TaskRunner &m_runner;
    QWidget &m_window;
    AskWhere m_where;
    AskReplace m_replace;
    int m_running = 0;
};

} // namespace kino
