// Payloads put together: scales, axes, units, several devices, what is left out and what is said of it. Axes follow GoPro's
// documentation (gpmf-parser docs/README.md: Hero5 Z,X,Y; Hero6 Y,-X,Z; Fusion -Y,X,Z).
#include "core/media/gpmf/spikes.h"
#include "core/media/gpmf/telemetry.h"
#include "tests/support/gpmf_bytes.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>

using namespace kino;
using namespace kino::test;

namespace {

/** Keeps payloads alive beside the packets that look at them. */
struct Recorded {
    std::vector<Bytes> payloads;

    std::vector<TelemetryPacket> packets(std::optional<double> stepS) const
    {
        std::vector<TelemetryPacket> result;
        for (std::size_t i = 0; i < payloads.size(); ++i) {
            TelemetryPacket packet{payloads[i], std::nullopt, 0};
            if (stepS) {
                packet.startNs = fromSeconds(static_cast<double>(i) * *stepS);
                packet.durationNs = fromSeconds(*stepS);
            }
            result.push_back(packet);
        }
        return result;
    }
    Telemetry read(std::optional<double> stepS = std::nullopt) const { return readTelemetry(packets(stepS)); }
};

Telemetry readOne(const Bytes &payload) { return Recorded{{payload}}.read(); }

const TelemetryStream *find(const Telemetry &telemetry, std::string_view key)
{
    for (const TelemetryDevice &device : telemetry.devices) {
        for (const TelemetryStream &stream : device.streams) {
            if (gpmfKeyText(stream.key) == key)
                return &stream;
        }
    }
    return nullptr;
}

std::vector<float> row(const TelemetryStream &stream, std::size_t index)
{
    std::vector<float> values;
    for (const std::vector<float> &column : stream.columns)
        values.push_back(column[index]);
    return values;
}

bool hasNote(const Telemetry &telemetry, std::string_view code, std::string_view text = {})
{
    return std::any_of(telemetry.notes.begin(), telemetry.notes.end(),
        [&](const TelemetryNote &n) { return n.code == code && n.message.find(text) != std::string::npos; });
}

Bytes motion(std::string_view key, const std::vector<Bytes> &described, const std::vector<int> &values = {1, 2, 3})
{
    std::vector<Bytes> items = described;
    items.push_back(gpmfShorts(key, values, 3));
    return gpmfNest("STRM", items);
}

} // namespace

class GpmfTelemetryTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void axesFollowWhatTheFileSays_data();
    void axesFollowWhatTheFileSays();
    void rotationBetweenAxesIsApplied();
    void disagreeingMatrixIsSaid();
    void scaleIsADivisorPerColumnOrForAll();
    void badScaleLeavesTheSamplesOut();
    void fourthMagnetometerColumnIsNoComponent();
    void quaternionsAndGravityAreInTheAccelerometersFrame();
    void complexNestedTextAndPositionsAreReported();
    void headersWithoutSamplesAreReported();
    void foreignSensorIsKnownByItsUnit();
    void damagedPayloadIsNamedAndTheOthersLoaded();
    void devicesKeepTheirStreamsApart();
    void videoIsLaidOntoStampsByTheFrameStream();
    void timeLapseStretchesTheVideo();
    void tickOfAStreamWithoutStampIsMoved();
    void unstampedRawFileSaysItsRateIsAssumed();
    void gpsTellsTheStepWhereItDisprovesTheUsual();
    void gpsOfTwoTimesTellsNoStep();
    void utcNeedsAFix();
    void spikesAmongCalmAreFoundAndShocksAreNot();
    void anyBytesAreSurvived();
};

