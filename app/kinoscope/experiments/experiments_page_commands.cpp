#include "app/kinoscope/experiments/experiments_page.h"

#include "app/kinoscope/experiments/job_words.h"
#include "app/kinoscope/experiments/new_job_dialog.h"
#include "app/kinoscope/experiments/presets.h"
#include "app/kinoscope/experiments/repeat_dialog.h"
#include "app/kinoscope/experiments/runs_panel.h"
#include "core/base/files.h"
#include "core/jobs/queue/submission.h"
#include "core/jobs/queue/worker_lock.h"
#include "core/jobs/report/html_report.h"
#include "widgets/form/json_text.h"
#include "widgets/library/tag_editor.h"
#include "widgets/runs/queue_view.h"
#include "widgets/runs/run_table_text.h"

#include <QAction>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QMenu>
#include <QProcess>
#include <QUndoStack>

namespace kino {
namespace {

constexpr const char *kWindowTable = "windows.csv";

/** A person's change of jobs: what it does and what takes it back, both on the feed's thread. */
class JobEdit : public QUndoCommand {
public:
    JobEdit(const QString &text, JobFeed &feed, std::function<void(JobStore &)> redo, std::function<void(JobStore &)> undo)
        : QUndoCommand(text), m_feed(feed), m_project(feed.project()), m_redo(std::move(redo)), m_undo(std::move(undo))
    {
    }
    void redo() override { act(m_redo); }
    void undo() override { act(m_undo); }

private:
    void act(const std::function<void(JobStore &)> &change)
    {
        // Another project has other jobs by these numbers.
        if (m_feed.project() == m_project)
            m_feed.act(change);
    }

