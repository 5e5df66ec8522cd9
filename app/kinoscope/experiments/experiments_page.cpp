#include "app/kinoscope/experiments/experiments_page.h"

#include "app/kinoscope/experiments/compare_panel.h"
#include "app/kinoscope/experiments/confusion_panel.h"
#include "app/kinoscope/experiments/curves_panel.h"
#include "app/kinoscope/experiments/job_words.h"
#include "app/kinoscope/experiments/lost_notice.h"
#include "app/kinoscope/experiments/new_job_dialog.h"
#include "app/kinoscope/experiments/repeat_dialog.h"
#include "app/kinoscope/experiments/run_detail_panel.h"
#include "app/kinoscope/experiments/runs_panel.h"
#include "app/kinoscope/inspect/plot_files.h"
#include "app/kinoscope/sealed_bytes.h"
#include "core/jobs/specification/specification.h"
#include "widgets/form/json_editor.h"
#include "widgets/runs/queue_view.h"
#include "widgets/runs/run_table_text.h"
#include "widgets/window/kept_layout.h"
#include "widgets/window/panel_dock.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QPushButton>
#include <QTabBar>
#include <QTimer>
#include <QUrl>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr qint32 kLayoutVersion = 1;

} // namespace

ExperimentsPage::ExperimentsPage(JobFeed &feed, Commands &commands, TaskRunner &runner, QUndoStack &history, QWidget *parent)
    : QMainWindow(parent), m_feed(feed), m_commands(commands), m_runner(runner), m_history(history), m_queue(new QueueView), m_lost(new LostNotice), m_runs(new RunsPanel(feed)),
      m_curves(new CurvesPanel(feed)), m_compare(new ComparePanel(feed)), m_detail(new RunDetailPanel(feed)),
      m_confusion(new ConfusionPanel(feed, runner)), m_reporting(new TaskLine(runner, this)), m_saving(new TaskLine(runner, this)),
      m_workerProgram(QCoreApplication::applicationDirPath() + QStringLiteral("/kino")), m_kept(new KeptLayout(*this, [this](const QByteArray &docks) {
          const bool isRestored = restoreState(docks, kLayoutVersion);
          m_isUsual = m_isUsual && !isRestored;
          return isRestored;
      }))
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
    connect(&feed, &JobFeed::workerLost, this, &ExperimentsPage::tellLost);
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
    column->addWidget(m_lost);
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
    m_runs->view().installEventFilter(this);
}

PanelDock *ExperimentsPage::dock(const QString &name) const
{
    const auto found = std::ranges::find_if(m_docks, [&](const PanelDock *dock) { return dock->objectName() == name; });
    return found == m_docks.end() ? nullptr : *found;
}

