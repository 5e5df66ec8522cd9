#include "app/kinoscope/experiments/experiments_page.h"

#include "app/kinoscope/experiments/compare_panel.h"
#include "app/kinoscope/experiments/confusion_panel.h"
#include "app/kinoscope/experiments/curves_panel.h"
#include "app/kinoscope/experiments/job_words.h"
#include "app/kinoscope/experiments/new_job_dialog.h"
#include "app/kinoscope/experiments/presets.h"
#include "app/kinoscope/experiments/repeat_dialog.h"
#include "app/kinoscope/experiments/run_detail_panel.h"
#include "app/kinoscope/experiments/runs_panel.h"
#include "app/kinoscope/inspect/plot_files.h"
#include "app/kinoscope/sealed_bytes.h"
#include "core/base/files.h"
#include "core/jobs/queue/submission.h"
#include "core/jobs/queue/worker_lock.h"
#include "core/jobs/report/html_report.h"
#include "core/jobs/specification/specification.h"
#include "widgets/controls/choice_box.h"
#include "widgets/form/json_editor.h"
#include "widgets/form/json_text.h"
#include "widgets/library/tag_editor.h"
#include "widgets/runs/queue_view.h"
#include "widgets/runs/run_table_text.h"
#include "widgets/window/panel_dock.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QProcess>
#include <QPushButton>
#include <QTabBar>
#include <QTimer>
#include <QToolButton>
#include <QUndoStack>
#include <QUrl>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr const char *kWindowTable = "windows.csv";
constexpr qint32 kLayoutVersion = 1;

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

ExperimentsPage::ExperimentsPage(JobFeed &feed, Commands &commands, TaskRunner &runner, QUndoStack &history, QWidget *parent)
    : QMainWindow(parent), m_feed(feed), m_commands(commands), m_runner(runner), m_history(history), m_queue(new QueueView), m_runs(new RunsPanel(feed)),
      m_curves(new CurvesPanel(feed)), m_compare(new ComparePanel(feed)), m_detail(new RunDetailPanel(feed)),
      m_confusion(new ConfusionPanel(feed, runner)), m_reporting(new TaskLine(runner, this)), m_saving(new TaskLine(runner, this)),
      m_workerProgram(QCoreApplication::applicationDirPath() + QStringLiteral("/kino"))
{
    setWindowFlags(Qt::Widget); // a page of the window, not a window
    setObjectName(QStringLiteral("page"));
    setAttribute(Qt::WA_StyledBackground);
    setDockOptions(AllowNestedDocks | AllowTabbedDocks | AnimatedDocks);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    makeDocks();
    resetLayout();
    wireQueue();
    wireRuns();
    connect(&feed, &JobFeed::queueChanged, this, &ExperimentsPage::showQueue);
    connect(&feed, &JobFeed::tableChanged, this, &ExperimentsPage::showChosen);
    connect(&feed, &JobFeed::detailChanged, this, &ExperimentsPage::updateCommands);
    connect(&feed, &JobFeed::settledChanged, this, &ExperimentsPage::settledChanged);
    connect(&feed, &JobFeed::failed, this, &ExperimentsPage::failed);
    connect(m_curves, &CurvesPanel::failed, this, [this](const QString &sentence) { Q_EMIT failed(sentence, sentence); });
    connect(m_detail, &RunDetailPanel::jobWanted, this, &ExperimentsPage::showJob);
    connect(m_detail, &RunDetailPanel::confusionWanted, this, &ExperimentsPage::showConfusion);
    connect(m_detail, &RunDetailPanel::cellWanted, this, [this](qint64 study, qint64 cell) {
        m_runs->ofStudies().setChecked(true);
        m_runs->filter().setText(QStringLiteral("study = %1 and cell = %2").arg(study).arg(cell));
        m_curves->showCell({study, cell}); // as one, with what its runs spread
        m_confusion->showCell(study, cell);
        showConfusion();
    });
    connect(m_confusion, &ConfusionPanel::windowWanted, this, &ExperimentsPage::windowWanted);
    connect(m_confusion, &ConfusionPanel::settledChanged, this, &ExperimentsPage::settledChanged);
    for (TaskLine *line : {m_reporting, m_saving})
        connect(line, &TaskLine::busyChanged, this, &ExperimentsPage::settledChanged);
    connect(&m_compare->spread(), &SpreadView::saveRequested, this, [this](PlotFormat format, double pixelRatio) {
        const PlotFigure figure = m_compare->spread().figure();
        m_confusion->plotFiles().ask(figure, figure.title, format, pixelRatio);
    });
    connect(&m_confusion->plotFiles(), &PlotFiles::told, this, &ExperimentsPage::told);
    connect(&m_confusion->plotFiles(), &PlotFiles::failed, this, &ExperimentsPage::failed);
    showQueue();
}

