#include "app/kinoscope/main_window.h"

#include "app/kinoscope/annotate/compare_dialog.h"
#include "app/kinoscope/annotate/label_files.h"
#include "app/kinoscope/annotate/label_keys.h"
#include "app/kinoscope/annotate/label_set_dialog.h"
#include "app/kinoscope/annotate/labels_panel.h"
#include "app/kinoscope/clocks/clock_panel.h"
#include "app/kinoscope/inspect/inspect_page.h"
#include "app/kinoscope/inspect/plot_files.h"
#include "app/kinoscope/library/menu.h"
#include "app/kinoscope/inspect/spectrogram_panel.h"
#include "app/kinoscope/inspect/timeline_panel.h"
#include "app/kinoscope/inspect/transport_panel.h"
#include "app/kinoscope/inspect/video_panel.h"
#include "app/kinoscope/windows/windows_panel.h"
#include "core/base/parallel.h"
#include "widgets/window/command_palette.h"
#include "widgets/window/drop_hint.h"
#include "widgets/style/icons.h"
#include "widgets/library/view.h"
#include "widgets/player/sound_button.h"
#include "widgets/window/message_line.h"
#include "widgets/window/shortcut_sheet.h"
#include "widgets/window/start_page.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QLineEdit>
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

} // namespace

