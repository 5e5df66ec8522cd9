#include "app/kinoscope/inspect/inspect_page.h"
#include "app/kinoscope/inspect/plot_files.h"
#include "app/kinoscope/main_window.h"
#include "app/kinoscope/inspect/spectrogram_panel.h"
#include "app/kinoscope/inspect/timeline_panel.h"
#include "app/kinoscope/inspect/transport_panel.h"
#include "app/kinoscope/inspect/video_panel.h"
#include "core/store/project.h"
#include "tests/support/lane_fixtures.h"
#include "widgets/controls/choice_box.h"
#include "widgets/window/command_palette.h"
#include "widgets/controls/details_view.h"
#include "widgets/window/drop_hint.h"
#include "widgets/window/message_line.h"
#include "widgets/library/view.h"
#include "widgets/window/panel_dock.h"
#include "widgets/window/shortcut_sheet.h"
#include "widgets/spectrogram/view.h"

#include <QSet>

using namespace kino;

/** Docks, commands, palette and what is kept from one start to the next; by real events on the window. */
class WindowLayoutTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void usualLayoutHasTheDrawingsPlaces();
    void spectrogramLinesUpWithTheTimeline();
    void panelsCloseFloatAndComeBack();
    void videoGivesItsPlaceWhereThereIsNone();
    void layoutsAreKeptByName();
    void damagedLayoutGivesTheUsualOne();
    void everyCommandIsOneActionWithKeysOfItsOwn();
    void paletteFindsAndRunsCommands();
    void paletteLeavesLettersToItsField();
    void keyListIsMadeOfLivingActions();
    void lanesAreArrangedAndRemembered();
    void loopRepeatsAndIsShown();
    void stateIsRestoredAtTheNextStart();
    void filesAndFoldersAreReopened();
    void sizesOfPanelsAreKept();
    void focusStaysOutOfPanelsBehindOthers();
    void messagesGoWithTheirMatter();
    void germanNumbersChangeNothing();
    void qualityRowsLeadToTheirPlaces();
    void everythingOneCanReachHasAName();
    void dragShowsWhatADropWillDo();
    void emptyListsSayWhy();
    void plotsAreCopiedAndSaved();
    void plotsAreNamedAfterWhatTheyShow();

private:
    static std::shared_ptr<const Recording> recording(bool withVideo);
    void open(std::shared_ptr<const Recording> recording);
    PanelDock &dock(const char *name) { return *m_window->inspect().dock(QLatin1String(name)); }
    QRect place(const char *name)
    {
        PanelDock &each = dock(name);
        return {each.mapTo(&m_window->inspect(), QPoint(0, 0)), each.size()};
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) { QTest::keyClick(m_window.get(), key, modifiers); }

    test::TemporaryFolder m_folder;
    std::unique_ptr<MainWindow> m_window;
};

void WindowLayoutTest::initTestCase()
{
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, QString::fromStdString((m_folder / "settings").string()));
    applyTheme(*qApp, ThemeKind::light);
}

void WindowLayoutTest::init()
{
    QSettings().clear();
    m_window = std::make_unique<MainWindow>();
    m_window->resize(1280, 800);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
}

void WindowLayoutTest::cleanup() { m_window.reset(); }

/** Twenty seconds of an accelerometer, a gyroscope and an exposure time. */
std::shared_ptr<const Recording> WindowLayoutTest::recording(bool withVideo)
{
    auto made = std::make_shared<Recording>();
    made->name = "made";
    const auto value = [](std::size_t axis, std::size_t sample) { return static_cast<float>(std::sin(0.1 * static_cast<double>(sample * (axis + 1)))); };
    ImuStream exposure = test::makeStream(StreamKind::other, test::evenTimes(601, 30), 1, value);
    exposure.variant = "shut";
    made->devices.push_back(test::makeDevice("d", {test::makeStream(StreamKind::accelerometer, test::evenTimes(2001, 100), 3, value), test::makeStream(StreamKind::gyroscope, test::evenTimes(2001, 100), 3, value), exposure}));
    if (withVideo) {
        VideoTrack track;
        track.name = "nowhere";
        track.path = "/nonexistent/film.mp4";
        track.end = {20 * kNanosPerSecond};
        made->videos.push_back(track);
    }
    return made;
}