void GpmfTelemetryTest::axesFollowWhatTheFileSays_data()
{
    QTest::addColumn<QString>("device");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("orin");
    QTest::addColumn<QString>("orio");
    QTest::addColumn<QList<int>>("matrix");
    QTest::addColumn<QList<int>>("expected"); // x, y, z of the row 1, 2, 3
    const QList<int> none;
    // Z, X, Y = 1, 2, 3
    QTest::newRow("Hero5 by name") << "Camera" << "Gyroscope (z,x,y)" << "" << "" << none << QList<int>{2, 3, 1};
    QTest::newRow("Hero5 by words") << "Camera" << "Accelerometer (up/down, right/left, forward/back)" << "" << "" << none
                                    << QList<int>{2, 3, 1};
    // Y, -X, Z = 1, 2, 3
    QTest::newRow("Hero6 ORIN") << "Hero6 Black" << "Accelerometer" << "YxZ" << "" << none << QList<int>{-2, 1, 3};
    QTest::newRow("Hero6 MTRX") << "Hero6 Black" << "Accelerometer" << "YxZ" << "ZXY" << QList<int>{0, 0, 1, 0, -1, 0, 1, 0, 0}
                                << QList<int>{-2, 1, 3};
    QTest::newRow("Hero6 whose name is wrong") << "Hero6 Black" << "Gyroscope (z,x,y)" << "" << "" << none
                                               << QList<int>{-2, 1, 3};
    // -Y, X, Z = 1, 2, 3
    QTest::newRow("Fusion whose name is wrong") << "Fusion" << "Gyroscope (z,x,y)" << "" << "" << none
                                                << QList<int>{2, -1, 3};
    // X, -Z, Y = 1, 2, 3
    QTest::newRow("Max MTRX") << "GoPro Max" << "Gyroscope" << "XzY" << "ZXY" << QList<int>{0, -1, 0, 1, 0, 0, 0, 0, 1}
                              << QList<int>{1, 3, -2};
    QTest::newRow("Hero11 ORIN only") << "HERO11 Black" << "Gyroscope" << "ZXY" << "" << none << QList<int>{2, 3, 1};
    QTest::newRow("output axis negated") << "x" << "" << "" << "XyZ" << QList<int>{1, 0, 0, 0, 1, 0, 0, 0, 1}
                                         << QList<int>{1, -2, 3};
    QTest::newRow("nothing known") << "x" << "" << "" << "" << none << QList<int>{1, 2, 3};
    QTest::newRow("letters twice") << "x" << "" << "XXZ" << "" << none << QList<int>{1, 2, 3};
    QTest::newRow("matrix of zeros falls back") << "x" << "" << "YxZ" << "ZXY" << QList<int>(9, 0) << QList<int>{-2, 1, 3};
}

void GpmfTelemetryTest::axesFollowWhatTheFileSays()
{
    QFETCH(QString, device);
    QFETCH(QString, name);
    QFETCH(QString, orin);
    QFETCH(QString, orio);
    QFETCH(QList<int>, matrix);
    QFETCH(QList<int>, expected);
    std::vector<Bytes> items;
    if (!name.isEmpty())
        items.push_back(gpmfText("STNM", name.toStdString()));
    if (!orin.isEmpty())
        items.push_back(gpmfText("ORIN", orin.toStdString()));
    if (!orio.isEmpty())
        items.push_back(gpmfText("ORIO", orio.toStdString()));
    if (!matrix.isEmpty())
        items.push_back(gpmfFloats("MTRX", std::vector<float>(matrix.begin(), matrix.end()), 9));
    for (const char *key : {"ACCL", "GYRO"}) {
        const Telemetry telemetry = readOne(gpmfDevice(1, device.toStdString(), {motion(key, items)}));
        const TelemetryStream *stream = find(telemetry, key);
        QVERIFY(stream);
        QCOMPARE(row(*stream, 0), std::vector<float>(expected.begin(), expected.end()));
        QCOMPARE(stream->columnNames, (std::vector<std::string>{"x", "y", "z"}));
        QVERIFY(hasNote(telemetry, "axes", key));
    }
}