MainWindow::MainWindow(QWidget *parent)
    : QMainWindow(parent), m_runner(static_cast<int>(std::max<std::size_t>(2, usableThreads()))), m_clock(m_session),
      m_laneLoader(m_session, m_runner), m_soundLoader(m_session, m_runner), m_library(m_session, m_runner, m_writer, m_history),
      m_annotator(m_session, m_library, m_writer, m_history), m_clocks(m_session, m_library, m_writer, m_history, m_runner), m_sound(m_session),
      m_commands(m_session, this), m_pages(new QStackedWidget),
      m_start(new StartPage({m_commands.openFiles, m_commands.openFolder, m_commands.openDemo})),
      m_inspect(new InspectPage(m_session, m_library, m_annotator, m_clocks, m_commands, m_runner)), m_messages(new MessageLine),
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
    for (QAction *action : {m_commands.openFiles, m_commands.zoomOut, m_commands.zoomIn, m_commands.fit, m_commands.palette, m_commands.toggleTheme, m_commands.shortcuts}) {
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
    file->addActions({m_commands.openFiles, m_commands.openFolder, m_commands.importWith});
    file->addAction(m_commands.newProject);
    m_recentMenu = file->addMenu(tr("Open &recent"));
    file->addAction(m_commands.openDemo);
    file->addSeparator();
    file->addActions({m_commands.previousRecording, m_commands.nextRecording, m_commands.closeRecording, m_commands.closeAll});
    file->addSeparator();
    file->addAction(m_commands.quit);
    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    edit->addActions({m_commands.undo, m_commands.redo});
    QMenu *labels = menuBar()->addMenu(tr("La&bels"));
    labels->addActions({m_commands.labelSelection, m_commands.discardLabel});
    labels->addSeparator();
    labels->addActions({m_commands.splitLabel, m_commands.mergeLabels, m_commands.labelStartHere, m_commands.labelEndHere, m_commands.editLabel, m_commands.deleteLabels});
    labels->addSeparator();
    labels->addActions({m_commands.previousLabel, m_commands.nextLabel, m_commands.repeatLabel});
    labels->addSeparator();
    labels->addActions({m_commands.addTier, m_commands.labelSets, m_commands.compareTiers});
    labels->addSeparator();
    labels->addActions({m_commands.importLabels, m_commands.exportLabels});
    QMenu *library = menuBar()->addMenu(tr("&Library"));
    library->addActions({m_commands.editTags, m_commands.editSubject, m_commands.renameRecording, m_commands.showInFolder, m_commands.copyPath});
    library->addSeparator();
    library->addActions({m_commands.importAgain, m_commands.findMoved, m_commands.importReport});
    library->addSeparator();
    library->addAction(m_commands.removeRecording);
    library->addSeparator();
    library->addActions({m_commands.countAllWindows, m_commands.copyWindowSpec});
    QMenu *playback = menuBar()->addMenu(tr("&Playback"));
    playback->addActions({m_commands.play, m_commands.pause, m_commands.faster, m_commands.reverse});
    playback->addSeparator();
    playback->addActions({m_commands.speedUp, m_commands.slowDown, m_commands.normalSpeed});
    playback->addSeparator();
    playback->addActions({m_commands.stepBack, m_commands.stepForward, m_commands.secondBack, m_commands.secondForward, m_commands.toStart, m_commands.toEnd});
    playback->addSeparator();
    playback->addActions({m_commands.loop, m_commands.loopStart, m_commands.loopEnd});
    playback->addSeparator();
    playback->addActions({m_commands.mute, m_commands.louder, m_commands.softer});
    playback->addSeparator();
    playback->addActions({m_commands.followPage, m_commands.followScroll, m_commands.followOff});
    QMenu *clocks = menuBar()->addMenu(tr("&Clocks"));
    clocks->addActions({m_commands.laterByFrame, m_commands.earlierByFrame, m_commands.laterByMillisecond, m_commands.earlierByMillisecond, m_commands.laterBySecond, m_commands.earlierBySecond});
    clocks->addSeparator();
    clocks->addActions({m_commands.setPoints, m_commands.takePoint, m_commands.leavePoints});
    clocks->addSeparator();
    clocks->addActions({m_commands.showEvents, m_commands.nextEvent, m_commands.previousEvent});
    QMenu *view = menuBar()->addMenu(tr("&View"));
    view->addActions({m_commands.zoomIn, m_commands.zoomOut, m_commands.fit, m_commands.zoomToSelection, m_commands.selectNone});
    view->addSeparator();
    view->addActions({m_commands.autoScale, m_commands.foldLanes, m_commands.resetLanes, m_commands.spectrogramSettings, m_commands.copyImage});
    view->addSeparator();
    QMenu *theme = view->addMenu(tr("&Theme"));
    theme->addActions({m_commands.themeLight, m_commands.themeDark, m_commands.themeSystem});
    theme->addSeparator();
    theme->addAction(m_commands.toggleTheme);
    QMenu *panels = menuBar()->addMenu(tr("P&anels"));
    panels->addActions({m_commands.toggleLibrary, m_commands.toggleVideo, m_commands.toggleSpectrogram, m_commands.toggleSignals, m_commands.toggleDetails, m_commands.toggleLabels, m_commands.toggleClocks, m_commands.toggleWindows});
    panels->addSeparator();
    panels->addAction(m_commands.search);
    panels->addSeparator();
    m_layoutMenu = panels->addMenu(tr("La&youts"));
    panels->addActions({m_commands.saveLayout, m_commands.resetLayout});
    QMenu *help = menuBar()->addMenu(tr("&Help"));
    help->addActions({m_commands.palette, m_commands.shortcuts});
    help->addSeparator();
    help->addAction(m_commands.about);
}

void MainWindow::wireFiles()
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
    connect(m_commands.closeAll, &QAction::triggered, &m_library, &Library::closeAll);
    connect(m_commands.previousRecording, &QAction::triggered, this, [this] { m_library.chooseNeighbour(-1); });
    connect(m_commands.nextRecording, &QAction::triggered, this, [this] { m_library.chooseNeighbour(1); });
    connect(m_commands.quit, &QAction::triggered, this, &QWidget::close);
    connect(m_start, &StartPage::recentChosen, this, [this](const QString &path) { openPaths({path.toStdString()}); });
    connect(m_recentMenu, &QMenu::aboutToShow, this, [this] {
        m_recentMenu->clear();
        for (const QString &path : recentPaths())
            m_recentMenu->addAction(QFileInfo(path).fileName() + QStringLiteral("   ") + QDir::toNativeSeparators(QFileInfo(path).path()), this, [this, path] { openPaths({path.toStdString()}); });
        m_recentMenu->addSeparator();
        m_recentMenu->addAction(tr("&Forget these"), this, [this] {
            QSettings().remove(QStringLiteral("window/recent"));
            showRecent();
        });
    });
}

