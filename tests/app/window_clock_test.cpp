// Clocks set in the window by keys, numbers, points and undo: what is shown, what is kept, and what the simulator knows.
#include "app/kinoscope/clocks/clock_panel.h"
#include "app/kinoscope/clocks/clock_row.h"
#include "app/kinoscope/demo.h"
#include "app/kinoscope/inspect/timeline_panel.h"
#include "core/base/files.h"
#include "core/store/project.h"
#include "tests/support/film_fixture.h"
#include "tests/support/lane_fixtures.h"
#include "widgets/window/message_line.h"
#include "widgets/window/shortcut_sheet.h"

#include <QLineEdit>
#include <QPushButton>

#include <fstream>

using namespace kino;

class WindowClockTest : public QObject, test::FilmFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { startTests(); }
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void nudgeByAFrameShowsTheOtherFrame_data();
    void nudgeByAFrameShowsTheOtherFrame();
    void nudgesOfOneMomentAreOneStep();
    void whatIsSetIsKept();
    void deviceMovesItsLanesAndNothingElse();
    void undoReachesTheRecordingItBelongsTo();
    void aRecordingWhoseFilesMovedIsStillOpen();
    void numbersAreTakenToTheNanosecond();
    void secondsAreReadExactly();
    void twoPointsAgreeWithTheSimulator();
    void impossiblePointsSayWhy();
    void escapeLeavesThePoints();
    void eventsProposeTheTruth();
    void aSecondVideoIsSetByTheSoundOfTheFirst();
    void outsideAProjectItSaysSo();

private:
    Recording recordingWith(const test::Film &clip, const std::string &name) const;
    /** A project of the recordings, shown in the window with the first of them. */
    void openProject(const std::string &name, const std::vector<Recording> &recordings);
    void openFolder(const std::filesystem::path &project);
    void key(Qt::Key key, Qt::KeyboardModifiers modifiers = {});
    ClockState stored(const std::filesystem::path &project, std::size_t recording, ClockOwner owner, const std::string &name) const;
    Session &session() { return m_window->session(); }
    ClockPanel &panel() { return m_window->inspect().clocks(); }
    TimelineView &timeline() { return m_window->inspect().timeline().view(); }
    /** A click on the lane, `pixels` beside where the time lies. */
    void clickOnLane(const QString &id, RecordingTime time, int pixels);

    std::filesystem::path m_project;
};

static constexpr Nanos kMs = kNanosPerMillisecond;

Recording WindowClockTest::recordingWith(const test::Film &clip, const std::string &name) const
{
    Recording recording;
    recording.name = name;
    // Each recording of a project stands for a file of its own.
    recording.path = m_folder / (name + clip.path.filename().string());
    std::filesystem::copy_file(clip.path, recording.path, std::filesystem::copy_options::overwrite_existing);
    {
        std::ofstream marked(recording.path, std::ios::app | std::ios::binary);
        marked << name; // other content, or the project would take it for the same
    }
    recording.files = {recording.path};
    recording.format = "test";
    recording.devices.push_back(test::makeDevice("sensor", {test::makeStream(StreamKind::accelerometer, test::evenTimes(2001, 100), 3, [](std::size_t axis, std::size_t sample) { return axis == 0 ? static_cast<float>(sample) : 0.0F; })}));
    recording.videos.push_back(test::trackOf(recording.path));
    return recording;
}

void WindowClockTest::openProject(const std::string &name, const std::vector<Recording> &recordings)
{
    m_project = m_folder / (name + ".kino");
    {
        Project project = Project::create(m_project);
        for (const Recording &recording : recordings)
            project.add(recording);
    }
    openFolder(m_project);
}