void ExperimentsPage::makeDocks()
{
    auto *left = new QWidget(this);
    left->setProperty("panel", QStringLiteral("side"));
    left->setAttribute(Qt::WA_StyledBackground);
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(4);
    auto *newJob = new QPushButton(plainText(*m_commands.newJob), left);
    newJob->setProperty("look", QStringLiteral("primary"));
    newJob->setToolTip(m_commands.newJob->toolTip());
    connect(newJob, &QPushButton::clicked, m_commands.newJob, &QAction::trigger);
    auto *start = new QPushButton(plainText(*m_commands.startWorker), left);
    start->setToolTip(m_commands.startWorker->toolTip());
    connect(start, &QPushButton::clicked, m_commands.startWorker, &QAction::trigger);
    const auto follow = [](QPushButton *button, const QAction *action) {
        button->setEnabled(action->isEnabled());
        connect(action, &QAction::changed, button, [button, action] { button->setEnabled(action->isEnabled()); });
    };
    follow(newJob, m_commands.newJob);
    start->setVisible(false);
    connect(m_commands.startWorker, &QAction::changed, start, [start, this] { start->setVisible(m_commands.startWorker->isEnabled()); });
    for (QPushButton *button : {newJob, start}) {
        auto *row = new QHBoxLayout;
        row->setContentsMargins(12, 0, 12, 0);
        row->addWidget(button);
        column->addLayout(row);
    }
    column->addWidget(m_queue, 1);

    const auto make = [this](const QString &name, const QString &title, QWidget *content, PanelHead *head) {
        auto *dock = new PanelDock(name, title, content, head, this);
        connect(dock, &QDockWidget::topLevelChanged, this, [this] { m_isUsual = false; });
        connect(dock, &QDockWidget::dockLocationChanged, this, [this] { m_isUsual = false; });
        connect(dock, &QDockWidget::visibilityChanged, this, [this, dock] { m_isUsual = m_isUsual && !dock->isHidden(); }); // with the page all are invisible, and not hidden
        m_docks.push_back(dock);
    };
    auto *runsHead = new PanelHead(tr("Runs"));
    m_runs->fillHead(*runsHead, {m_commands.runsAsCsv, m_commands.runsAsMarkdown, m_commands.runsAsLatex, m_commands.reportRuns});
    auto *curvesHead = new PanelHead(tr("Curves"));
    m_curves->fillHead(*curvesHead);
    auto *confusionHead = new PanelHead(tr("Confusion"));
    m_confusion->fillHead(*confusionHead);
    auto *compareHead = new PanelHead(tr("What differs"));
    m_compare->fillHead(*compareHead);
    make(QStringLiteral("queue"), tr("Jobs"), left, nullptr);
    make(QStringLiteral("runs"), tr("Runs"), m_runs, runsHead);
    make(QStringLiteral("curves"), tr("Curves"), m_curves, curvesHead);
    make(QStringLiteral("confusion"), tr("Confusion"), m_confusion, confusionHead);
    make(QStringLiteral("compare"), tr("What differs"), m_compare, compareHead);
    make(QStringLiteral("detail"), tr("Run"), m_detail, nullptr);
    installEventFilter(this);
}

PanelDock *ExperimentsPage::dock(const QString &name) const
{
    const auto found = std::ranges::find_if(m_docks, [&](const PanelDock *dock) { return dock->objectName() == name; });
    return found == m_docks.end() ? nullptr : *found;
}

