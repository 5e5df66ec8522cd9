#include "app/kinoscope/library/library.h"
#include "app/kinoscope/project_writer.h"
#include "app/kinoscope/library/sample_room.h"
#include "app/kinoscope/session.h"
#include "tests/support/lane_fixtures.h"

#include <QFile>

using namespace kino;

/** Samples of files that were opened without a project: which stay in memory, and that none changes. */
class WindowSampleRoomTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void longRecordingsAreMappedUnchanged();
    void shortOnesStayUntilTheMemoryIsFull();
    void unwritableFolderChangesNothing();
    void openedFileOfSomeSizeIsMapped();

private:
    static Recording sines(std::size_t samples);
    static bool isMappedFrom(const void *address, const std::filesystem::path &folder);
};

Recording WindowSampleRoomTest::sines(std::size_t samples)
{
    Recording recording;
    recording.name = "sines";
    recording.devices.push_back(test::makeDevice("d", {test::makeStream(StreamKind::accelerometer, test::evenTimes(samples, 100), 3, [](std::size_t axis, std::size_t sample) {
        return static_cast<float>(std::sin(static_cast<double>(sample * (axis + 1)) * 0.01));
    })}));
    // Two streams of one clock share their times.
    ImuStream gyroscope = recording.devices[0].streams[0];
    gyroscope.kind = StreamKind::gyroscope;
    recording.devices[0].streams.push_back(gyroscope);
    return recording;
}

/** As the system says it: which file the page at this address comes from. */
bool WindowSampleRoomTest::isMappedFrom(const void *address, const std::filesystem::path &folder)
{
    QFile maps(QStringLiteral("/proc/self/maps"));
    if (!maps.open(QIODevice::ReadOnly))
        return false;
    const auto wanted = reinterpret_cast<quintptr>(address);
    for (const QByteArray &line : maps.readAll().split('\n')) {
        const QList<QByteArray> parts = line.simplified().split(' ');
        const QList<QByteArray> range = parts.value(0).split('-');
        if (range.size() == 2 && range[0].toULongLong(nullptr, 16) <= wanted && wanted < range[1].toULongLong(nullptr, 16))
            return line.contains(folder.string().c_str());
    }
    return false;
}

void WindowSampleRoomTest::longRecordingsAreMappedUnchanged()
{
    const test::TemporaryFolder folder;
    SampleRoom room(folder / "samples", {1000, 1'000'000});
    const Recording before = sines(5000);
    QCOMPARE(sampleBytes(before), std::size_t{5000 * (8 + 3 * 4)}); // what the two streams share counts once
    const Recording after = room.settle(before);
    for (std::size_t stream = 0; stream < 2; ++stream) {
        const ImuStream &was = before.devices[0].streams[stream];
        const ImuStream &is = after.devices[0].streams[stream];
        QVERIFY(std::ranges::equal(was.timesNs, is.timesNs));
        for (std::size_t axis = 0; axis < 3; ++axis)
            QVERIFY(std::ranges::equal(was.values[axis], is.values[axis]));
        QVERIFY(isMappedFrom(is.timesNs.values().data(), folder / "samples"));
        QVERIFY(isMappedFrom(is.values[2].values().data(), folder / "samples"));
    }
    QCOMPARE(room.bytesInMemory(), std::size_t{0});
    // Nothing is left for anybody to clean up.
    QVERIFY(std::filesystem::is_empty(folder / "samples"));
}

void WindowSampleRoomTest::shortOnesStayUntilTheMemoryIsFull()
{
    const test::TemporaryFolder folder;
    SampleRoom room(folder / "samples", {100'000, 50'000});
    std::vector<Recording> kept;
    for (int each = 0; each < 4; ++each)
        kept.push_back(room.settle(sines(1000))); // 20 kB each
    QCOMPARE(room.bytesInMemory(), std::size_t{40'000});
    QVERIFY(!isMappedFrom(kept[1].devices[0].streams[0].timesNs.values().data(), folder / "samples"));
    QVERIFY(isMappedFrom(kept[2].devices[0].streams[0].timesNs.values().data(), folder / "samples"));
}

void WindowSampleRoomTest::unwritableFolderChangesNothing()
{
    const test::TemporaryFolder folder;
    // A file where the folder should be: not even root may write below it.
    SampleRoom room(folder.write("file", "in the way") / "samples", {10, 10});
    const Recording before = sines(1000);
    const Recording after = room.settle(before);
    QVERIFY(std::ranges::equal(before.devices[0].streams[0].values[1], after.devices[0].streams[0].values[1]));
    QCOMPARE(room.bytesInMemory(), std::size_t{20'000});
}

void WindowSampleRoomTest::openedFileOfSomeSizeIsMapped()
{
    const test::TemporaryFolder folder;
    std::string table = "Time (s),Acceleration x (m/s^2),Acceleration y (m/s^2),Acceleration z (m/s^2)\n";
    for (int row = 0; row < 20'000; ++row)
        table += std::to_string(row / 100) + "." + (row % 100 < 10 ? "0" : "") + std::to_string(row % 100) + "," + std::to_string(row % 7) + ",0.5,9.8\n";
    TaskRunner runner(2);
    Session session;
    ProjectWriter writer;
    QUndoStack history;
    Library library(session, runner, writer, history);
    library.setSampleRoom(std::make_shared<SampleRoom>(folder / "samples", SampleRoom::Limits{100'000, 1'000'000}));
    library.open({folder.write("table.csv", table)});
    QTRY_VERIFY_WITH_TIMEOUT(session.recording() && !library.isBusy(), 30'000);
    const ImuStream &stream = session.recording()->devices.at(0).streams.at(0);
    QCOMPARE(stream.samples(), std::size_t{20'000});
    QCOMPARE(stream.values[0][15], 1.0F); // 15 modulo 7
    QVERIFY(isMappedFrom(stream.values[0].values().data(), folder / "samples"));
}

QTEST_GUILESS_MAIN(WindowSampleRoomTest)
#include "window_sample_room_test.moc"
