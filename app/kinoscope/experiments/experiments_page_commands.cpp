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

#include <numeric>

namespace kino {
namespace {

constexpr const char *kWindowTable = "windows.csv";
constexpr int kWidestMenuName = 320;

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

std::vector<JobId> ExperimentsPage::meantRuns() const
{
    std::vector<JobId> ids;
    for (const ChosenRun &run : m_runs->view().chosen()) {
        if (shownRow(run.id))
            ids.push_back(run.id);
    }
    if (ids.empty() && m_current != 0)
        ids.push_back(m_current);
    return ids;
}

bool ExperimentsPage::mayAny(bool (*may)(const JobRow &)) const
{
    return std::ranges::any_of(meantRuns(), [&](JobId id) {
        if (const JobRow *job = rowOf(id))
            return may(*job);
        JobRow job;
        const RunRow *shown = shownRow(id);
        if (shown)
            job.state = jobStateOf(shown->state);
        return shown && may(job);
    });
}

void ExperimentsPage::updateCommands()
{
    const bool hasProject = !m_feed.project().empty();
    if (!hasProject)
        m_current = 0;
    const JobRow *job = m_current != 0 ? rowOf(m_current) : nullptr;
    const auto &state = m_feed.queue();
    const bool canWrite = hasProject && !(state && state->isReadOnly);
    m_commands.newJob->setEnabled(canWrite);
    m_commands.pauseJob->setEnabled(canWrite && mayAny(mayPause));
    m_commands.resumeJob->setEnabled(canWrite && mayAny(mayResume));
    m_commands.cancelJob->setEnabled(canWrite && mayAny(mayCancel));
    m_commands.takeJobFirst->setEnabled(canWrite && job && job->state == JobState::queued);
    m_commands.retryJob->setEnabled(canWrite && job && isOver(job->state));
    const auto &detail = m_feed.detail();
    const bool isTold = detail && detail->detail.row.id == m_current;
    m_commands.repeatJob->setEnabled(canWrite && job && isOver(job->state) && isTold && std::ranges::find(detail->detail.artifacts, kWindowTable, &JobArtifact::path) != detail->detail.artifacts.end());
    m_commands.changeJob->setEnabled(canWrite && job && isTold);
    m_commands.openJobFolder->setEnabled(job && job->startedAtNs.has_value());
    const bool hasMeant = !meantRuns().empty();
    for (QAction *action : {m_commands.starRuns, m_commands.tagRuns, m_commands.removeRuns})
        action->setEnabled(canWrite && hasMeant);
    m_commands.reportRuns->setEnabled(hasMeant);
    m_commands.copyComparison->setEnabled(!m_runs->view().chosen().empty());
    for (QAction *action : {m_commands.noteRun, m_commands.renameRun})
        action->setEnabled(canWrite && job);
    m_commands.showConfusion->setEnabled(job);
    const bool hasRuns = m_runs->view().runs().runs() > 0;
    for (QAction *action : {m_commands.runsAsCsv, m_commands.runsAsMarkdown, m_commands.runsAsLatex})
        action->setEnabled(hasRuns);
    for (const auto &[action, policy] : {std::pair(m_commands.afterCrashAlways, ResumePolicy::always), std::pair(m_commands.afterCrashAsk, ResumePolicy::ask),
                                         std::pair(m_commands.afterCrashNever, ResumePolicy::never)}) {
        action->setEnabled(state && canWrite);
        action->setChecked(state && state->afterCrash == policy);
    }
    m_commands.startWorker->setEnabled(canWrite && state && !state->hasWorker && std::ranges::count(state->queue, JobState::queued, &JobRow::state) > 0);
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
                   showJob(*made);
                   startWorker();
               });
}

