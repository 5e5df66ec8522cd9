#include "app/kinoscope/play_clock.h"
#include "app/kinoscope/session.h"

#include "tests/support/lane_fixtures.h"

#include <QSignalSpy>

using namespace kino;

class WindowSessionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void openingShowsEverythingFromTheStart();
    void playheadStaysInTheRecording();
    void visibleRangeStaysInTheRecording();
    void steppingVisitsEveryFrameOnce();
    void steppingWithoutAVideoGoesBySamples();
    void shuttleDoublesUpToFour();
    void playingMovesByTheWallClock();
    void playingGoesOnFromWhereSomebodyScrubbed();
    void playingEndsAtTheEndAndBeginsAnew();
    void pageFollowsThePlayhead();
    void scrollKeepsThePlayheadInTheMiddle();
    void emptySelectionIsNone();

private:
    static OpenRecording tenSeconds();
};

OpenRecording WindowSessionTest::tenSeconds()
{
    auto recording = std::make_shared<Recording>();
    recording->name = "ten";
    recording->devices.push_back(test::makeDevice("d", {test::makeStream(StreamKind::accelerometer, test::evenTimes(1001, 100), 3, [](std::size_t, std::size_t) { return 1.0F; })}));
    return {1, recording, std::make_shared<const RecordingOverview>(computeOverview(*recording))};
}

void WindowSessionTest::openingShowsEverythingFromTheStart()
{
    Session session;
    session.setRecording(tenSeconds());
    QCOMPARE(session.bounds(), (TimeRange{{0}, {10 * kNanosPerSecond}}));
    QCOMPARE(session.visibleRange(), session.bounds());
    QCOMPARE(session.playhead().ns, Nanos{0});
    session.setPlayhead({5});
    session.setSelection(TimeRange{{1}, {2}});
    session.setVisibleRange({{0}, {kNanosPerSecond}});
    session.setRecording(tenSeconds());
    QCOMPARE(session.playhead().ns, Nanos{0});
    QVERIFY(!session.selection());
    QCOMPARE(session.visibleRange(), session.bounds());
}

void WindowSessionTest::playheadStaysInTheRecording()
{
    Session session;
    session.setPlayhead({5}); // nothing is open
    QCOMPARE(session.playhead().ns, Nanos{0});
    session.setRecording(tenSeconds());
    QSignalSpy moved(&session, &Session::playheadChanged);
    session.setPlayhead({99 * kNanosPerSecond});
    QCOMPARE(session.playhead().ns, 10 * kNanosPerSecond);
    session.seekBy(-99 * kNanosPerSecond);
    QCOMPARE(session.playhead().ns, Nanos{0});
    session.setPlayhead({-1});
    QCOMPARE(moved.size(), 2);
}

void WindowSessionTest::visibleRangeStaysInTheRecording()
{
    Session session;
    session.setRecording(tenSeconds());
    session.setVisibleRange({{-5 * kNanosPerSecond}, {2 * kNanosPerSecond}});
    QCOMPARE(session.visibleRange(), (TimeRange{{0}, {7 * kNanosPerSecond}}));
    session.setVisibleRange({{3 * kNanosPerSecond}, {3 * kNanosPerSecond + 10}});
    QCOMPARE(session.visibleRange().duration(), Session::kLeastVisible);
    QVERIFY(session.visibleRange().contains({3 * kNanosPerSecond}));
    for (int step = 0; step < 200; ++step)
        session.zoom(2);
    QCOMPARE(session.visibleRange(), session.bounds());
    session.setPlayhead({4 * kNanosPerSecond});
    session.zoom(0.5);
    QCOMPARE(session.visibleRange(), (TimeRange{{2 * kNanosPerSecond}, {7 * kNanosPerSecond}}));
    session.fit();
    QCOMPARE(session.visibleRange(), session.bounds());
}

