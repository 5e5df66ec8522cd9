#include "app/kinoscope/inspect/spectrogram_panel.h"
#include "app/kinoscope/inspect/timeline_panel.h"
#include "app/kinoscope/inspect/transport_panel.h"
#include "tests/support/film_fixture.h"
#include "tests/support/lane_fixtures.h"
#include "tests/support/watched_application.h"
#include "widgets/window/message_line.h"
#include "widgets/spectrogram/view.h"

#include <random>

using namespace kino;

/**
 * The window on a clip whose frames carry their number, with an offset and a drift, beside a sensor whose value is its
 * own sample's index: what is shown can be read from the pixels and compared with the definition of the clocks.
 */
class WindowInspectTest : public QObject, test::FilmFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { openWindow(); }
    void cleanup() { closeWindow(); }

    void everyInstantShowsTheRightFrameAndValues_data();
    void everyInstantShowsTheRightFrameAndValues();
    void playingShowsTheFrameOfThePlayhead();
    void outsideTheFootageThePictureIsDimmed();
    void resizingKeepsTheExactFrame();
    void keysMoveThePlayhead();
    void wheelKeepsTheTimeUnderTheCursor();
    void spectrogramFollowsTheView();
    void spectrogramColumnAgreesWithTheTransform();
    void spectrogramFollowsThePlayheadWhilePlaying();
    void overviewShowsTheFilmUnderTheMouse();
    void leavingARecordingDropsItsAnswers();
    void unreadableVideoIsALineNotABox();
    void droppedFilesOpen();
    void guiThreadIsNeverHeld();

private:
    OpenRecording recordingWith(const test::Film &clip, ClockMap<VideoClock> videoClock, ClockMap<DeviceClock> deviceClock) const;
    void open(const OpenRecording &recording);
    /** The last frame with pts ≤ t_own, from the definition t = t_own · (1 + drift · 1e-6) + offset, in long double. */
    static std::optional<std::uint32_t> expectedFrame(const test::Film &clip, Nanos endNs, ClockMap<VideoClock> clock, RecordingTime time);

    test::Film m_cut;  // an edit list leaves out what lies before zero
    test::Film m_late; // the first frame comes after zero
};

static constexpr double kRate = 100;
static constexpr std::size_t kSamples = 2001; // 20 s

void WindowInspectTest::initTestCase()
{
    startTests();
    m_cut = test::writeFilm(m_folder / "cut.mp4", test::variableRateTimes(250, 12, -300 * kNanosPerMillisecond), kBFrames);
    m_late = test::writeFilm(m_folder / "late.mp4", test::constantRateTimes(300, 30, 1, 400 * kNanosPerMillisecond), kBFrames);
}

OpenRecording WindowInspectTest::recordingWith(const test::Film &clip, ClockMap<VideoClock> videoClock, ClockMap<DeviceClock> deviceClock) const
{
    auto recording = std::make_shared<Recording>();
    recording->name = clip.path.stem().string();
    recording->path = clip.path;
    // x is the sample's index, y a sine of 12.5 Hz.
    recording->devices.push_back(test::makeDevice("sensor", {test::makeStream(StreamKind::accelerometer, test::evenTimes(kSamples, kRate), 2, [](std::size_t axis, std::size_t sample) {
        return axis == 0 ? static_cast<float>(sample) : static_cast<float>(std::sin(2 * M_PI * 12.5 * static_cast<double>(sample) / kRate));
    })}, deviceClock));
    recording->videos.push_back(test::trackOf(clip.path, videoClock));
    return {7, recording, std::make_shared<const RecordingOverview>(computeOverview(*recording))};
}

