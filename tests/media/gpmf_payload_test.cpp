// The structure of GPMF: items, devices, streams, and sizes that lie. Payloads are made by tests/support/gpmf_bytes.h.
#include "core/media/gpmf/payload.h"
#include "tests/support/gpmf_bytes.h"
#include "tests/support/test_data.h"

#include <QTest>
#include <random>

using namespace kino;
using namespace kino::test;

namespace {

Bytes accelerometer(const std::vector<int> &values)
{
    return gpmfNest("STRM", {gpmfText("STNM", "Accelerometer"), gpmfShorts("SCAL", {418}), gpmfShorts("ACCL", values, 3)});
}

} // namespace

class GpmfPayloadTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsEverySimpleType();
    void textIsLatin1AndUnpadded();
    void listsOfUnitsHaveOneTextPerRow();
    void readsDevicesAndStreams();
    void lastKeyOfAStreamIsItsData();
    void sizeBeyondTheEndKeepsWhatIsSound();
    void containerThatSwallowsTheNextIsCutAtIt();
    void damagedDeviceDoesNotHideTheNext();
    void garbageBeforeAndBetweenDevicesIsReported();
    void zerosAtTheEndArePadding();
    void deepNestingIsNotFollowed();
    void anyBytesAreSurvived();
    void splitsAFileWhereADeviceComesAgain();
    void lyingSizeDoesNotHideLaterPayloads();
    void readsUtcAndRefusesWhatIsNone();
};

void GpmfPayloadTest::readsEverySimpleType()
{
    // Bits and values by the specification's table of types: two's complement, IEEE 754, Q15.16 and Q31.32.
    struct Row {
        char type;
        int bytes;
        std::uint64_t bits;
        double value;
    };
    const Row rows[] = {
        {'b', 1, 0x80, -128},
        {'B', 1, 0x80, 128},
        {'s', 2, 0xfffe, -2},
        {'S', 2, 0xfffe, 65534},
        {'l', 4, 0x80000000, -2147483648.0},
        {'L', 4, 0x80000000, 2147483648.0},
        {'j', 8, 0xffffffffffffffff, -1},
        {'J', 8, 0x8000000000000000, 9223372036854775808.0},
        {'f', 4, 0x3fc00000, 1.5},
        {'d', 8, 0xc004000000000000, -2.5},
        {'q', 4, 0x00018000, 1.5},
        {'q', 4, 0xfffe8000, -1.5},
        {'Q', 8, 0x0000000240000000, 2.25},
    };
    for (const Row &row : rows) {
        Bytes content;
        appendBigEndian(content, row.bits, row.bytes);
        const Bytes bytes = gpmfItem("TEST", row.type, static_cast<std::size_t>(row.bytes), 1, content);
        GpmfCursor cursor(bytes);
        const auto item = cursor.next();
        QVERIFY(item.has_value());
        QCOMPARE(gpmfNumbers(*item).size(), 1u);
        QCOMPARE(gpmfNumbers(*item).front(), row.value);
    }
}

void GpmfPayloadTest::textIsLatin1AndUnpadded()
{
    const Bytes bytes = gpmfText("SIUN", std::string_view("m/s\xb2\0\0", 6));
    GpmfCursor cursor(bytes);
    QCOMPARE(gpmfText(*cursor.next()), std::string("m/s\xc2\xb2")); // UTF-8 of "m/s²"
}

void GpmfPayloadTest::listsOfUnitsHaveOneTextPerRow()
{
    Bytes content;
    for (const char c : std::string_view("degdegm  "))
        content.push_back(static_cast<std::byte>(c));
    const Bytes bytes = gpmfItem("UNIT", 'c', 3, 3, content);
    GpmfCursor cursor(bytes);
    QCOMPARE(gpmfTexts(*cursor.next()), (std::vector<std::string>{"deg", "deg", "m"}));
}