void ExperimentsPage::resetLayout()
{
    for (PanelDock *each : m_docks) {
        each->setFloating(false);
        removeDockWidget(each);
    }
    PanelDock *queue = dock(QStringLiteral("queue")), *runs = dock(QStringLiteral("runs")), *curves = dock(QStringLiteral("curves"));
    PanelDock *compare = dock(QStringLiteral("compare")), *detail = dock(QStringLiteral("detail"));
    addDockWidget(Qt::LeftDockWidgetArea, queue);
    splitDockWidget(queue, runs, Qt::Horizontal);
    splitDockWidget(runs, curves, Qt::Vertical);
    splitDockWidget(curves, compare, Qt::Vertical);
    splitDockWidget(compare, detail, Qt::Horizontal);
    tabifyDockWidget(curves, dock(QStringLiteral("confusion")));
    for (PanelDock *each : m_docks)
        each->show();
    curves->raise();
    // Tabs come with the layout that follows.
    QTimer::singleShot(0, this, [this] {
        for (QTabBar *tabs : findChildren<QTabBar *>(QString(), Qt::FindDirectChildrenOnly))
            tabs->setAccessibleName(tr("Panels in this place"));
    });
    m_isUsual = true;
    applyUsualSizes();
}

QByteArray ExperimentsPage::saveLayout() const { return sealedBytes(saveState(kLayoutVersion)); }

void ExperimentsPage::restoreLayout(const QByteArray &state)
{
    const std::optional<QByteArray> docks = openedSeal(state);
    if (docks && restoreState(*docks, kLayoutVersion))
        m_isUsual = false;
    else
        resetLayout();
}

void ExperimentsPage::applyUsualSizes()
{
    const int side = std::clamp(width() * 18 / 100, 220, 300), rest = std::max(300, width() - side);
    resizeDocks({dock(QStringLiteral("queue")), dock(QStringLiteral("runs"))}, {side, rest}, Qt::Horizontal);
    const int tall = height();
    resizeDocks({dock(QStringLiteral("runs")), dock(QStringLiteral("curves")), dock(QStringLiteral("compare"))}, {tall * 32 / 100, tall * 36 / 100, tall * 32 / 100}, Qt::Vertical);
    resizeDocks({dock(QStringLiteral("compare")), dock(QStringLiteral("detail"))}, {rest * 60 / 100, rest * 40 / 100}, Qt::Horizontal);
}

void ExperimentsPage::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    if (m_isUsual)
        applyUsualSizes();
}

bool ExperimentsPage::eventFilter(QObject *watched, QEvent *event)
{
    // A press on the page itself is one on a border between docks.
    if (watched == this && event->type() == QEvent::MouseButtonPress && static_cast<QMouseEvent *>(event)->button() == Qt::LeftButton && isSeparator(static_cast<QMouseEvent *>(event)->pos()))
        m_isUsual = false;
    return QMainWindow::eventFilter(watched, event);
}

QMenu *ExperimentsPage::createPopupMenu() { return nullptr; }

bool ExperimentsPage::event(QEvent *event)
{
    // Of panels in one place the last shown is in front.
    if (event->type() == QEvent::Show && std::exchange(m_isFresh, false))
        dock(QStringLiteral("curves"))->raise();
    // Letters, Space and Delete mean recordings on the other page: here they are the panels' own.
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool isFunction = key->key() >= Qt::Key_F1 && key->key() <= Qt::Key_F35;
        if (!(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier)) && !isFunction) {
            event->accept();
            return true;
        }
    }
    return QMainWindow::event(event);
}

bool ExperimentsPage::isSettled() const
{
    const bool isFormSettled = !m_dialog || (m_dialog->isSettled() && m_dialog->editor().form().isComplete());
    return m_feed.isSettled() && m_runs->isSettled() && m_confusion->isSettled() && !m_reporting->isBusy() && !m_saving->isBusy() && (!m_repeat || m_repeat->isSettled()) && isFormSettled;
}

