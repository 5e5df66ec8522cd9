// The gpmd track of the real MP4s.
#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/media/telemetry_track.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace kino;
namespace fs = std::filesystem;

class GpmfTrackTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void samplesAreByteForByteThoseOfTheExtractedFile();
    void timesAreTheContainers();
    void firmwareAndModelAreRead();
    void filesWithoutTelemetryAreToldApart();
    void cutFileGivesWhatIsThere();
};

void GpmfTrackTest::samplesAreByteForByteThoseOfTheExtractedFile()
{
    KINO_NEEDS_TEST_DATA();
    // data/README.md: karma.raw is the 13 gpmd samples of karma.mp4 joined, byte for byte.
    const TelemetryTrack track = readTelemetryTrack(test::testDataFolder() / "gopro_mp4/karma.mp4");
    const auto raw = MappedFile::open(test::testDataFolder() / "gpmf_raw/gpmf_extract_mit/karma.raw");
    QCOMPARE(track.samples.size(), 13u);
    QVERIFY(std::ranges::equal(track.bytes, raw->bytes()));
}

void GpmfTrackTest::timesAreTheContainers()
{
    KINO_NEEDS_TEST_DATA();
    // stts of max-heromode.mp4 (read with a box dump): 10 x 1001 and 1 x 533 at a timescale of 1000.
    const TelemetryTrack track = readTelemetryTrack(test::testDataFolder() / "gopro_mp4/max-heromode.mp4");
    QCOMPARE(track.samples.size(), 11u);
    QCOMPARE(track.missingSamples, 0u);
    for (std::size_t i = 0; i < 11; ++i) {
        QCOMPARE(track.samples[i].startNs, static_cast<Nanos>(i) * 1001 * kNanosPerMillisecond);
        QCOMPARE(track.samples[i].durationNs, (i < 10 ? 1001 : 533) * kNanosPerMillisecond);
    }
}

void GpmfTrackTest::firmwareAndModelAreRead()
{
    KINO_NEEDS_TEST_DATA();
    const TelemetryTrack karma = readTelemetryTrack(test::testDataFolder() / "gopro_mp4/karma.mp4");
    QCOMPARE(karma.firmware, std::string("HD5.02.02.00.00"));
    QCOMPARE(karma.model, std::string());
    const TelemetryTrack max = readTelemetryTrack(test::testDataFolder() / "gopro_mp4/max-heromode.mp4");
    QCOMPARE(max.firmware, std::string("H19.03.01.30.00"));
    QVERIFY2(max.model.find("Max") != std::string::npos, max.model.c_str());
}

void GpmfTrackTest::filesWithoutTelemetryAreToldApart()
{
    const test::TemporaryFolder folder;
    const fs::path text = folder.write("note.mp4", "no video at all");
    QVERIFY(!hasTelemetryTrack(text));
    QVERIFY(!hasTelemetryTrack(folder / "absent.mp4"));
    QVERIFY(!hasTelemetryTrack(folder.write("empty.mp4", "")));
    QVERIFY_THROWS_EXCEPTION(Error, readTelemetryTrack(text));
    KINO_NEEDS_TEST_DATA();
    QVERIFY(hasTelemetryTrack(test::testDataFolder() / "gopro_mp4/karma.mp4"));
}

void GpmfTrackTest::cutFileGivesWhatIsThere()
{
    KINO_NEEDS_TEST_DATA();
    // The index of a file whose media data lost its second half: moved to the front, as a web copy has it.
    std::ifstream stream(test::testDataFolder() / "gopro_mp4/karma.mp4", std::ios::binary);
    const std::string all((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    const test::TemporaryFolder folder;
    // karma.mp4 by a box dump: mdat from 20 to 4115984, then moov to the end. Zeros in place of payloads are damage.
    std::string damaged = all;
    std::fill(damaged.begin() + 2'500'000, damaged.begin() + 4'115'984, '\0');
    const TelemetryTrack track = readTelemetryTrack(folder.write("damaged.mp4", damaged));
    QCOMPARE(track.samples.size(), 13u);
    const Telemetry telemetry = readTelemetry(track.packets());
    // stco of the track: the first seven payloads begin before 2500000 (0x24 7c8f = 2391183), the eighth at 2692241.
    std::size_t rows = 0;
    for (const TelemetryStream &s : telemetry.devices.at(0).streams) {
        if (s.key == gpmfKey("ACCL"))
            rows = s.timesNs.size();
    }
    QCOMPARE(rows, 196u + 199 + 200 + 199 + 196 + 200 + 199);
    // Cut off before its index, nothing can be read.
    QVERIFY_THROWS_EXCEPTION(Error, readTelemetryTrack(folder.write("cut.mp4", all.substr(0, 3'000'000))));
}

QTEST_GUILESS_MAIN(GpmfTrackTest)
#include "gpmf_track_test.moc"