void MainWindow::wireView()
{
    connect(m_commands.about, &QAction::triggered, this, &MainWindow::showAbout);
    connect(m_commands.palette, &QAction::triggered, this, [this] { m_palette->open(allCommands()); });
    connect(m_commands.shortcuts, &QAction::triggered, this, [this] {
        if (m_shortcutSheet->isVisible())
            m_shortcutSheet->hide();
        else
            m_shortcutSheet->open(allCommands());
    });
    connect(m_commands.search, &QAction::triggered, this, [this] {
        m_commands.toggleLibrary->setChecked(true);
        m_inspect->library().focusSearch();
    });
    connect(m_commands.themeLight, &QAction::triggered, this, [this] { chooseTheme(ThemeChoice::light); });
    connect(m_commands.themeDark, &QAction::triggered, this, [this] { chooseTheme(ThemeChoice::dark); });
    connect(m_commands.themeSystem, &QAction::triggered, this, [this] { chooseTheme(ThemeChoice::system); });
    connect(m_commands.toggleTheme, &QAction::triggered, this, [this] { chooseTheme(themeOf(palette()).kind == ThemeKind::dark ? ThemeChoice::light : ThemeChoice::dark); });
    const QString kept = QSettings().value(QStringLiteral("window/theme")).toString();
    (kept == QLatin1String("light") ? m_commands.themeLight : kept == QLatin1String("dark") ? m_commands.themeDark : m_commands.themeSystem)->setChecked(true);
    connect(m_commands.resetLayout, &QAction::triggered, m_inspect, &InspectPage::resetLayout);
    connect(m_commands.saveLayout, &QAction::triggered, this, [this] {
        bool isDone = false;
        const QString name = QInputDialog::getText(this, tr("Save layout"), tr("Name of the layout:"), QLineEdit::Normal, {}, &isDone);
        if (isDone && !name.trimmed().isEmpty())
            saveLayoutAs(name.trimmed());
    });
    connect(m_layoutMenu, &QMenu::aboutToShow, this, &MainWindow::showLayouts);
    m_commands.spectrogramSettings->setChecked(m_inspect->spectrogram().areSettingsShown());
    connect(m_commands.spectrogramSettings, &QAction::toggled, &m_inspect->spectrogram(), &SpectrogramPanel::showSettings);
    connect(&m_inspect->spectrogram(), &SpectrogramPanel::settingsShown, m_commands.spectrogramSettings, &QAction::setChecked);

    // How a person likes to look is kept at once: a crash must not take it.
    m_session.setLaneArrangement(LaneArrangement::restored(QSettings().value(QStringLiteral("lanes/arrangement")).toByteArray()));
    m_session.setAutoScale(QSettings().value(QStringLiteral("lanes/auto-scale"), false).toBool());
    m_session.setFollow(static_cast<FollowMode>(std::clamp(QSettings().value(QStringLiteral("play/follow"), 0).toInt(), 0, 2)));
    connect(&m_session, &Session::laneArrangementChanged, this, [this] { QSettings().setValue(QStringLiteral("lanes/arrangement"), m_session.laneArrangement().save()); });
    connect(&m_session, &Session::autoScaleChanged, this, [this] { QSettings().setValue(QStringLiteral("lanes/auto-scale"), m_session.isAutoScale()); });
    connect(&m_session, &Session::followChanged, this, [this] { QSettings().setValue(QStringLiteral("play/follow"), static_cast<int>(m_session.follow())); });
}

