#include "app/kinoscope/main_window.h"

#include "app/kinoscope/clocks/clock_panel.h"
#include "app/kinoscope/experiments/experiments_page.h"
#include "app/kinoscope/experiments/runs_panel.h"
#include "app/kinoscope/inspect/inspect_page.h"
#include "app/kinoscope/inspect/spectrogram_panel.h"
#include "app/kinoscope/inspect/timeline_panel.h"
#include "app/kinoscope/inspect/video_panel.h"
#include "app/kinoscope/library/menu.h"
#include "app/kinoscope/unsaved_changes.h"
#include "app/kinoscope/windows/windows_panel.h"
#include "core/base/parallel.h"
#include "widgets/window/command_palette.h"
#include "widgets/window/drop_hint.h"
#include "widgets/window/message_line.h"
#include "widgets/window/panel_dock.h"
#include "widgets/window/shortcut_sheet.h"
#include "widgets/window/start_page.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QVBoxLayout>

namespace kino {

MainWindow::MainWindow(QWidget *parent)
    : QMainWindow(parent), m_runner(static_cast<int>(std::max<std::size_t>(2, usableThreads()))), m_clock(m_session),
      m_laneLoader(m_session, m_runner), m_soundLoader(m_session, m_runner), m_library(m_session, m_runner, m_writer, m_history),
      m_annotator(m_session, m_library, m_writer, m_history), m_clocks(m_session, m_library, m_writer, m_history, m_runner), m_sound(m_session),
      m_commands(m_session, this), m_pages(new QStackedWidget),
      m_start(new StartPage({m_commands.openFiles, m_commands.openFolder, m_commands.openDemo})),
      m_inspect(new InspectPage(m_session, m_library, m_annotator, m_clocks, m_commands, m_runner)),
      m_experiments(new ExperimentsPage(m_jobs, m_commands, m_runner, m_history)),
      m_unsaved(new UnsavedChanges(m_session, m_writer, m_library, *this)), m_messages(new MessageLine),
      m_title(new QLabel), m_palette(new CommandPalette(this)), m_shortcutSheet(new ShortcutSheet(this)),
      m_dropHint(new DropHint(this))
{
    setObjectName(QStringLiteral("kinoscope"));
    setAcceptDrops(true);
    setMinimumSize(900, 600);
    resize(1600, 1000);
    makeMenus();
    auto *frame = new QWidget(this);
    auto *column = new QVBoxLayout(frame);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makePageBar());
    column->addWidget(makeHairline(frame));
    m_pages->addWidget(m_start);
    m_pages->addWidget(m_inspect);
    m_pages->addWidget(m_experiments);
    column->addWidget(m_pages, 1);
    column->addWidget(makeHairline(frame));
    column->addWidget(m_messages);
    setCentralWidget(frame);
    m_libraryMenu = new LibraryMenu(m_library, m_inspect->library(), m_commands, *m_messages, m_runner, this);
    connect(m_libraryMenu, &LibraryMenu::settledChanged, this, &MainWindow::settledChanged);
    for (QAction *action : m_commands.all())
        addAction(action);
    wire();
    showRecent();
    showPage();
    updateTitle();
    qApp->installEventFilter(this);
}

MainWindow::~MainWindow()
{
    qApp->removeEventFilter(this);
    m_history.disconnect(this); // it tells of its own end, when the commands are gone
    // The writer ends last, and what it still has to say nobody can hear.
    m_writer.disconnect(this);
    delete m_unsaved;
    // Panels go before what they look at.
    delete takeCentralWidget();
}

bool MainWindow::isSettled() const
{
    return m_annotator.state() != LabelsState::loading && m_libraryMenu->isSettled() && !m_writer.isBusy() && !m_library.isBusy() && !m_laneLoader.isBusy() && !m_soundLoader.isBusy() && m_experiments->isSettled() && m_inspect->clocks().isSettled() && m_inspect->video().isSettled() && m_inspect->spectrogram().isSettled() && m_inspect->windows().isSettled();
}

void MainWindow::openDemo()
{
    const QString cache = QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation);
    m_library.openDemo(std::filesystem::path(cache.toStdString()) / "demo");
}