void GpmfTelemetryTest::rotationBetweenAxesIsApplied()
{
    // 30 degrees about the third axis: x' = x cos - y sin, y' = x sin + y cos.
    const float c = std::cos(30 * 3.14159265358979 / 180), s = std::sin(30 * 3.14159265358979 / 180);
    const Telemetry telemetry = readOne(gpmfDevice(1, "x",
        {motion("ACCL", {gpmfText("ORIO", "XYZ"), gpmfFloats("MTRX", {c, -s, 0, s, c, 0, 0, 0, 1}, 9)}, {100, 200, 300})}));
    const std::vector<float> values = row(*find(telemetry, "ACCL"), 0);
    QVERIFY(std::abs(values[0] - (100 * 0.8660254f - 200 * 0.5f)) < 1e-3f);
    QVERIFY(std::abs(values[1] - (100 * 0.5f + 200 * 0.8660254f)) < 1e-3f);
    QCOMPARE(values[2], 300.0f);
}

void GpmfTelemetryTest::disagreeingMatrixIsSaid()
{
    const Telemetry telemetry = readOne(gpmfDevice(1, "x",
        {motion("ACCL", {gpmfText("ORIN", "YxZ"), gpmfText("ORIO", "XYZ"), gpmfFloats("MTRX", {1, 0, 0, 0, 1, 0, 0, 0, 1}, 9)})}));
    QCOMPARE(row(*find(telemetry, "ACCL"), 0), (std::vector<float>{1, 2, 3}));
    QVERIFY(hasNote(telemetry, "axes", "MTRX disagrees"));
}

void GpmfTelemetryTest::scaleIsADivisorPerColumnOrForAll()
{
    const Telemetry telemetry = readOne(gpmfDevice(1, "HERO11 Black",
        {motion("ACCL", {gpmfText("ORIN", "ZXY"), gpmfShorts("SCAL", {10, 100, 1000})}, {50, 50, 50}),
            motion("GYRO", {gpmfText("ORIN", "ZXY"), gpmfShorts("SCAL", {-5})}, {50, 50, 50})}));
    QCOMPARE(row(*find(telemetry, "ACCL"), 0), (std::vector<float>{0.5f, 0.05f, 5.0f}));
    QCOMPARE(row(*find(telemetry, "GYRO"), 0), (std::vector<float>{-10, -10, -10}));
}

void GpmfTelemetryTest::badScaleLeavesTheSamplesOut()
{
    for (const Bytes &scale : {gpmfShorts("SCAL", {0}), gpmfFloats("SCAL", {std::nanf("")}), gpmfShorts("SCAL", {1, 2})}) {
        const Recorded recorded{{gpmfDevice(1, "Camera", {motion("ACCL", {gpmfShorts("SCAL", {1})})}),
            gpmfDevice(1, "Camera", {motion("ACCL", {scale})}),
            gpmfDevice(1, "Camera", {motion("ACCL", {gpmfShorts("SCAL", {1})})})}};
        const Telemetry telemetry = recorded.read();
        QCOMPARE(find(telemetry, "ACCL")->timesNs.size(), 2u);
        QCOMPARE(find(telemetry, "ACCL")->columns[0].size(), 2u);
        QVERIFY(hasNote(telemetry, "bad-scale"));
    }
}

void GpmfTelemetryTest::fourthMagnetometerColumnIsNoComponent()
{
    const Bytes stream = gpmfNest("STRM", {gpmfText("SIUN", "\xb5T"), gpmfShorts("MAGN", {1, 2, 3, 6830, 4, 5, 6, 6831}, 4)});
    const Telemetry telemetry = readOne(gpmfDevice(1, "GoPro Max", {stream}));
    const TelemetryStream *magnetometer = find(telemetry, "MAGN");
    QCOMPARE(magnetometer->columns.size(), 3u);
    QCOMPARE(row(*magnetometer, 1), (std::vector<float>{4, 5, 6}));
    QCOMPARE(magnetometer->unit, std::string("\xc2\xb5T"));
    QVERIFY(hasNote(telemetry, "extra-channel", "MAGN"));
}