void MainWindow::wireSound()
{
    m_sound.setMuted(QSettings().value(QStringLiteral("sound/muted"), false).toBool());
    m_sound.setVolume(QSettings().value(QStringLiteral("sound/volume"), 1.0).toDouble());
    const auto show = [this] {
        m_commands.mute->setChecked(m_sound.isMuted());
        m_commands.mute->setEnabled(m_sound.hasSound());
        m_commands.mute->setIcon(icon(m_sound.isMuted() ? QStringLiteral("sound-off") : QStringLiteral("sound")));
        m_commands.mute->setToolTip(m_sound.explanation() + QStringLiteral("  (") + shortcutText(*m_commands.mute) + QLatin1Char(')'));
        m_inspect->transport().setVolume(qRound(m_sound.volume() * 100));
    };
    const auto change = [this](int percent) {
        m_sound.setVolume((qRound(m_sound.volume() * 100) + percent) / 100.0);
        QSettings().setValue(QStringLiteral("sound/volume"), m_sound.volume());
    };
    connect(&m_sound, &SoundPlayer::changed, this, show);
    connect(m_commands.mute, &QAction::triggered, this, [this](bool on) {
        m_sound.setMuted(on);
        QSettings().setValue(QStringLiteral("sound/muted"), on);
    });
    connect(m_commands.louder, &QAction::triggered, this, [change] { change(SoundButton::kStepPercent); });
    connect(m_commands.softer, &QAction::triggered, this, [change] { change(-SoundButton::kStepPercent); });
    connect(&m_inspect->transport(), &TransportBar::volumeRequested, this, [this, change](int percent) { change(percent - qRound(m_sound.volume() * 100)); });
    show();
}

void MainWindow::wireEdit()
{
    // A label that is still open is the last change: it ends here, and is what is taken back.
    connect(m_commands.undo, &QAction::triggered, this, [this] {
        m_annotator.endOpenLabel();
        m_history.undo();
    });
    connect(m_commands.redo, &QAction::triggered, this, [this] {
        m_annotator.endOpenLabel();
        m_history.redo();
    });
    connect(&m_history, &QUndoStack::indexChanged, this, [this] {
        const auto show = [](QAction &action, const QString &text, const QString &what, bool isPossible) {
            action.setText(what.isEmpty() ? text : text + QStringLiteral(": ") + what);
            action.setEnabled(isPossible);
        };
        show(*m_commands.undo, tr("&Undo"), m_history.undoText(), m_history.canUndo());
        show(*m_commands.redo, tr("&Redo"), m_history.redoText(), m_history.canRedo());
        // What the message offers to undo is not what Undo would take back now.
        m_messages->withdraw(m_commands.undo);
    });
    m_commands.undo->setEnabled(false);
    m_commands.redo->setEnabled(false);
    connect(&m_writer, &ProjectWriter::failed, this, [this](const QString &sentence, const QString &details) {
        showFailure(tr("Not saved yet: %1 It is tried again until it succeeds.").arg(sentence), details);
    });
    connect(&m_writer, &ProjectWriter::recovered, this, [this] { m_messages->showMessage(Mark::good, tr("All changes are saved now.")); });
    connect(&m_writer, &ProjectWriter::busyChanged, this, &MainWindow::settledChanged);
}

void MainWindow::wireLabels()
{
    m_labelKeys = new LabelKeys(m_annotator, m_commands.all(), *this);
    connect(&m_annotator, &Annotator::refused, this, [this](const QString &sentence) { m_messages->showMessage(Mark::warning, sentence); });
    connect(&m_annotator, &Annotator::stateChanged, this, &MainWindow::settledChanged);
    m_annotator.setCurrentTierName(QSettings().value(QStringLiteral("labels/current-tier")).toString().toStdString());
    connect(&m_annotator, &Annotator::currentTierChanged, this, [this] {
        // Settings wait for the disk.
        const QString key = QStringLiteral("labels/current-tier");
        const QString tier = QString::fromStdString(m_annotator.currentTierName());
        if (QSettings settings; settings.value(key).toString() != tier)
            settings.setValue(key, tier);
    });
    connect(m_commands.newProject, &QAction::triggered, this, &MainWindow::askForNewProject);
    m_labelFiles = new LabelFiles(m_session, m_annotator, m_commands, m_runner, *this);
    connect(m_labelFiles, &LabelFiles::told, this, [this](const QString &sentence, bool isWarning) { m_messages->showMessage(isWarning ? Mark::warning : Mark::good, sentence, sentence); });
    connect(m_labelFiles, &LabelFiles::failed, this, &MainWindow::showFailure);
    connect(m_commands.labelSets, &QAction::triggered, this, [this] { editLabelSet(false); });
    connect(&m_inspect->labels(), &LabelsPanel::labelSetWanted, this, &MainWindow::editLabelSet);
    connect(m_commands.compareTiers, &QAction::triggered, this, &MainWindow::compareTiers);
    // Who labels wants to see the labels.
    for (QAction *command : {m_commands.addTier, m_commands.labelSelection})
        connect(command, &QAction::triggered, this, [this] { m_inspect->showDock(QStringLiteral("labels")); });
}