void ExperimentsPage::resetLayout()
{
    m_kept->letGo();
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

QByteArray ExperimentsPage::saveLayout() const { return sealedBytes(m_kept->held().value_or(saveState(kLayoutVersion))); }

void ExperimentsPage::restoreLayout(const QByteArray &state)
{
    const std::optional<QByteArray> docks = openedSeal(state);
    if (!docks || !m_kept->hold(*docks))
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
    // Keys of the table: F2 and Delete, which on the other page mean labels.
    if (watched == &m_runs->view() && (event->type() == QEvent::ShortcutOverride || event->type() == QEvent::KeyPress)) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool hasChosen = std::ranges::any_of(m_runs->view().chosen(), [this](const ChosenRun &run) { return shownRow(run.id) != nullptr; });
        QAction *action = key->modifiers() != Qt::NoModifier || !hasChosen ? nullptr
            : key->key() == Qt::Key_F2                                      ? m_commands.renameRun
            : key->key() == Qt::Key_Delete                                  ? m_commands.removeRuns
                                                                            : nullptr;
        if (action) {
            event->accept();
            if (event->type() == QEvent::KeyPress)
                action->trigger();
            return true;
        }
    }
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
            showJob(id);
    });
    connect(m_queue, &QueueView::pressedAt, this, &ExperimentsPage::showJob);
    connect(m_queue, &QueueView::openRequested, this, &ExperimentsPage::showJob);
    connect(m_queue, &QueueView::pauseRequested, this, [this](qint64 id) { ask(Wish::pause, {id}); });
    connect(m_queue, &QueueView::resumeRequested, this, [this](qint64 id) { ask(Wish::resume, {id}); });
    connect(m_queue, &QueueView::cancelRequested, this, [this](qint64 id) { ask(Wish::cancel, {id}); });
    connect(m_lost, &LostNotice::resumeRequested, this, [this](const std::vector<qint64> &ids) { ask(Wish::resume, {ids.begin(), ids.end()}); });
    connect(m_queue, &QueueView::moveRequested, this, &ExperimentsPage::moveJob);
    connect(m_queue, &QueueView::menuRequested, this, [this](qint64 id, const QPoint &place) {
        showJob(id);
        popupMenu(place, {id});
    });
    const auto settle = [this](const QAction *action, ResumePolicy policy) {
        connect(action, &QAction::triggered, this, [this, policy] { m_feed.act([policy](JobStore &store) { store.setResumePolicy(policy); }); });
    };
    settle(m_commands.afterCrashAlways, ResumePolicy::always);
    settle(m_commands.afterCrashAsk, ResumePolicy::ask);
    settle(m_commands.afterCrashNever, ResumePolicy::never);
    connect(m_commands.newJob, &QAction::triggered, this, &ExperimentsPage::openNewJob);
    connect(m_commands.startWorker, &QAction::triggered, this, &ExperimentsPage::startWorker);
    connect(m_commands.pauseJob, &QAction::triggered, this, [this] { ask(Wish::pause, meantRuns()); });
    connect(m_commands.resumeJob, &QAction::triggered, this, [this] { ask(Wish::resume, meantRuns()); });
    connect(m_commands.cancelJob, &QAction::triggered, this, [this] { ask(Wish::cancel, meantRuns()); });
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
    connect(view.selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ExperimentsPage::takeTablesCurrent);
    connect(&view, &QAbstractItemView::clicked, this, &ExperimentsPage::takeTablesCurrent);
    connect(&view, &RunTableView::menuRequested, this, [this, &view](const QPoint &place) {
        std::vector<JobId> ids;
        for (const ChosenRun &run : view.chosen()) {
            if (shownRow(run.id))
                ids.push_back(run.id);
        }
        if (!ids.empty())
            popupMenu(place, ids);
    });
    connect(&view, &RunTableView::starToggled, this, [this](qint64 id, bool on) {
        const auto star = [id](JobStore &store) { store.star(std::array{JobId{id}}); };
        const auto unstar = [id](JobStore &store) { store.unstar(std::array{JobId{id}}); };
        edit(on ? tr("star a run") : tr("take a star away"), on ? std::function<void(JobStore &)>(star) : unstar, on ? std::function<void(JobStore &)>(unstar) : star);
    });
    connect(&view.runs(), &RunTableModel::renamed, this, &ExperimentsPage::renameRun);
    connect(m_commands.starRuns, &QAction::triggered, this, &ExperimentsPage::starChosen);
    connect(m_commands.tagRuns, &QAction::triggered, this, &ExperimentsPage::editTags);
    connect(m_commands.noteRun, &QAction::triggered, this, &ExperimentsPage::editNotes);
    connect(m_commands.renameRun, &QAction::triggered, this, &ExperimentsPage::renameCurrent);
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
        QStringList parts;
        if (running > 0)
            parts += tr("%1 running").arg(running);
        if (waiting > 0)
            parts += tr("%1 waiting").arg(waiting);
        if (!state->queue.empty())
            items.push_back({.kind = QueueItem::Kind::heading, .name = tr("Queue"), .detail = parts.join(QStringLiteral(", "))});
        for (const JobRow &job : state->queue)
            items.push_back(queueCard(job, state->lost));
        if (!state->finished.empty())
            items.push_back({.kind = QueueItem::Kind::heading, .name = tr("Finished"), .detail = {}});
        for (const QueueState::Finished &each : state->finished)
            items.push_back(finishedLine(each.job, each.value));
    }
    m_queue->setEmptyText(m_feed.project().empty() ? tr("Jobs are kept in a project, so that they survive this window. Make one from the open recordings under File > New project, or open one.")
                          : state                  ? tr("Nothing waits. New job begins with a ready specification; it runs beside this window and goes on when the window is closed.")
                                                   : QString());
    m_queue->setItems(std::move(items));
    if (m_current != 0 && m_queue->selected() != m_current) {
        const QSignalBlocker quiet(m_queue);
        m_queue->select(m_current);
    }
    m_lost->showLost(state.get());
    updateCommands();
    Q_EMIT summaryChanged();
}

void ExperimentsPage::showChosen()
{
    const std::vector<ChosenRun> &chosen = m_runs->view().chosen();
    const QHash<qint64, QString> names = m_runs->names();
    m_curves->setRuns(chosen, names);
    m_compare->setRuns(chosen, names, m_runs->names(RunsPanel::SeedInName::left));
    // What is shown in full and what is chosen never part.
    if (!chosen.empty() && m_runs->view().placeOf(m_current) < 0) {
        takeTablesCurrent();
        if (m_runs->view().placeOf(m_current) < 0)
            setCurrent(chosen.back().id);
    }
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
    const QString told = (runs == 1 ? tr("1 run") : tr("%1 runs").arg(runs)) + QStringLiteral("   ") + tr("%1 running").arg(running);
    return queue->isReadOnly ? told + QStringLiteral("   ") + tr("for reading only") : told;
}

void ExperimentsPage::setCurrent(qint64 id)
{
    if (id == m_current)
        return;
    m_current = id;
    m_feed.setDetail(id);
    {
        const QSignalBlocker quiet(m_queue);
        m_queue->select(id);
    }
    updateCommands();
}

void ExperimentsPage::takeTablesCurrent()
{
    const RunRow *row = m_runs->view().runs().rowAt(m_runs->view().currentIndex());
    if (row && m_runs->view().placeOf(row->id) >= 0)
        setCurrent(row->id);
}

const RunRow *ExperimentsPage::shownRow(qint64 id) const { return m_runs->view().runs().rowAt(m_runs->view().runs().indexOf(id)); }

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

} // namespace kino
