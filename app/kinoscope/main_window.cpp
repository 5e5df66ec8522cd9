#include "app/kinoscope/main_window.h"

#include "app/kinoscope/inspect_page.h"
#include "app/kinoscope/spectrogram_panel.h"
#include "app/kinoscope/timeline_panel.h"
#include "app/kinoscope/video_panel.h"
#include "core/base/parallel.h"
#include "widgets/icons.h"
#include "widgets/message_line.h"
#include "widgets/start_page.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace kino {
namespace {

constexpr int kPageBarHeight = 40;
constexpr int kMostRecent = 8;

QFrame *makeHairline(QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setProperty("role", QStringLiteral("hairline"));
    line->setFixedHeight(1);
    return line;
}

} // namespace

MainWindow::MainWindow(QWidget *parent)
    : QMainWindow(parent), m_runner(static_cast<int>(std::max<std::size_t>(2, usableThreads()))), m_clock(m_session),
      m_laneLoader(m_session, m_runner), m_library(m_session, m_runner), m_commands(m_session, this), m_pages(new QStackedWidget),
      m_start(new StartPage({m_commands.openFiles, m_commands.openFolder, m_commands.openDemo})),
      m_inspect(new InspectPage(m_session, m_library, m_commands, m_runner)), m_messages(new MessageLine),
      m_title(new QLabel)
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
    column->addWidget(m_pages, 1);
    column->addWidget(makeHairline(frame));
    column->addWidget(m_messages);
    setCentralWidget(frame);
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
    // Panels go before what they look at.
    delete takeCentralWidget();
}

QWidget *MainWindow::makePageBar()
{
    auto *bar = new QWidget(this);
    bar->setProperty("panel", QStringLiteral("bar"));
    bar->setAttribute(Qt::WA_StyledBackground);
    bar->setFixedHeight(kPageBarHeight);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(4);
    // Title in the middle of the window, whatever stands on either side.
    auto *left = new QWidget(bar);
    auto *leftRow = new QHBoxLayout(left);
    leftRow->setContentsMargins(0, 0, 0, 0);
    auto *inspect = new QToolButton(left);
    inspect->setText(tr("Inspect"));
    inspect->setProperty("look", QStringLiteral("tab"));
    inspect->setCheckable(true);
    inspect->setChecked(true);
    inspect->setFocusPolicy(Qt::NoFocus);
    connect(inspect, &QToolButton::clicked, inspect, [inspect] { inspect->setChecked(true); });
    leftRow->addWidget(inspect);
    leftRow->addStretch(1);
    QFont strong = font();
    strong.setWeight(QFont::DemiBold);
    m_title->setFont(strong);
    m_title->setAlignment(Qt::AlignCenter);
    auto *right = new QWidget(bar);
    auto *rightRow = new QHBoxLayout(right);
    rightRow->setContentsMargins(0, 0, 0, 0);
    rightRow->setSpacing(4);
    rightRow->addStretch(1);
    for (QAction *action : {m_commands.openFiles, m_commands.zoomOut, m_commands.zoomIn, m_commands.fit, m_commands.toggleTheme}) {
        auto *button = new QToolButton(right);
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonIconOnly);
        button->setIconSize({16, 16});
        button->setFocusPolicy(Qt::TabFocus);
        button->setAccessibleName(action->text().remove(QLatin1Char('&')));
        rightRow->addWidget(button);
    }
    row->addWidget(left, 1);
    row->addWidget(m_title, 0);
    row->addWidget(right, 1);
    return bar;
}

void MainWindow::makeMenus()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    file->addActions({m_commands.openFiles, m_commands.openFolder, m_commands.openDemo});
    file->addSeparator();
    file->addAction(m_commands.closeRecording);
    file->addSeparator();
    file->addAction(m_commands.quit);
    QMenu *playback = menuBar()->addMenu(tr("&Playback"));
    playback->addActions({m_commands.play, m_commands.pause, m_commands.faster, m_commands.reverse});
    playback->addSeparator();
    playback->addActions({m_commands.stepBack, m_commands.stepForward, m_commands.secondBack, m_commands.secondForward, m_commands.toStart, m_commands.toEnd});
    QMenu *view = menuBar()->addMenu(tr("&View"));
    view->addActions({m_commands.zoomIn, m_commands.zoomOut, m_commands.fit, m_commands.zoomToSelection});
    view->addSeparator();
    view->addActions({m_commands.toggleLibrary, m_commands.toggleDetails});
    view->addAction(tr("&Reset layout"), this, [this] { m_inspect->resetLayout(); });
    view->addSeparator();
    view->addAction(m_commands.toggleTheme);
    menuBar()->addMenu(tr("&Help"))->addAction(m_commands.about);
}

