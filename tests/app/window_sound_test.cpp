// The sound of a video: as a lane, and as samples that are heard in step with the play clock.
#include "app/kinoscope/clocks/sound_feed.h"
#include "app/kinoscope/demo.h"
#include "app/kinoscope/inspect/inspect_page.h"
#include "app/kinoscope/inspect/timeline_panel.h"
#include "app/kinoscope/main_window.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/data/simulator/simulator.h"
#include "core/store/project.h"
#include "tests/support/test_data.h"

using namespace kino;

class WindowSoundTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void samplesFollowOneAnotherAcrossChunks();
    void aSlowDeviceIsTakenUpAnewInTime();
    void anotherPlaceIsHeardAtOnce();
    void pausedIsSilent();
    void whatCannotBeReadIsSilent();
    void chunksOfAFileAreItsSound();
    void clapIsLoudestInTheLane();
    void foldedLaneIsNotRead();
    void playingWithoutADeviceIsSaid();

private:
    static constexpr int kRate = 8000;
    static constexpr Nanos kBlockNs = 10 * kNanosPerMillisecond;
    static constexpr std::size_t kBlock = 80;

    /** Sample i is i / 2^24: exact, and it tells which it is. */
    static AudioSamples counted(VideoTime from, VideoTime to);
    static std::int64_t indexOf(float value) { return std::llround(static_cast<double>(value) * (1 << 24)); }

    test::TemporaryFolder m_folder;
    std::filesystem::path m_project;
    nlohmann::json m_truth;
};

static constexpr Nanos kMs = kNanosPerMillisecond;

AudioSamples WindowSoundTest::counted(VideoTime from, VideoTime to)
{
    AudioSamples samples;
    samples.sampleRateHz = kRate;
    samples.start = {std::max<Nanos>(0, from.ns)};
    for (std::int64_t index = samples.start.ns * kRate / kNanosPerSecond; index < to.ns * kRate / kNanosPerSecond; ++index)
        samples.mono.push_back(static_cast<float>(index) / (1 << 24));
    return samples;
}

void WindowSoundTest::initTestCase()
{
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, QString::fromStdString((m_folder / "settings").string()));
    QSettings().clear();
    SimulatorOptions options;
    options.subjects = 1;
    options.minutes = 0.4;
    options.activities = {SimulatedActivity::walk, SimulatedActivity::stand};
    options.video = SimulatedVideo{.width = 96, .height = 64, .rateHz = 15};
    m_project = ensureDemoProject(m_folder / "demo", {}, {}, options);
    m_truth = readJsonFile(demoRecordings(m_folder / "demo", 1) / "truth.json");
}

void WindowSoundTest::samplesFollowOneAnotherAcrossChunks()
{
    SoundFeed feed([](VideoTime from, VideoTime to, const CancelToken &) { return counted(from, to); });
    feed.follow({kNanosPerSecond}, 0, 1);
    QCOMPARE(feed.waitForRate(5000), kRate);
    std::vector<float> block(kBlock);
    std::int64_t expected = kRate;
    for (Nanos at = 0; at < 9 * kNanosPerSecond; at += kBlockNs) {
        // The play clock says where it is now and then, a few milliseconds off as a timer is.
        if (at % (50 * kMs) == 0)
            feed.follow({kNanosPerSecond + at + (at / kBlockNs % 7) * kMs}, at, 1);
        QTRY_VERIFY(feed.isReadyAt({kNanosPerSecond + at}) && feed.isReadyAt({kNanosPerSecond + at + kBlockNs}));
        feed.fill(block, at);
        // The first milliseconds are faded in.
        for (std::size_t each = at == 0 ? kBlock / 2 : 0; each < kBlock; ++each)
            QCOMPARE(indexOf(block[each]), expected + static_cast<std::int64_t>(each));
        expected += kBlock;
    }
    QCOMPARE(feed.jumps(), std::size_t{0});
}