    JobFeed &m_feed;
    std::filesystem::path m_project;
    std::function<void(JobStore &)> m_redo, m_undo;
};

} // namespace

std::vector<JobId> ExperimentsPage::chosenIds() const
{
    std::vector<JobId> ids;
    for (const ChosenRun &run : m_runs->view().chosen())
        ids.push_back(run.id);
    return ids;
}

/** What a filter hides is compared, but nothing is done to it unseen. */
std::vector<JobId> ExperimentsPage::seenChosenIds() const
{
    std::vector<JobId> ids = chosenIds();
    std::erase_if(ids, [this](JobId id) { return !m_runs->view().runs().indexOf(id).isValid(); });
    return ids;
}

void ExperimentsPage::updateCommands()
{
    const bool hasProject = !m_feed.project().empty();
    if (!hasProject)
        m_current = 0;
    const JobRow *job = m_current != 0 ? rowOf(m_current) : nullptr;
    const auto may = [job](JobEvent event) { return job && nextState(job->state, event).has_value(); };
    m_commands.newJob->setEnabled(hasProject);
    m_commands.pauseJob->setEnabled(may(JobEvent::askPause) && job->request == JobRequest::none);
    m_commands.resumeJob->setEnabled(may(JobEvent::resume));
    m_commands.cancelJob->setEnabled(may(JobEvent::askCancel) && job->request != JobRequest::cancel);
    m_commands.takeJobFirst->setEnabled(job && job->state == JobState::queued);
    m_commands.retryJob->setEnabled(job && isOver(job->state));
    const auto &detail = m_feed.detail();
    const bool isTold = detail && detail->detail.row.id == m_current;
    m_commands.repeatJob->setEnabled(job && isOver(job->state) && isTold && std::ranges::find(detail->detail.artifacts, kWindowTable, &JobArtifact::path) != detail->detail.artifacts.end());
    m_commands.changeJob->setEnabled(job && isTold);
    m_commands.openJobFolder->setEnabled(job && job->startedAtNs.has_value());
    const bool hasChosen = !m_runs->view().chosen().empty();
    for (QAction *action : {m_commands.starRuns, m_commands.tagRuns, m_commands.removeRuns, m_commands.copyComparison, m_commands.reportRuns})
        action->setEnabled(hasChosen);
    for (QAction *action : {m_commands.noteRun, m_commands.showConfusion})
        action->setEnabled(job);
    const bool hasRuns = m_runs->view().runs().runs() > 0;
    for (QAction *action : {m_commands.runsAsCsv, m_commands.runsAsMarkdown, m_commands.runsAsLatex})
        action->setEnabled(hasRuns);
    const auto &state = m_feed.queue();
    m_commands.startWorker->setEnabled(state && !state->hasWorker && std::ranges::count(state->queue, JobState::queued, &JobRow::state) > 0);
}

NewJobDialog *ExperimentsPage::newJobDialog() const { return m_dialog; }
RepeatDialog *ExperimentsPage::repeatDialog() const { return m_repeat; }

void ExperimentsPage::openNewJob()
{
    if (m_feed.project().empty())
        return;
    if (m_dialog) {
        m_dialog->raise();
        return;
    }
    m_copyOf = 0;
    m_dialog = new NewJobDialog(m_feed.project(), m_subjects, m_runner, this); // goes before the runner does
    m_dialog->setAttribute(Qt::WA_DeleteOnClose);
    m_dialog->setProgram(m_workerProgram);
    connect(m_dialog, &NewJobDialog::submitted, this, [this](const nlohmann::json &specification, const std::filesystem::path &folder) { submit(specification, folder, m_copyOf); });
    connect(m_dialog, &NewJobDialog::settledChanged, this, &ExperimentsPage::settledChanged);
    m_dialog->open();
}

void ExperimentsPage::submitPreset(const QString &file)
{
    const auto found = std::ranges::find(jobPresets(), file, &JobPreset::file);
    if (found != jobPresets().end())
        submit(*readJsonText(withProjectsRecordings(found->text, m_subjects).toStdString()).value, m_feed.project(), 0);
}

void ExperimentsPage::submit(const nlohmann::json &specification, const std::filesystem::path &folder, qint64 copyOf)
{
    Submission how;
    if (copyOf != 0)
        how.parents = {{copyOf, Lineage::clone}};
    queueJob([specification, folder, how](JobStore &store) { return submitSpecification(store, specification, folder, how); });
}

/** `add` gives the new job, which is chosen and begun. */
void ExperimentsPage::queueJob(std::function<JobId(JobStore &)> add)
{
    const auto made = std::make_shared<JobId>(0);
    m_feed.act([add = std::move(add), made](JobStore &store) { *made = add(store); },
               [this, made] {
                   if (*made == 0)
                       return; // the feed has told why
                   m_runs->chooseSoon(*made);
                   setCurrent(*made);
                   m_queue->select(*made);
                   startWorker();
               });
}

/** What would differ is shown first, where labels can have changed. */
void ExperimentsPage::repeatToday()
{
    const auto &state = m_feed.detail();
    const bool isTold = state && state->detail.row.id == meantJob();
    if (!isTold || !canCompareWithToday(state->detail)) {
        changeState([](JobStore &store, JobId id) { store.retry(id); }, true);
        return;
    }
    if (m_repeat)
        m_repeat->close();
    m_repeat = new RepeatDialog(m_feed.project(), state->detail, m_runner, this);
    m_repeat->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_repeat, &RepeatDialog::settledChanged, this, &ExperimentsPage::settledChanged);
    connect(m_repeat, &RepeatDialog::repeatWanted, this, [this](qint64 run, const QString &note) {
        queueJob([run, note = note.toStdString()](JobStore &store) {
            const JobId made = store.retry(run);
            store.setNotes(made, note);
            return made;
        });
    });
    m_repeat->open();
}

/** Its own table of windows takes the place of rule and split. */
void ExperimentsPage::repeatExactly()
{
    const auto &state = m_feed.detail();
    if (!state || state->detail.row.id != meantJob() || !state->detail.complete.is_object())
        return;
    nlohmann::json specification = state->detail.complete;
    specification["data"]["split"] = {{"file", (m_feed.project() / "runs" / std::to_string(meantJob()) / kWindowTable).string()}};
    submit(specification, state->detail.folder, meantJob());
}