void GpmfPayloadTest::readsDevicesAndStreams()
{
    const Bytes bytes = joined({gpmfDevice(1, "Camera", {accelerometer({1, 2, 3, 4, 5, 6})}),
        gpmfDevice(7, "Sensor", {gpmfNest("STRM", {gpmfLong("TSMP", 9), gpmfLongLong("STMP", 5'000'000'000)})})});
    const GpmfPayload payload = parseGpmfPayload(bytes);
    QVERIFY(payload.faults.empty());
    QCOMPARE(payload.devices.size(), 2u);
    QCOMPARE(payload.devices[0].name, std::string("Camera"));
    const GpmfStrm &strm = payload.devices[0].streams.at(0);
    QCOMPARE(gpmfKeyText(strm.key), std::string("ACCL"));
    QCOMPARE(strm.scale, std::vector<double>{418});
    QCOMPARE(gpmfNumbers(strm.data.front()), (std::vector<double>{1, 2, 3, 4, 5, 6}));
    QCOMPARE(payload.devices[1].id, 7u);
    QCOMPARE(payload.devices[1].streams.at(0).key, 0u);
    QCOMPARE(payload.devices[1].streams.at(0).stampUs.value(), 5'000'000'000u);
    QCOMPARE(payload.devices[1].streams.at(0).totalSamples.value(), 9u);
}

void GpmfPayloadTest::lastKeyOfAStreamIsItsData()
{
    const Bytes stream = gpmfNest("STRM", {gpmfLong("MFGI", 1), gpmfShorts("acc1", {1, 2, 3})});
    const GpmfPayload payload = parseGpmfPayload(gpmfDevice(1, "x", {stream}));
    QCOMPARE(gpmfKeyText(payload.devices[0].streams.at(0).key), std::string("acc1"));
    QCOMPARE(payload.devices[0].streams[0].data.size(), 1u);
}

void GpmfPayloadTest::sizeBeyondTheEndKeepsWhatIsSound()
{
    // The second stream's samples claim 65535 rows of 6 bytes; the first stream and the third survive.
    const Bytes lying = gpmfNest("STRM", {gpmfItem("GYRO", 's', 6, 65535, Bytes(12))});
    const Bytes bytes = gpmfDevice(1, "Camera",
        {accelerometer({1, 2, 3}), lying, gpmfNest("STRM", {gpmfFloats("SHUT", {0.5f})})});
    const GpmfPayload payload = parseGpmfPayload(bytes);
    QCOMPARE(payload.faults.size(), 1u);
    QVERIFY(payload.faults[0].message.find("393210 bytes where 12 are left") != std::string::npos);
    QCOMPARE(payload.devices.size(), 1u);
    QCOMPARE(payload.devices[0].streams.size(), 3u);
    QCOMPARE(gpmfKeyText(payload.devices[0].streams[0].key), std::string("ACCL"));
    QCOMPARE(payload.devices[0].streams[1].key, 0u);
    QCOMPARE(gpmfKeyText(payload.devices[0].streams[2].key), std::string("SHUT"));
}

void GpmfPayloadTest::containerThatSwallowsTheNextIsCutAtIt()
{
    Bytes first = accelerometer({1, 2, 3});
    const Bytes second = gpmfNest("STRM", {gpmfFloats("SHUT", {0.5f})});
    // The first stream's length grows over the second one.
    const std::size_t length = first.size() - 8 + second.size();
    first[6] = static_cast<std::byte>(length >> 8);
    first[7] = static_cast<std::byte>(length & 0xff);
    const GpmfPayload payload = parseGpmfPayload(gpmfDevice(1, "Camera", {first, second}));
    QCOMPARE(payload.devices.size(), 1u);
    QCOMPARE(payload.devices[0].streams.size(), 2u);
    QCOMPARE(gpmfKeyText(payload.devices[0].streams[0].key), std::string("ACCL"));
    QCOMPARE(gpmfKeyText(payload.devices[0].streams[1].key), std::string("SHUT"));
    QCOMPARE(payload.faults.size(), 1u);
}

void GpmfPayloadTest::damagedDeviceDoesNotHideTheNext()
{
    Bytes first = gpmfDevice(1, "Camera", {accelerometer({1, 2, 3})});
    for (std::size_t i = 36; i < 44; ++i)
        first[i] = std::byte{0xff};
    const Bytes bytes = joined({first, gpmfDevice(2, "Other", {accelerometer({4, 5, 6})})});
    const GpmfPayload payload = parseGpmfPayload(bytes);
    QVERIFY(!payload.faults.empty());
    QCOMPARE(payload.devices.size(), 2u);
    QCOMPARE(payload.devices[1].name, std::string("Other"));
    QCOMPARE(payload.devices[1].streams.size(), 1u);
}

void GpmfPayloadTest::garbageBeforeAndBetweenDevicesIsReported()
{
    const Bytes device = gpmfDevice(1, "Camera", {accelerometer({1, 2, 3})});
    const Bytes garbage(13, std::byte{0x01});
    const GpmfPayload payload = parseGpmfPayload(joined({garbage, device, garbage, gpmfDevice(2, "B", {})}));
    QCOMPARE(payload.devices.size(), 2u);
    QCOMPARE(payload.faults.size(), 2u);
    QCOMPARE(payload.faults[0].offset, 0u);
}

void GpmfPayloadTest::zerosAtTheEndArePadding()
{
    const GpmfPayload payload = parseGpmfPayload(joined({gpmfDevice(1, "Camera", {}), Bytes(40)}));
    QVERIFY(payload.faults.empty());
    QCOMPARE(payload.devices.size(), 1u);
}

void GpmfPayloadTest::deepNestingIsNotFollowed()
{
    Bytes nest = gpmfFloats("FACE", {1});
    for (int depth = 0; depth < 5000; ++depth)
        nest = gpmfNest("FACE", {nest});
    const GpmfPayload payload = parseGpmfPayload(gpmfDevice(1, "Camera", {gpmfNest("STRM", {nest})}));
    QCOMPARE(payload.devices.size(), 1u);
    QVERIFY(payload.devices[0].streams.at(0).nestedData);
}

void GpmfPayloadTest::anyBytesAreSurvived()
{
    // Sound payloads with some bytes changed reach deeper than noise does; both must end, and keep to their bytes.
    const Bytes sound = joined({gpmfDevice(1, "Camera", {accelerometer({1, 2, 3, 4, 5, 6}),
                                    gpmfNest("STRM", {gpmfText("ORIN", "YxZ"), gpmfShorts("GYRO", {1, 2, 3}, 3)})}),
        gpmfDevice(2, "B", {accelerometer({7, 8, 9})})});
    std::mt19937 random(7);
    for (int round = 0; round < 20000; ++round) {
        Bytes bytes = sound;
        const int changes = static_cast<int>(random() % 8);
        for (int i = 0; i < changes; ++i)
            bytes[random() % bytes.size()] = static_cast<std::byte>(random() & 0xff);
        bytes.resize(random() % 4 == 0 ? random() % bytes.size() : bytes.size());
        const GpmfPayload payload = parseGpmfPayload(bytes);
        QVERIFY(payload.devices.size() <= 8);
        for (const GpmfDevice &device : payload.devices) {
            for (const GpmfStrm &strm : device.streams) {
                for (const GpmfItem &item : strm.data)
                    QVERIFY(item.data.empty()
                        || (item.data.data() >= bytes.data()
                            && item.data.data() + item.data.size() <= bytes.data() + bytes.size()));
            }
        }
        std::size_t total = 0;
        for (const auto part : splitGpmfFile(bytes))
            total += part.size();
        QVERIFY(total == bytes.size() || total == 0);
    }
}

void GpmfPayloadTest::splitsAFileWhereADeviceComesAgain()
{
    const Bytes camera = gpmfDevice(1, "Camera", {accelerometer({1, 2, 3})});
    const Bytes drone = gpmfDevice(2, "Drone", {});
    const Bytes file = joined({camera, drone, camera, camera, drone});
    const auto payloads = splitGpmfFile(file);
    QCOMPARE(payloads.size(), 3u);
    QCOMPARE(payloads[0].size(), camera.size() + drone.size());
    QCOMPARE(payloads[1].size(), camera.size());
    QCOMPARE(payloads[2].size(), camera.size() + drone.size());
}

void GpmfPayloadTest::lyingSizeDoesNotHideLaterPayloads()
{
    Bytes first = gpmfDevice(1, "Camera", {accelerometer({1, 2, 3})});
    first[6] = first[7] = std::byte{0xff};
    const Bytes next = gpmfDevice(1, "Camera", {accelerometer({4, 5, 6})});
    const Bytes file = joined({first, next, next});
    const auto payloads = splitGpmfFile(file);
    QCOMPARE(payloads.size(), 3u);
    const GpmfPayload payload = parseGpmfPayload(payloads[0]);
    QCOMPARE(payload.faults.size(), 1u);
    QCOMPARE(payload.devices.at(0).streams.size(), 1u);
}

void GpmfPayloadTest::readsUtcAndRefusesWhatIsNone()
{
    // date -u -d '2019-11-18 23:45:14' +%s gives 1574120714.
    QCOMPARE(parseGpmfUtc("191118234514.250").value(), 1'574'120'714'250'000'000);
    QVERIFY(!parseGpmfUtc("191318234514.000"));
    QVERIFY(!parseGpmfUtc("190230000000.000"));
    QVERIFY(!parseGpmfUtc("19111823451"));
    QVERIFY(!parseGpmfUtc("19-118234514.000"));
    QVERIFY(!parseGpmfUtc(""));
}

QTEST_GUILESS_MAIN(GpmfPayloadTest)
#include "gpmf_payload_test.moc"
