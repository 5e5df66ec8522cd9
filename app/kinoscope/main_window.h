// The frame around the pages: menu, page bar, drop target, status line. Owns what the pages share. GUI thread.
#pragma once

#include "app/kinoscope/annotate/annotator.h"
#include "app/kinoscope/clocks/clock_setter.h"
#include "app/kinoscope/clocks/sound_loader.h"
#include "app/kinoscope/clocks/sound_player.h"
#include "app/kinoscope/commands.h"
#include "app/kinoscope/experiments/job_feed.h"
#include "app/kinoscope/inspect/lane_loader.h"
#include "app/kinoscope/library/library.h"
#include "app/kinoscope/play_clock.h"
#include "app/kinoscope/project_writer.h"
#include "app/kinoscope/session.h"
#include "app/kinoscope/task_runner.h"
#include "widgets/style/theme.h"

#include <QMainWindow>
#include <QUndoStack>

class QLabel;
class QStackedWidget;

namespace kino {

class CommandPalette;
class DropHint;
class ExperimentsPage;
class InspectPage;
class LabelFiles;
class LabelKeys;
class LibraryMenu;
class MessageLine;
class ShortcutSheet;
class StartPage;
class UnsavedChanges;

/** What `window/theme` may say; the system's own is asked for once, at the start. */
enum class ThemeChoice { light, dark, system };

class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    explicit MainWindow(QWidget *parent = nullptr);
    ~MainWindow() override;

    Session &session() { return m_session; }
    Library &library() { return m_library; }
    Commands &commands() { return m_commands; }
    ProjectWriter &writer() { return m_writer; }
    /** Everything that can be undone, in one order, whichever panel it was done in. */
    QUndoStack &history() { return m_history; }
    SoundPlayer &sound() { return m_sound; }
    ClockSetter &clocks() { return m_clocks; }
    Annotator &annotator() { return m_annotator; }
    /** The window's commands and those of the current labels' keys. */
    std::vector<QAction *> allCommands() const;
    LabelFiles &labelFiles() { return *m_labelFiles; }
    /** Of the current tier, or a new one for it. */
    void editLabelSet(bool isNew);
    InspectPage &inspect() { return *m_inspect; }
    ExperimentsPage &experiments() { return *m_experiments; }
    JobFeed &jobs() { return m_jobs; }
    MessageLine &messages() { return *m_messages; }
    UnsavedChanges &unsaved() { return *m_unsaved; }
    LibraryMenu &libraryMenu() { return *m_libraryMenu; }
    CommandPalette &palettePanel() { return *m_palette; }
    ShortcutSheet &shortcutSheet() { return *m_shortcutSheet; }

    void openPaths(const std::vector<std::filesystem::path> &paths);
    void openDemo();
    void setTheme(ThemeKind kind);
    /** Kept for the next start. */
    void chooseTheme(ThemeChoice choice);
    /** The project that was open last, or the files and folders, with the recording, the view and the playhead that they were left with. */
    void restoreLastState();
    /** A layout of the panels under a name, among those of View > Layouts. */
    void saveLayoutAs(const QString &name);
    QStringList layoutNames() const;
    void applyLayout(const QString &name);
    void deleteLayout(const QString &name);
    /** Everything about the open recording has been painted as it should be: lanes, exact frame, spectrogram. */
    bool isSettled() const;

Q_SIGNALS:
    void settledChanged();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    /** Not into panels behind others. */
    bool focusNextPrevChild(bool next) override;
    void showEvent(QShowEvent *event) override;
    void closeEvent(QCloseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    QWidget *makePageBar();
    void makeMenus();
    void wire();
    void wireFiles();
    void wireView();
    void wireEdit();
    void wireSound();
    void wireLabels();
    void wireExperiments();
    void askForNewProject();
    void compareTiers();
    void showLayouts();
    void saveState();
    void restoreView();
    /** What was opened outside a project, as far as the library still holds something of it. */
    QStringList openedPaths();
    /** After reading: the recording that was shown last, where another was read first; what was opened can be opened again. */
    void followImport(const ImportSummary &summary);
    void showPage();
    void showSummary();
    void updateTitle();
    /** One path, or several that were opened together, a line each. */
    void rememberRecent(const QString &paths);
    void showRecent();
    QStringList recentPaths() const;
    static QString recentName(const QString &paths);
    void openRecent(const QString &paths);
    void showAbout();
    void showFailure(const QString &sentence, const QString &details);

    // In this order: lines end before runners, panels before the session.
    TaskRunner m_runner;
    ProjectWriter m_writer;
    QUndoStack m_history;
    Session m_session;
    PlayClock m_clock;
    LaneLoader m_laneLoader;
    SoundLoader m_soundLoader;
    Library m_library;
    Annotator m_annotator;
    ClockSetter m_clocks;
    SoundPlayer m_sound;
    JobFeed m_jobs;
    Commands m_commands;
    QStackedWidget *m_pages;
    StartPage *m_start;
    InspectPage *m_inspect;
    ExperimentsPage *m_experiments;
    LibraryMenu *m_libraryMenu = nullptr;
    LabelKeys *m_labelKeys = nullptr;
    LabelFiles *m_labelFiles = nullptr;
    UnsavedChanges *m_unsaved;
    MessageLine *m_messages;
    QLabel *m_title;
    QMenu *m_recentMenu = nullptr;
    QMenu *m_layoutMenu = nullptr;
    CommandPalette *m_palette;
    ShortcutSheet *m_shortcutSheet;
    DropHint *m_dropHint;
    /** The view that the next recording of this name is given, once. */
    struct KeptView {
        QString recording;
        TimeRange visible;
        RecordingTime playhead;
    };
    std::optional<KeptView> m_keptView;
    QStringList m_openedPaths; // at any time; openedPaths() says which still count
    QStringList m_openedTogether; // not read yet
    bool m_wasShown = false;
};

} // namespace kino