void GpmfTelemetryTest::quaternionsAndGravityAreInTheAccelerometersFrame()
{
    const Telemetry telemetry = readOne(gpmfDevice(1, "GoPro Max",
        {gpmfNest("STRM", {gpmfShorts("SCAL", {10}), gpmfShorts("CORI", {10, 1, 2, 3}, 4)}),
            gpmfNest("STRM", {gpmfShorts("SCAL", {10}), gpmfShorts("GRAV", {1, 9, 3}, 3)})}));
    QCOMPARE(row(*find(telemetry, "CORI"), 0), (std::vector<float>{1, 0.1f, 0.3f, 0.2f}));
    QCOMPARE(row(*find(telemetry, "GRAV"), 0), (std::vector<float>{0.1f, 0.3f, 0.9f}));
}

void GpmfTelemetryTest::complexNestedTextAndPositionsAreReported()
{
    const Bytes complex = gpmfNest("STRM", {gpmfText("TYPE", "Lsss"), gpmfItem("SIMU", '?', 10, 2, Bytes(20))});
    const Bytes nested = gpmfNest("STRM", {gpmfNest("FACE", {gpmfFloats("FACE", {1, 2})})});
    const Bytes gps = gpmfNest("STRM", {gpmfItem("GPS5", 'l', 20, 1, Bytes(20))});
    const Telemetry telemetry = readOne(
        gpmfDevice(1, "Camera", {complex, nested, gps, gpmfNest("STRM", {gpmfText("FWVS", "1.1.11.0")}), motion("ACCL", {})}));
    QVERIFY(hasNote(telemetry, "complex-left-out", "SIMU (2 rows)"));
    QVERIFY(hasNote(telemetry, "nested-left-out", "FACE"));
    QVERIFY(hasNote(telemetry, "gps-left-out", "GPS5 (1 row)"));
    QVERIFY(hasNote(telemetry, "left-out", "FWVS"));
    QCOMPARE(telemetry.devices.at(0).streams.size(), 1u);
}

void GpmfTelemetryTest::headersWithoutSamplesAreReported()
{
    const Recorded recorded{{gpmfDevice(1, "Camera", {motion("ACCL", {}), gpmfNest("STRM", {gpmfText("STNM", "3A STATS")})}),
        gpmfDevice(1, "Camera", {motion("ACCL", {}, {}), gpmfNest("STRM", {gpmfItem("SCPR", 'f', 4, 0, {})})})}};
    const Telemetry telemetry = recorded.read();
    QVERIFY(hasNote(telemetry, "no-samples", "\"3A STATS\""));
    QVERIFY(hasNote(telemetry, "no-samples", "SCPR"));
    QVERIFY(hasNote(telemetry, "no-samples", "ACCL: 1 payload has its header and no samples"));
    QCOMPARE(find(telemetry, "ACCL")->timesNs.size(), 1u);
}

void GpmfTelemetryTest::foreignSensorIsKnownByItsUnit()
{
    const Bytes known = gpmfNest("STRM", {gpmfText("SIUN", "g"), gpmfFloats("wris", {0, 0, 1}, 3)});
    const Bytes packets = gpmfNest("STRM", {gpmfItem("acc1", 'b', 16, 1, Bytes(16, std::byte{'0'}))});
    const Telemetry telemetry = readOne(gpmfDevice(9, "Band", {known, packets}));
    QVERIFY(find(telemetry, "wris")->role == TelemetryRole::accelerometer);
    QVERIFY(!find(telemetry, "acc1"));
    QVERIFY(hasNote(telemetry, "left-out", "acc1"));
}

void GpmfTelemetryTest::damagedPayloadIsNamedAndTheOthersLoaded()
{
    Recorded recorded;
    for (int i = 0; i < 5; ++i)
        recorded.payloads.push_back(gpmfDevice(1, "Camera", {motion("ACCL", {gpmfLong("TSMP", static_cast<std::uint32_t>(i + 1) * 2)}, {1, 2, 3, 4, 5, 6})}));
    // The samples' item of the fourth payload claims more rows than there are.
    Bytes &damaged = recorded.payloads[3];
    damaged[damaged.size() - 12 - 2] = std::byte{0x40};
    const Telemetry telemetry = recorded.read(1.0);
    QCOMPARE(find(telemetry, "ACCL")->timesNs.size(), 8u);
    const auto note = std::find_if(telemetry.notes.begin(), telemetry.notes.end(),
        [](const TelemetryNote &n) { return n.code == "corrupt-payload"; });
    QVERIFY(note != telemetry.notes.end());
    QCOMPARE(note->payload, 4u);
    QVERIFY(note->message.find("Payload 4 is damaged") == 0);
    // What was in it is missing where it was: the fifth payload's first sample is 1 s + 1 step behind the third's last.
    const std::vector<Nanos> &times = find(telemetry, "ACCL")->timesNs;
    QVERIFY(std::abs(toSeconds(times[6] - times[5]) - 1.5) < 0.01);
}

