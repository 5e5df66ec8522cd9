// Every command of the window as one QAction, shared by menus, page bar, transport, shortcuts, palette and the list of
// shortcuts. An action's objectName is its id ("play.loop-start"), its property "category" the menu it belongs to.
// GUI thread.
#pragma once

#include "widgets/player/transport_bar.h"

#include <QKeySequence>
#include <QObject>

#include <vector>

class QAction;
class QActionGroup;

namespace kino {

class Session;

class Commands : public QObject {
    Q_OBJECT

public:
    /** Those that concern the session are wired to it; the window wires the others. */
    explicit Commands(Session &session, QObject *parent);

    // File
    QAction *openFiles;
    QAction *openFolder;
    QAction *openDemo;
    QAction *newProject;
    QAction *closeRecording;
    QAction *closeAll;
    QAction *showUnsaved;
    QAction *previousRecording;
    QAction *nextRecording;
    QAction *quit;

    // Edit
    QAction *undo;
    QAction *redo;

    // Labels
    QAction *labelSelection;
    QAction *discardLabel;
    QAction *splitLabel;
    QAction *mergeLabels;
    QAction *labelStartHere;
    QAction *labelEndHere;
    QAction *editLabel;
    QAction *deleteLabels;
    QAction *previousLabel;
    QAction *nextLabel;
    QAction *repeatLabel;
    QAction *addTier;
    QAction *labelSets;
    QAction *importLabels;
    QAction *exportLabels;
    QAction *compareTiers;

    // Library
    QAction *importWith;
    QAction *importReport;
    QAction *editTags;
    QAction *editSubject;
    QAction *renameRecording;
    QAction *showInFolder;
    QAction *copyPath;
    QAction *importAgain;
    QAction *findMoved;
    QAction *removeRecording;

    // Playback
    QAction *play;
    QAction *pause;
    QAction *faster;
    QAction *reverse;
    QAction *speedUp;
    QAction *slowDown;
    QAction *normalSpeed;
    QAction *stepBack;
    QAction *stepForward;
    QAction *secondBack;
    QAction *secondForward;
    QAction *toStart;
    QAction *toEnd;
    QAction *loop;
    QAction *loopStart;
    QAction *loopEnd;
    QAction *mute;
    QAction *louder;
    QAction *softer;
    QAction *followPage;
    QAction *followScroll;
    QAction *followOff;

    // View
    QAction *showInspect;
    QAction *showExperiments;
    QAction *zoomIn;
    QAction *zoomOut;
    QAction *fit;
    QAction *zoomToSelection;
    QAction *selectNone;
    QAction *autoScale;
    QAction *foldLanes;
    QAction *resetLanes;
    QAction *spectrogramSettings;
    QAction *copyImage;
    QAction *themeLight;
    QAction *themeDark;
    QAction *themeSystem;
    QAction *toggleTheme;

    // Clocks
    QAction *laterByMillisecond;
    QAction *earlierByMillisecond;
    QAction *laterByFrame;
    QAction *earlierByFrame;
    QAction *laterBySecond;
    QAction *earlierBySecond;
    QAction *setPoints;
    QAction *takePoint;
    QAction *leavePoints;
    QAction *showEvents;
    QAction *nextEvent;
    QAction *previousEvent;

    // Panels
    QAction *toggleLibrary;
    QAction *toggleVideo;
    QAction *toggleSpectrogram;
    QAction *toggleSignals;
    QAction *toggleDetails;
    QAction *toggleLabels;
    QAction *toggleClocks;
    QAction *toggleWindows;
    QAction *search;
    QAction *saveLayout;
    QAction *resetLayout;

    // Windows
    QAction *countAllWindows;
    QAction *copyWindowSpec;
    QAction *saveWindows;

    // Jobs
    QAction *newJob;
    QAction *startWorker;
    QAction *pauseJob;
    QAction *resumeJob;
    QAction *cancelJob;
    QAction *takeJobFirst;
    QAction *retryJob;
    QAction *repeatJob;
    QAction *changeJob;
    QAction *openJobFolder;
    QAction *afterCrashAlways, *afterCrashAsk, *afterCrashNever;

    // Runs
    QAction *showConfusion;
    QAction *starRuns;
    QAction *tagRuns;
    QAction *noteRun;
    QAction *renameRun;
    QAction *removeRuns;
    QAction *runsAsCsv;
    QAction *runsAsMarkdown;
    QAction *runsAsLatex;
    QAction *copyComparison;
    QAction *reportRuns;

    // Help
    QAction *palette;
    QAction *shortcuts;
    QAction *about;

    /** In the order in which they are declared above. */
    const std::vector<QAction *> &all() const { return m_all; }
    QAction *find(const QString &id) const;
    TransportBar::Actions transportActions() const;

private:
    QAction *add(const QString &id, const QString &category, const QString &text, const QString &iconName, std::initializer_list<QKeyCombination> shortcuts, const QString &tip);
    void addFile();
    void addEdit();
    void addLabels();
    void addLibrary();
    void addPlayback();
    void addView();
    void addClocks();
    void addPanels();
    void addWindows();
    void addJobs();
    void addHelp();
    void wirePlayback();
    void wireView();
    void updateEnabled();
    void updatePlay();
    void updateFollow();

    Session &m_session;
    std::vector<QAction *> m_all;
};

/** The shortcuts as a person reads them: "Ctrl+O", "+, ="; empty where there is none. */
QString shortcutText(const QAction &action);
/** The text without the mnemonic's ampersand and the dots of a dialog. */
QString plainText(const QAction &action);

} // namespace kino