void MainWindow::showPage()
{
    QWidget *page = m_library.count() > 0 || !m_library.project().empty() || m_history.canUndo() ? static_cast<QWidget *>(m_inspect) : m_start;
    if (m_commands.showExperiments->isChecked())
        page = m_experiments;
    if (m_pages->currentWidget() == page)
        return;
    m_pages->setCurrentWidget(page);
    showSummary();
    if (page == m_experiments)
        m_experiments->runs().view().setFocus(Qt::OtherFocusReason);
    // The keys that a person uses most go to the timeline.
    if (page == m_inspect)
        m_inspect->timeline().view().setFocus(Qt::OtherFocusReason);
}

void MainWindow::updateTitle()
{
    QString name;
    if (!m_library.project().empty())
        name = QString::fromStdString(m_library.project().stem().string());
    else if (m_session.recording())
        name = QString::fromStdString(m_session.recording()->name);
    m_title->setText(name);
    setWindowTitle(name.isEmpty() ? tr("Kinoscope") : name + QStringLiteral(" \u2013 Kinoscope"));
}

void MainWindow::showAbout()
{
    QMessageBox::about(this, tr("About Kinoscope"),
                       tr("Kinoscope %1\n\nA workbench for motion: recordings of inertial sensors and the video beside them.\n"
                          "Free software under the GNU General Public License, version 3 or later.")
                           .arg(QApplication::applicationVersion()));
}

void MainWindow::showFailure(const QString &sentence, const QString &details) { m_messages->showMessage(Mark::bad, sentence, details); }

bool MainWindow::eventFilter(QObject *watched, QEvent *event)
{
    // Space plays, but it also presses a button and opens a list that has the focus.
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Space
        && (qobject_cast<QAbstractButton *>(watched) || qobject_cast<QComboBox *>(watched))) {
        event->accept();
        return true;
    }
    // Enter and Escape belong to whoever is typed into, and to what lies over the window.
    if (event->type() == QEvent::ShortcutOverride) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if ((key == Qt::Key_Return || key == Qt::Key_Enter || key == Qt::Key_Escape) && (qobject_cast<QLineEdit *>(watched) || watched->objectName() == QLatin1String("overlay"))) {
            event->accept();
            return true;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

bool MainWindow::focusNextPrevChild(bool next)
{
    const QWidget *from = focusWidget();
    while (QMainWindow::focusNextPrevChild(next)) {
        if (!isBehindAnother(focusWidget()) || focusWidget() == from)
            return true;
        from = from ? from : focusWidget(); // once around is enough
    }
    return false;
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    if (m_wasShown)
        return;
    m_wasShown = true;
    const QByteArray layout = QSettings().value(QStringLiteral("window/layout")).toByteArray();
    if (!layout.isEmpty())
        m_inspect->restoreLayout(layout);
    const QByteArray experiments = QSettings().value(QStringLiteral("experiments/layout")).toByteArray();
    if (!experiments.isEmpty())
        m_experiments->restoreLayout(experiments);
}

/** What no panel and no command had a use for. */
void MainWindow::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape && m_commands.discardLabel->isEnabled())
        m_commands.discardLabel->trigger();
    else
        QMainWindow::keyPressEvent(event);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    m_annotator.endOpenLabel();
    if (!m_unsaved->mayClose()) {
        event->ignore();
        return;
    }
    saveState();
    QMainWindow::closeEvent(event);
}

namespace {

std::vector<std::filesystem::path> localPaths(const QMimeData &data)
{
    std::vector<std::filesystem::path> paths;
    for (const QUrl &url : data.urls()) {
        if (url.isLocalFile())
            paths.emplace_back(url.toLocalFile().toStdString());
    }
    return paths;
}

} // namespace

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    const std::vector<std::filesystem::path> paths = localPaths(*event->mimeData());
    if (paths.empty())
        return;
    event->acceptProposedAction();
    const QString name = QString::fromStdString(paths.front().filename().string());
    m_dropHint->setText(paths.size() == 1 ? tr("Drop to open %1").arg(name) : tr("Drop to open %1 files; those that belong together become one recording").arg(paths.size()));
    m_dropHint->show();
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent *) { m_dropHint->hide(); }

void MainWindow::dropEvent(QDropEvent *event)
{
    m_dropHint->hide();
    event->acceptProposedAction();
    openPaths(localPaths(*event->mimeData()));
}

} // namespace kino