void WindowInspectTest::open(const OpenRecording &recording)
{
    // The page is there once something is in the library; here the recording comes without a file.
    m_window->library().model().add({recording.id, QStringLiteral("test"), QString::fromStdString(recording.recording->name), {}, LibraryState::ready, Mark::none, {}});
    m_window->findChild<QStackedWidget *>()->setCurrentWidget(&m_window->inspect());
    m_window->session().setRecording(recording);
    QTRY_VERIFY_WITH_TIMEOUT(m_window->isSettled() && !m_window->session().lanes().empty(), 30'000);
}


std::optional<std::uint32_t> WindowInspectTest::expectedFrame(const test::Film &clip, Nanos endNs, ClockMap<VideoClock> clock, RecordingTime time)
{
    const long double own = static_cast<long double>(time.ns - clock.offsetNs) / (1.0L + clock.driftPpm * 1e-6L);
    if (own < static_cast<long double>(std::max<Nanos>(clip.ptsNs.front(), 0)) || own >= static_cast<long double>(endNs))
        return std::nullopt;
    std::uint32_t frame = 0;
    while (frame + 1 < clip.ptsNs.size() && static_cast<long double>(clip.ptsNs[frame + 1]) <= own)
        ++frame;
    return frame;
}

void WindowInspectTest::everyInstantShowsTheRightFrameAndValues_data()
{
    QTest::addColumn<const test::Film *>("clip");
    QTest::addColumn<qint64>("offsetNs");
    QTest::addColumn<double>("driftPpm");
    const auto row = [](const char *name, const test::Film &clip, qint64 offsetNs, double driftPpm) {
        QTest::newRow(name) << &clip << offsetNs << driftPpm;
    };
    row("constant rate", m_constant, 0, 0);
    row("constant rate, late and slow clock", m_constant, 1'234'567'891, 812.5);
    row("variable rate, early and fast clock", m_variable, -350'000'123, -440);
    row("variable rate, edit list", m_cut, 250'000'001, 60);
    row("constant rate, first frame after zero", m_late, 0, 0);
}

void WindowInspectTest::everyInstantShowsTheRightFrameAndValues()
{
    QFETCH(const test::Film *, clip);
    QFETCH(qint64, offsetNs);
    QFETCH(double, driftPpm);
    const ClockMap<VideoClock> videoClock{offsetNs, driftPpm};
    const ClockMap<DeviceClock> deviceClock{-20'000'000, -35.0};
    const OpenRecording recording = recordingWith(*clip, videoClock, deviceClock);
    open(recording);
    Session &session = m_window->session();
    InspectPage &page = m_window->inspect();
    const Nanos endNs = recording.recording->videos[0].end.ns;
    // The table of frames begins with the one that is on at zero.
    const auto hidden = static_cast<std::uint32_t>(std::max<std::ptrdiff_t>(0, std::ranges::count_if(clip->ptsNs, [](Nanos time) { return time <= 0; }) - 1));
    std::mt19937_64 random(20);
    const TimeRange bounds = session.bounds();
    for (int instant = 0; instant < 50; ++instant) {
        // Half of them are scrubbed to by the mouse, half set.
        const auto share = static_cast<double>(random() % 1'000'000) / 1e6;
        if (instant % 2 == 0) {
            const TimeAxis axis = page.timeline().view().axis();
            QTest::mouseClick(&page.timeline().view(), Qt::LeftButton, {}, {static_cast<int>(axis.left + share * axis.width), 10});
        } else {
            session.setPlayhead(bounds.start + static_cast<Nanos>(share * static_cast<double>(bounds.duration())));
        }
        const RecordingTime time = session.playhead();
        const std::optional<std::uint32_t> expected = expectedFrame(*clip, endNs, videoClock, time);
        QCOMPARE(page.video().view().footage() == VideoView::Footage::present, expected.has_value());
        QTRY_VERIFY_WITH_TIMEOUT(page.video().isSettled(), 10'000);
        if (expected) {
            QCOMPARE(numberShown(), expected);
            QCOMPARE(page.transport().readout().section(QStringLiteral("   "), 0, 0), QStringLiteral("frame %1").arg(*expected - hidden));
        } else {
            QVERIFY(page.transport().readout().startsWith(QStringLiteral("no footage")));
        }
        // x is the index of the last sample at or before the instant.
        const long double own = static_cast<long double>(time.ns + 20'000'000) / (1.0L - 35e-6L);
        const long double index = std::floor(own / 1e7L);
        const bool isCovered = own >= 0 && own <= static_cast<long double>((kSamples - 1) * 10'000'000 + 10'000'000);
        const QString shown = page.timeline().view().readout(0, 0);
        if (isCovered)
            QCOMPARE(shown, QString::number(static_cast<double>(std::min(index, static_cast<long double>(kSamples - 1))), 'f', 2));
        else
            QCOMPARE(shown, QStringLiteral("\u2013"));
        QCOMPARE(page.transport().clock().text(), clockText(time));
    }
}

void WindowInspectTest::playingShowsTheFrameOfThePlayhead()
{
    const ClockMap<VideoClock> clock{500'000'000, 100};
    const OpenRecording recording = recordingWith(m_constant, clock, {});
    open(recording);
    Session &session = m_window->session();
    session.setPlayhead({2 * kNanosPerSecond});
    QTRY_VERIFY(m_window->inspect().video().isSettled());
    session.setPlaying(true);
    int compared = 0;
    int exactNow = 0;
    for (int look = 0; look < 25; ++look) {
        QTest::qWait(60);
        const std::optional<std::uint32_t> number = numberShown();
        QVERIFY(number);
        // What is on the screen is the frame it is said to be, and never one of the future.
        QCOMPARE(std::optional<std::size_t>(*number), m_window->inspect().video().shownFrame());
        const std::optional<std::uint32_t> now = expectedFrame(m_constant, recording.recording->videos[0].end.ns, clock, session.playhead());
        QVERIFY(now && *number <= *now);
        exactNow += *number == *now ? 1 : 0;
        ++compared;
    }
    session.setPlaying(false);
    QVERIFY2(exactNow > compared / 2, qPrintable(QStringLiteral("%1 of %2 looks showed the frame of the instant").arg(exactNow).arg(compared)));
    // At rest it is the frame of the playhead.
    QTRY_VERIFY(m_window->inspect().video().isSettled());
    QCOMPARE(numberShown(), expectedFrame(m_constant, recording.recording->videos[0].end.ns, clock, session.playhead()));
}

void WindowInspectTest::outsideTheFootageThePictureIsDimmed()
{
    open(recordingWith(m_constant, {2 * kNanosPerSecond, 0}, {}));
    Session &session = m_window->session();
    VideoView &view = m_window->inspect().video().view();
    session.setPlayhead({15 * kNanosPerSecond}); // the footage ends at 12 s
    QCOMPARE(view.footage(), VideoView::Footage::missing);
    QTRY_VERIFY(!view.picture().isNull());
    const auto brightness = [&view] {
        const QImage image = view.grab().toImage();
        qint64 sum = 0;
        for (int y = 0; y < image.height(); y += 3) {
            for (int x = 0; x < image.width(); x += 3)
                sum += qGray(image.pixel(x, y));
        }
        return sum;
    };
    const qint64 dimmed = brightness();
    session.setPlayhead({11'990 * kNanosPerMillisecond});
    QCOMPARE(view.footage(), VideoView::Footage::present);
    QTRY_VERIFY(m_window->inspect().video().isSettled());
    QVERIFY(brightness() > dimmed * 3 / 2);
}

void WindowInspectTest::resizingKeepsTheExactFrame()
{
    open(recordingWith(m_constant, {}, {}));
    m_window->session().setPlayhead({9'950 * kNanosPerMillisecond}); // far behind its keyframe
    QTRY_VERIFY(m_window->inspect().video().isSettled());
    for (const QSize size : {QSize(1000, 700), QSize(1400, 900), QSize(1401, 902), QSize(1280, 800)}) {
        m_window->resize(size);
        QTest::qWait(5);
        m_window->session().setPlayhead(m_window->session().playhead() - 1);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->inspect().video().isSettled(), 10'000);
        QCOMPARE(numberShown(), std::optional<std::uint32_t>(298));
    }
}

void WindowInspectTest::keysMoveThePlayhead()
{
    open(recordingWith(m_constant, {}, {}));
    Session &session = m_window->session();
    const auto press = [this](Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) { QTest::keyClick(m_window.get(), key, modifiers); };
    press(Qt::Key_Right);
    press(Qt::Key_Right);
    QCOMPARE(session.frameAtPlayhead(), std::optional<std::size_t>(2));
    press(Qt::Key_Left);
    QCOMPARE(session.frameAtPlayhead(), std::optional<std::size_t>(1));
    press(Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(session.frameAtPlayhead(), std::optional<std::size_t>(31));
    press(Qt::Key_End);
    QCOMPARE(session.playhead(), session.bounds().end);
    press(Qt::Key_Home);
    QCOMPARE(session.playhead(), session.bounds().start);
    press(Qt::Key_L);
    QVERIFY(session.isPlaying());
    press(Qt::Key_K);
    QVERIFY(!session.isPlaying());
    press(Qt::Key_J);
    QCOMPARE(session.speed(), -1.0);
    press(Qt::Key_K);
    press(Qt::Key_Plus);
    QVERIFY(session.visibleRange().duration() < session.bounds().duration());
    press(Qt::Key_F);
    QCOMPARE(session.visibleRange(), session.bounds());
    session.setSpeed(1);
    m_window->inspect().timeline().view().setFocus();
    QTest::keyClick(&m_window->inspect().timeline().view(), Qt::Key_Space);
    QVERIFY(session.isPlaying());
    QTest::keyClick(&m_window->inspect().timeline().view(), Qt::Key_Space);
    QVERIFY(!session.isPlaying());
}

void WindowInspectTest::wheelKeepsTheTimeUnderTheCursor()
{
    open(recordingWith(m_constant, {}, {}));
    TimelineView &view = m_window->inspect().timeline().view();
    for (const double share : {0.2, 0.5, 0.9}) {
        const QPointF at(view.axis().left + share * view.axis().width, view.height() / 2.0);
        const RecordingTime before = view.axis().timeAt(at.x());
        QWheelEvent event(at, view.mapToGlobal(at), {}, {0, 240}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&view, &event);
        QVERIFY(std::abs(view.axis().xOf(before) - at.x()) < 0.5);
    }
    QTest::mouseDClick(&view, Qt::LeftButton, {}, {view.width() / 2, view.height() / 2});
    QCOMPARE(m_window->session().visibleRange(), m_window->session().bounds());
}

void WindowInspectTest::spectrogramFollowsTheView()
{
    open(recordingWith(m_constant, {}, {}));
    SpectrogramPanel &panel = m_window->inspect().spectrogram();
    const TimeRange part{{5 * kNanosPerSecond}, {8 * kNanosPerSecond}};
    m_window->session().setVisibleRange(part);
    QTRY_VERIFY(panel.isSettled());
    QCOMPARE(panel.view().axis().range, part);
    QVERIFY(panel.view().data()->powerAt({5'100 * kNanosPerMillisecond}, 12.5));
    QVERIFY(panel.view().data()->powerAt({7'900 * kNanosPerMillisecond}, 12.5));
    QTest::mouseClick(&panel.view(), Qt::LeftButton, {}, panel.view().plotArea().center());
    QVERIFY(std::abs(m_window->session().playhead().ns - 6'500 * kNanosPerMillisecond) < 20 * kNanosPerMillisecond);
}

void WindowInspectTest::spectrogramColumnAgreesWithTheTransform()
{
    open(recordingWith(m_constant, {}, {}));
    SpectrogramPanel &panel = m_window->inspect().spectrogram();
    panel.chooseSource(QStringLiteral("y")); // "auto" takes 128 samples at 100 Hz
    QTRY_VERIFY(panel.isSettled());
    std::mt19937_64 random(4);
    for (int instant = 0; instant < 50; ++instant) {
        const RecordingTime time{kNanosPerSecond + static_cast<Nanos>(random() % (18 * kNanosPerSecond))};
        m_window->session().setPlayhead(time);
        // A sine of amplitude 1 in its bin: 2 (Σw/2)² / (rate Σw²) with Σw = 64 and Σw² = 48 for a Hann window of 128.
        const std::optional<float> power = panel.view().data()->powerAt(time, 12.5);
        QVERIFY(power && std::abs(*power / (2.0 * 32 * 32 / (kRate * 48)) - 1) < 1e-3);
        QVERIFY(*panel.view().data()->powerAt(time, 30) < 1e-8F);
    }
    // And so it is painted: the brightest row of the grabbed picture is the sine's.
    m_window->session().setPlayhead({0});
    const QImage image = panel.view().grab().toImage();
    const QRect plot = panel.view().plotArea();
    int brightest = 0;
    int brightestRow = 0;
    for (int y = plot.top(); y <= plot.bottom(); ++y) {
        const int grey = qGray(image.pixel(plot.center().x(), y));
        if (grey > brightest) {
            brightest = grey;
            brightestRow = y;
        }
    }
    const double hz = (plot.bottom() + 1 - brightestRow - 0.5) / plot.height() * kRate / 2;
    QVERIFY2(std::abs(hz - 12.5) < 1.0, qPrintable(QString::number(hz)));
}

void WindowInspectTest::spectrogramFollowsThePlayheadWhilePlaying()
{
    open(recordingWith(m_constant, {}, {}));
    Session &session = m_window->session();
    SpectrogramPanel &panel = m_window->inspect().spectrogram();
    session.setVisibleRange({{kNanosPerSecond}, {3 * kNanosPerSecond}});
    session.setPlayhead({2 * kNanosPerSecond});
    session.setFollow(FollowMode::scroll);
    session.setSpeed(4);
    session.setPlaying(true);
    int looks = 0;
    while (session.playhead() < RecordingTime{10 * kNanosPerSecond} && session.isPlaying()) {
        QTest::qWait(40);
        // The playhead stays in the middle of both plots, and there is a picture under it.
        QCOMPARE(panel.view().axis().range, session.visibleRange());
        const double x = panel.view().axis().xOf(session.playhead());
        QVERIFY(std::abs(x - panel.view().plotArea().center().x()) < 2);
        QVERIFY(panel.view().data());
        // What is drawn reaches about the playhead: not the picture of where it was long ago.
        QVERIFY(panel.view().data()->powerAt(session.playhead() - 300 * kNanosPerMillisecond, 12.5));
        ++looks;
    }
    QVERIFY(looks > 10);
    session.setPlaying(false);
    QTRY_VERIFY(panel.isSettled());
}

void WindowInspectTest::overviewShowsTheFilmUnderTheMouse()
{
    const ClockMap<VideoClock> clock{2 * kNanosPerSecond, 0};
    open(recordingWith(m_constant, clock, {}));
    TimelineView &view = m_window->inspect().timeline().view();
    const QRect overview = view.layoutNow().overview;
    const TimeAxis axis{m_window->session().bounds(), view.axis().left, view.axis().width};
    // 300 frames at 30 Hz from 2 s on, a keyframe every 30.
    for (const double seconds : {3.1, 6.0, 11.4}) {
        const QPoint at(static_cast<int>(axis.xOf({fromSeconds(seconds)})), overview.center().y());
        QTest::mouseMove(&view, at);
        QTRY_VERIFY_WITH_TIMEOUT(view.shownPicture() && std::abs(toSeconds(view.shownPicture()->at - RecordingTime{fromSeconds(seconds)})) < 0.2, 20'000);
        const OverviewPicture &shown = *view.shownPicture();
        const QImage image = shown.image.convertToFormat(QImage::Format_RGB32);
        Image picture;
        picture.width = image.width();
        picture.height = image.height();
        for (int y = 0; y < image.height(); ++y)
            picture.bgra.insert(picture.bgra.end(), image.constScanLine(y), image.constScanLine(y) + image.width() * 4);
        // It is the frame that its time says, and a keyframe no more than half a second and a stretch away.
        const std::optional<std::uint32_t> number = test::readNumber(picture);
        QVERIFY(number && *number % 30 == 0);
        QCOMPARE(shown.time.ns, 2 * kNanosPerSecond + m_constant.ptsNs[*number]);
        QVERIFY(std::abs(toSeconds(shown.time - RecordingTime{fromSeconds(seconds)})) < 0.8);
    }
    QTest::mouseMove(&view, QPoint(400, 60));
    QVERIFY(!view.shownPicture());
}

void WindowInspectTest::leavingARecordingDropsItsAnswers()
{
    const OpenRecording one = recordingWith(m_constant, {}, {});
    OpenRecording other = recordingWith(m_variable, {}, {});
    other.id = 8;
    // Thirty times back and forth without waiting for anything.
    for (int change = 0; change < 30; ++change) {
        m_window->session().setRecording(change % 2 == 0 ? one : other);
        m_window->session().setPlayhead({3 * kNanosPerSecond});
        QCoreApplication::processEvents();
    }
    m_window->findChild<QStackedWidget *>()->setCurrentWidget(&m_window->inspect());
    QTRY_VERIFY_WITH_TIMEOUT(m_window->isSettled() && !m_window->session().lanes().empty(), 30'000);
    QCOMPARE(numberShown(), expectedFrame(m_variable, other.recording->videos[0].end.ns, {}, m_window->session().playhead()));
    QCOMPARE(m_window->session().lanes().size(), std::size_t{1});
    QCOMPARE(m_window->session().recording()->name, std::string("variable"));
}

void WindowInspectTest::unreadableVideoIsALineNotABox()
{
    OpenRecording recording = recordingWith(m_constant, {}, {});
    auto broken = std::make_shared<Recording>(*recording.recording);
    broken->videos[0].path = m_folder.write("broken.mp4", "this is no film");
    recording.recording = broken;
    open(recording);
    QTRY_VERIFY(!m_window->messages().message().isEmpty());
    QVERIFY(m_window->messages().details().contains(QStringLiteral("broken.mp4")));
    QVERIFY(!QApplication::activeModalWidget());
    QCOMPARE(m_window->session().lanes().size(), std::size_t{1}); // the rest is there
}

void WindowInspectTest::droppedFilesOpen()
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QString::fromStdString(m_constant.path.string()))});
    QDragEnterEvent enter(QPoint(400, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_window.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(400, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_window.get(), &drop);
    QTRY_COMPARE_WITH_TIMEOUT(m_window->library().count(), 1, 30'000);
    QTRY_VERIFY(m_window->isSettled());
    QVERIFY(m_window->inspect().isVisible());
    QCOMPARE(m_window->session().recording()->videos.size(), std::size_t{1});
    QCOMPARE(numberShown(), std::optional<std::uint32_t>(0));
}

void WindowInspectTest::guiThreadIsNeverHeld()
{
    open(recordingWith(m_constant, {}, {}));
    auto *application = static_cast<test::WatchedApplication *>(qApp);
    Session &session = m_window->session();
    TimelineView &view = m_window->inspect().timeline().view();
    const test::Fluency fluency = test::watch(*application, [&] {
        // Play, scrub and zoom as a person does.
        session.setPlaying(true);
        QTest::qWait(1000);
        session.setPlaying(false);
        for (int step = 0; step < 60; ++step) {
            const int x = static_cast<int>(view.axis().left) + 20 + step * 10;
            if (step == 0)
                QTest::mousePress(&view, Qt::LeftButton, {}, {x, 10});
            QTest::mouseMove(&view, {x, 10});
            QTest::qWait(8);
        }
        QTest::mouseRelease(&view, Qt::LeftButton, {}, {300, 10});
        for (int step = 0; step < 40; ++step) {
            const QPointF at(view.axis().left + 300, 200);
            QWheelEvent event(at, view.mapToGlobal(at), {}, {0, step < 20 ? 120 : -120}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
            QApplication::sendEvent(&view, &event);
            QTest::qWait(8);
        }
    }, 8, 30, 16);
    QVERIFY(fluency.handlers > 200);
    QVERIFY2(fluency.isWithin(8, 30, 16), qPrintable(QStringLiteral("p99 %1 ms, worst %2 ms, repaints %3 ms").arg(fluency.handlerP99Ms).arg(fluency.handlerWorstMs).arg(fluency.repaintP99Ms)));
}

int main(int argc, char *argv[])
{
    kino::test::WatchedApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("kinoscope-test"));
    QApplication::setOrganizationName(QStringLiteral("kinoscope"));
    WindowInspectTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "window_inspect_test.moc"