void GpmfTelemetryTest::devicesKeepTheirStreamsApart()
{
    const Recorded recorded{{joined({gpmfDevice(1, "A", {motion("ACCL", {}, {1, 2, 3})}), gpmfDevice(2, "B", {motion("ACCL", {}, {7, 8, 9})})}),
        joined({gpmfDevice(2, "B", {motion("ACCL", {}, {7, 8, 9})}), gpmfDevice(1, "A", {motion("ACCL", {}, {1, 2, 3})})})}};
    const Telemetry telemetry = recorded.read(1.0);
    QCOMPARE(telemetry.devices.size(), 2u);
    QCOMPARE(telemetry.devices[0].streams.at(0).columns[0], (std::vector<float>{1, 1}));
    QCOMPARE(telemetry.devices[1].streams.at(0).columns[0], (std::vector<float>{7, 7}));
}

namespace {

/** Payloads of `stepS` of stamps: 20 samples of motion and 10 frames each. The first frame is missing, as on a Hero5. */
Recorded stampedRecording(double stepS, std::uint64_t motionUs, std::uint64_t frameUs, int payloads)
{
    Recorded recorded;
    for (int i = 0; i < payloads; ++i) {
        const auto at = static_cast<std::uint64_t>(std::llround(stepS * 1e6 * i));
        std::vector<int> values(60, 1);
        const std::uint64_t frameAt = frameUs + at + (i == 0 ? static_cast<std::uint64_t>(stepS * 1e5) : 0);
        const std::vector<float> frames(i == 0 ? 9 : 10, 0.5f);
        recorded.payloads.push_back(gpmfDevice(1, "Camera",
            {motion("ACCL", {gpmfLongLong("STMP", motionUs + at)}, values),
                gpmfNest("STRM", {gpmfLongLong("STMP", frameUs + at), gpmfText("STNM", "Exposure"), gpmfFloats("SHUT", frames)})}));
        if (i == 0)
            recorded.payloads.back() = gpmfDevice(1, "Camera",
                {motion("ACCL", {gpmfLongLong("STMP", motionUs + at)}, values),
                    gpmfNest("STRM", {gpmfLongLong("STMP", frameAt), gpmfText("STNM", "Exposure"), gpmfFloats("SHUT", frames)})});
    }
    return recorded;
}

} // namespace

void GpmfTelemetryTest::videoIsLaidOntoStampsByTheFrameStream()
{
    // Motion begins at stamp 80577 us, video frames at 85608: the video lies 5.031 ms behind the telemetry's zero.
    const Telemetry telemetry = stampedRecording(1.001, 80577, 85608, 8).read(1.001);
    QCOMPARE(telemetry.containerRate, 1.0);
    QVERIFY(std::abs(telemetry.containerOffsetNs - 5'031'000) < 1000);
    QVERIFY(std::abs(find(telemetry, "ACCL")->timesNs.front()) < 1000);
    QVERIFY(hasNote(telemetry, "clock", "SHUT"));
}

void GpmfTelemetryTest::timeLapseStretchesTheVideo()
{
    // Stamps advance 15 s while the container shows 1 s.
    const Telemetry telemetry = stampedRecording(15, 0, 0, 8).read(1.0);
    QVERIFY(std::abs(telemetry.containerRate - 15) < 1e-6);
    QVERIFY(hasNote(telemetry, "video-rate", "15.0"));
    const std::vector<Nanos> &times = find(telemetry, "ACCL")->timesNs;
    QVERIFY(std::abs(toSeconds(times[20] - times[0]) - 15) < 1e-6);
}