void ExperimentsPage::startWorker()
{
    if (m_workerProgram.isEmpty() || m_feed.project().empty())
        return;
    // A second one would be refused: nothing to ask here.
    if (const auto &state = m_feed.queue(); state && state->hasWorker)
        return;
    const QStringList arguments{QStringLiteral("work"), QString::fromStdString(m_feed.project().string())};
    QProcess worker;
    worker.setProgram(m_workerProgram);
    worker.setArguments(arguments);
    worker.setStandardInputFile(QProcess::nullDevice());
    worker.setStandardOutputFile(QProcess::nullDevice());
    worker.setStandardErrorFile(QProcess::nullDevice());
    if (!QFileInfo(m_workerProgram).isExecutable() || !worker.startDetached()) {
        const QString sentence = tr("The job waits: %1 could not be started. Run kino work %2 in a terminal.").arg(m_workerProgram, arguments.back());
        Q_EMIT failed(sentence, sentence);
    }
}

void ExperimentsPage::changeState(std::function<void(JobStore &, JobId)> change, bool needsWorker)
{
    const JobId id = meantJob();
    if (id == 0)
        return;
    m_feed.act([change = std::move(change), id](JobStore &store) {
        settleAbandonedJobs(store.folder());
        change(store, id);
    }, [this, needsWorker] {
        if (needsWorker)
            startWorker();
    });
}

void ExperimentsPage::edit(const QString &text, std::function<void(JobStore &)> redo, std::function<void(JobStore &)> undo)
{
    m_history.push(new JobEdit(text, m_feed, std::move(redo), std::move(undo)));
}

void ExperimentsPage::starChosen()
{
    std::vector<JobId> plain, starred;
    for (const RunRow &row : m_runs->view().runs().table().rows) {
        if (m_runs->view().placeOf(row.id) >= 0)
            (row.isStarred ? starred : plain).push_back(row.id);
    }
    // All of them have one: then they lose it.
    const bool takesAway = plain.empty();
    const std::vector<JobId> ids = takesAway ? starred : plain;
    if (ids.empty())
        return;
    const std::function<void(JobStore &)> star = [ids](JobStore &store) { store.star(ids); }, unstar = [ids](JobStore &store) { store.unstar(ids); };
    edit(takesAway ? tr("take stars away") : tr("star runs"), takesAway ? unstar : star, takesAway ? star : unstar);
}

void ExperimentsPage::editTags()
{
    QStringList known, present;
    const std::vector<JobId> ids = seenChosenIds();
    for (const RunRow &row : m_runs->view().runs().table().rows) {
        known += row.tags;
        if (m_runs->view().placeOf(row.id) >= 0)
            present += row.tags;
    }
    known.removeDuplicates();
    known.sort();
    present.removeDuplicates();
    auto *editor = new TagEditor(tr("Tags of %1 runs").arg(ids.size()), known, present, this);
    editor->setAttribute(Qt::WA_DeleteOnClose);
    connect(editor, &TagEditor::tagAdded, this, [this, ids](const QString &tag) {
        edit(tr("tag runs"), [ids, tag = tag.toStdString()](JobStore &store) { store.addTag(ids, tag); },
             [ids, tag = tag.toStdString()](JobStore &store) { store.removeTag(ids, tag); });
    });
    connect(editor, &TagEditor::tagRemoved, this, [this, ids](const QString &tag) {
        std::vector<JobId> had;
        for (const RunRow &row : m_runs->view().runs().table().rows) {
            if (std::ranges::find(ids, row.id) != ids.end() && row.tags.contains(tag))
                had.push_back(row.id);
        }
        edit(tr("take a tag away"), [had, tag = tag.toStdString()](JobStore &store) { store.removeTag(had, tag); },
             [had, tag = tag.toStdString()](JobStore &store) { store.addTag(had, tag); });
    });
    const QPoint place = m_runs->view().viewport()->mapToGlobal(QPoint(80, 20));
    editor->move(place);
    editor->show();
}

