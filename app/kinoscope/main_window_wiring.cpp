// What the window's commands do, and who hears of what.
#include "app/kinoscope/main_window.h"

#include "app/kinoscope/annotate/compare_dialog.h"
#include "app/kinoscope/annotate/label_files.h"
#include "app/kinoscope/annotate/label_keys.h"
#include "app/kinoscope/annotate/label_set_dialog.h"
#include "app/kinoscope/annotate/labels_panel.h"
#include "app/kinoscope/clocks/clock_panel.h"
#include "app/kinoscope/experiments/experiments_page.h"
#include "app/kinoscope/experiments/window_opener.h"
#include "app/kinoscope/inspect/inspect_page.h"
#include "app/kinoscope/inspect/plot_files.h"
#include "app/kinoscope/inspect/spectrogram_panel.h"
#include "app/kinoscope/inspect/timeline_panel.h"
#include "app/kinoscope/inspect/transport_panel.h"
#include "app/kinoscope/inspect/video_panel.h"
#include "app/kinoscope/sentence.h"
#include "app/kinoscope/unsaved_changes.h"
#include "app/kinoscope/windows/windows_panel.h"
#include "widgets/library/view.h"
#include "widgets/player/sound_button.h"
#include "widgets/style/icons.h"
#include "widgets/window/command_palette.h"
#include "widgets/window/message_line.h"
#include "widgets/window/shortcut_sheet.h"
#include "widgets/window/start_page.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QLineEdit>
#include <QMenu>
#include <QSettings>

namespace kino {

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
    connect(m_start, &StartPage::recentChosen, this, &MainWindow::openRecent);
    connect(m_recentMenu, &QMenu::aboutToShow, this, [this] {
        m_recentMenu->clear();
        for (const QString &path : recentPaths())
            m_recentMenu->addAction(recentName(path) + QStringLiteral("   ") + QDir::toNativeSeparators(QFileInfo(QDir::cleanPath(path.section(QLatin1Char('\n'), 0, 0))).path()), this, [this, path] { openRecent(path); });
        m_recentMenu->addSeparator();
        m_recentMenu->addAction(tr("&Forget these"), this, [this] {
            QSettings().remove(QStringLiteral("window/recent"));
            showRecent();
        });
    });
}

void MainWindow::openRecent(const QString &paths)
{
    std::vector<std::filesystem::path> each;
    for (const QString &path : paths.split(QLatin1Char('\n'), Qt::SkipEmptyParts))
        each.emplace_back(path.toStdString());
    openPaths(each);
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
    connect(m_commands.resetLayout, &QAction::triggered, this, [this] {
        if (m_pages->currentWidget() == m_experiments)
            m_experiments->resetLayout();
        else
            m_inspect->resetLayout();
    });
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
    // What was taken back is said, where the change does not say more itself.
    const auto step = [this](void (QUndoStack::*go)(), const QString &sentence) {
        const int before = m_history.index();
        m_messages->settle(MessageLine::Age::any);
        const QString said = m_messages->message();
        (m_history.*go)();
        if (m_history.index() != before && m_messages->message() == said && m_messages->kind() != Mark::bad)
            m_messages->showMessage(Mark::none, sentence);
    };
    // A label that is still open is the last change: it ends here, and is what is taken back.
    connect(m_commands.undo, &QAction::triggered, this, [this, step] {
        m_annotator.endOpenLabel();
        const QString what = m_history.undoText();
        step(&QUndoStack::undo, tr("Undone: %1.").arg(what));
    });
    connect(m_commands.redo, &QAction::triggered, this, [this, step] {
        m_annotator.endOpenLabel();
        const QString what = m_history.redoText();
        step(&QUndoStack::redo, tr("Done again: %1.").arg(what));
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
        m_messages->settle();
    });
    m_commands.undo->setEnabled(false);
    m_commands.redo->setEnabled(false);
    connect(&m_writer, &ProjectWriter::failed, this, [this](const QString &sentence, const QString &details) {
        m_messages->showMessage(Mark::bad, tr("Not saved yet. %1").arg(asSentence(sentence)), details, m_commands.showUnsaved);
    });
    connect(&m_writer, &ProjectWriter::progressed, this, [this] { m_commands.showUnsaved->setEnabled(!m_writer.trouble().isEmpty()); });
    connect(m_commands.showUnsaved, &QAction::triggered, m_unsaved, &UnsavedChanges::show);
    connect(m_unsaved, &UnsavedChanges::closeWanted, this, &QWidget::close, Qt::QueuedConnection);
    connect(m_unsaved, &UnsavedChanges::told, this, [this](const QString &sentence, bool isWarning) { m_messages->showMessage(isWarning ? Mark::warning : Mark::good, sentence, sentence); });
    connect(&m_writer, &ProjectWriter::recovered, this, [this] { m_messages->showMessage(Mark::good, tr("All changes are saved now.")); });
    connect(&m_writer, &ProjectWriter::busyChanged, this, &MainWindow::settledChanged);
}

void MainWindow::wireExperiments()
{
    for (QAction *page : {m_commands.showInspect, m_commands.showExperiments})
        connect(page, &QAction::triggered, this, &MainWindow::showPage);
    connect(m_experiments, &ExperimentsPage::failed, this, &MainWindow::showFailure);
    connect(m_experiments, &ExperimentsPage::told, this, [this](const QString &sentence) { m_messages->showMessage(Mark::good, sentence); });
    connect(m_experiments, &ExperimentsPage::warned, this, [this](const QString &sentence) { m_messages->showMessage(Mark::warning, sentence); });
    connect(m_experiments, &ExperimentsPage::toldWithUndo, this, [this](const QString &sentence) { m_messages->showMessage(Mark::none, sentence, sentence, m_commands.undo); });
    connect(m_experiments, &ExperimentsPage::settledChanged, this, &MainWindow::settledChanged);
    connect(m_experiments, &ExperimentsPage::summaryChanged, this, &MainWindow::showSummary);
    auto *opener = new WindowOpener(m_session, m_library, this);
    connect(m_experiments, &ExperimentsPage::windowWanted, opener, &WindowOpener::show);
    connect(opener, &WindowOpener::shown, m_commands.showInspect, &QAction::trigger);
    connect(opener, &WindowOpener::failed, this, [this](const QString &sentence) { showFailure(sentence, sentence); });
    connect(m_commands.newJob, &QAction::triggered, this, [this] {
        m_commands.showExperiments->setChecked(true);
        showPage();
    });
}

/** Of what the page shows. */
void MainWindow::showSummary()
{
    m_messages->setSummary(m_pages->currentWidget() == m_experiments ? m_experiments->summary() : m_library.summary());
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
    const auto saveTier = [this](const QString &tier) { m_labelFiles->askAndExport(tier); };
    connect(&m_inspect->timeline().view(), &TimelineView::tierSaveRequested, this, saveTier);
    connect(&m_inspect->labels(), &LabelsPanel::tierSaveWanted, this, saveTier);
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
    wireExperiments();
    wireView();
    connect(&m_library, &Library::changed, this, [this] {
        m_jobs.setProject(m_library.project());
        QStringList subjects;
        for (const LibraryItem &item : m_library.model().allItems())
            subjects += item.subject;
        subjects.removeAll(QString());
        subjects.removeDuplicates();
        subjects.sort();
        m_experiments->setSubjects(subjects);
        showSummary();
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
    connect(&m_library, &Library::imported, this, &MainWindow::followImport);
    connect(&m_inspect->library(), &LibraryView::chosen, this, [this] { m_keptView.reset(); });
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

} // namespace kino