void GpmfTelemetryTest::tickOfAStreamWithoutStampIsMoved()
{
    // Fusion: TICK lies 243 ms behind STMP; a magnetometer has TICK only.
    Recorded recorded;
    for (int i = 0; i < 6; ++i) {
        const auto us = static_cast<std::uint64_t>(5'000'000 + i * 1'000'000);
        const auto tick = static_cast<std::uint32_t>(us / 1000 + 243);
        recorded.payloads.push_back(gpmfDevice(1, "x",
            {motion("ACCL", {gpmfLongLong("STMP", us), gpmfLong("TICK", tick)}, std::vector<int>(60, 1)),
                motion("MAGN", {gpmfLong("TICK", tick + 10)}, std::vector<int>(30, 1))}));
    }
    const Telemetry telemetry = recorded.read();
    QVERIFY(std::abs(toSeconds(find(telemetry, "MAGN")->timesNs.front()) - 0.010) < 0.0005);
}

void GpmfTelemetryTest::unstampedRawFileSaysItsRateIsAssumed()
{
    Recorded recorded;
    for (int i = 0; i < 6; ++i)
        recorded.payloads.push_back(gpmfDevice(1, "x", {motion("ACCL", {}, std::vector<int>(600, 1))}));
    const Telemetry telemetry = recorded.read();
    QVERIFY(hasNote(telemetry, "assumed-rate", "1.001 s"));
    const std::vector<Nanos> &times = find(telemetry, "ACCL")->timesNs;
    QVERIFY(std::abs(toSeconds(times[200] - times[0]) - 1.001) < 1e-6);
    QVERIFY(!hasNote(recorded.read(1.0), "assumed-rate"));
}

namespace {

/** Payloads of 1.2 s by their GPS times, with 200 samples each; `frames` rows of SHUT a payload, where not 0. */
Recorded recordingWithGps(int payloads, int frames)
{
    Recorded recorded;
    for (int i = 0; i < payloads; ++i) {
        const int tenths = 100 + 12 * i;
        char utc[32];
        std::snprintf(utc, sizeof utc, "1911182345%02d.%d00", tenths / 10, tenths % 10);
        Bytes date;
        for (const char c : std::string_view(utc))
            date.push_back(static_cast<std::byte>(c));
        std::vector<Bytes> streams{motion("ACCL", {}, std::vector<int>(600, 1)),
            gpmfNest("STRM", {gpmfLong("GPSF", i == 0 ? 0u : 3u), gpmfItem("GPSU", 'U', 16, 1, date), gpmfItem("GPS5", 'l', 20, 1, Bytes(20))})};
        if (frames > 0)
            streams.push_back(gpmfNest("STRM", {gpmfFloats("SHUT", std::vector<float>(static_cast<std::size_t>(frames), 0.01f))}));
        recorded.payloads.push_back(gpmfDevice(1, "x", streams));
    }
    return recorded;
}

} // namespace