void WindowSoundTest::aSlowDeviceIsTakenUpAnewInTime()
{
    SoundFeed feed([](VideoTime from, VideoTime to, const CancelToken &) { return counted(from, to); });
    feed.follow({0}, 0, 1);
    QCOMPARE(feed.waitForRate(5000), kRate);
    std::vector<float> block(kBlock);
    // A device that takes one percent longer for each block is 40 ms behind after four seconds.
    Nanos worst = 0;
    constexpr Nanos kTaken = kBlockNs + kBlockNs / 100;
    for (Nanos at = 0; at < 20 * kNanosPerSecond; at += kTaken) {
        QTRY_VERIFY(feed.isReadyAt({at}) && feed.isReadyAt({at + kBlockNs}));
        feed.follow({at}, at, 1);
        feed.fill(block, at);
        worst = std::max(worst, std::abs(indexOf(block.back()) * kNanosPerSecond / kRate - at - kBlockNs));
    }
    QVERIFY2(worst <= SoundFeed::kMostOffNs + 2 * kMs, qPrintable(QString::number(worst)));
    QVERIFY2(feed.jumps() >= 3 && feed.jumps() <= 5, qPrintable(QString::number(feed.jumps())));
}

void WindowSoundTest::anotherPlaceIsHeardAtOnce()
{
    SoundFeed feed([](VideoTime from, VideoTime to, const CancelToken &) { return counted(from, to); });
    feed.follow({0}, 0, 1);
    QCOMPARE(feed.waitForRate(5000), kRate);
    std::vector<float> block(kBlock);
    feed.fill(block, 0);
    feed.follow({60 * kNanosPerSecond}, kBlockNs, 1);
    QTRY_VERIFY(feed.isReadyAt({60 * kNanosPerSecond}));
    feed.fill(block, kBlockNs);
    QCOMPARE(indexOf(block.back()), std::int64_t{60 * kRate + kBlock - 1});
    // Heard a tenth of a second later, because the device has so much waiting: what is due then.
    feed.fill(block, kBlockNs + 100 * kMs);
    QCOMPARE(indexOf(block.back()), std::int64_t{60 * kRate + kRate / 10 + kBlock - 1});
}

void WindowSoundTest::pausedIsSilent()
{
    SoundFeed feed([](VideoTime from, VideoTime to, const CancelToken &) { return counted(from, to); });
    feed.follow({kNanosPerSecond}, 0, 1);
    QCOMPARE(feed.waitForRate(5000), kRate);
    feed.pause();
    std::vector<float> block(kBlock, 1.0F);
    feed.fill(block, 0);
    QVERIFY(std::ranges::all_of(block, [](float value) { return value == 0; }));
}

void WindowSoundTest::whatCannotBeReadIsSilent()
{
    SoundFeed feed([](VideoTime, VideoTime, const CancelToken &) -> AudioSamples { throw Error("this file has no sound"); });
    feed.follow({0}, 0, 1);
    QCOMPARE(feed.waitForRate(5000), 0);
    std::vector<float> block(kBlock, 1.0F);
    feed.fill(block, 0);
    QVERIFY(std::ranges::all_of(block, [](float value) { return value == 0; }));
}