/** Labels in use, without a set of their own yet, are what a new set begins with. */
void MainWindow::editLabelSet(bool isNew)
{
    const TierId tier = m_annotator.currentTier();
    LabelSet set = m_annotator.vocabulary();
    const bool hasOwn = set.id != 0 && !isNew;
    const LabelSet before = set;
    if (!hasOwn) {
        set.id = 0;
        if (before.id != 0)
            set.labels.clear();
    }
    std::vector<std::string> taken;
    for (const LabelSet &each : m_annotator.labelSets()) {
        if (each.id != set.id || set.id == 0)
            taken.push_back(each.name);
    }
    if (!hasOwn) {
        const std::string base = m_annotator.set() && tier != 0 ? m_annotator.set()->tier(tier).name : "activity";
        set.name = base;
        for (int number = 2; std::ranges::find(taken, set.name) != taken.end(); ++number)
            set.name = base + " " + std::to_string(number);
    }
    auto *dialog = new LabelSetDialog(set, std::move(taken), reservedKeys(m_commands.all()), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, before, hasOwn, tier] {
        if (dialog->outcome() == LabelSetDialog::Outcome::remove) {
            m_annotator.changeLabelSet({before, std::nullopt});
            return;
        }
        LabelSet after = dialog->labelSet();
        if (hasOwn) {
            if (after != before)
                m_annotator.changeLabelSet({before, after});
            return;
        }
        after.id = m_annotator.nextLabelSetId();
        m_annotator.changeLabelSet({std::nullopt, after}, tier);
    });
    dialog->open();
}

void MainWindow::compareTiers()
{
    m_annotator.endOpenLabel();
    if (!m_session.recording())
        return;
    (new CompareDialog(m_session.recording()->tiers, m_runner, this))->open();
}

std::vector<QAction *> MainWindow::allCommands() const
{
    std::vector<QAction *> all = m_commands.all();
    all.insert(all.end(), m_labelKeys->actions().begin(), m_labelKeys->actions().end());
    return all;
}

void MainWindow::askForNewProject()
{
    QString folder = QFileDialog::getSaveFileName(this, tr("New project"), QDir::home().filePath(tr("Study.kino")), tr("Kinoscope project (*.kino)"));
    if (folder.isEmpty())
        return;
    if (!folder.endsWith(QLatin1String(".kino")))
        folder += QStringLiteral(".kino");
    m_library.newProject(folder.toStdString());
}