void MainWindow::wire()
{
    connect(m_commands.openFiles, &QAction::triggered, this, [this] {
        const QStringList files = QFileDialog::getOpenFileNames(this, tr("Open recordings"));
        std::vector<std::filesystem::path> paths;
        for (const QString &file : files)
            paths.emplace_back(file.toStdString());
        openPaths(paths);
    });
    connect(m_commands.openFolder, &QAction::triggered, this, [this] {
        const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a folder of recordings or a project"));
        if (!folder.isEmpty())
            openPaths({folder.toStdString()});
    });
    connect(m_commands.openDemo, &QAction::triggered, this, &MainWindow::openDemo);
    connect(m_commands.closeRecording, &QAction::triggered, &m_library, &Library::removeCurrent);
    connect(m_commands.quit, &QAction::triggered, this, &QWidget::close);
    connect(m_commands.about, &QAction::triggered, this, &MainWindow::showAbout);
    connect(m_commands.toggleTheme, &QAction::triggered, this, [this] {
        const ThemeKind other = themeOf(palette()).kind == ThemeKind::dark ? ThemeKind::light : ThemeKind::dark;
        setTheme(other);
        QSettings().setValue(QStringLiteral("window/theme"), other == ThemeKind::dark ? QStringLiteral("dark") : QStringLiteral("light"));
    });
    connect(m_start, &StartPage::recentChosen, this, [this](const QString &path) { openPaths({path.toStdString()}); });

    connect(&m_library, &Library::changed, this, [this] {
        m_messages->setSummary(m_library.summary());
        showPage();
        updateTitle();
    });
    connect(&m_library, &Library::openedPath, this, &MainWindow::rememberRecent);
    connect(&m_library, &Library::failed, this, &MainWindow::showFailure);
    connect(&m_library, &Library::progressed, this, [this](double fraction, const QString &what) {
        if (m_library.isBusy())
            m_messages->setWork(what.isEmpty() ? tr("Reading") : what, fraction > 0 ? fraction : -1);
    });
    connect(&m_library, &Library::busyChanged, this, [this](bool busy) {
        m_commands.openDemo->setEnabled(!busy);
        if (!busy)
            m_messages->setWork({}, 0);
        Q_EMIT settledChanged();
    });
    connect(m_messages, &MessageLine::cancelRequested, &m_library, &Library::cancelAll);
    connect(&m_runner, &TaskRunner::failed, this, &MainWindow::showFailure);
    connect(m_inspect, &InspectPage::failed, this, &MainWindow::showFailure);
    connect(&m_session, &Session::recordingChanged, this, [this] {
        updateTitle();
        m_messages->showMessage(Mark::none, {});
    });
    connect(&m_laneLoader, &LaneLoader::busyChanged, this, &MainWindow::settledChanged);
    connect(&m_inspect->video(), &VideoPanel::settledChanged, this, &MainWindow::settledChanged);
    connect(&m_inspect->spectrogram(), &SpectrogramPanel::settledChanged, this, &MainWindow::settledChanged);
}

bool MainWindow::isSettled() const
{
    return !m_library.isBusy() && !m_laneLoader.isBusy() && m_inspect->video().isSettled() && m_inspect->spectrogram().isSettled();
}

void MainWindow::openPaths(const std::vector<std::filesystem::path> &paths)
{
    if (!paths.empty())
        m_library.open(paths);
}

void MainWindow::openDemo()
{
    const QString cache = QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation);
    m_library.openDemo(std::filesystem::path(cache.toStdString()) / "demo");
}

void MainWindow::setTheme(ThemeKind kind) { applyTheme(*qApp, kind); }

void MainWindow::showPage()
{
    QWidget *page = m_library.count() > 0 ? static_cast<QWidget *>(m_inspect) : m_start;
    if (m_pages->currentWidget() == page)
        return;
    m_pages->setCurrentWidget(page);
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

void MainWindow::rememberRecent(const QString &path)
{
    QSettings settings;
    QStringList recent = settings.value(QStringLiteral("window/recent")).toStringList();
    recent.removeAll(path);
    recent.prepend(path);
    while (recent.size() > kMostRecent)
        recent.removeLast();
    settings.setValue(QStringLiteral("window/recent"), recent);
    showRecent();
}

void MainWindow::showRecent()
{
    std::vector<RecentEntry> entries;
    for (const QString &path : QSettings().value(QStringLiteral("window/recent")).toStringList())
        entries.push_back({QFileInfo(path).fileName(), path});
    m_start->setRecent(entries);
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
    return QMainWindow::eventFilter(watched, event);
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
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    if (m_inspect->isLayoutChanged())
        settings.setValue(QStringLiteral("window/layout"), m_inspect->saveLayout());
    else
        settings.remove(QStringLiteral("window/layout"));
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    std::vector<std::filesystem::path> paths;
    for (const QUrl &url : event->mimeData()->urls()) {
        if (url.isLocalFile())
            paths.emplace_back(url.toLocalFile().toStdString());
    }
    event->acceptProposedAction();
    openPaths(paths);
}

} // namespace kino
