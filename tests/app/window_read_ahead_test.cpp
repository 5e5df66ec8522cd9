// Samples in mapped files are in memory before anything paints them; what the kernel says of their pages is the judge.
#include "app/kinoscope/inspect/read_ahead.h"
#include "app/kinoscope/library/sample_room.h"
#include "app/kinoscope/session.h"
#include "tests/support/lane_fixtures.h"

#include <QFile>
#include <unistd.h>

using namespace kino;

class WindowReadAheadTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void samplesAboutTheViewAreInMemoryBeforeTheyAreShown();

private:
    /** The share of the pages of these bytes that this process has mapped in, from /proc/self/pagemap. */
    static double presentShare(std::span<const std::byte> bytes);
};

double WindowReadAheadTest::presentShare(std::span<const std::byte> bytes)
{
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto first = reinterpret_cast<std::uintptr_t>(bytes.data()) / page;
    const auto last = (reinterpret_cast<std::uintptr_t>(bytes.data()) + bytes.size() - 1) / page;
    QFile map(QStringLiteral("/proc/self/pagemap"));
    if (!map.open(QIODevice::ReadOnly | QIODevice::Unbuffered) || !map.seek(static_cast<qint64>(first * 8)))
        return -1;
    std::vector<std::uint64_t> entries(last - first + 1);
    if (map.read(reinterpret_cast<char *>(entries.data()), static_cast<qint64>(entries.size() * 8)) != static_cast<qint64>(entries.size() * 8))
        return -1;
    constexpr std::uint64_t kPresent = std::uint64_t{1} << 63;
    return static_cast<double>(std::ranges::count_if(entries, [](std::uint64_t entry) { return (entry & kPresent) != 0; })) / static_cast<double>(entries.size());
}

void WindowReadAheadTest::samplesAboutTheViewAreInMemoryBeforeTheyAreShown()
{
    constexpr std::size_t kSamples = 4'000'000; // 100 Hz: 40,000 s
    const test::TemporaryFolder folder;
    Recording recording;
    recording.name = "long";
    recording.devices.push_back(test::makeDevice("d", {test::makeStream(StreamKind::accelerometer, test::evenTimes(kSamples, 100), 1, [](std::size_t, std::size_t sample) { return static_cast<float>(sample % 100); })}));
    SampleRoom room(folder / "samples", {.recordingBytes = 0, .memoryBytes = 0});
    const auto settled = std::make_shared<const Recording>(room.settle(std::move(recording)));
    TaskRunner runner(1);
    Session session;
    ReadAhead readAhead(session, runner);
    session.setRecording({1, settled, nullptr});
    session.setVisibleRange(session.bounds());
    const auto lane = buildLane(settled->devices[0], settled->devices[0].streams[0], {});
    session.setLanes({lane});
    const auto bytes = [&](std::size_t fromSecond, std::size_t toSecond) { return std::as_bytes(lane->values[0].values().subspan(fromSecond * 100, (toSecond - fromSecond) * 100)); };
    const auto times = [&](std::size_t fromSecond, std::size_t toSecond) { return std::as_bytes(lane->timesNs.values().subspan(fromSecond * 100, (toSecond - fromSecond) * 100)); };
    // A whole view needs none of them, and the walk that built the lane has given them back.
    QTest::qWait(100);
    QVERIFY2(presentShare(bytes(0, 40'000)) < 0.05, qPrintable(QString::number(presentShare(bytes(0, 40'000)))));
    // 2000 s, as much before and after; what lies further off stays where it is.
    session.setVisibleRange({{10'000 * kNanosPerSecond}, {12'000 * kNanosPerSecond}});
    QTRY_COMPARE(presentShare(bytes(8'000, 14'000)), 1.0);
    QTRY_COMPARE(presentShare(times(8'000, 14'000)), 1.0);
    QVERIFY(presentShare(bytes(20'000, 40'000)) < 0.05);
}

QTEST_GUILESS_MAIN(WindowReadAheadTest)
#include "window_read_ahead_test.moc"