void ExperimentsPage::wireQueue()
{
    connect(m_queue, &QueueView::selectedChanged, this, [this](qint64 id) {
        if (id != 0)
            setCurrent(id);
    });
    connect(m_queue, &QueueView::openRequested, this, &ExperimentsPage::showJob);
    connect(m_queue, &QueueView::pauseRequested, this, [this](qint64 id) {
        setCurrent(id);
        m_commands.pauseJob->trigger();
    });
    connect(m_queue, &QueueView::resumeRequested, this, [this](qint64 id) {
        setCurrent(id);
        m_commands.resumeJob->trigger();
    });
    connect(m_queue, &QueueView::cancelRequested, this, [this](qint64 id) {
        setCurrent(id);
        m_commands.cancelJob->trigger();
    });
    connect(m_queue, &QueueView::moveRequested, this, &ExperimentsPage::moveJob);
    connect(m_queue, &QueueView::menuRequested, this, &ExperimentsPage::popupMenu);
    connect(m_commands.newJob, &QAction::triggered, this, &ExperimentsPage::openNewJob);
    connect(m_commands.startWorker, &QAction::triggered, this, &ExperimentsPage::startWorker);
    connect(m_commands.pauseJob, &QAction::triggered, this, [this] { changeState([](JobStore &store, JobId id) { store.pause(id); }, false); });
    connect(m_commands.resumeJob, &QAction::triggered, this, [this] { changeState([](JobStore &store, JobId id) { store.resume(id); }, true); });
    connect(m_commands.cancelJob, &QAction::triggered, this, [this] { changeState([](JobStore &store, JobId id) { store.cancel(id); }, false); });
    connect(m_commands.retryJob, &QAction::triggered, this, [this] { repeatToday(); });
    connect(m_commands.repeatJob, &QAction::triggered, this, &ExperimentsPage::repeatExactly);
    connect(m_commands.takeJobFirst, &QAction::triggered, this, [this] {
        const auto &state = m_feed.queue();
        if (!state)
            return;
        const auto first = std::ranges::find(state->queue, JobState::queued, &JobRow::state);
        if (first != state->queue.end() && first->id != meantJob())
            moveJob(meantJob(), first->id);
    });
    connect(m_commands.changeJob, &QAction::triggered, this, [this] {
        const auto &state = m_feed.detail();
        if (!state || state->detail.row.id != meantJob())
            return;
        m_copyOf = meantJob();
        const std::filesystem::path folder = state->detail.folder.empty() ? m_feed.project() : std::filesystem::path(state->detail.folder);
        const QString text = QString::fromStdString(orderedSpecification(state->detail.specification).dump(2));
        const qint64 copyOf = m_copyOf;
        openNewJob();
        m_copyOf = copyOf;
        if (m_dialog)
            m_dialog->openText(text, folder);
    });
    connect(m_commands.openJobFolder, &QAction::triggered, this, [this] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString((m_feed.project() / "runs" / std::to_string(meantJob())).string())));
    });
}

void ExperimentsPage::wireRuns()
{
    RunTableView &view = m_runs->view();
    connect(&view, &RunTableView::chosenChanged, this, &ExperimentsPage::showChosen);
    connect(view.selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this, &view](const QModelIndex &index) {
        if (const RunRow *row = view.runs().rowAt(index))
            setCurrent(row->id);
    });
    connect(&view, &QAbstractItemView::clicked, this, [this, &view](const QModelIndex &index) {
        if (const RunRow *row = view.runs().rowAt(index))
            setCurrent(row->id);
    });
    connect(&view, &RunTableView::menuRequested, this, &ExperimentsPage::popupMenu);
    connect(&view, &RunTableView::starToggled, this, [this](qint64 id, bool on) {
        const auto star = [id](JobStore &store) { store.star(std::array{JobId{id}}); };
        const auto unstar = [id](JobStore &store) { store.unstar(std::array{JobId{id}}); };
        edit(on ? tr("star a run") : tr("take a star away"), on ? std::function<void(JobStore &)>(star) : unstar, on ? std::function<void(JobStore &)>(unstar) : star);
    });
    connect(&view.runs(), &RunTableModel::renamed, this, [this, &view](qint64 id, const QString &name) {
        const RunRow *shown = view.runs().rowAt(view.runs().indexOf(id));
        const JobRow *row = rowOf(id);
        const std::string old = row ? row->name : shown ? shown->name.toStdString() : std::string();
        edit(tr("rename a run"), [id, name = name.toStdString()](JobStore &store) { store.rename(id, name); }, [id, old](JobStore &store) { store.rename(id, old); });
    });
    connect(m_commands.starRuns, &QAction::triggered, this, &ExperimentsPage::starChosen);
    connect(m_commands.tagRuns, &QAction::triggered, this, &ExperimentsPage::editTags);
    connect(m_commands.noteRun, &QAction::triggered, this, &ExperimentsPage::editNotes);
    connect(m_commands.removeRuns, &QAction::triggered, this, &ExperimentsPage::removeChosen);
    connect(m_commands.showConfusion, &QAction::triggered, this, &ExperimentsPage::showConfusion);
    connect(m_commands.runsAsCsv, &QAction::triggered, this, &ExperimentsPage::saveCsv);
    connect(m_commands.reportRuns, &QAction::triggered, this, &ExperimentsPage::saveReport);
    const auto copy = [this](RunTextFormat format) {
        QApplication::clipboard()->setText(runTableText(m_runs->view().runs(), format));
        Q_EMIT told(tr("The table of runs is copied."));
    };
    connect(m_commands.runsAsMarkdown, &QAction::triggered, this, [copy] { copy(RunTextFormat::markdown); });
    connect(m_commands.runsAsLatex, &QAction::triggered, this, [copy] { copy(RunTextFormat::latex); });
    connect(m_commands.copyComparison, &QAction::triggered, this, [this] {
        QApplication::clipboard()->setText(m_compare->parameters().asText());
        Q_EMIT told(tr("The comparison is copied."));
    });
}

