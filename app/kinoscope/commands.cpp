#include "app/kinoscope/commands.h"

#include "app/kinoscope/session.h"
#include "widgets/style/icons.h"

#include <QAction>
#include <QActionGroup>
#include <QKeySequence>

#include <algorithm>

namespace kino {
namespace {

constexpr double kZoomStep = 0.7;

void changeSpeed(Session &session, int steps)
{
    const auto &speeds = TransportBar::speeds();
    const double size = std::abs(session.speed());
    const auto at = std::ranges::lower_bound(speeds, size - 1e-9) - speeds.begin();
    const auto wanted = std::clamp<std::ptrdiff_t>(at + steps, 0, static_cast<std::ptrdiff_t>(speeds.size()) - 1);
    session.setSpeed(std::copysign(speeds[static_cast<std::size_t>(wanted)], session.speed()));
}

} // namespace

QString plainText(const QAction &action) { return action.text().remove(QLatin1Char('&')).remove(QChar(0x2026)); }

QString shortcutText(const QAction &action)
{
    QStringList texts;
    for (const QKeySequence &key : action.shortcuts())
        texts += key.toString(QKeySequence::NativeText);
    return texts.join(QStringLiteral(", "));
}

QAction *Commands::add(const QString &id, const QString &category, const QString &text, const QString &iconName, std::initializer_list<QKeyCombination> shortcuts, const QString &tip)
{
    auto *action = new QAction(text, this);
    action->setObjectName(id);
    action->setProperty("category", category);
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    action->setIconVisibleInMenu(false);
    QList<QKeySequence> keys;
    for (const QKeyCombination key : shortcuts)
        keys += QKeySequence(key);
    action->setShortcuts(keys);
    QString shown = tip.isEmpty() ? plainText(*action) : tip;
    if (!keys.isEmpty())
        shown += QStringLiteral("  (%1)").arg(keys.front().toString(QKeySequence::NativeText));
    action->setToolTip(shown);
    m_all.push_back(action);
    return action;
}

Commands::Commands(Session &session, QObject *parent) : QObject(parent), m_session(session)
{
    addFile();
    addEdit();
    addLabels();
    addLibrary();
    addPlayback();
    addView();
    addClocks();
    addPanels();
    addWindows();
    addJobs();
    addHelp();
    wirePlayback();
    wireView();
    connect(&session, &Session::recordingChanged, this, &Commands::updateEnabled);
    connect(&session, &Session::selectionChanged, this, &Commands::updateEnabled);
    connect(&session, &Session::lanesArranged, this, &Commands::updateEnabled);
    connect(&session, &Session::loopChanged, this, &Commands::updateEnabled);
    connect(&session, &Session::playingChanged, this, &Commands::updatePlay);
    connect(&session, &Session::followChanged, this, &Commands::updateFollow);
    updateEnabled();
    updateFollow();
}

void Commands::addFile()
{
    const QString file = tr("File");
    openFiles = add(QStringLiteral("file.open"), file, tr("&Open recordings\u2026"), QStringLiteral("open"), {Qt::CTRL | Qt::Key_O}, {});
    openFolder = add(QStringLiteral("file.open-folder"), file, tr("Open &folder or project\u2026"), QStringLiteral("project"), {Qt::CTRL | Qt::SHIFT | Qt::Key_O}, tr("Open all recordings below a folder, or a project"));
    openDemo = add(QStringLiteral("file.demo"), file, tr("Try the &demo project"), QStringLiteral("demo"), {}, tr("Simulated recordings with video and labels"));
    newProject = add(QStringLiteral("file.new-project"), file, tr("&New project\u2026"), {}, {Qt::CTRL | Qt::Key_N}, tr("A folder that keeps recordings, labels and clocks; what is open without a project goes into it"));
    closeRecording = add(QStringLiteral("file.close"), file, tr("&Close recording"), {}, {Qt::CTRL | Qt::Key_W}, {});
    closeAll = add(QStringLiteral("file.close-all"), file, tr("Close a&ll"), {}, {Qt::CTRL | Qt::SHIFT | Qt::Key_W}, tr("Close the project and all recordings; nothing is deleted"));
    previousRecording = add(QStringLiteral("file.previous"), file, tr("&Previous recording"), {}, {Qt::CTRL | Qt::Key_Up}, {});
    nextRecording = add(QStringLiteral("file.next"), file, tr("&Next recording"), {}, {Qt::CTRL | Qt::Key_Down}, {});
    showUnsaved = add(QStringLiteral("file.unsaved"), file, tr("&Unsaved changes\u2026"), {}, {}, tr("What could not be written to the project yet, and what to do about it"));
    showUnsaved->setEnabled(false);
    quit = add(QStringLiteral("file.quit"), file, tr("&Quit"), {}, {Qt::CTRL | Qt::Key_Q}, {});
    quit->setMenuRole(QAction::QuitRole);
}

void Commands::addEdit()
{
    const QString edit = tr("Edit");
    undo = add(QStringLiteral("edit.undo"), edit, tr("&Undo"), {}, {Qt::CTRL | Qt::Key_Z}, tr("Take back the last change"));
    redo = add(QStringLiteral("edit.redo"), edit, tr("&Redo"), {}, {Qt::CTRL | Qt::SHIFT | Qt::Key_Z, Qt::CTRL | Qt::Key_Y}, tr("Do again what was taken back"));
}

void Commands::addLabels()
{
    const QString labels = tr("Labels");
    const auto command = [&](const char *id, const QString &text, std::initializer_list<QKeyCombination> keys, const QString &tip = {}) {
        return add(QLatin1String("labels.") + QLatin1String(id), labels, text, {}, keys, tip);
    };
    labelSelection = command("label-selection", tr("&Label the selected stretch"), {Qt::CTRL | Qt::Key_L}, tr("With the current label, on the current tier"));
    discardLabel = command("discard", tr("Discard the &open label"), {}, tr("As if it had not been begun (Esc)")); // Escape means many things: see MainWindow::keyPressEvent()
    splitLabel = command("split", tr("&Split at the playhead"), {Qt::CTRL | Qt::Key_K}, tr("The selected label, or that of the current tier"));
    mergeLabels = command("merge", tr("&Merge"), {Qt::CTRL | Qt::Key_M}, tr("The selected labels into one; of one, it and the next"));
    labelStartHere = command("start-here", tr("Let it s&tart at the playhead"), {Qt::ALT | Qt::Key_I}, tr("The selected label"));
    labelEndHere = command("end-here", tr("Let it &end at the playhead"), {Qt::ALT | Qt::Key_O}, tr("The selected label"));
    editLabel = command("edit", tr("E&dit the text"), {Qt::Key_F2}, tr("Of the selected label, in its place"));
    deleteLabels = command("delete", tr("&Remove"), {Qt::Key_Delete}, tr("The selected labels"));
    previousLabel = command("previous", tr("&Previous label"), {Qt::CTRL | Qt::Key_Left});
    nextLabel = command("next", tr("&Next label"), {Qt::CTRL | Qt::Key_Right});
    repeatLabel = command("repeat", tr("Play it a&gain and again"), {Qt::CTRL | Qt::Key_R}, tr("Repeat the selected label"));
    addTier = command("add-tier", tr("&Add tier"), {});
    labelSets = command("sets", tr("Edit label set\u2026"), {}, tr("Labels of the current tier with their colours and keys"));
    importLabels = command("import", tr("&Import labels\u2026"), {}, tr("From CSV or ELAN (.eaf)"));
    exportLabels = command("export", tr("E&xport labels\u2026"), {}, tr("As CSV or ELAN (.eaf)"));
    compareTiers = command("compare", tr("&Compare tiers\u2026"), {}, tr("How far two annotators agree"));
}

void Commands::addLibrary()
{
    const QString library = tr("Library");
    const auto command = [&](const char *id, const QString &text, std::initializer_list<QKeyCombination> keys, const QString &tip) {
        return add(QLatin1String("library.") + QLatin1String(id), library, text, {}, keys, tip);
    };
    importWith = command("import-with", tr("&Import with\u2026"), {Qt::CTRL | Qt::Key_I}, tr("Say how a table is read, column by column"));
    importReport = command("import-report", tr("Import &report"), {Qt::CTRL | Qt::SHIFT | Qt::Key_I}, tr("What the last import met, row by row"));
    editTags = command("tags", tr("&Tags\u2026"), {Qt::CTRL | Qt::Key_G}, tr("Tags of the selected recordings"));
    editSubject = command("subject", tr("Su&bject\u2026"), {Qt::CTRL | Qt::SHIFT | Qt::Key_G}, tr("Who the selected recordings are of; a split by subject goes by it"));
    renameRecording = command("rename", tr("Re&name\u2026"), {Qt::CTRL | Qt::Key_F2}, tr("Another name for the selected recording; its file keeps its own"));
    showInFolder = command("show-in-folder", tr("&Show in folder"), {}, tr("Open the folder that the recording lies in"));
    copyPath = command("copy-path", tr("&Copy path"), {}, tr("Copy where the selected recordings lie"));
    importAgain = command("import-again", tr("Read &again"), {}, tr("Read the files of the selected recordings again"));
    findMoved = command("find-moved", tr("&Find moved files\u2026"), {}, tr("Look in a folder for missing files; they are known by their content"));
    removeRecording = command("remove", tr("Re&move from the list"), {}, tr("Take the selected recordings off the list; files stay where they are"));
}

void Commands::addPlayback()
{
    const QString playback = tr("Playback");
    const auto command = [&](const char *id, const QString &text, const QString &iconName, std::initializer_list<QKeyCombination> keys, const QString &tip = {}) {
        return add(QLatin1String("play.") + QLatin1String(id), playback, text, iconName, keys, tip);
    };
    play = command("toggle", tr("&Play"), QStringLiteral("play"), {Qt::Key_Space}, tr("Play or pause"));
    play->setIcon(icon(QStringLiteral("play"), IconInk::onAccent)); // it is shown on the accent
    pause = command("pause", tr("P&ause"), QStringLiteral("pause"), {Qt::Key_K});
    faster = command("forward", tr("Play &forward, faster"), {}, {Qt::Key_L});
    reverse = command("backward", tr("Play &backward, faster"), {}, {Qt::Key_J});
    speedUp = command("speed-up", tr("Speed &up"), {}, {Qt::Key_BracketRight});
    slowDown = command("slow-down", tr("Slow &down"), {}, {Qt::Key_BracketLeft});
    normalSpeed = command("normal-speed", tr("Normal speed"), {}, {Qt::Key_Backslash});
    stepBack = command("frame-back", tr("Previous fra&me"), QStringLiteral("step-back"), {Qt::Key_Left});
    stepForward = command("frame-on", tr("Ne&xt frame"), QStringLiteral("step-forward"), {Qt::Key_Right});
    secondBack = command("second-back", tr("One second back"), {}, {Qt::SHIFT | Qt::Key_Left});
    secondForward = command("second-on", tr("One second on"), {}, {Qt::SHIFT | Qt::Key_Right});
    toStart = command("to-start", tr("To the &start"), QStringLiteral("to-start"), {Qt::Key_Home});
    toEnd = command("to-end", tr("To the &end"), QStringLiteral("to-end"), {Qt::Key_End});
    loop = command("loop", tr("Repeat &A\u2013B"), QStringLiteral("loop"), {Qt::Key_R}, tr("Repeat the selection, or what is in view; again: play on"));
    loop->setCheckable(true);
    loopStart = command("loop-start", tr("Set A &here"), {}, {Qt::Key_I}, tr("The repeated stretch begins at the playhead"));
    loopEnd = command("loop-end", tr("Set &B here"), {}, {Qt::Key_O}, tr("The repeated stretch ends at the playhead"));
    mute = command("mute", tr("Sound o&ff"), QStringLiteral("sound"), {Qt::CTRL | Qt::SHIFT | Qt::Key_M}, tr("The video's sound, heard while playing at 1\u00d7"));
    mute->setCheckable(true);
    louder = command("louder", tr("Lo&uder"), {}, {Qt::CTRL | Qt::SHIFT | Qt::Key_Up});
    softer = command("softer", tr("Sof&ter"), {}, {Qt::CTRL | Qt::SHIFT | Qt::Key_Down});
    followPage = command("follow-page", tr("Follow by &pages"), {}, {});
    followScroll = command("follow-scroll", tr("Follow by s&crolling"), {}, {});
    followOff = command("follow-off", tr("Do &not follow"), {}, {});
    auto *follows = new QActionGroup(this);
    for (QAction *action : {followPage, followScroll, followOff}) {
        action->setCheckable(true);
        follows->addAction(action);
    }
}

void Commands::addView()
{
    const QString view = tr("View");
    const auto command = [&](const char *id, const QString &text, const QString &iconName, std::initializer_list<QKeyCombination> keys, const QString &tip = {}) {
        return add(QLatin1String("view.") + QLatin1String(id), view, text, iconName, keys, tip);
    };
    showInspect = command("inspect", tr("Inspect"), {}, {Qt::ALT | Qt::Key_1}, tr("Recordings: video, signals, labels"));
    showExperiments = command("experiments", tr("Experiments"), {}, {Qt::ALT | Qt::Key_2}, tr("Jobs and what came of them"));
    auto *pages = new QActionGroup(this);
    for (QAction *action : {showInspect, showExperiments}) {
        action->setCheckable(true);
        pages->addAction(action);
    }
    showInspect->setChecked(true);
    zoomIn = command("zoom-in", tr("Zoom &in"), QStringLiteral("zoom-in"), {Qt::Key_Plus, Qt::Key_Equal});
    zoomOut = command("zoom-out", tr("Zoom &out"), QStringLiteral("zoom-out"), {Qt::Key_Minus});
    fit = command("fit", tr("&Fit all"), QStringLiteral("fit"), {Qt::Key_F});
    zoomToSelection = command("zoom-to-selection", tr("Zoom to &selection"), {}, {Qt::SHIFT | Qt::Key_F});
    selectNone = command("select-none", tr("Select &nothing"), {}, {Qt::CTRL | Qt::SHIFT | Qt::Key_A});
    autoScale = command("auto-scale", tr("&Auto scale lanes"), {}, {Qt::Key_A}, tr("Lanes fit what is in view rather than the whole recording"));
    autoScale->setCheckable(true);
    foldLanes = command("unfold-lanes", tr("Show folded &lanes"), {}, {Qt::Key_U});
    foldLanes->setCheckable(true);
    resetLanes = command("reset-lanes", tr("Reset lan&es"), {}, {}, tr("The usual lanes in the usual order"));
    spectrogramSettings = command("spectrogram-settings", tr("Spectrogram settin&gs"), QStringLiteral("settings"), {Qt::Key_S});
    spectrogramSettings->setCheckable(true);
    copyImage = command("copy-image", tr("&Copy plot as image"), {}, {Qt::CTRL | Qt::Key_C}, tr("The plot under the mouse, or that with the focus"));
    themeLight = command("theme-light", tr("&Light theme"), {}, {});
    themeDark = command("theme-dark", tr("&Dark theme"), {}, {});
    themeSystem = command("theme-system", tr("Theme of the s&ystem"), {}, {});
    auto *themes = new QActionGroup(this);
    for (QAction *action : {themeLight, themeDark, themeSystem}) {
        action->setCheckable(true);
        themes->addAction(action);
    }
    toggleTheme = command("toggle-theme", tr("Light or dark &theme"), QStringLiteral("theme"), {Qt::CTRL | Qt::Key_T});
}

void Commands::addClocks()
{
    const QString clocks = tr("Clocks");
    const auto command = [&](const char *id, const QString &text, const QString &iconName, std::initializer_list<QKeyCombination> keys, const QString &tip = {}) {
        return add(QLatin1String("clocks.") + QLatin1String(id), clocks, text, iconName, keys, tip);
    };
    laterByFrame = command("later-frame", tr("Move a &frame later"), {}, {Qt::ALT | Qt::Key_Right}, tr("Move the chosen clock later by a frame of the video"));
    earlierByFrame = command("earlier-frame", tr("Move a f&rame earlier"), {}, {Qt::ALT | Qt::Key_Left}, tr("Move the chosen clock earlier by a frame of the video"));
    laterByMillisecond = command("later-millisecond", tr("Move 1 &ms later"), {}, {Qt::ALT | Qt::Key_Up}, tr("Move the chosen clock later by a millisecond"));
    earlierByMillisecond = command("earlier-millisecond", tr("Move 1 ms &earlier"), {}, {Qt::ALT | Qt::Key_Down}, tr("Move the chosen clock earlier by a millisecond"));
    laterBySecond = command("later-second", tr("Move 1 &s later"), {}, {Qt::ALT | Qt::SHIFT | Qt::Key_Right}, tr("Move the chosen clock later by a second"));
    earlierBySecond = command("earlier-second", tr("Move 1 s e&arlier"), {}, {Qt::ALT | Qt::SHIFT | Qt::Key_Left}, tr("Move the chosen clock earlier by a second"));
    setPoints = command("set-points", tr("Set by &two points"), QStringLiteral("pin"), {Qt::Key_P}, tr("This instant here is that instant there: once for the offset, twice for the drift"));
    setPoints->setCheckable(true);
    takePoint = command("take-point", tr("Ta&ke this instant"), {}, {Qt::Key_Return, Qt::Key_Enter}, tr("The instant under the playhead is the one that is asked for"));
    leavePoints = command("leave-points", tr("&Leave setting points"), {}, {}, tr("Nothing is changed  (Esc)")); // Escape has more meanings: ClockPanel
    showEvents = command("show-events", tr("Show sharp e&vents"), QStringLiteral("event"), {Qt::CTRL | Qt::Key_E}, tr("Claps, taps, shocks and landings, as marks to snap to"));
    showEvents->setCheckable(true);
    nextEvent = command("next-event", tr("&Next event"), {}, {Qt::Key_E});
    previousEvent = command("previous-event", tr("&Previous event"), {}, {Qt::SHIFT | Qt::Key_E});
    for (QAction *action : {takePoint, leavePoints})
        action->setEnabled(false);
}

void Commands::addPanels()
{
    const QString panels = tr("Panels");
    const auto toggle = [&](const char *id, const QString &text, Qt::Key key) {
        QAction *action = add(QLatin1String("panel.") + QLatin1String(id), panels, text, {}, {Qt::CTRL | key}, {});
        action->setCheckable(true);
        action->setChecked(true);
        return action;
    };
    toggleLibrary = toggle("library", tr("&Library"), Qt::Key_1);
    toggleVideo = toggle("video", tr("&Video"), Qt::Key_2);
    toggleSpectrogram = toggle("spectrogram", tr("&Spectrogram"), Qt::Key_3);
    toggleSignals = toggle("signals", tr("S&ignals"), Qt::Key_4);
    toggleDetails = toggle("details", tr("&Details"), Qt::Key_5);
    toggleLabels = toggle("labels", tr("La&bels"), Qt::Key_6);
    toggleClocks = toggle("clocks", tr("&Clocks"), Qt::Key_7);
    toggleClocks->setChecked(false);
    toggleWindows = toggle("windows", tr("&Windows"), Qt::Key_8);
    toggleWindows->setToolTip(tr("The windows that a rule cuts, below the signals and in numbers  (%1)").arg(toggleWindows->shortcut().toString(QKeySequence::NativeText)));
    toggleWindows->setChecked(false);
    search = add(QStringLiteral("panel.search"), panels, tr("S&earch recordings"), {}, {Qt::CTRL | Qt::Key_F}, {});
    saveLayout = add(QStringLiteral("panel.save-layout"), panels, tr("Save la&yout as\u2026"), {}, {}, tr("Keep the places of the panels under a name"));
    resetLayout = add(QStringLiteral("panel.reset-layout"), panels, tr("&Reset layout"), {}, {Qt::CTRL | Qt::Key_0}, tr("All panels in their usual places"));
}

void Commands::addWindows()
{
    const QString windows = tr("Windows");
    countAllWindows = add(QStringLiteral("windows.count-all"), windows, tr("Count &windows of all recordings"), {}, {}, tr("What the rule of the Windows panel would give, by class and subject"));
    copyWindowSpec = add(QStringLiteral("windows.copy-spec"), windows, tr("Copy windows as speci&fication"), QStringLiteral("copy"), {}, tr("The rule and the recordings' files as `kino windows` and a training run take them; what was edited in a project is not in files"));
    saveWindows = add(QStringLiteral("windows.save"), windows, tr("Sa&ve windows as table\u2026"), QStringLiteral("save"), {}, tr("Every kept window with its label, subject, device and bout as CSV, as `kino windows --table` writes it"));
}

void Commands::addJobs()
{
    const QString jobs = tr("Jobs");
    const auto job = [&](const char *id, const QString &text, const QString &iconName, std::initializer_list<QKeyCombination> keys, const QString &tip) {
        QAction *action = add(QLatin1String("jobs.") + QLatin1String(id), jobs, text, iconName, keys, tip);
        action->setEnabled(false);
        return action;
    };
    newJob = job("new", tr("&New job\u2026"), QStringLiteral("add"), {Qt::CTRL | Qt::Key_J}, tr("Choose a specification, change it, and put it into the queue"));
    startWorker = job("start", tr("&Start the queue"), QStringLiteral("play"), {}, tr("A worker beside this window takes the waiting jobs; it outlives the window"));
    pauseJob = job("pause", tr("&Pause job"), QStringLiteral("pause"), {}, tr("The job keeps its checkpoint and lets the next one have the machine"));
    resumeJob = job("resume", tr("&Resume job"), {}, {}, tr("Go on from its checkpoint, in the same run"));
    cancelJob = job("cancel", tr("&Cancel job"), QStringLiteral("close"), {}, tr("Stop after the running step; its checkpoint is kept"));
    takeJobFirst = job("first", tr("Take it &first"), {}, {}, tr("Before all others that wait"));
    retryJob = job("retry", tr("Run &again\u2026"), {}, {}, tr("A new job from the same specification, on today's recordings and labels; what differs is shown first"));
    repeatJob = job("repeat", tr("Run again e&xactly"), {}, {}, tr("A new job on the windows, labels and parts that this run had"));
    changeJob = job("change", tr("Run again with c&hanges\u2026"), {}, {}, tr("A new job that begins with this one's specification"));
    openJobFolder = job("folder", tr("&Open its folder"), {}, {}, tr("Checkpoints, weights and tables of the run"));
    auto *afterCrash = new QActionGroup(this);
    const auto policy = [&](const char *id, const QString &text, const QString &tip) {
        QAction *action = job(id, text, {}, {}, tip);
        action->setCheckable(true);
        afterCrash->addAction(action);
        return action;
    };
    afterCrashAlways = policy("crash-always", tr("A lost job &goes on by itself"), tr("Of this project: a job whose worker was killed goes on from its checkpoint"));
    afterCrashAsk = policy("crash-ask", tr("Ask &before a lost job goes on"), tr("Of this project: a job whose worker was killed waits until it is resumed, and the queue says so"));
    afterCrashNever = policy("crash-never", tr("&Leave a lost job alone"), tr("Of this project: a job whose worker was killed stays interrupted, without a question"));
    const QString runs = tr("Runs");
    const auto run = [&](const char *id, const QString &text, const QString &tip) {
        QAction *action = add(QLatin1String("runs.") + QLatin1String(id), runs, text, {}, {}, tip);
        action->setEnabled(false);
        return action;
    };
    showConfusion = run("confusion", tr("Show con&fusion"), tr("What the run took for what, and the windows behind each number"));
    starRuns = run("star", tr("S&tar runs"), tr("The chosen ones"));
    tagRuns = run("tags", tr("Ta&gs of runs\u2026"), tr("Of the chosen ones"));
    noteRun = run("notes", tr("Not&es on the run\u2026"), tr("What is to be remembered of the run"));
    renameRun = run("rename", tr("Rename the r&un\u2026"), tr("Another name for the run in all lists; in the table, F2"));
    removeRuns = run("remove", tr("Re&move runs"), tr("The chosen runs; their files stay, and Undo brings them back"));
    runsAsCsv = run("csv", tr("Save as CS&V\u2026"), tr("The table as it stands, numbers with all their digits"));
    runsAsMarkdown = run("markdown", tr("Copy as &Markdown"), tr("The table as it stands; groups as mean and deviation"));
    runsAsLatex = run("latex", tr("Copy as &LaTeX"), tr("The table as it stands; groups as mean and deviation"));
    copyComparison = run("comparison", tr("Copy com&parison"), tr("Parameters of the chosen runs, those that differ first, for a spreadsheet"));
    reportRuns = run("report", tr("Re&port of the chosen runs\u2026"), tr("One HTML file that needs nothing else: numbers, curves, confusions, how each run was made"));
}

void Commands::addHelp()
{
    const QString help = tr("Help");
    palette = add(QStringLiteral("help.palette"), help, tr("&Command palette"), QStringLiteral("search"), {Qt::CTRL | Qt::SHIFT | Qt::Key_P}, tr("Find any command by its name"));
    shortcuts = add(QStringLiteral("help.shortcuts"), help, tr("&Keys and gestures"), QStringLiteral("help"), {Qt::Key_F1}, {});
    about = add(QStringLiteral("help.about"), help, tr("&About Kinoscope"), {}, {}, {});
    about->setMenuRole(QAction::AboutRole);
}

void Commands::wirePlayback()
{
    Session *session = &m_session;
    connect(play, &QAction::triggered, session, [session] { session->setPlaying(!session->isPlaying()); });
    connect(pause, &QAction::triggered, session, [session] { session->setPlaying(false); });
    connect(faster, &QAction::triggered, session, [session] { session->shuttle(1); });
    connect(reverse, &QAction::triggered, session, [session] { session->shuttle(-1); });
    connect(speedUp, &QAction::triggered, session, [session] { changeSpeed(*session, 1); });
    connect(slowDown, &QAction::triggered, session, [session] { changeSpeed(*session, -1); });
    connect(normalSpeed, &QAction::triggered, session, [session] { session->setSpeed(1); });
    // Where the playhead goes by key, the view goes with it.
    const auto move = [session](QAction *action, auto change) {
        connect(action, &QAction::triggered, session, [session, change] {
            change(*session);
            session->followPlayhead();
        });
    };
    move(stepBack, [](Session &each) { each.step(-1); });
    move(stepForward, [](Session &each) { each.step(1); });
    move(secondBack, [](Session &each) { each.seekBy(-kNanosPerSecond); });
    move(secondForward, [](Session &each) { each.seekBy(kNanosPerSecond); });
    move(toStart, [](Session &each) { each.setPlayhead(each.bounds().start); });
    move(toEnd, [](Session &each) { each.setPlayhead(each.bounds().end); });
    connect(loop, &QAction::triggered, session, [session](bool on) {
        session->setLoop(on ? std::optional(session->selection().value_or(session->visibleRange())) : std::nullopt);
    });
    connect(loopStart, &QAction::triggered, session, [session] { session->setLoopStart(session->playhead()); });
    connect(loopEnd, &QAction::triggered, session, [session] { session->setLoopEnd(session->playhead()); });
    connect(followPage, &QAction::triggered, session, [session] { session->setFollow(FollowMode::page); });
    connect(followScroll, &QAction::triggered, session, [session] { session->setFollow(FollowMode::scroll); });
    connect(followOff, &QAction::triggered, session, [session] { session->setFollow(FollowMode::off); });
}

void Commands::wireView()
{
    Session *session = &m_session;
    connect(zoomIn, &QAction::triggered, session, [session] { session->zoom(kZoomStep); });
    connect(zoomOut, &QAction::triggered, session, [session] { session->zoom(1 / kZoomStep); });
    connect(fit, &QAction::triggered, session, &Session::fit);
    connect(zoomToSelection, &QAction::triggered, session, [session] {
        if (session->selection())
            session->setVisibleRange(*session->selection());
    });
    connect(selectNone, &QAction::triggered, session, [session] { session->setSelection(std::nullopt); });
    connect(autoScale, &QAction::triggered, session, &Session::setAutoScale);
    connect(session, &Session::autoScaleChanged, autoScale, [this] { autoScale->setChecked(m_session.isAutoScale()); });
    connect(foldLanes, &QAction::triggered, session, &Session::setFoldOpen);
    connect(resetLanes, &QAction::triggered, session, [session] { session->setLaneArrangement({}); });
}

QAction *Commands::find(const QString &id) const
{
    const auto found = std::ranges::find_if(m_all, [&](const QAction *action) { return action->objectName() == id; });
    return found == m_all.end() ? nullptr : *found;
}

TransportBar::Actions Commands::transportActions() const { return {toStart, stepBack, play, stepForward, toEnd, loop, mute}; }

void Commands::updateEnabled()
{
    const bool isOpen = m_session.recording() != nullptr;
    for (QAction *action : {closeRecording, play, pause, faster, reverse, speedUp, slowDown, normalSpeed, stepBack, stepForward, secondBack, secondForward, toStart, toEnd, loop, loopStart, loopEnd, zoomIn, zoomOut, fit, copyImage})
        action->setEnabled(isOpen);
    zoomToSelection->setEnabled(m_session.selection().has_value());
    selectNone->setEnabled(m_session.selection().has_value());
    loop->setChecked(m_session.loop().has_value());
    foldLanes->setEnabled(!m_session.arrangedLanes().folded.empty());
    foldLanes->setChecked(m_session.isFoldOpen());
    resetLanes->setEnabled(!m_session.laneArrangement().isUsual());
}

void Commands::updatePlay()
{
    // The icon's ink is chosen by whoever shows it; here only what the next press will do.
    play->setText(m_session.isPlaying() ? tr("&Pause") : tr("&Play"));
    play->setIcon(icon(m_session.isPlaying() ? QStringLiteral("pause") : QStringLiteral("play"), IconInk::onAccent));
}

void Commands::updateFollow()
{
    followPage->setChecked(m_session.follow() == FollowMode::page);
    followScroll->setChecked(m_session.follow() == FollowMode::scroll);
    followOff->setChecked(m_session.follow() == FollowMode::off);
}

} // namespace kino