void WindowSessionTest::steppingVisitsEveryFrameOnce()
{
    // Offset and drift whose rounding would skip or repeat frames if a step landed a nanosecond early.
    for (const double drift : {0.0, 40.0, -317.7, 1234.5}) {
        Session session;
        session.setRecording(tenSeconds());
        auto table = std::make_shared<FrameTable>();
        for (int frame = 0; frame < 250; ++frame)
            table->ptsNs.push_back(frame * 1'001'000'000LL / 30);
        table->keyframe.assign(250, 1);
        table->endNs = 250 * 1'001'000'000LL / 30;
        const auto clockwork = std::make_shared<const VideoClockwork>(table, ClockMap<VideoClock>{351'234'567, drift});
        session.setVideoClockwork(clockwork);
        session.setPlayhead({400 * kNanosPerMillisecond});
        const std::size_t first = *session.frameAtPlayhead();
        for (std::size_t frame = first + 1; frame < 250; ++frame) {
            session.step(1);
            QCOMPARE(session.frameAtPlayhead(), std::optional(frame));
        }
        for (std::size_t frame = 249; frame-- > 0;) {
            session.step(-1);
            QCOMPARE(session.frameAtPlayhead(), std::optional(frame));
        }
    }
}

void WindowSessionTest::steppingWithoutAVideoGoesBySamples()
{
    Session session;
    const OpenRecording open = tenSeconds();
    session.setRecording(open);
    session.setLanes({buildLane(open.recording->devices[0], open.recording->devices[0].streams[0], {})});
    session.step(3);
    QCOMPARE(session.playhead().ns, 30 * kNanosPerMillisecond);
}

void WindowSessionTest::shuttleDoublesUpToFour()
{
    Session session;
    session.setRecording(tenSeconds());
    std::vector<double> speeds;
    for (const int direction : {1, 1, 1, 1, -1, -1}) {
        session.shuttle(direction);
        speeds.push_back(session.speed());
    }
    QCOMPARE(speeds, (std::vector<double>{1, 2, 4, 4, -1, -2}));
    QVERIFY(session.isPlaying());
    session.setSpeed(0.01);
    QCOMPARE(session.speed(), 0.1);
}

void WindowSessionTest::playingMovesByTheWallClock()
{
    Session session;
    session.setRecording(tenSeconds());
    PlayClock clock(session);
    QElapsedTimer wall;
    // A handler that takes long must not slow the recording down.
    connect(&session, &Session::playheadChanged, this, [&] {
        QElapsedTimer busy;
        busy.start();
        while (busy.elapsed() < 40) { }
    });
    session.setSpeed(2);
    wall.start();
    session.setPlaying(true);
    QTest::qWait(600);
    const double shown = toSeconds(session.playhead().ns);
    const double passed = static_cast<double>(wall.nsecsElapsed()) * 1e-9 * 2;
    session.setPlaying(false);
    // The last tick may be a handler and a timer's step ago, twice as fast.
    QVERIFY2(shown <= passed && shown > passed - 0.6, qPrintable(QStringLiteral("%1 of %2").arg(shown).arg(passed)));
    const Nanos stopped = session.playhead().ns;
    QTest::qWait(50);
    QCOMPARE(session.playhead().ns, stopped);
}

void WindowSessionTest::playingGoesOnFromWhereSomebodyScrubbed()
{
    Session session;
    session.setRecording(tenSeconds());
    PlayClock clock(session);
    session.setPlaying(true);
    QTRY_VERIFY(session.playhead().ns > 0);
    session.setPlayhead({7 * kNanosPerSecond});
    QTRY_VERIFY(session.playhead().ns > 7 * kNanosPerSecond);
    QVERIFY(session.playhead().ns < 9 * kNanosPerSecond);
}

void WindowSessionTest::playingEndsAtTheEndAndBeginsAnew()
{
    Session session;
    session.setRecording(tenSeconds());
    PlayClock clock(session);
    session.setPlayhead({9'900 * kNanosPerMillisecond});
    session.setPlaying(true);
    QTRY_VERIFY(!session.isPlaying());
    QCOMPARE(session.playhead().ns, 10 * kNanosPerSecond);
    session.setPlaying(true);
    QVERIFY(session.playhead().ns < kNanosPerSecond);
    session.setSpeed(-4);
    QTRY_VERIFY(!session.isPlaying());
    QCOMPARE(session.playhead().ns, Nanos{0});
}

void WindowSessionTest::pageFollowsThePlayhead()
{
    Session session;
    session.setRecording(tenSeconds());
    session.setVisibleRange({{0}, {2 * kNanosPerSecond}});
    session.setPlayhead({1'900 * kNanosPerMillisecond});
    session.followPlayhead();
    QCOMPARE(session.visibleRange().start.ns, Nanos{0});
    session.setPlayhead({2'050 * kNanosPerMillisecond});
    session.followPlayhead();
    QCOMPARE(session.visibleRange(), (TimeRange{{1'950 * kNanosPerMillisecond}, {3'950 * kNanosPerMillisecond}}));
    session.setFollow(FollowMode::off);
    session.setPlayhead({9 * kNanosPerSecond});
    session.followPlayhead();
    QCOMPARE(session.visibleRange().start.ns, 1'950 * kNanosPerMillisecond);
}

void WindowSessionTest::scrollKeepsThePlayheadInTheMiddle()
{
    Session session;
    session.setRecording(tenSeconds());
    session.setFollow(FollowMode::scroll);
    session.setVisibleRange({{0}, {2 * kNanosPerSecond}});
    session.setPlayhead({5 * kNanosPerSecond});
    session.followPlayhead();
    QCOMPARE(session.visibleRange(), (TimeRange{{4 * kNanosPerSecond}, {6 * kNanosPerSecond}}));
    session.setPlayhead({9'900 * kNanosPerMillisecond});
    session.followPlayhead();
    QCOMPARE(session.visibleRange(), (TimeRange{{8 * kNanosPerSecond}, {10 * kNanosPerSecond}}));
}

void WindowSessionTest::emptySelectionIsNone()
{
    Session session;
    session.setRecording(tenSeconds());
    session.setSelection(TimeRange{{5}, {5}});
    QVERIFY(!session.selection());
    session.setSelection(TimeRange{{-5}, {20 * kNanosPerSecond}});
    QCOMPARE(session.selection(), std::optional(session.bounds()));
}

QTEST_GUILESS_MAIN(WindowSessionTest)
#include "window_session_test.moc"