void ExperimentsPage::showQueue()
{
    std::vector<QueueItem> items;
    const std::shared_ptr<const QueueState> state = m_feed.queue();
    if (state) {
        const auto running = std::ranges::count_if(state->queue, [](const JobRow &job) { return isActive(job.state); });
        const auto waiting = std::ranges::count(state->queue, JobState::queued, &JobRow::state);
        if (!state->queue.empty())
            items.push_back({.kind = QueueItem::Kind::heading, .name = tr("Queue"), .detail = tr("%1 running, %2 waiting").arg(running).arg(waiting)});
        for (const JobRow &job : state->queue)
            items.push_back(queueCard(job));
        if (!state->finished.empty())
            items.push_back({.kind = QueueItem::Kind::heading, .name = tr("Finished"), .detail = {}});
        for (const QueueState::Finished &each : state->finished)
            items.push_back(finishedLine(each.job, each.value));
    }
    m_queue->setEmptyText(m_feed.project().empty() ? tr("Jobs are kept in a project, so that they survive this window. Make one from the open recordings under File > New project, or open one.")
                          : state                  ? tr("Nothing waits. New job begins with a ready specification; it runs beside this window and goes on when the window is closed.")
                                                   : QString());
    m_queue->setItems(std::move(items));
    updateCommands();
    Q_EMIT summaryChanged();
}

void ExperimentsPage::showChosen()
{
    const std::vector<ChosenRun> &chosen = m_runs->view().chosen();
    const QHash<qint64, QString> names = m_runs->names();
    m_curves->setRuns(chosen, names);
    m_compare->setRuns(chosen, names, m_runs->names(RunsPanel::SeedInName::left));
    if (!chosen.empty() && m_current == 0)
        setCurrent(chosen.back().id);
    updateCommands();
    Q_EMIT summaryChanged();
}

void ExperimentsPage::showConfusion()
{
    dock(QStringLiteral("confusion"))->show();
    dock(QStringLiteral("confusion"))->raise();
}

QString ExperimentsPage::summary() const
{
    const std::shared_ptr<const RunTableState> table = m_feed.table();
    const std::shared_ptr<const QueueState> queue = m_feed.queue();
    if (!table || !queue)
        return {};
    const auto running = std::ranges::count_if(queue->queue, [](const JobRow &job) { return isActive(job.state); });
    const std::size_t runs = table->table->rows.size();
    return (runs == 1 ? tr("1 run") : tr("%1 runs").arg(runs)) + QStringLiteral("   ") + tr("%1 running").arg(running);
}

void ExperimentsPage::setCurrent(qint64 id)
{
    if (id == m_current)
        return;
    m_current = id;
    m_feed.setDetail(id);
    updateCommands();
}

const JobRow *ExperimentsPage::rowOf(qint64 id) const
{
    if (const auto &detail = m_feed.detail(); detail && detail->detail.row.id == id)
        return &detail->detail.row;
    if (const auto &state = m_feed.queue()) {
        for (const JobRow &job : state->queue) {
            if (job.id == id)
                return &job;
        }
        for (const QueueState::Finished &each : state->finished) {
            if (each.job.id == id)
                return &each.job;
        }
    }
    return nullptr;
}

std::vector<JobId> ExperimentsPage::chosenIds() const
{
    std::vector<JobId> ids;
    for (const ChosenRun &run : m_runs->view().chosen())
        ids.push_back(run.id);
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
    const std::vector<JobId> ids = chosenIds();
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
    const std::vector<JobId> ids = chosenIds();
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