void WindowLayoutTest::open(std::shared_ptr<const Recording> recording)
{
    m_window->library().model().add({7, QStringLiteral("test"), QStringLiteral("made"), {}, LibraryState::ready, Mark::none, {}});
    m_window->findChild<QStackedWidget *>()->setCurrentWidget(&m_window->inspect());
    const std::size_t streams = recording->devices[0].streams.size();
    m_window->session().setRecording({7, recording, std::make_shared<const RecordingOverview>(computeOverview(*recording))});
    QTRY_VERIFY_WITH_TIMEOUT(m_window->session().streamLanes().size() == streams && m_window->isSettled(), 30'000);
    QCoreApplication::processEvents();
}

void WindowLayoutTest::usualLayoutHasTheDrawingsPlaces()
{
    open(recording(true));
    for (const QSize size : {QSize(1280, 800), QSize(1600, 1000)}) {
        m_window->resize(size);
        QCoreApplication::processEvents();
        const int width = m_window->inspect().width();
        QVERIFY(place("library").left() == 0 && place("library").width() < width / 5);
        QVERIFY(place("details").right() >= width - 2 && place("details").width() < width / 4);
        QVERIFY(place("video").left() > place("library").right());
        QVERIFY(place("spectrogram").left() > place("video").right());
        QCOMPARE(place("spectrogram").top(), place("video").top());
        QVERIFY(place("signals").top() > place("video").bottom());
        QCOMPARE(place("signals").left(), place("video").left());
        QVERIFY(std::abs(place("signals").right() - place("spectrogram").right()) <= 1);
        const double share = static_cast<double>(place("signals").height()) / m_window->inspect().height();
        QVERIFY2(share > 0.5 && share < 0.65, qPrintable(QString::number(share)));
    }
}

void WindowLayoutTest::spectrogramLinesUpWithTheTimeline()
{
    open(recording(false));
    SpectrogramView &above = m_window->inspect().spectrogram().view();
    TimelineView &below = m_window->inspect().timeline().view();
    const auto offset = [&] {
        const TimeAxis spectrogram = above.axis();
        const TimeAxis timeline = below.axis();
        double worst = 0;
        for (const Nanos time : {Nanos{0}, 7 * kNanosPerSecond, 20 * kNanosPerSecond}) {
            const double x = above.mapToGlobal(QPointF(spectrogram.xOf({time}), 0)).x();
            worst = std::max(worst, std::abs(x - below.mapToGlobal(QPointF(timeline.xOf({time}), 0)).x()));
        }
        return worst;
    };
    QTRY_VERIFY(offset() < 0.01);
    m_window->resize(1500, 900);
    QTRY_VERIFY(offset() < 0.01);
    press(Qt::Key_5, Qt::ControlModifier); // no details: both grow
    QVERIFY(dock("details").isHidden());
    QTRY_VERIFY(offset() < 0.01);
    // Beside a video it has the width of its own.
    open(recording(true));
    QTRY_VERIFY(offset() > 100);
    QVERIFY(above.plotArea().left() < 60);
}

void WindowLayoutTest::panelsCloseFloatAndComeBack()
{
    open(recording(true));
    Commands &commands = m_window->commands();
    QVERIFY(!m_window->inspect().isLayoutChanged());
    const auto choose = [&](const char *name, const QString &text) {
        for (const QToolButton *button : dock(name).head().findChildren<QToolButton *>()) {
            if (!button->menu())
                continue;
            Q_EMIT button->menu()->aboutToShow();
            for (QAction *action : button->menu()->actions()) {
                if (plainText(*action) == text)
                    action->trigger();
            }
        }
    };
    choose("details", QStringLiteral("Close panel"));
    QVERIFY(dock("details").isHidden());
    QVERIFY(!commands.toggleDetails->isChecked());
    QVERIFY(m_window->inspect().isLayoutChanged());
    press(Qt::Key_5, Qt::ControlModifier);
    QVERIFY(!dock("details").isHidden());
    choose("spectrogram", QStringLiteral("Float"));
    QVERIFY(dock("spectrogram").isFloating());
    // Ctrl+0 puts everything back.
    press(Qt::Key_0, Qt::ControlModifier);
    QVERIFY(!dock("spectrogram").isFloating());
    QVERIFY(!m_window->inspect().isLayoutChanged());
    QCOMPARE(place("spectrogram").top(), place("video").top());
}

void WindowLayoutTest::videoGivesItsPlaceWhereThereIsNone()
{
    open(recording(true));
    QVERIFY(!dock("video").isHidden());
    open(recording(false));
    QVERIFY(dock("video").isHidden());
    QVERIFY(m_window->commands().toggleVideo->isChecked()); // it is still wanted
    QCOMPARE(place("spectrogram").left(), place("signals").left());
    press(Qt::Key_2, Qt::ControlModifier); // not wanted any more
    open(recording(true));
    QVERIFY(dock("video").isHidden());
    press(Qt::Key_2, Qt::ControlModifier);
    QVERIFY(!dock("video").isHidden());
}

void WindowLayoutTest::layoutsAreKeptByName()
{
    open(recording(true));
    InspectPage &page = m_window->inspect();
    page.removeDockWidget(&dock("spectrogram"));
    page.addDockWidget(Qt::BottomDockWidgetArea, &dock("spectrogram"));
    dock("spectrogram").show();
    press(Qt::Key_1, Qt::ControlModifier); // no library
    QCoreApplication::processEvents();
    QVERIFY(place("spectrogram").top() > place("signals").bottom());
    m_window->saveLayoutAs(QStringLiteral("labels & sound/\u00fc"));
    QCOMPARE(m_window->layoutNames(), QStringList{QStringLiteral("labels & sound/\u00fc")});
    press(Qt::Key_0, Qt::ControlModifier);
    QVERIFY(place("spectrogram").top() < place("signals").top());
    QVERIFY(!dock("library").isHidden());
    m_window->applyLayout(QStringLiteral("labels & sound/\u00fc"));
    QCoreApplication::processEvents();
    QVERIFY(place("spectrogram").top() > place("signals").bottom());
    QVERIFY(dock("library").isHidden());
    // It is there at the next start.
    m_window->close();
    m_window = std::make_unique<MainWindow>();
    m_window->resize(1280, 800);
    m_window->show();
    open(recording(true));
    QVERIFY(place("spectrogram").top() > place("signals").bottom());
    QVERIFY(dock("library").isHidden());
    QVERIFY(!m_window->commands().toggleLibrary->isChecked());
    m_window->deleteLayout(QStringLiteral("labels & sound/\u00fc"));
    QVERIFY(m_window->layoutNames().isEmpty());
}

void WindowLayoutTest::damagedLayoutGivesTheUsualOne()
{
    open(recording(true));
    const QRect usual = place("signals");
    const QByteArray whole = m_window->inspect().saveLayout();
    std::mt19937 random(5);
    for (int damage = 0; damage < 200; ++damage) {
        QByteArray state = whole;
        if (damage % 2 == 0)
            state.truncate(static_cast<int>(random() % static_cast<unsigned>(state.size())));
        else
            state[static_cast<int>(random() % static_cast<unsigned>(state.size()))] ^= static_cast<char>(1 + random() % 255);
        m_window->inspect().restoreLayout(state);
        m_window->inspect().resetLayout();
        QCoreApplication::processEvents();
        QCOMPARE(place("signals"), usual);
    }
    m_window->inspect().restoreLayout("nonsense");
    QCoreApplication::processEvents();
    QCOMPARE(place("signals"), usual);
}

void WindowLayoutTest::everyCommandIsOneActionWithKeysOfItsOwn()
{
    QSet<QString> ids;
    QSet<QString> keys;
    for (const QAction *action : m_window->commands().all()) {
        QVERIFY2(!action->objectName().isEmpty() && !ids.contains(action->objectName()), qPrintable(action->text()));
        ids.insert(action->objectName());
        QVERIFY2(!action->property("category").toString().isEmpty(), qPrintable(action->text()));
        for (const QKeySequence &key : action->shortcuts()) {
            QVERIFY2(!keys.contains(key.toString()), qPrintable(key.toString()));
            keys.insert(key.toString());
        }
        QCOMPARE(m_window->commands().find(action->objectName()), action);
    }
    QVERIFY(ids.size() > 40);
    // Menus hold the same objects, but for what they list (recent files, layouts).
    for (const QAction *menu : m_window->menuBar()->actions()) {
        for (QAction *action : menu->menu()->actions()) {
            if (!action->isSeparator() && !action->menu())
                QVERIFY2(ids.contains(action->objectName()), qPrintable(action->text()));
        }
    }
}

void WindowLayoutTest::paletteFindsAndRunsCommands()
{
    open(recording(true));
    Session &session = m_window->session();
    press(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    CommandPalette &palette = m_window->palettePanel();
    QVERIFY(palette.isVisible());
    QCOMPARE(palette.shownActions().size(), m_window->commands().all().size());
    auto *field = qobject_cast<QLineEdit *>(QApplication::focusWidget());
    QVERIFY(field);
    QTest::keyClicks(field, QStringLiteral("zoom i"));
    QCOMPARE(palette.shownActions().front(), m_window->commands().zoomIn);
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY(!palette.isVisible());
    QVERIFY(session.visibleRange().duration() < session.bounds().duration());
    // Up and down choose; Escape leaves all as it is.
    press(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    field = qobject_cast<QLineEdit *>(QApplication::focusWidget());
    QTest::keyClicks(field, QStringLiteral("theme"));
    QVERIFY(palette.shownActions().size() >= 4);
    QTest::keyClick(field, Qt::Key_Down);
    QTest::keyClick(field, Qt::Key_Escape);
    QVERIFY(!palette.isVisible());
    QCOMPARE(themeOf(qApp->palette()).kind, ThemeKind::light);
    // What cannot be done now is shown last and does nothing.
    press(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    field = qobject_cast<QLineEdit *>(QApplication::focusWidget());
    QTest::keyClicks(field, QStringLiteral("zoom to selection"));
    QCOMPARE(palette.shownActions().front(), m_window->commands().zoomToSelection);
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY(palette.isVisible());
    QTest::keyClick(field, Qt::Key_Escape);
}

void WindowLayoutTest::paletteLeavesLettersToItsField()
{
    open(recording(true));
    press(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
    auto *field = qobject_cast<QLineEdit *>(QApplication::focusWidget());
    // L would play, F fit, Space play: here they are letters.
    QTest::keyClicks(field, QStringLiteral("fl l"));
    QCOMPARE(field->text(), QStringLiteral("fl l"));
    QVERIFY(!m_window->session().isPlaying());
    QTest::keyClick(field, Qt::Key_Escape);
    // And so in the library's search.
    press(Qt::Key_F, Qt::ControlModifier);
    auto *search = qobject_cast<QLineEdit *>(QApplication::focusWidget());
    QVERIFY(search && search != field);
    QTest::keyClicks(search, QStringLiteral("kjl "));
    QCOMPARE(search->text(), QStringLiteral("kjl "));
    QVERIFY(!m_window->session().isPlaying());
}

void WindowLayoutTest::keyListIsMadeOfLivingActions()
{
    m_window->commands().quit->setShortcut(QKeySequence(QStringLiteral("Ctrl+Alt+F7")));
    press(Qt::Key_F1);
    ShortcutSheet &sheet = m_window->shortcutSheet();
    QVERIFY(sheet.isVisible());
    const auto keysOf = [&](const QString &name) {
        const auto found = std::ranges::find(sheet.entries(), name, &ShortcutEntry::name);
        return found == sheet.entries().end() ? QString() : found->keys;
    };
    QCOMPARE(keysOf(QStringLiteral("Quit")), QStringLiteral("Ctrl+Alt+F7"));
    QCOMPARE(keysOf(QStringLiteral("Fit all")), QStringLiteral("F"));
    for (const QAction *action : m_window->commands().all())
        QCOMPARE(keysOf(plainText(*action)).isEmpty(), action->shortcuts().isEmpty());
    // A usual window has room for all; in the smallest one the rest is scrolled to.
    QCOMPARE(sheet.hiddenHeight(), 0);
    m_window->resize(900, 600);
    QTRY_VERIFY(sheet.hiddenHeight() > 0);
    const QImage top = sheet.grab().toImage();
    QTest::keyClick(&sheet, Qt::Key_PageDown);
    QVERIFY(sheet.grab().toImage() != top);
    m_window->resize(1280, 800);
    QTest::keyClick(&sheet, Qt::Key_Escape);
    QVERIFY(!sheet.isVisible());
}

void WindowLayoutTest::lanesAreArrangedAndRemembered()
{
    open(recording(false));
    Session &session = m_window->session();
    TimelineView &view = m_window->inspect().timeline().view();
    const auto shown = [&session] {
        QStringList ids;
        for (const auto &lane : session.arrangedLanes().shown)
            ids += lane->id;
        return ids;
    };
    // How the camera worked is folded away.
    QCOMPARE(shown(), (QStringList{QStringLiteral("d/accelerometer"), QStringLiteral("d/gyroscope")}));
    QCOMPARE(session.arrangedLanes().folded.front()->title, QStringLiteral("Exposure time"));
    QCOMPARE(view.content().lanes.size(), std::size_t{2});
    view.setFocus();
    press(Qt::Key_U);
    QCOMPARE(view.content().lanes.size(), std::size_t{3});
    session.setLaneShown(QStringLiteral("d/other-shut"), true);
    session.moveLane(QStringLiteral("d/gyroscope"), 0);
    const QStringList arranged{QStringLiteral("d/gyroscope"), QStringLiteral("d/accelerometer"), QStringLiteral("d/other-shut")};
    QCOMPARE(shown(), arranged);
    press(Qt::Key_A);
    QVERIFY(view.content().isAutoScale);
    m_window = std::make_unique<MainWindow>(); // without closing: as after a crash
    m_window->show();
    open(recording(false));
    QStringList ids;
    for (const auto &lane : m_window->session().arrangedLanes().shown)
        ids += lane->id;
    QCOMPARE(ids, arranged);
    QVERIFY(m_window->session().isAutoScale());
    m_window->commands().resetLanes->trigger();
    QCOMPARE(m_window->session().arrangedLanes().shown.size(), std::size_t{2});
    QVERIFY(!m_window->commands().resetLanes->isEnabled());
}

void WindowLayoutTest::loopRepeatsAndIsShown()
{
    open(recording(false));
    Session &session = m_window->session();
    m_window->inspect().timeline().view().setFocus();
    session.setPlayhead({2 * kNanosPerSecond});
    press(Qt::Key_I);
    session.setPlayhead({2'300 * kNanosPerMillisecond});
    press(Qt::Key_O);
    QCOMPARE(session.loop(), std::optional(TimeRange{{2 * kNanosPerSecond}, {2'300 * kNanosPerMillisecond}}));
    QVERIFY(m_window->commands().loop->isChecked());
    int wraps = 0;
    RecordingTime before = session.playhead();
    RecordingTime latest = before;
    connect(&session, &Session::playheadChanged, this, [&] {
        wraps += session.playhead() < before ? 1 : 0;
        before = session.playhead();
        latest = std::max(latest, before);
    });
    session.setPlaying(true);
    QTRY_VERIFY_WITH_TIMEOUT(wraps >= 3, 20'000);
    QVERIFY(session.isPlaying());
    QVERIFY(latest <= RecordingTime{2'300 * kNanosPerMillisecond});
    session.setPlaying(false);
    disconnect(&session, nullptr, this, nullptr);
    press(Qt::Key_R);
    QVERIFY(!session.loop());
    session.setSelection(TimeRange{{5 * kNanosPerSecond}, {6 * kNanosPerSecond}});
    press(Qt::Key_R);
    QCOMPARE(session.loop(), session.selection());
    // A before B is put after it: B is let go.
    session.setLoopStart(RecordingTime{7 * kNanosPerSecond});
    QVERIFY(!session.loopEnd());
    QCOMPARE(session.loop()->end, session.bounds().end);
}

void WindowLayoutTest::stateIsRestoredAtTheNextStart()
{
    const std::filesystem::path folder = m_folder / "kept.kino";
    {
        Project project = Project::create(folder);
        for (const char *name : {"a", "b"}) {
            auto each = *recording(false);
            each.name = name;
            each.path = m_folder.write(std::string(name) + ".txt", name);
            project.add(each);
        }
    }
    m_window->openPaths({folder});
    QTRY_VERIFY_WITH_TIMEOUT(m_window->session().recording() && m_window->isSettled(), 30'000);
    press(Qt::Key_Down, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->session().recording()->name == "b" && m_window->isSettled(), 30'000);
    const TimeRange range{{3'000'000'001}, {4'000'000'003}};
    m_window->session().setVisibleRange(range);
    m_window->session().setPlayhead({3'456'789'123});
    m_window->session().setFollow(FollowMode::scroll);
    m_window->close();
    m_window = std::make_unique<MainWindow>();
    m_window->show();
    m_window->restoreLastState();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->session().recording() && m_window->isSettled(), 30'000);
    QCOMPARE(m_window->session().recording()->name, std::string("b"));
    QCOMPARE(m_window->session().visibleRange(), range);
    QCOMPARE(m_window->session().playhead().ns, Nanos{3'456'789'123});
    QCOMPARE(m_window->session().follow(), FollowMode::scroll);
    // What was closed stays closed.
    m_window->commands().closeAll->trigger();
    QVERIFY(!m_window->session().recording());
    m_window->close();
    m_window = std::make_unique<MainWindow>();
    m_window->restoreLastState();
    QTest::qWait(100);
    QCOMPARE(m_window->library().count(), 0);
}

/** Outside a project, too: what was opened, and what was shown of it. Recent entries have names however they were typed. */
void WindowLayoutTest::filesAndFoldersAreReopened()
{
    const auto table = [&](const std::string &name, double value) {
        std::string text = "Time (s),Acceleration x (m/s^2),Acceleration y (m/s^2),Acceleration z (m/s^2)\n";
        for (int row = 0; row < 300; ++row)
            text += std::to_string(row * 0.01) + "," + std::to_string(value + row % 7) + ",2.25,9.75\n";
        return m_folder.write(name, text);
    };
    const std::filesystem::path first = table("walks/a.csv", 1);
    table("walks/b.csv", 2);
    const std::filesystem::path apart = table("apart.csv", 3);
    const auto settled = [this](int count) { return m_window->library().count() == count && !m_window->library().isBusy() && m_window->session().recording() && m_window->isSettled(); };
    const auto idOf = [this](const QString &name) {
        for (const LibraryItem &item : m_window->library().model().allItems()) {
            if (m_window->library().nameOf(item.id).contains(name))
                return item.id;
        }
        return qint64{-1};
    };
    const auto restart = [this] {
        m_window->close();
        m_window = std::make_unique<MainWindow>();
        m_window->show();
        m_window->restoreLastState();
    };
    m_window->openPaths({first.parent_path().string() + "/"});
    QTRY_VERIFY_WITH_TIMEOUT(settled(2), 30'000);
    m_window->library().choose(idOf(QStringLiteral("b")));
    QTRY_VERIFY_WITH_TIMEOUT(m_window->session().open().id == idOf(QStringLiteral("b")) && m_window->isSettled(), 30'000);
    const std::string shown = m_window->session().recording()->name;
    const TimeRange range{{500'000'001}, {1'000'000'003}};
    m_window->session().setVisibleRange(range);
    restart();
    QTRY_VERIFY_WITH_TIMEOUT(settled(2) && m_window->session().recording()->name == shown, 30'000);
    QTRY_COMPARE(m_window->session().visibleRange(), range);
    const auto recentNames = [this] {
        QStringList names;
        for (const QPushButton *button : m_window->findChildren<QPushButton *>()) {
            if (button->property("look") == QStringLiteral("link") && !button->toolTip().isEmpty() && button->toolTip().startsWith(QLatin1Char('/')))
                names += button->text();
        }
        return names;
    };
    QVERIFY2(recentNames().contains(QStringLiteral("walks")), qPrintable(recentNames().join(QLatin1Char('|'))));
    // What is no longer in the library is not opened again; several files together are one recent entry.
    m_window->commands().closeAll->trigger();
    m_window->openPaths({apart, first});
    QTRY_VERIFY_WITH_TIMEOUT(settled(2), 30'000);
    QTRY_VERIFY2(recentNames().contains(QStringLiteral("apart.csv and 1 more")), qPrintable(recentNames().join(QLatin1Char('|'))));
    m_window->library().remove({idOf(QStringLiteral("apart"))});
    restart();
    QTRY_VERIFY_WITH_TIMEOUT(settled(1), 30'000);
    QCOMPARE(idOf(QStringLiteral("apart")), qint64{-1});
}

/** Also where the window gets its size, and the recording is there, only after the layout was restored. */
void WindowLayoutTest::sizesOfPanelsAreKept()
{
    for (const Qt::Key panel : {Qt::Key_8, Qt::Key_7}) {
        open(recording(false));
        press(panel, Qt::ControlModifier);
        QCoreApplication::processEvents();
        const char *name = panel == Qt::Key_8 ? "windows" : "clocks";
        const std::array<QRect, 4> before{place("library"), place("signals"), place("spectrogram"), place(name)};
        m_window->close();
        m_window = std::make_unique<MainWindow>();
        m_window->resize(1000, 700);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
        open(recording(false));
        m_window->resize(1280, 800);
        m_window->inspect().timeline().view().setFocus();
        QTRY_COMPARE((std::array<QRect, 4>{place("library"), place("signals"), place("spectrogram"), place(name)}), before);
        QVERIFY(m_window->inspect().timeline().view().hasFocus());
        // From the first key on it is the person's again.
        press(panel, Qt::ControlModifier);
        m_window->resize(1400, 800);
        QCoreApplication::processEvents();
        QVERIFY(dock(name).isHidden());
        m_window->resize(1280, 800);
        press(Qt::Key_0, Qt::ControlModifier);
    }
}

void WindowLayoutTest::focusStaysOutOfPanelsBehindOthers()
{
    open(recording(true));
    press(Qt::Key_8, Qt::ControlModifier);
    QTRY_VERIFY(dock("details").isBehind() && dock("labels").isBehind() && !dock("windows").isBehind());
    m_window->inspect().timeline().view().setFocus();
    QSet<QWidget *> visited;
    for (const Qt::Key key : {Qt::Key_Tab, Qt::Key_Backtab}) {
        for (int step = 0; step < 120; ++step) {
            QTest::keyClick(QApplication::focusWidget(), key);
            QWidget *now = QApplication::focusWidget();
            QVERIFY(now);
            QVERIFY2(!isBehindAnother(now), qPrintable(now->accessibleName() + QLatin1Char(' ') + QLatin1String(now->metaObject()->className())));
            visited.insert(now);
        }
    }
    const auto hasVisited = [&](const char *name) { return std::ranges::any_of(visited, [&](const QWidget *each) { return dock(name).isAncestorOf(each); }); };
    QVERIFY(hasVisited("windows") && hasVisited("library") && hasVisited("signals"));
    // Whose panel goes behind another gives the focus on.
    for (QWidget *each : visited) {
        if (dock("windows").isAncestorOf(each)) {
            each->setFocus();
            break;
        }
    }
    QVERIFY(dock("windows").isAncestorOf(QApplication::focusWidget()));
    dock("details").raise();
    QTRY_VERIFY(dock("windows").isBehind());
    QTRY_VERIFY(QApplication::focusWidget() && !isBehindAnother(QApplication::focusWidget()));
}

void WindowLayoutTest::messagesGoWithTheirMatter()
{
    class Step : public QUndoCommand {
    public:
        Step() : QUndoCommand(QStringLiteral("step")) { }
    };
    MessageLine &line = m_window->messages();
    line.showMessage(Mark::warning, QStringLiteral("This cannot be done here."));
    m_window->history().push(new Step); // in the same moment: it may be of this very change
    QCOMPARE(line.message(), QStringLiteral("This cannot be done here."));
    QTest::qWait(400);
    m_window->history().push(new Step);
    QCOMPARE(line.message(), QString());
    m_window->commands().undo->trigger();
    QCOMPARE(line.message(), QStringLiteral("Undone: step."));
    m_window->commands().redo->trigger();
    QCOMPARE(line.message(), QStringLiteral("Done again: step."));
    // Trouble stays until something else is to be said.
    line.showMessage(Mark::bad, QStringLiteral("Trouble."));
    QTest::qWait(400);
    m_window->history().push(new Step);
    m_window->commands().undo->trigger();
    QCOMPARE(line.message(), QStringLiteral("Trouble."));
}

void WindowLayoutTest::germanNumbersChangeNothing()
{
    const QLocale before;
    QLocale::setDefault(QLocale(QLocale::German));
    const std::filesystem::path table = m_folder.write("point.csv", "Time (s),Acceleration x (m/s^2),Acceleration y (m/s^2),Acceleration z (m/s^2)\n0.00,1.5,2.25,9.75\n0.01,1.5,2.25,9.75\n0.02,1.5,2.25,9.75\n0.03,1.5,2.25,9.75\n");
    m_window->openPaths({table});
    QTRY_VERIFY_WITH_TIMEOUT(m_window->session().recording() && m_window->isSettled() && !m_window->session().lanes().empty(), 30'000);
    QCOMPARE(m_window->session().recording()->devices.at(0).streams.at(0).values[2][0], 9.75F);
    m_window->session().setPlayhead({10 * kNanosPerMillisecond});
    QCOMPARE(m_window->inspect().timeline().view().readout(0, 1), QStringLiteral("2.250"));
    QVERIFY(m_window->inspect().transport().readout().contains(QStringLiteral("9.75")));
    QLocale::setDefault(before);
}

void WindowLayoutTest::qualityRowsLeadToTheirPlaces()
{
    // Holes of two seconds after 3, 8 and 13 s; one time comes twice at 1 s.
    std::vector<Nanos> times;
    for (int part = 0; part < 4; ++part) {
        for (const Nanos time : test::evenTimes(301, 100, part * 5 * kNanosPerSecond))
            times.push_back(time);
    }
    times[101] = times[100];
    auto made = std::make_shared<Recording>();
    made->name = "holes";
    made->devices.push_back(test::makeDevice("d", {test::makeStream(StreamKind::accelerometer, times, 3, [](std::size_t axis, std::size_t sample) { return static_cast<float>((sample * 17 + axis) % 23); })}));
    open(made);
    Session &session = m_window->session();
    DetailsView *view = m_window->inspect().findChild<DetailsView *>();
    const auto rowOf = [&](const QString &target) -> const DetailRow * {
        for (const DetailSection &section : view->sections()) {
            for (const DetailRow &row : section.rows) {
                if (row.target == target)
                    return &row;
            }
        }
        return nullptr;
    };
    QVERIFY(rowOf(QStringLiteral("gaps")) && rowOf(QStringLiteral("gaps"))->values.front().startsWith(QStringLiteral("3,")));
    QVERIFY(rowOf(QStringLiteral("duplicates")));
    QVERIFY(!rowOf(QStringLiteral("clipping"))); // there is none to go to
    // By the mouse: the row of gaps is found by the tip of the mouse, wherever it is drawn.
    QWidget *sheet = view->widget();
    const auto clickRow = [&](const QString &target) {
        QSignalSpy activated(view, &DetailsView::rowActivated);
        for (int y = 0; y < sheet->height(); y += 6) {
            QTest::mouseMove(sheet, {40, y});
            if (sheet->cursor().shape() != Qt::PointingHandCursor)
                continue;
            const RecordingTime before = session.playhead();
            QTest::mouseClick(sheet, Qt::LeftButton, {}, {40, y});
            if (!activated.empty() && activated.back().at(0).toString() == target)
                return true;
            session.setPlayhead(before); // another row
        }
        return false;
    };
    session.setPlayhead({0});
    for (const Nanos expected : {3 * kNanosPerSecond, 8 * kNanosPerSecond, 13 * kNanosPerSecond, 3 * kNanosPerSecond}) {
        QVERIFY(clickRow(QStringLiteral("gaps")));
        QCOMPARE(session.playhead().ns, expected);
    }
    QVERIFY(clickRow(QStringLiteral("duplicates")));
    QCOMPARE(session.playhead().ns, kNanosPerSecond);
    // By keys, and what is out of view comes into it.
    session.setVisibleRange({{0}, {kNanosPerSecond / 2}});
    sheet->setFocus(Qt::TabFocusReason);
    QTest::keyClick(sheet, Qt::Key_Up);
    QTest::keyClick(sheet, Qt::Key_Return);
    QCOMPARE(session.playhead().ns, 3 * kNanosPerSecond);
    QVERIFY(session.visibleRange().contains({3 * kNanosPerSecond}));
    QCOMPARE(session.visibleRange().duration(), kNanosPerSecond / 2);
}

void WindowLayoutTest::everythingOneCanReachHasAName()
{
    open(recording(true));
    int reached = 0;
    for (const QWidget *widget : m_window->findChildren<QWidget *>()) {
        if (widget->window() != m_window.get() || !(widget->focusPolicy() & Qt::TabFocus) || widget->objectName().startsWith(QLatin1String("qt_")) || qobject_cast<const QScrollBar *>(widget))
            continue;
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        const QVariant text = widget->property("text");
        const bool isNamed = !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()) || (text.isValid() && !text.toString().isEmpty());
        QVERIFY2(isNamed, qPrintable(QLatin1String(widget->metaObject()->className()) + QStringLiteral(" in ") + QLatin1String(widget->parentWidget()->metaObject()->className())));
        ++reached;
    }
    QVERIFY(reached > 15);
}

void WindowLayoutTest::dragShowsWhatADropWillDo()
{
    DropHint *hint = m_window->findChild<DropHint *>();
    QVERIFY(hint && hint->isHidden());
    QMimeData text;
    text.setText(QStringLiteral("no file"));
    QDragEnterEvent other(QPoint(400, 300), Qt::CopyAction, &text, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_window.get(), &other);
    QVERIFY(hint->isHidden());
    QMimeData files;
    files.setUrls({QUrl::fromLocalFile(QStringLiteral("/data/walk.csv"))});
    QDragEnterEvent enter(QPoint(400, 300), Qt::CopyAction, &files, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_window.get(), &enter);
    QVERIFY(enter.isAccepted() && !hint->isHidden());
    QCOMPARE(hint->text(), QStringLiteral("Drop to open walk.csv"));
    QCOMPARE(hint->size(), m_window->size());
    QDragLeaveEvent leave;
    QApplication::sendEvent(m_window.get(), &leave);
    QVERIFY(hint->isHidden());
}

void WindowLayoutTest::emptyListsSayWhy()
{
    open(recording(false));
    const auto hint = [this] {
        for (const QLabel *label : m_window->inspect().library().findChildren<QLabel *>()) {
            if (label->isVisible() && label->wordWrap())
                return label->text();
        }
        return QString();
    };
    QVERIFY(hint().isEmpty());
    press(Qt::Key_F, Qt::ControlModifier);
    QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("zebra"));
    QVERIFY(hint().contains(QStringLiteral("zebra")));
    QTest::keyClicks(QApplication::focusWidget(), QString(5, QLatin1Char('\b')));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Delete);
    QVERIFY(hint().isEmpty());
}

void WindowLayoutTest::plotsAreCopiedAndSaved()
{
    open(recording(false));
    TimelineView &view = m_window->inspect().timeline().view();
    view.setFocus();
    QApplication::clipboard()->clear();
    press(Qt::Key_C, Qt::ControlModifier);
    const QImage copied = QApplication::clipboard()->image();
    QCOMPARE(copied.size(), (QSizeF(view.size()) * view.devicePixelRatioF()).toSize());
    QCOMPARE(copied.convertToFormat(QImage::Format_RGB32), view.grab().toImage().convertToFormat(QImage::Format_RGB32));
    // The menu's lines, each into a file of its own; the ending decides where somebody chose another.
    PlotFiles &files = m_window->inspect().plotFiles();
    QSignalSpy told(&files, &PlotFiles::told);
    QSignalSpy failed(&files, &PlotFiles::failed);
    const std::filesystem::path folder = m_folder / "plots";
    std::filesystem::create_directories(folder);
    QStringList proposed;
    QString ending;
    int replaced = 0;
    files.setAsks([&](const QString &name, PlotFormat) {
        proposed += QFileInfo(name).fileName();
        return QString::fromStdString((folder / "plot").string()) + (ending.isEmpty() ? QStringLiteral(".") + QFileInfo(name).suffix() : ending);
    }, [&](const QStringList &there) { return (replaced += static_cast<int>(there.size())) > 0; });
    const auto choose = [&](QWidget &plot, int line) {
        QTimer::singleShot(0, this, [line] {
            auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
            QVERIFY(menu);
            QMenu *as = nullptr;
            for (QAction *action : menu->actions())
                as = action->menu() ? action->menu() : as;
            QVERIFY(as);
            QAction *chosen = as->actions().at(line);
            menu->close();
            chosen->trigger();
        });
        const QPoint place = plot.rect().center();
        QContextMenuEvent event(QContextMenuEvent::Mouse, place, plot.mapToGlobal(place));
        QApplication::sendEvent(&plot, &event);
    };
    const auto isThere = [&](const char *name) { return std::filesystem::exists(folder / name); };
    choose(view, 0);
    QTRY_VERIFY_WITH_TIMEOUT(isThere("plot.svg"), 10'000);
    choose(view, 2);
    QTRY_VERIFY_WITH_TIMEOUT(isThere("plot.png"), 10'000);
    QCOMPARE(QImage(QString::fromStdString((folder / "plot.png").string())).size(), view.size() * 2);
    choose(view, 4);
    QTRY_VERIFY_WITH_TIMEOUT(!files.isBusy() && told.count() == 3, 10'000);
    QCOMPARE(m_window->messages().message(), told.back()[0].toString());
    std::size_t tables = 0;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
        tables += entry.path().extension() == ".csv" ? 1 : 0;
    QVERIFY(tables >= 1);
    QCOMPARE(replaced, 0);
    // Once more: what would be replaced without the dialog having asked is asked about.
    choose(view, 4);
    QTRY_VERIFY_WITH_TIMEOUT(!files.isBusy() && told.count() == 4, 10'000);
    QCOMPARE(replaced, static_cast<int>(tables) - (isThere("plot.csv") ? 1 : 0));
    // The spectrogram, too.
    SpectrogramView &spectrogram = m_window->inspect().spectrogram().view();
    QTRY_VERIFY_WITH_TIMEOUT(m_window->isSettled(), 10'000);
    ending = QStringLiteral("-s.csv");
    choose(spectrogram, 0);
    QTRY_VERIFY_WITH_TIMEOUT(isThere("plot-s.csv"), 10'000);
    const QString recording = QString::fromStdString(m_window->session().recording()->name);
    QVERIFY2(proposed.front() == recording + QStringLiteral("_timeline.svg") && proposed.back() == recording + QStringLiteral("_spectrogram.svg"), qPrintable(proposed.join(QLatin1Char(' '))));
    // What cannot be written is said, and so is an ending that is none.
    ending = QStringLiteral("/no/such.svg");
    choose(view, 0);
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 1, 10'000);
    ending = QStringLiteral(".bmp");
    choose(view, 0);
    QTRY_COMPARE_WITH_TIMEOUT(failed.count(), 2, 10'000);
    QVERIFY(failed.back()[0].toString().contains(QStringLiteral(".svg, .png, .csv")));
}

void WindowLayoutTest::plotsAreNamedAfterWhatTheyShow()
{
    const TimeRange bounds{{0}, {100 * kNanosPerSecond}};
    const auto named = [&](Nanos from, Nanos to) { return plotName(QStringLiteral("s1/walk"), QStringLiteral("timeline"), {{from}, {to}}, bounds); };
    QCOMPARE(named(0, 100 * kNanosPerSecond), QStringLiteral("s1-walk_timeline"));
    QCOMPARE(named(12'345'600'000, 20'500'000'000), QStringLiteral("s1-walk_timeline_12.346s-20.5s"));
    QCOMPARE(named(-1'500'000'000, 3 * kNanosPerSecond), QStringLiteral("s1-walk_timeline_-1.5s-3s"));
    QCOMPARE(named(5'010'000'000, 5'010'000'000), QStringLiteral("s1-walk_timeline_5.01s"));
}

QTEST_MAIN(WindowLayoutTest)
#include "window_layout_test.moc"