/** What would differ is shown first, where labels can have changed. */
void ExperimentsPage::repeatToday()
{
    const auto &state = m_feed.detail();
    const bool isTold = state && state->detail.row.id == meantJob();
    if (!isTold || !canCompareWithToday(state->detail)) {
        m_feed.act([id = meantJob()](JobStore &store) { store.retry(id); }, [this] { startWorker(); });
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

void ExperimentsPage::ask(Wish wish, const std::vector<JobId> &ids)
{
    if (ids.empty())
        return;
    m_feed.act([ids, wish](JobStore &store) {
        settleAbandonedJobs(store.folder());
        for (const JobId id : ids) {
            const JobRow job = store.row(id);
            const bool makesSense = wish == Wish::pause ? mayPause(job) : wish == Wish::resume ? mayResume(job) : mayCancel(job);
            const bool goesOnAlready = wish == Wish::resume && (job.state == JobState::queued || job.state == JobState::running);
            // Of many those are meant for which it makes sense; of one it is told why not.
            if (!makesSense && (ids.size() > 1 || goesOnAlready))
                continue;
            if (wish == Wish::pause)
                store.pause(id);
            else if (wish == Wish::resume)
                store.resume(id);
            else
                store.cancel(id);
        }
    }, [this, wish] {
        if (wish == Wish::resume)
            startWorker();
    });
}

void ExperimentsPage::tellLost(const std::vector<LostJob> &lost)
{
    const auto goesOn = [](const LostJob &each) { return each.job.state == JobState::queued; };
    const auto isInterrupted = [](const LostJob &each) { return each.job.state == JobState::interrupted; };
    const QString name = lost.size() == 1 ? tr("\u201c%1\u201d").arg(jobName(lost.front().job)) : tr("%1 jobs").arg(lost.size());
    const auto steps = std::accumulate(lost.begin(), lost.end(), std::int64_t{0}, [](std::int64_t sum, const LostJob &each) { return sum + each.steps; });
    QString sentence = std::ranges::all_of(lost, goesOn)     ? tr("The worker ended unexpectedly; going on from the last checkpoint: %1.").arg(name)
        : std::ranges::any_of(lost, isInterrupted)           ? tr("The worker ended unexpectedly; interrupted, with Resume as the way on: %1.").arg(name)
                                                             : tr("The worker ended unexpectedly, that of %1.").arg(name);
    if (const QString repeated = lostStepsWords(steps); !repeated.isEmpty())
        sentence += QLatin1Char(' ') + repeated + QLatin1Char('.');
    Q_EMIT warned(sentence);
    if (std::ranges::any_of(lost, goesOn))
        startWorker();
}

void ExperimentsPage::edit(const QString &text, std::function<void(JobStore &)> redo, std::function<void(JobStore &)> undo)
{
    m_history.push(new JobEdit(text, m_feed, std::move(redo), std::move(undo)));
}

void ExperimentsPage::starChosen()
{
    std::vector<JobId> plain, starred;
    for (const JobId id : meantRuns()) {
        const RunRow *shown = shownRow(id);
        const JobRow *job = rowOf(id);
        ((shown ? shown->isStarred : job && job->isStarred) ? starred : plain).push_back(id);
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
    const std::vector<JobId> ids = meantRuns();
    if (ids.empty())
        return;
    const auto tagsOf = [this](JobId id) {
        QStringList tags;
        if (const RunRow *shown = shownRow(id))
            return shown->tags;
        if (const JobRow *job = rowOf(id)) {
            for (const std::string &tag : job->tags)
                tags += QString::fromStdString(tag);
        }
        return tags;
    };
    for (const RunRow &row : m_runs->view().runs().table().rows)
        known += row.tags;
    for (const JobId id : ids)
        present += tagsOf(id);
    known += present;
    known.removeDuplicates();
    known.sort();
    present.removeDuplicates();
    auto *editor = new TagEditor(ids.size() == 1 ? tr("Tags of \u201c%1\u201d").arg(nameOf(ids.front())) : tr("Tags of %1 runs").arg(ids.size()), known, present, this);
    editor->setAttribute(Qt::WA_DeleteOnClose);
    connect(editor, &TagEditor::tagAdded, this, [this, ids](const QString &tag) {
        edit(tr("tag runs"), [ids, tag = tag.toStdString()](JobStore &store) { store.addTag(ids, tag); },
             [ids, tag = tag.toStdString()](JobStore &store) { store.removeTag(ids, tag); });
    });
    connect(editor, &TagEditor::tagRemoved, this, [this, ids, tagsOf](const QString &tag) {
        std::vector<JobId> had;
        std::ranges::copy_if(ids, std::back_inserter(had), [&](JobId id) { return tagsOf(id).contains(tag); });
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

QString ExperimentsPage::nameOf(qint64 id) const
{
    const JobRow *job = rowOf(id);
    const RunRow *shown = shownRow(id);
    return job ? jobName(*job) : shown ? shown->name : tr("Job %1").arg(id);
}

/** In its place in the table where that lists it. */
void ExperimentsPage::renameCurrent()
{
    const qint64 id = meantJob();
    const QModelIndex place = m_runs->view().runs().indexOf(id, RunTableModel::name);
    if (place.isValid()) {
        m_runs->view().scrollTo(place);
        m_runs->view().setFocus();
        m_runs->view().selectionModel()->setCurrentIndex(place, QItemSelectionModel::NoUpdate);
        m_runs->view().edit(place);
        return;
    }
    auto *dialog = new QInputDialog(window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Rename"));
    dialog->setLabelText(tr("Name of the run:"));
    dialog->setTextValue(nameOf(id));
    connect(dialog, &QInputDialog::textValueSelected, this, [this, id](const QString &name) {
        if (!name.trimmed().isEmpty())
            renameRun(id, name.trimmed());
    });
    dialog->open();
}

void ExperimentsPage::renameRun(qint64 id, const QString &name)
{
    const JobRow *row = rowOf(id);
    const std::string old = row ? row->name : nameOf(id).toStdString();
    edit(tr("rename a run"), [id, name = name.toStdString()](JobStore &store) { store.rename(id, name); }, [id, old](JobStore &store) { store.rename(id, old); });
}

void ExperimentsPage::removeChosen()
{
    const std::vector<JobId> ids = meantRuns();
    if (ids.empty())
        return;
    const auto isAtWork = [this](JobId id) {
        const JobRow *job = rowOf(id);
        const RunRow *shown = shownRow(id);
        return job ? isActive(job->state) : shown && isActive(jobStateOf(shown->state));
    };
    if (const auto busy = std::ranges::find_if(ids, isAtWork); busy != ids.end()) {
        Q_EMIT warned(tr("\u201c%1\u201d is at work: cancel it before it is removed.").arg(nameOf(*busy)));
        return;
    }
    const QString told = ids.size() == 1 ? tr("\u201c%1\u201d was taken off the list of runs; its files stay where they are. Undo").arg(nameOf(ids.front()))
                                         : tr("%1 runs were taken off the list; their files stay where they are. Undo").arg(ids.size());
    if (std::ranges::find(ids, m_current) != ids.end())
        setCurrent(0);
    edit(ids.size() == 1 ? tr("remove a run") : tr("remove %1 runs").arg(ids.size()), [ids](JobStore &store) { store.remove(ids); }, [ids](JobStore &store) { store.restore(ids); });
    Q_EMIT toldWithUndo(told);
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
        [project = m_feed.project(), ids = meantRuns(), path = std::filesystem::path(file.toStdString())](const TaskContext &context, const std::function<void(std::size_t)> &) {
            const ReportContent content = readReport(JobStore(project), ids, context.cancel, context.progress);
            writeFileAtomically(path, htmlReport(content));
            return content.runs.size();
        },
        [this, file](std::size_t runs) { Q_EMIT told(runs == 1 ? tr("The report of the run is in %1.").arg(file) : tr("The report of %1 runs is in %2.").arg(runs).arg(file)); });
}

void ExperimentsPage::showJob(qint64 id)
{
    setCurrent(id);
    m_runs->chooseSoon(id);
    updateCommands();
}

/** Of what was clicked: of one all there is, of several what is done with several. */
void ExperimentsPage::popupMenu(const QPoint &place, const std::vector<JobId> &runs)
{
    const bool isOne = runs.size() == 1;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString name = menu->fontMetrics().elidedText(isOne ? nameOf(runs.front()) : tr("%1 runs").arg(runs.size()), Qt::ElideMiddle, kWidestMenuName);
    menu->addAction(QString(name).replace(QLatin1Char('&'), QStringLiteral("&&")))->setEnabled(false);
    menu->addSeparator();
    menu->addActions({m_commands.pauseJob, m_commands.resumeJob, m_commands.cancelJob});
    if (isOne) {
        menu->addAction(m_commands.takeJobFirst);
        menu->addSeparator();
        menu->addActions({m_commands.retryJob, m_commands.repeatJob, m_commands.changeJob, m_commands.openJobFolder});
        menu->addSeparator();
        menu->addActions({m_commands.showConfusion, m_commands.noteRun, m_commands.renameRun});
    }
    menu->addSeparator();
    menu->addActions({m_commands.starRuns, m_commands.tagRuns, m_commands.copyComparison, m_commands.reportRuns});
    menu->addSeparator();
    menu->addAction(m_commands.removeRuns);
    menu->popup(place);
}

} // namespace kino