void ExperimentsPage::editNotes()
{
    const JobRow *job = rowOf(meantJob());
    if (!job)
        return;
    auto *dialog = new QInputDialog(window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Notes"));
    dialog->setLabelText(tr("Notes on %1:").arg(jobName(*job)));
    dialog->setOption(QInputDialog::UsePlainTextEditForTextInput);
    dialog->setTextValue(QString::fromStdString(job->notes));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, id = job->id, before = job->notes](const QString &text) {
        if (text.toStdString() != before)
            edit(tr("write notes"), [id, after = text.toStdString()](JobStore &store) { store.setNotes(id, after); }, [id, before](JobStore &store) { store.setNotes(id, before); });
    });
    dialog->open();
}

void ExperimentsPage::removeChosen()
{
    const std::vector<JobId> ids = seenChosenIds();
    if (ids.empty())
        return;
    edit(ids.size() == 1 ? tr("remove a run") : tr("remove %1 runs").arg(ids.size()), [ids](JobStore &store) { store.remove(ids); }, [ids](JobStore &store) { store.restore(ids); });
}

void ExperimentsPage::moveJob(qint64 id, qint64 before)
{
    const auto places = std::make_shared<std::vector<QueuePlace>>();
    edit(tr("reorder the queue"), [id, before, places](JobStore &store) { *places = store.moveBefore(std::array{JobId{id}}, before == 0 ? std::nullopt : std::optional<JobId>(before)); },
         [places](JobStore &store) { store.restorePlaces(*places); });
}

void ExperimentsPage::saveCsv()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save runs"), QStringLiteral("runs.csv"), tr("Numbers (*.csv)"));
    if (path.isEmpty())
        return;
    m_saving->ask<bool>(
        [text = runTableText(m_runs->view().runs(), RunTextFormat::csv), file = std::filesystem::path(path.toStdString())](const TaskContext &, const std::function<void(bool)> &) {
            writeFileAtomically(file, text.toStdString());
            return true;
        },
        [this, path](bool) { Q_EMIT told(tr("The table of runs is in %1.").arg(path)); });
}

void ExperimentsPage::saveReport()
{
    const QString path = QFileDialog::getSaveFileName(this, tr("Save report"), QStringLiteral("report.html"), tr("Page (*.html)"));
    if (!path.isEmpty())
        writeReport(QFileInfo(path).suffix().isEmpty() ? path + QStringLiteral(".html") : path);
}

void ExperimentsPage::writeReport(const QString &file)
{
    m_reporting->ask<std::size_t>(
        [project = m_feed.project(), ids = chosenIds(), path = std::filesystem::path(file.toStdString())](const TaskContext &context, const std::function<void(std::size_t)> &) {
            const ReportContent content = readReport(JobStore(project), ids, context.cancel, context.progress);
            writeFileAtomically(path, htmlReport(content));
            return content.runs.size();
        },
        [this, file](std::size_t runs) { Q_EMIT told(runs == 1 ? tr("The report of the run is in %1.").arg(file) : tr("The report of %1 runs is in %2.").arg(runs).arg(file)); });
}

void ExperimentsPage::showJob(qint64 id)
{
    setCurrent(id);
    m_queue->select(id);
    m_runs->chooseSoon(id);
}

void ExperimentsPage::popupMenu(const QPoint &place)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions({m_commands.pauseJob, m_commands.resumeJob, m_commands.cancelJob, m_commands.takeJobFirst});
    menu->addSeparator();
    menu->addActions({m_commands.retryJob, m_commands.repeatJob, m_commands.changeJob, m_commands.openJobFolder});
    menu->addSeparator();
    menu->addAction(m_commands.showConfusion);
    menu->addActions({m_commands.starRuns, m_commands.tagRuns, m_commands.noteRun, m_commands.copyComparison, m_commands.reportRuns});
    menu->addSeparator();
    menu->addAction(m_commands.removeRuns);
    menu->popup(place);
}

} // namespace kino