/** Chunk by chunk, with a codec that needs the packets before: the same as read in one piece. */
void WindowSoundTest::chunksOfAFileAreItsSound()
{
    Project project = Project::open(m_project);
    const std::filesystem::path video = project.loadRecording(project.recordings().front().id).videos.at(0).path;
    const Nanos from = 1'234'567'890;
    const Nanos length = 5 * kNanosPerSecond;
    const AudioSamples whole = readAudio(video, {0}, {from + length + kNanosPerSecond});
    SoundFeed feed([&](VideoTime begin, VideoTime end, const CancelToken &cancel) { return readAudio(video, begin, end, cancel); });
    feed.follow({from}, 0, 1);
    const int rate = feed.waitForRate(10'000);
    QCOMPARE(rate, whole.sampleRateHz);
    const std::size_t count = static_cast<std::size_t>(rate) / 100;
    std::vector<float> block(count);
    std::vector<float> heard;
    for (Nanos at = 0; at < length; at += kBlockNs) {
        QTRY_VERIFY(feed.isReadyAt({from + at}) && feed.isReadyAt({from + at + kBlockNs}));
        feed.fill(block, at);
        heard.insert(heard.end(), block.begin(), block.end());
    }
    const auto first = static_cast<std::size_t>(std::llround(static_cast<double>(from - whole.start.ns) * 1e-9 * rate));
    double worst = 0;
    double loudest = 0;
    for (std::size_t each = count; each < heard.size(); ++each) {
        worst = std::max(worst, static_cast<double>(std::abs(heard[each] - whole.mono[first + each])));
        loudest = std::max(loudest, static_cast<double>(std::abs(heard[each])));
    }
    QVERIFY(loudest > 1e-3);
    QVERIFY2(worst < 1e-4, qPrintable(QString::number(worst)));
}

void WindowSoundTest::clapIsLoudestInTheLane()
{
    MainWindow window;
    window.resize(1280, 800);
    window.show();
    window.openPaths({m_project});
    QTRY_VERIFY_WITH_TIMEOUT(window.session().recording() && window.isSettled() && window.session().soundLane(), 60'000);
    Session &session = window.session();
    const nlohmann::json clap = m_truth.at("recordings").at(0).at("claps").at(0);
    const auto at = [&] { return session.recording()->videos[0].clock.toRecording({clap.at("video_ns").get<Nanos>()}); };
    // sound.h of the simulator: a clap is loudest at its very instant, by far the loudest of all.
    const auto heightIn = [&](TimeRange range) {
        const ValueRange values = session.soundLane()->valuesIn(range);
        return std::max(-values.low, values.high);
    };
    const double clapHeight = heightIn({at() - 2 * kMs, at() + 2 * kMs});
    QVERIFY(clapHeight > 0.9 * session.soundLane()->range.high);
    QVERIFY(heightIn({at() - 400 * kMs, at() - 20 * kMs}) < 0.3 * clapHeight);
    // Every sample has its time: the loudest of the 4 ms is within a sample of the truth.
    const std::shared_ptr<const LaneData> kept = session.soundLane();
    const LaneData &lane = *kept;
    const auto [begin, end] = lane.samplesIn({at() - 2 * kMs, at() + 2 * kMs});
    std::size_t loudest = begin;
    for (std::size_t sample = begin; sample < end; ++sample) {
        if (std::abs(lane.values[0][sample]) > std::abs(lane.values[0][loudest]))
            loudest = sample;
    }
    QVERIFY2(std::abs(lane.timeOf(loudest) - at()) < 100 * kNanosPerMicrosecond, qPrintable(QString::number(lane.timeOf(loudest) - at())));
    // It moves with the video.
    const RecordingTime before = lane.timeOf(loudest);
    window.clocks().nudge(NudgeStep::second, 1);
    QCOMPARE(session.soundLane()->timeOf(loudest), before + kNanosPerSecond);
    QVERIFY(heightIn({at() - 2 * kMs, at() + 2 * kMs}) == clapHeight);
    QCOMPARE(session.soundLane()->values[0].values().data(), lane.values[0].values().data());
}

void WindowSoundTest::foldedLaneIsNotRead()
{
    MainWindow window;
    window.resize(1280, 800);
    window.show();
    window.session().setLaneShown(kSoundLaneId, false);
    window.openPaths({m_project});
    QTRY_VERIFY_WITH_TIMEOUT(window.session().recording() && window.isSettled() && window.session().soundLane(), 60'000);
    QCOMPARE(window.session().soundLane()->samples(), std::size_t{0});
    window.session().setLaneShown(kSoundLaneId, true);
    QTRY_VERIFY_WITH_TIMEOUT(window.isSettled() && window.session().soundLane()->samples() > 0, 30'000);
    QVERIFY(window.session().soundLane()->note.isEmpty());
    QSettings().clear();
}

/** With a device it sounds, without one the control says so; either way it plays on and ends. */
void WindowSoundTest::playingWithoutADeviceIsSaid()
{
    MainWindow window;
    window.resize(1280, 800);
    window.show();
    QVERIFY(!window.commands().mute->isEnabled());
    window.openPaths({m_project});
    QTRY_VERIFY_WITH_TIMEOUT(window.session().recording() && window.isSettled(), 60'000);
    QVERIFY(window.commands().mute->isEnabled());
    const RecordingTime before = window.session().playhead();
    window.session().setPlaying(true);
    QTRY_VERIFY_WITH_TIMEOUT(window.sound().isSounding() || window.sound().explanation().startsWith(QStringLiteral("No sound:")), 20'000);
    QVERIFY(window.commands().mute->toolTip().startsWith(window.sound().explanation()));
    QTRY_VERIFY(window.session().playhead() > before + 100 * kMs);
    window.session().setSpeed(2);
    QVERIFY(!window.sound().isSounding());
    window.session().setSpeed(1);
    window.commands().mute->trigger();
    QVERIFY(!window.sound().isSounding());
    QCOMPARE(window.sound().explanation().startsWith(QStringLiteral("Sound is off")) || window.sound().explanation().startsWith(QStringLiteral("No sound:")), true);
    window.session().setPlaying(false);
}

QTEST_MAIN(WindowSoundTest)
#include "window_sound_test.moc"