void MainWindow::wire()
{
    wireFiles();
    wireEdit();
    wireSound();
    wireLabels();
    wireView();
    connect(&m_library, &Library::changed, this, [this] {
        m_messages->setSummary(m_library.summary());
        showPage();
        updateTitle();
        const bool hasAny = m_library.count() > 0;
        m_commands.closeAll->setEnabled(hasAny || !m_library.project().empty());
        m_commands.previousRecording->setEnabled(m_library.count() > 1);
        m_commands.nextRecording->setEnabled(m_library.count() > 1);
    });
    for (QAction *action : {m_commands.closeAll, m_commands.previousRecording, m_commands.nextRecording})
        action->setEnabled(false);
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
    connect(&m_inspect->plotFiles(), &PlotFiles::progressed, this, [this](const QString &what, double fraction) {
        if (!m_library.isBusy()) // what is being read has the line
            m_messages->setWork(what, fraction);
    });
    connect(m_messages, &MessageLine::cancelRequested, &m_inspect->plotFiles(), &PlotFiles::cancel);
    connect(&m_runner, &TaskRunner::failed, this, &MainWindow::showFailure);
    connect(m_inspect, &InspectPage::failed, this, &MainWindow::showFailure);
    connect(m_inspect, &InspectPage::told, this, [this](const QString &sentence) { m_messages->showMessage(Mark::good, sentence); });
    connect(&m_inspect->windows(), &WindowsPanel::settledChanged, this, &MainWindow::settledChanged);
    connect(&m_session, &Session::factsChanged, this, &MainWindow::updateTitle);
    connect(&m_session, &Session::recordingChanged, this, [this] {
        updateTitle();
        if (!m_messages->hasAction())
            m_messages->showMessage(Mark::none, {});
        restoreView();
    });
    connect(&m_laneLoader, &LaneLoader::busyChanged, this, &MainWindow::settledChanged);
    connect(&m_soundLoader, &SoundLoader::busyChanged, this, &MainWindow::settledChanged);
    connect(&m_inspect->clocks(), &ClockPanel::settledChanged, this, &MainWindow::settledChanged);
    connect(&m_inspect->video(), &VideoPanel::settledChanged, this, &MainWindow::settledChanged);
    connect(&m_inspect->spectrogram(), &SpectrogramPanel::settledChanged, this, &MainWindow::settledChanged);
}

void MainWindow::chooseTheme(ThemeChoice choice)
{
    setTheme(choice == ThemeChoice::system ? systemThemeAtStart() : choice == ThemeChoice::dark ? ThemeKind::dark : ThemeKind::light);
    QAction *action = choice == ThemeChoice::system ? m_commands.themeSystem : choice == ThemeChoice::dark ? m_commands.themeDark : m_commands.themeLight;
    action->setChecked(true);
    const QString name = choice == ThemeChoice::system ? QStringLiteral("system") : choice == ThemeChoice::dark ? QStringLiteral("dark") : QStringLiteral("light");
    QSettings().setValue(QStringLiteral("window/theme"), name);
}

QStringList MainWindow::layoutNames() const
{
    QSettings settings;
    settings.beginGroup(QStringLiteral("layouts"));
    QStringList names;
    for (const QString &key : settings.childKeys())
        names += QUrl::fromPercentEncoding(key.toLatin1());
    return names;
}

void MainWindow::saveLayoutAs(const QString &name)
{
    // Names may hold what a key must not.
    QSettings().setValue(QStringLiteral("layouts/") + QString::fromLatin1(QUrl::toPercentEncoding(name)), m_inspect->saveLayout());
    m_messages->showMessage(Mark::good, tr("The layout \u201c%1\u201d is kept under Panels \u203a Layouts.").arg(name));
}

void MainWindow::applyLayout(const QString &name)
{
    m_inspect->restoreLayout(QSettings().value(QStringLiteral("layouts/") + QString::fromLatin1(QUrl::toPercentEncoding(name))).toByteArray());
}

void MainWindow::deleteLayout(const QString &name) { QSettings().remove(QStringLiteral("layouts/") + QString::fromLatin1(QUrl::toPercentEncoding(name))); }

void MainWindow::showLayouts()
{
    m_layoutMenu->clear();
    const QStringList names = layoutNames();
    for (const QString &name : names)
        m_layoutMenu->addAction(QString(name).replace(QLatin1Char('&'), QStringLiteral("&&")), this, [this, name] { applyLayout(name); });
    if (names.isEmpty()) {
        m_layoutMenu->addAction(tr("None is kept yet"))->setEnabled(false);
        return;
    }
    m_layoutMenu->addSeparator();
    QMenu *removal = m_layoutMenu->addMenu(tr("&Delete"));
    for (const QString &name : names)
        removal->addAction(QString(name).replace(QLatin1Char('&'), QStringLiteral("&&")), this, [this, name] { deleteLayout(name); });
}