void WindowClockTest::openFolder(const std::filesystem::path &project)
{
    m_window->openPaths({project});
    QTRY_VERIFY_WITH_TIMEOUT(session().recording() && m_window->isSettled() && !session().streamLanes().empty() && session().videoClockwork(), 60'000);
    timeline().setFocus();
}

void WindowClockTest::key(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    timeline().setFocus();
    QTest::keyClick(&timeline(), key, modifiers);
}


ClockState WindowClockTest::stored(const std::filesystem::path &path, std::size_t recording, ClockOwner owner, const std::string &name) const
{
    Project project = Project::open(path);
    return clockOf(project.loadRecording(project.recordings().at(recording).id), owner, name);
}

void WindowClockTest::clickOnLane(const QString &id, RecordingTime time, int pixels)
{
    const TimelineLayout layout = timeline().layoutNow();
    for (const TimelineRow &row : layout.rows) {
        if (row.kind != TimelineRowKind::lane || timeline().content().lanes[row.index]->id != id)
            continue;
        QVERIFY2(layout.body.contains(row.rect.center()), "the lane is scrolled out of sight");
        const QPoint at(static_cast<int>(std::lround(timeline().axis().xOf(time))) + pixels, row.rect.center().y());
        const QString tip = timeline().tipAt(at);
        QVERIFY2(tip.startsWith(id == kSoundLaneId ? QStringLiteral("Sudden sound") : QStringLiteral("Shock")), qPrintable(tip));
        QTest::mouseClick(&timeline(), Qt::LeftButton, {}, at);
        return;
    }
    QFAIL("no such lane in sight");
}

void WindowClockTest::nudgeByAFrameShowsTheOtherFrame_data()
{
    QTest::addColumn<bool>("isConstant");
    QTest::addColumn<double>("share"); // of the frame that has passed at the playhead
    QTest::newRow("constant rate, at a frame's begin") << true << 0.0;
    QTest::newRow("constant rate, inside a frame") << true << 0.7;
    QTest::newRow("variable rate, at a frame's begin") << false << 0.0;
    QTest::newRow("variable rate, late in a frame") << false << 0.95;
}

void WindowClockTest::nudgeByAFrameShowsTheOtherFrame()
{
    QFETCH(bool, isConstant);
    const test::Film *clip = isConstant ? &m_constant : &m_variable;
    QFETCH(double, share);
    openProject(QTest::currentDataTag(), {recordingWith(*clip, "one")});
    const Nanos begin = clip->ptsNs[120] - clip->ptsNs[0];
    const Nanos length = clip->ptsNs[121] - clip->ptsNs[120];
    session().setPlayhead({begin + clip->ptsNs[0] + static_cast<Nanos>(share * static_cast<double>(length))});
    const RecordingTime playhead = session().playhead();
    QTRY_VERIFY(m_window->inspect().video().isSettled());
    QCOMPARE(numberShown(), std::optional<std::uint32_t>(120));
    // Later: the frame before comes to lie under the playhead, which stays where it is.
    for (const std::uint32_t expected : {119U, 118U}) {
        key(Qt::Key_Right, Qt::AltModifier);
        QTRY_VERIFY(m_window->inspect().video().isSettled());
        QCOMPARE(numberShown(), std::optional(expected));
        QCOMPARE(session().playhead(), playhead);
    }
    for (const std::uint32_t expected : {119U, 120U, 121U}) {
        key(Qt::Key_Left, Qt::AltModifier);
        QTRY_VERIFY(m_window->inspect().video().isSettled());
        QCOMPARE(numberShown(), std::optional(expected));
    }
}

void WindowClockTest::nudgesOfOneMomentAreOneStep()
{
    openProject("merge", {recordingWith(m_constant, "one")});
    const TimeRange visible = session().visibleRange();
    for (int press = 0; press < 5; ++press)
        key(Qt::Key_Up, Qt::AltModifier);
    key(Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(session().recording()->videos[0].clock.offsetNs, 4 * kMs);
    QCOMPARE(m_window->history().count(), 1);
    QCOMPARE(m_window->commands().undo->text(), QStringLiteral("&Undo: Move clock of camera by +4.00 ms"));
    QTest::qWait(ClockSetter::kMergeWithinMs + 100);
    key(Qt::Key_Right, Qt::AltModifier | Qt::ShiftModifier);
    QCOMPARE(session().recording()->videos[0].clock.offsetNs, 1004 * kMs);
    QCOMPARE(m_window->history().count(), 2);
    key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(session().recording()->videos[0].clock.offsetNs, 4 * kMs);
    key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(session().recording()->videos[0].clock.offsetNs, Nanos{0});
    QVERIFY(!session().recording()->videos[0].clockEvidence);
    QCOMPARE(session().visibleRange(), visible);
    key(Qt::Key_Y, Qt::ControlModifier);
    QCOMPARE(session().recording()->videos[0].clock.offsetNs, 4 * kMs);
    QVERIFY(session().recording()->videos[0].clockEvidence->method == ClockMethod::nudged);
}

void WindowClockTest::whatIsSetIsKept()
{
    openProject("kept", {recordingWith(m_constant, "one")});
    key(Qt::Key_Right, Qt::AltModifier | Qt::ShiftModifier);
    key(Qt::Key_Up, Qt::AltModifier);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->writer().isBusy(), 10'000);
    QCOMPARE(stored(m_project, 0, ClockOwner::video, "camera").offsetNs, 1001 * kMs);
    m_window = std::make_unique<MainWindow>();
    m_window->show();
    openFolder(m_project);
    QCOMPARE(session().recording()->videos[0].clock.offsetNs, 1001 * kMs);
    QVERIFY(panel().offsetField().text() == QStringLiteral("1.001"));
    // What the import gave is known still.
    QTRY_VERIFY_WITH_TIMEOUT(m_window->clocks().imported().has_value(), 10'000);
    QCOMPARE(m_window->clocks().imported()->offsetNs, Nanos{0});
    // Undone in one window, it is undone in the project.
    key(Qt::Key_Down, Qt::AltModifier);
    key(Qt::Key_Z, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->writer().isBusy(), 10'000);
    QCOMPARE(stored(m_project, 0, ClockOwner::video, "camera").offsetNs, 1001 * kMs);
}

void WindowClockTest::deviceMovesItsLanesAndNothingElse()
{
    openProject("device", {recordingWith(m_constant, "one")});
    m_window->commands().toggleClocks->trigger();
    const QList<ClockRow *> rows = panel().findChildren<ClockRow *>();
    QCOMPARE(rows.size(), 2);
    QTest::mouseClick(rows.front(), Qt::LeftButton);
    QCOMPARE(m_window->clocks().target()->name, std::string("sensor"));
    session().setPlayhead({5 * kNanosPerSecond});
    QTRY_VERIFY(m_window->inspect().video().isSettled());
    const std::shared_ptr<const LaneData> before = session().streamLanes().front();
    QCOMPARE(timeline().readout(0, 0), QStringLiteral("500.00")); // x is the sample's index, 100 a second
    key(Qt::Key_Right, Qt::AltModifier | Qt::ShiftModifier);
    QCOMPARE(timeline().readout(0, 0), QStringLiteral("400.00"));
    QCOMPARE(numberShown(), std::optional<std::uint32_t>(150));
    const std::shared_ptr<const LaneData> after = session().streamLanes().front();
    QCOMPARE(after->timeOf(0), before->timeOf(0) + kNanosPerSecond);
    // Nothing large was built again.
    QCOMPARE(after->values[0].values().data(), before->values[0].values().data());
    QCOMPARE(after->pyramids[0].level(0).data(), before->pyramids[0].level(0).data());
    QCOMPARE(session().bounds().end, RecordingTime{21 * kNanosPerSecond});
    QCOMPARE(timeline().content().bounds.end, RecordingTime{21 * kNanosPerSecond});
}

void WindowClockTest::undoReachesTheRecordingItBelongsTo()
{
    openProject("other", {recordingWith(m_constant, "one"), recordingWith(m_variable, "two")});
    const qint64 first = session().open().id;
    key(Qt::Key_Right, Qt::AltModifier | Qt::ShiftModifier);
    m_window->library().chooseNeighbour(1);
    QTRY_VERIFY_WITH_TIMEOUT(session().open().id != first && m_window->isSettled(), 30'000);
    key(Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(session().open().id, first, 30'000);
    QCOMPARE(session().recording()->videos[0].clock.offsetNs, Nanos{0});
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->writer().isBusy(), 10'000);
    QCOMPARE(stored(m_project, 0, ClockOwner::video, "camera").offsetNs, Nanos{0});
}

void WindowClockTest::aRecordingWhoseFilesMovedIsStillOpen()
{
    openProject("moved", {recordingWith(m_constant, "one"), recordingWith(m_variable, "two")});
    const std::filesystem::path before = session().recording()->videos[0].path;
    const qint64 shown = session().open().id;
    key(Qt::Key_Right, Qt::AltModifier | Qt::ShiftModifier);
    const Nanos first = session().recording()->videos[0].clock.offsetNs;
    QVERIFY(first != 0);
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->writer().isBusy(), 10'000);
    const std::filesystem::path now = m_folder / "moved" / before.filename();
    std::filesystem::create_directories(now.parent_path());
    for (const auto &name : {"one", "two"}) {
        for (const auto &file : std::vector<std::filesystem::directory_entry>(std::filesystem::directory_iterator(before.parent_path()), {})) {
            if (file.is_regular_file() && file.path().filename().string().starts_with(name))
                std::filesystem::rename(file.path(), now.parent_path() / file.path().filename());
        }
    }
    QVERIFY(!std::filesystem::exists(before) && std::filesystem::exists(now));
    session().setPlayhead({777 * kMs});
    m_window->library().relocateRecording(shown, now);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->library().pathOf(shown) == now && session().videoClockwork() && m_window->isSettled(), 30'000);
    QVERIFY2(m_window->messages().message().contains(QStringLiteral("and 1 more that moved with it.")), qPrintable(m_window->messages().message()));
    QCOMPARE(session().open().id, shown);
    QCOMPARE(session().recording()->videos[0].path, now);
    QCOMPARE(session().playhead().ns, 777 * kMs);
    // Edits go on, and undo reaches behind the move.
    key(Qt::Key_Up, Qt::AltModifier);
    QVERIFY2(session().recording()->videos[0].clock.offsetNs != first, qPrintable(m_window->messages().message()));
    key(Qt::Key_Z, Qt::ControlModifier);
    key(Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(session().recording()->videos[0].clock.offsetNs, Nanos{0});
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->writer().isBusy(), 10'000);
    QCOMPARE(stored(m_project, 0, ClockOwner::video, "camera").offsetNs, Nanos{0});
}

void WindowClockTest::numbersAreTakenToTheNanosecond()
{
    openProject("typed", {recordingWith(m_constant, "one")});
    m_window->commands().toggleClocks->trigger();
    QLineEdit &offset = panel().offsetField();
    const auto type = [](QLineEdit &field, const QString &text) {
        field.setFocus();
        field.selectAll();
        QTest::keyClicks(&field, text);
        QTest::keyClick(&field, Qt::Key_Return);
    };
    type(offset, QStringLiteral("-0,351234567"));
    QCOMPARE(session().recording()->videos[0].clock.offsetNs, Nanos{-351'234'567});
    type(panel().driftField(), QStringLiteral("40.5"));
    QCOMPARE(session().recording()->videos[0].clock, (ClockMap<VideoClock>{-351'234'567, 40.5}));
    QVERIFY(session().recording()->videos[0].clockEvidence->method == ClockMethod::typed);
    QCOMPARE(m_window->history().count(), 2);
    QSignalSpy failed(&m_window->clocks(), &ClockSetter::failed);
    type(offset, QStringLiteral("abc"));
    QCOMPARE(failed.count(), 1);
    QCOMPARE(offset.text(), QStringLiteral("\u22120.351234567"));
    // As far away as it goes: all is still there, and back again.
    type(offset, QStringLiteral("999999999"));
    QVERIFY(session().bounds().duration() > 999'999'000 * kNanosPerSecond);
    timeline().grab();
    m_window->history().undo();
    type(panel().driftField(), QStringLiteral("90000"));
    QCOMPARE(failed.count(), 2);
    QCOMPARE(m_window->history().index(), 2);
    // The import's clock is known: the link brings it back.
    for (QPushButton *button : panel().findChildren<QPushButton *>()) {
        if (button->text() == QStringLiteral("Reset to as imported"))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QCOMPARE(session().recording()->videos[0].clock, ClockMap<VideoClock>());
    QVERIFY(!session().recording()->videos[0].clockEvidence);
}

void WindowClockTest::secondsAreReadExactly()
{
    QCOMPARE(nanosFromSecondsText(QStringLiteral("0.35")), std::optional<Nanos>(350'000'000));
    QCOMPARE(nanosFromSecondsText(QStringLiteral("\u221212,000000001 s")), std::optional<Nanos>(-12'000'000'001));
    QCOMPARE(nanosFromSecondsText(QStringLiteral("+.5")), std::optional<Nanos>(500'000'000));
    QCOMPARE(nanosFromSecondsText(QStringLiteral("123456789.123456789")), std::optional<Nanos>(123'456'789'123'456'789));
    for (const char *wrong : {"", "-", "1.0000000001", "1e3", "1.2.3", "0x10", "nan", "1234567890"})
        QCOMPARE(nanosFromSecondsText(QString::fromLatin1(wrong)), std::nullopt);
    QCOMPARE(secondsText(-351'234'567), QStringLiteral("\u22120.351234567"));
    QCOMPARE(secondsText(std::numeric_limits<Nanos>::min()), QStringLiteral("\u22129223372036.854775808"));
    QCOMPARE(secondsText(1'000'000'000), QStringLiteral("1.000"));
}

/** The demo's people clap at the beginning and at the end; the camera hears it and the sensor feels it. */
void WindowClockTest::twoPointsAgreeWithTheSimulator()
{
    SimulatorOptions options;
    options.subjects = 1;
    options.minutes = 0.6;
    options.activities = {SimulatedActivity::walk, SimulatedActivity::stand};
    options.video = SimulatedVideo{.width = 96, .height = 64, .rateHz = 15};
    const std::filesystem::path project = ensureDemoProject(m_folder / "demo", {}, {}, options);
    const nlohmann::json truth = readJsonFile(demoRecordings(m_folder / "demo", 1) / "truth.json");
    const nlohmann::json claps = truth.at("recordings").at(0).at("claps");
    QVERIFY(claps.size() >= 2);
    openFolder(project);
    const std::string video = session().recording()->videos[0].name;
    m_window->commands().toggleClocks->trigger();
    // As somebody meets it who knows nothing of the two clocks.
    m_window->clocks().setNumbers(-2 * kNanosPerSecond, 0);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->isSettled() && panel().finder().events().size() == 2, 30'000);
    QString accelerometer;
    for (const auto &[id, events] : panel().finder().events()) {
        if (id != kSoundLaneId)
            accelerometer = id;
    }
    // The keys go from event to event: the clap is heard at its instant, and felt two seconds and a third later.
    session().setPlayhead(session().bounds().start);
    const Nanos heardNs = claps[0].at("video_ns").get<Nanos>() - 2 * kNanosPerSecond;
    for (const Nanos expected : {heardNs, claps[0].at("recording_ns").get<Nanos>()}) {
        key(Qt::Key_E);
        QVERIFY2(std::abs(session().playhead().ns - expected) <= 5 * kMs, qPrintable(QString::number(session().playhead().ns - expected)));
    }
    key(Qt::Key_E, Qt::ShiftModifier);
    QVERIFY(std::abs(session().playhead().ns - heardNs) <= 5 * kMs);
    key(Qt::Key_P);
    QVERIFY(panel().guide().isOn());
    for (const std::size_t number : {std::size_t{0}, claps.size() - 1}) {
        const nlohmann::json &clap = claps[number];
        const RecordingTime felt{clap.at("recording_ns").get<Nanos>()};
        const RecordingTime heard = session().recording()->videos[0].clock.toRecording({clap.at("video_ns").get<Nanos>()});
        // Two seconds about it, so that a few pixels are a few milliseconds; the click is beside the mark.
        for (const auto &[lane, time] : {std::pair(QString(kSoundLaneId), heard), std::pair(accelerometer, felt)}) {
            session().setVisibleRange({time - kNanosPerSecond, time + kNanosPerSecond});
            clickOnLane(lane, time, 3);
            // The mark is within 5 ms of the clap (events_test), the click was further away.
            QVERIFY2(std::abs(session().playhead() - time) <= 5 * kMs, qPrintable(lane + QLatin1Char(' ') + QString::number(session().playhead() - time)));
            key(Qt::Key_Return);
        }
    }
    QCOMPARE(panel().guide().stage(), PointGuide::Stage::complete);
    QVERIFY(panel().guide().problem().isEmpty());
    const int before = m_window->history().count();
    panel().guide().apply();
    QCOMPARE(m_window->history().count(), before + 1);
    const VideoTrack &track = session().recording()->videos[0];
    QVERIFY(track.clockEvidence->method == ClockMethod::twoPoints);
    QCOMPARE(track.clockEvidence->points.size(), std::size_t{2});
    // The simulator's own clock, from its definition.
    const Nanos offsetNs = std::llround(options.offsetSeconds * 1e9);
    for (const double share : {0.0, 0.3, 0.7, 1.0}) {
        const Nanos own = track.start.ns + static_cast<Nanos>(share * static_cast<double>(track.end - track.start));
        const Nanos truly = own + std::llround(static_cast<double>(own) * options.driftPpm * 1e-6) + offsetNs;
        QVERIFY2(std::abs(track.clock.toRecording({own}).ns - truly) < 5 * kMs, qPrintable(QString::number(track.clock.toRecording({own}).ns - truly)));
    }
    QTRY_VERIFY_WITH_TIMEOUT(!m_window->writer().isBusy(), 10'000);
    QCOMPARE(stored(project, 0, ClockOwner::video, video).map<VideoClock>(), track.clock);
}

void WindowClockTest::impossiblePointsSayWhy()
{
    openProject("impossible", {recordingWith(m_constant, "one")});
    const auto pick = [&](Nanos shown, Nanos truly) {
        for (const Nanos at : {shown, truly}) {
            session().setPlayhead({at});
            key(Qt::Key_Return);
        }
    };
    key(Qt::Key_P);
    pick(2 * kNanosPerSecond, 3 * kNanosPerSecond);
    QVERIFY(panel().guide().problem().isEmpty());
    pick(4 * kNanosPerSecond, 5 * kNanosPerSecond);
    QVERIFY2(panel().guide().problem().contains(QStringLiteral("at least 10 s apart")), qPrintable(panel().guide().problem()));
    QVERIFY(!panel().guide().result());
    panel().guide().takeBack();
    QVERIFY(panel().guide().problem().isEmpty());
    panel().guide().apply();
    QCOMPARE(session().recording()->videos[0].clock.offsetNs, kNanosPerSecond);
    QVERIFY(session().recording()->videos[0].clockEvidence->method == ClockMethod::onePoint);
    QCOMPARE(m_window->history().count(), 1);
}

void WindowClockTest::escapeLeavesThePoints()
{
    openProject("escape", {recordingWith(m_constant, "one")});
    key(Qt::Key_P);
    QVERIFY(m_window->commands().toggleClocks->isChecked());
    session().setPlayhead({3 * kNanosPerSecond});
    key(Qt::Key_Return);
    QVERIFY(panel().guide().pending() == session().playhead());
    // The thing is moved meanwhile: the instant that was picked moves with it.
    key(Qt::Key_Right, Qt::AltModifier | Qt::ShiftModifier);
    QVERIFY(panel().guide().pending() == RecordingTime{4 * kNanosPerSecond});
    key(Qt::Key_Z, Qt::ControlModifier);
    // What lies over the window has Enter and Escape first.
    key(Qt::Key_F1);
    QVERIFY(m_window->shortcutSheet().isVisible());
    QTest::keyClick(&m_window->shortcutSheet(), Qt::Key_Escape);
    QVERIFY(!m_window->shortcutSheet().isVisible());
    QVERIFY(panel().guide().isOn());
    key(Qt::Key_Escape);
    QVERIFY(!panel().guide().isOn());
    QVERIFY(!m_window->commands().takePoint->isEnabled());
    QCOMPARE(session().recording()->videos[0].clock, ClockMap<VideoClock>());
}

void WindowClockTest::eventsProposeTheTruth()
{
    const std::filesystem::path project = m_folder / "demo" / "Demo.kino";
    openFolder(project);
    m_window->commands().toggleClocks->trigger();
    // A second and a half beside the truth.
    m_window->clocks().setNumbers(std::llround(0.35e9) + 1500 * kMs, 40);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->isSettled() && !panel().matcher().proposals().empty(), 30'000);
    const ClockProposal &best = panel().matcher().proposals().front();
    QVERIFY(best.pairing.pairs.size() >= 2);
    QVERIFY(best.pairing.chance <= EventMatcher::kMostChance);
    const int before = m_window->history().count();
    for (QPushButton *button : panel().findChildren<QPushButton *>()) {
        if (button->text() == QStringLiteral("Apply") && button->isVisible() && button->isEnabled()) {
            QTest::mouseClick(button, Qt::LeftButton);
            break;
        }
    }
    QCOMPARE(m_window->history().count(), before + 1);
    const VideoTrack &track = session().recording()->videos[0];
    for (const Nanos own : {track.start.ns, track.end.ns}) {
        const Nanos truly = own + std::llround(static_cast<double>(own) * 40e-6) + 350'000'000;
        QVERIFY2(std::abs(track.clock.toRecording({own}).ns - truly) < 10 * kMs, qPrintable(QString::number(track.clock.toRecording({own}).ns - truly)));
    }
}

/** Two cameras heard the same claps; no accelerometer felt them. */
void WindowClockTest::aSecondVideoIsSetByTheSoundOfTheFirst()
{
    Recording recording = [this] {
        Project demo = Project::open(m_folder / "demo" / "Demo.kino");
        return demo.loadRecording(demo.recordings().front().id);
    }();
    for (Device &device : recording.devices)
        std::erase_if(device.streams, [](const ImuStream &stream) { return stream.kind != StreamKind::gyroscope; });
    recording.videos[0].name = "left";
    recording.videos[0].clock = {250 * kMs, 0};
    recording.videos.push_back(recording.videos[0]);
    recording.videos[1].name = "right";
    openProject("two", {recording});
    m_window->commands().toggleClocks->trigger();
    m_window->clocks().setTarget({ClockOwner::video, "right"});
    m_window->clocks().setNumbers(1200 * kMs, 0);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->isSettled() && panel().finder().sounds().size() == 2 && !panel().matcher().proposals().empty(), 30'000);
    // The same file: it lies where the other does.
    const ClockProposal &best = panel().matcher().proposals().front();
    QVERIFY(best.pairing.pairs.size() >= 2);
    QVERIFY2(std::abs(best.after.offsetNs - 250 * kMs) < kMs, qPrintable(QString::number(best.after.offsetNs)));
    // The lane has the events of the video that is shown, without looking for them again.
    QVERIFY(panel().finder().events().at(kSoundLaneId) == panel().finder().sounds().at("right"));
    m_window->clocks().setTarget({ClockOwner::video, "left"});
    QVERIFY(!panel().finder().isBusy());
    QVERIFY(panel().finder().events().at(kSoundLaneId) == panel().finder().sounds().at("left"));
}

void WindowClockTest::outsideAProjectItSaysSo()
{
    m_window->openPaths({m_constant.path});
    QTRY_VERIFY_WITH_TIMEOUT(session().recording() && m_window->isSettled() && session().videoClockwork(), 30'000);
    QVERIFY(!m_window->clocks().isKept());
    key(Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(session().recording()->videos[0].clock.offsetNs, kMs);
    key(Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(session().recording()->videos[0].clock.offsetNs, Nanos{0});
    QCOMPARE(m_window->writer().waiting(), std::size_t{0});
}

QTEST_MAIN(WindowClockTest)
#include "window_clock_test.moc"
