// The Experiments page: queue, runs, curves, comparison and detail as docks over one project's jobs. GUI thread; all that reads or
// writes the project is the JobFeed's.
#pragma once

#include "app/kinoscope/commands.h"
#include "app/kinoscope/experiments/job_feed.h"
#include "app/kinoscope/experiments/window_opener.h"
#include "app/kinoscope/task_runner.h"

#include <QMainWindow>
#include <QPointer>

class QUndoStack;

namespace kino {

class ComparePanel;
class ConfusionPanel;
class CurvesPanel;
class NewJobDialog;
class PanelDock;
class QueueView;
class RepeatDialog;
class RunDetailPanel;
class RunsPanel;

class ExperimentsPage : public QMainWindow {
    Q_OBJECT

public:
    ExperimentsPage(JobFeed &feed, Commands &commands, TaskRunner &runner, QUndoStack &history, QWidget *parent = nullptr);

    QueueView &queue() { return *m_queue; }
    RunsPanel &runs() { return *m_runs; }
    CurvesPanel &curves() { return *m_curves; }
    ComparePanel &compare() { return *m_compare; }
    RunDetailPanel &detail() { return *m_detail; }
    ConfusionPanel &confusion() { return *m_confusion; }
    /** While it is open. */
    NewJobDialog *newJobDialog() const;
    RepeatDialog *repeatDialog() const;
    /** "queue", "runs", "curves", "confusion", "compare", "detail". */
    PanelDock *dock(const QString &name) const;

    void openNewJob();
    /** As it is, on the recordings of the project. */
    void submitPreset(const QString &file);
    /** Chosen in the table, seen in the queue, told in the detail. */
    void showJob(qint64 id);
    /** What is started for waiting jobs, `kino` beside this program; empty: nothing is. */
    void setWorkerProgram(const QString &path) { m_workerProgram = path; }
    /** Of the project's recordings: what a ready specification splits. */
    void setSubjects(const QStringList &sorted) { m_subjects = sorted; }
    /** Of the chosen runs, by a worker; told() or the runner's failed() follows. */
    void writeReport(const QString &file);
    void resetLayout();
    bool isLayoutChanged() const { return !m_isUsual; }
    QByteArray saveLayout() const;
    /** What is damaged, or of another version, becomes the usual layout. */
    void restoreLayout(const QByteArray &state);
    bool isSettled() const;
    /** "57 runs, 1 running" */
    QString summary() const;

Q_SIGNALS:
    void failed(const QString &sentence, const QString &details);
    void told(const QString &sentence);
    /** To be looked at where it lies in its recording. */
    void windowWanted(const kino::WantedWindow &window);
    void settledChanged();
    void summaryChanged();

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    QMenu *createPopupMenu() override;

private:
    void makeDocks();
    void applyUsualSizes();
    void wireQueue();
    void wireRuns();
    void showQueue();
    void showChosen();
    void showConfusion();
    void updateCommands();
    void startWorker();
    /** The job that a command is about: that of the queue or the table, whichever was touched last. */
    qint64 meantJob() const { return m_current; }
    void setCurrent(qint64 id);
    const JobRow *rowOf(qint64 id) const;
    std::vector<JobId> chosenIds() const;
    std::vector<JobId> seenChosenIds() const;
    void submit(const nlohmann::json &specification, const std::filesystem::path &folder, qint64 copyOf);
    void queueJob(std::function<JobId(JobStore &)> add);
    void repeatToday();
    void repeatExactly();
    void changeState(std::function<void(JobStore &, JobId)> change, bool needsWorker);
    /** A change that can be undone. */
    void edit(const QString &text, std::function<void(JobStore &)> redo, std::function<void(JobStore &)> undo);
    void starChosen();
    void editTags();
    void editNotes();
    void removeChosen();
    void moveJob(qint64 id, qint64 before);
    void saveCsv();
    void saveReport();
    void popupMenu(const QPoint &place);

    JobFeed &m_feed;
    Commands &m_commands;
    TaskRunner &m_runner;
    QUndoStack &m_history;
    QueueView *m_queue;
    RunsPanel *m_runs;
    CurvesPanel *m_curves;
    ComparePanel *m_compare;
    RunDetailPanel *m_detail;
    ConfusionPanel *m_confusion;
    std::vector<PanelDock *> m_docks;
    QPointer<NewJobDialog> m_dialog;
    TaskLine *m_reporting, *m_saving;
    QPointer<RepeatDialog> m_repeat;
    qint64 m_current = 0;
    qint64 m_copyOf = 0;
    QString m_workerProgram;
    QStringList m_subjects;
    bool m_isUsual = true;
    bool m_isFresh = true; // never shown
};

} // namespace kino