void MainWindow::restoreLastState()
{
    const QSettings settings;
    const QString project = settings.value(QStringLiteral("last/project")).toString();
    if (project.isEmpty() || !QFileInfo(project).isDir())
        return;
    KeptView view;
    view.recording = settings.value(QStringLiteral("last/recording")).toString();
    // As text: a nanosecond must not pass through a double.
    view.visible = {{settings.value(QStringLiteral("last/visible-start-ns")).toString().toLongLong()}, {settings.value(QStringLiteral("last/visible-end-ns")).toString().toLongLong()}};
    view.playhead = {settings.value(QStringLiteral("last/playhead-ns")).toString().toLongLong()};
    m_keptView = view;
    m_library.openProjectAt(project.toStdString(), view.recording);
}

void MainWindow::restoreView()
{
    if (!m_keptView || !m_session.recording())
        return;
    const KeptView view = *m_keptView;
    m_keptView.reset();
    if (view.recording != QString::fromStdString(m_session.recording()->name))
        return;
    if (!view.visible.isEmpty())
        m_session.setVisibleRange(view.visible);
    m_session.setPlayhead(view.playhead);
}

void MainWindow::saveState()
{
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    if (m_inspect->isLayoutChanged())
        settings.setValue(QStringLiteral("window/layout"), m_inspect->saveLayout());
    else
        settings.remove(QStringLiteral("window/layout"));
    settings.remove(QStringLiteral("last"));
    if (m_library.project().empty())
        return;
    settings.setValue(QStringLiteral("last/project"), QString::fromStdString(std::filesystem::absolute(m_library.project()).string()));
    if (!m_session.recording())
        return;
    settings.setValue(QStringLiteral("last/recording"), QString::fromStdString(m_session.recording()->name));
    settings.setValue(QStringLiteral("last/visible-start-ns"), QString::number(m_session.visibleRange().start.ns));
    settings.setValue(QStringLiteral("last/visible-end-ns"), QString::number(m_session.visibleRange().end.ns));
    settings.setValue(QStringLiteral("last/playhead-ns"), QString::number(m_session.playhead().ns));
}

bool MainWindow::isSettled() const
{
    return m_annotator.state() != LabelsState::loading && m_libraryMenu->isSettled() && !m_writer.isBusy() && !m_library.isBusy() && !m_laneLoader.isBusy() && !m_soundLoader.isBusy() && m_inspect->clocks().isSettled() && m_inspect->video().isSettled() && m_inspect->spectrogram().isSettled() && m_inspect->windows().isSettled();
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
    QWidget *page = m_library.count() > 0 || !m_library.project().empty() || m_history.canUndo() ? static_cast<QWidget *>(m_inspect) : m_start;
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
    const QStringList paths = recentPaths();
    for (const QString &path : paths)
        entries.push_back({QFileInfo(path).fileName(), path});
    m_start->setRecent(entries);
    m_recentMenu->setEnabled(!paths.isEmpty());
}

QStringList MainWindow::recentPaths() const { return QSettings().value(QStringLiteral("window/recent")).toStringList(); }

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
    if (!m_writer.finish()) {
        const auto answer = QMessageBox::warning(this, tr("Not everything is saved"),
                                                 tr("%1 could not be written to the project.\n%2\n\nClose all the same and lose this?")
                                                     .arg(m_writer.waiting() == 1 ? tr("One change") : tr("%1 changes").arg(m_writer.waiting()), m_writer.trouble()),
                                                 QMessageBox::Discard | QMessageBox::Cancel, QMessageBox::Cancel);
        if (answer != QMessageBox::Discard) {
            event->ignore();
            return;
        }
        m_writer.abandon();
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