void GpmfTelemetryTest::gpsTellsTheStepWhereItDisprovesTheUsual()
{
    const Telemetry telemetry = recordingWithGps(6, 0).read();
    QVERIFY(hasNote(telemetry, "assumed-rate", "GPS clock, by which payloads follow every 1.2000 s"));
    const std::vector<Nanos> &times = find(telemetry, "ACCL")->timesNs;
    QVERIFY(std::abs(toSeconds(times[200] - times[0]) - 1.2) < 1e-6);
    // 2019-11-18 23:45:10 UTC is 1574120710 (date -u +%s).
    QVERIFY(telemetry.utcOfZeroNs.has_value());
    QVERIFY(std::abs(toSeconds(*telemetry.utcOfZeroNs - 1'574'120'710 * kNanosPerSecond)) < 0.01);
}

void GpmfTelemetryTest::gpsOfTwoTimesTellsNoStep()
{
    // Two times have no residual that could say how good they are: on their grid they may be 8 % off.
    const Telemetry alone = recordingWithGps(2, 0).read();
    QVERIFY(hasNote(alone, "assumed-rate", "1.001 s; the GPS clock, too coarse"));
    const std::vector<Nanos> &assumed = find(alone, "ACCL")->timesNs;
    QVERIFY(std::abs(toSeconds(assumed[200] - assumed[0]) - 1.001) < 1e-6);
    // Frames help only at a rate that fits GPS and gives the accelerometer 195 to 206 Hz. 25 frames a payload give it 200 Hz
    // at 25 Hz, but payloads of a second are 0.2 s from GPS; 30 give 1.2 s at 25 Hz, but 166.7 Hz.
    for (const int frames : {25, 30})
        QVERIFY(hasNote(recordingWithGps(2, frames).read(), "assumed-rate", "1.001 s; the GPS clock, too coarse"));
}

void GpmfTelemetryTest::utcNeedsAFix()
{
    Bytes date;
    for (const char c : std::string_view("191118234510.000"))
        date.push_back(static_cast<std::byte>(c));
    const auto payload = [&](std::uint32_t fix) {
        return gpmfDevice(1, "x", {motion("ACCL", {gpmfLong("TICK", 1000)}),
            gpmfNest("STRM", {gpmfLong("GPSF", fix), gpmfItem("GPSU", 'U', 16, 1, date), gpmfItem("GPS5", 'l', 20, 1, Bytes(20))})});
    };
    QVERIFY(!readOne(payload(0)).utcOfZeroNs);
    QVERIFY(readOne(payload(2)).utcOfZeroNs.has_value());
}

void GpmfTelemetryTest::spikesAmongCalmAreFoundAndShocksAreNot()
{
    std::mt19937 random(3);
    std::normal_distribution<float> noise(0, 0.002f);
    std::vector<std::vector<float>> columns(3, std::vector<float>(400));
    for (auto &column : columns) {
        for (float &value : column)
            value = noise(random);
    }
    QVERIFY(findSpikes(columns, 2).empty());
    columns[0][0] = 16;
    columns[1][1] = -12;
    columns[2][2] = 13;
    columns[0][200] = 16;
    const std::vector<SpikeRun> runs = findSpikes(columns, 2);
    QCOMPARE(runs.size(), 2u);
    QCOMPARE(runs[0].first, 0u);
    QCOMPARE(runs[0].count, 3u);
    QCOMPARE(runs[1].first, 200u);
    QVERIFY(std::abs(runs[1].distance - 16) < 0.1);
    // A knock rings on for a tenth of a second.
    std::vector<std::vector<float>> knock(3, std::vector<float>(400, 0.0f));
    for (std::size_t i = 200; i < 260; ++i)
        knock[0][i] = 16 * std::exp(-static_cast<float>(i - 200) / 12) * std::cos(static_cast<float>(i - 200));
    QVERIFY(findSpikes(knock, 2).empty());
}

void GpmfTelemetryTest::anyBytesAreSurvived()
{
    const Recorded sound = stampedRecording(1.001, 80577, 85608, 3);
    std::mt19937 random(5);
    for (int round = 0; round < 4000; ++round) {
        Recorded damaged = sound;
        for (Bytes &payload : damaged.payloads) {
            for (int i = static_cast<int>(random() % 4); i > 0; --i)
                payload[random() % std::min<std::size_t>(payload.size(), 160)] = static_cast<std::byte>(random() & 0xff);
        }
        const Telemetry telemetry = damaged.read(round % 2 == 0 ? std::optional(1.001) : std::nullopt);
        for (const TelemetryDevice &device : telemetry.devices) {
            for (const TelemetryStream &stream : device.streams) {
                QVERIFY(std::is_sorted(stream.timesNs.begin(), stream.timesNs.end()));
                for (const auto &column : stream.columns)
                    QCOMPARE(column.size(), stream.timesNs.size());
            }
        }
    }
}

QTEST_GUILESS_MAIN(GpmfTelemetryTest)
#include "gpmf_telemetry_test.moc"
