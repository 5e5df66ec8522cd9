#include "core/base/error.h"
#include "core/data/formats/depth_clip.h"
#include "core/data/formats/mhad_reader.h"
#include "tests/support/test_data.h"

#include <fstream>
#include <numbers>
#include <set>

using namespace kino;
namespace fs = std::filesystem;

namespace {

fs::path mhad() { return test::testDataFolder() / "utd_mhad"; }

FileScan scanFolder(const fs::path &folder)
{
    FileScan scan{folder, {}, {}};
    for (const auto &entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file())
            scan.files.push_back(entry.path());
    }
    std::ranges::sort(scan.files);
    return scan;
}

FileScan scanFile(const fs::path &file) { return {file.parent_path(), {file}, {file}}; }

std::string readBytes(const fs::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

Recording readOne(const fs::path &file)
{
    const auto reader = makeMhadReader();
    const auto groups = reader->claim(scanFile(file));
    if (groups.size() != 1)
        throw std::runtime_error("not one group");
    return reader->read(groups.front(), {});
}

/** The most this process has had at once. */
std::size_t mostAddressSpaceBytes()
{
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
        std::size_t kilobytes = 0;
        if (word == "VmPeak:" && status >> kilobytes)
            return kilobytes << 10;
    }
    throw std::runtime_error("/proc/self/status has no VmPeak");
}

} // namespace

class MhadReaderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // 646 trials, 115210 samples, 54 clips with 3509 frames: data/README.md and scipy.io.loadmat over all files.
    void wholeFolderHasTheDatasetsCounts()
    {
        KINO_NEEDS_TEST_DATA();
        const auto reader = makeMhadReader();
        const auto groups = reader->claim(scanFolder(mhad()));
        QCOMPARE(groups.size(), std::size_t{646});
        std::size_t samples = 0, clips = 0, frames = 0;
        std::set<std::string> subjects, phrases;
        for (const FileGroup &group : groups) {
            const Recording recording = reader->read(group, {});
            QCOMPARE(recording.devices.size(), std::size_t{1});
            QCOMPARE(recording.devices.front().streams.size(), std::size_t{2});
            samples += recording.devices.front().streams.front().samples();
            clips += recording.videos.size();
            for (const VideoTrack &video : recording.videos)
                frames += video.frames;
            subjects.insert(recording.subject);
            phrases.insert(recording.tiers.at(0).annotations.at(0).label);
        }
        QCOMPARE(samples, std::size_t{115210});
        QCOMPARE(clips, std::size_t{54});
        QCOMPARE(frames, std::size_t{3509});
        QCOMPARE(subjects, (std::set<std::string>{"s1", "s2", "s3", "s4", "s5", "s6"}));
        QCOMPARE(phrases.size(), std::size_t{27});
    }

    // First row by scipy.io.loadmat: -0.959473 -0.177734 -0.192871 g, 5.221374 1.526718 0.152672 deg/s; 160 rows.
    void valuesAreInSiUnits()
    {
        KINO_NEEDS_TEST_DATA();
        const Recording recording = readOne(mhad() / "Inertial/a1_s1_t1_inertial.mat");
        const Device &device = recording.devices.at(0);
        QCOMPARE(device.name, std::string("right wrist"));
        const ImuStream &accelerometer = device.streams.at(0);
        const ImuStream &gyroscope = device.streams.at(1);
        QCOMPARE(accelerometer.samples(), std::size_t{160});
        QVERIFY(std::abs(accelerometer.values[0][0] - -0.959473 * 9.80665) < 1e-5);
        QVERIFY(std::abs(accelerometer.values[2][0] - -0.192871 * 9.80665) < 1e-5);
        QVERIFY(std::abs(gyroscope.values[0][0] - 5.221374 * std::numbers::pi / 180) < 1e-6);
        QVERIFY(std::abs(gyroscope.values[2].back() - -8.335878 * std::numbers::pi / 180) < 1e-6);
        QCOMPARE(accelerometer.unit, std::string("m/s^2"));
        QCOMPARE(gyroscope.unitFound, std::string("deg/s"));
        QCOMPARE(accelerometer.timesNs.back(), Nanos{159 * 20'000'000L});
        QVERIFY(std::ranges::any_of(recording.report, [](const ReportRow &row) { return row.code == "assumed-rate"; }));
    }

    void placeAndPhraseFollowTheAction()
    {
        KINO_NEEDS_TEST_DATA();
        const Recording recording = readOne(mhad() / "Inertial/a22_s3_t2_inertial.mat");
        QCOMPARE(recording.devices.at(0).name, std::string("right thigh"));
        QCOMPARE(recording.subject, std::string("s3"));
        const Annotation &phrase = recording.tiers.at(0).annotations.at(0);
        QCOMPARE(phrase.label, std::string("jogging in place"));
        QCOMPARE(phrase.end.ns, Nanos{179 * 20'000'000L}); // 179 rows by scipy
    }

    void anyFileOfATrialOpensTheTrial_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("inertial") << "Inertial/a1_s1_t1_inertial.mat";
        QTest::newRow("depth") << "Depth/a1_s1_t1_depth.mat";
        QTest::newRow("pose") << "Skeleton/a1_s1_t1_skeleton.mat";
    }
    void anyFileOfATrialOpensTheTrial()
    {
        KINO_NEEDS_TEST_DATA();
        QFETCH(QString, file);
        const Recording recording = readOne(mhad() / file.toStdString());
        QCOMPARE(recording.devices.size(), std::size_t{1});
        QCOMPARE(recording.videos.size(), std::size_t{1});
        QCOMPARE(recording.files.size(), std::size_t{3});
        QCOMPARE(recording.path.filename(), fs::path("a1_s1_t1_inertial.mat"));
    }

    // 160 samples of 20 ms and 48 frames (scipy): both cover 3.2 s, frame i begins at i/48 of it.
    void depthClipCoversTheSamplesSpan()
    {
        KINO_NEEDS_TEST_DATA();
        const Recording recording = readOne(mhad() / "Depth/a1_s1_t1_depth.mat");
        const VideoTrack &video = recording.videos.at(0);
        QCOMPARE(video.frames, std::size_t{48});
        QCOMPARE(video.storage, VideoStorage::depthClip);
        QCOMPARE(video.end.ns, 3'200'000'000);
        QCOMPARE(video.clipTimesNs.at(24), 1'600'000'000);
        QCOMPARE(video.rateHz, 15.0);
        const auto clip = openDepthClip(video.path, video.clipTimesNs, video.end.ns);
        QCOMPARE(clip->frames().frameAt({1'599'999'999}), std::optional<std::size_t>(23));
        QCOMPARE(clip->frames().frameAt({3'199'999'999}), std::optional<std::size_t>(47));
    }

    // By scipy: d_depth[120,160,0] = 2743, [217,173,0] = 3172, [217,174,47] = 3172 mm; [0,0,0] has no reading.
    void depthBecomesGreyOfTheRightPixel()
    {
        KINO_NEEDS_TEST_DATA();
        std::vector<Nanos> times(48);
        for (std::size_t index = 0; index < times.size(); ++index)
            times[index] = static_cast<Nanos>(index);
        const auto clip = openDepthClip(mhad() / "Depth/a1_s1_t1_depth.mat", times, 48);
        const Image first = clip->frame(0);
        QCOMPARE(first.width, 320);
        QCOMPARE(first.height, 240);
        const auto grey = [](const Image &image, int row, int column) { return int(image.bgra[4 * (row * 320 + column)]); };
        QCOMPARE(grey(first, 120, 160), 255 - (2743 - 800) * 215 / 3200);
        QCOMPARE(grey(first, 217, 173), 255 - (3172 - 800) * 215 / 3200);
        QCOMPARE(grey(first, 0, 0), 0);
        QCOMPARE(grey(clip->frame(47), 217, 174), 255 - (3172 - 800) * 215 / 3200);
        clip->setOutputSize(160, 1000);
        QCOMPARE(clip->frame(0).width, 160);
        QCOMPARE(clip->frame(0).height, 120);
        QVERIFY_THROWS_EXCEPTION(Error, clip->frame(48));
    }

    void damagedInertialKeepsTheDepthClip()
    {
        KINO_NEEDS_TEST_DATA();
        const test::TemporaryFolder folder;
        folder.write("Inertial/a1_s1_t1_inertial.mat", "MATLAB 5.0 but no more");
        folder.write("Depth/a1_s1_t1_depth.mat", readBytes(mhad() / "Depth/a1_s1_t1_depth.mat"));
        const Recording recording = readOne(folder / "Inertial/a1_s1_t1_inertial.mat");
        QVERIFY(recording.devices.empty());
        QCOMPARE(recording.videos.size(), std::size_t{1});
        QVERIFY(std::ranges::any_of(recording.report, [](const ReportRow &row) { return row.severity == Severity::error; }));
    }

    void foreignNamesAreNotClaimed()
    {
        const auto reader = makeMhadReader();
        for (const char *name : {"a28_s1_t1_inertial.mat", "a1_s1_t1.mat", "a1_s1_inertial.mat", "x_a1_s1_t1_inertial.mat",
                                 "a1_s1_t1_inertial.csv", "a01_s1_t1_inertial.mat", "a1_s1_t_inertial.mat"})
            QVERIFY2(reader->claim(scanFile(fs::path("nowhere") / name)).empty(), name);
    }

    // 344 bytes that matio, asked without a check, answers with 3.8 GB: its flags element of 16 bytes hides dims of 0x78000000
    // bytes where matio believes dims to begin. Address space is measured, for memory that nobody touches is not resident.
    void headThatLiesBuysNoMemory_data()
    {
        QTest::addColumn<bool>("isPacked");
        QTest::newRow("plain") << false;
        QTest::newRow("compressed") << true;
    }
    void headThatLiesBuysNoMemory()
    {
        QFETCH(bool, isPacked);
        const auto words = [](std::initializer_list<std::uint32_t> values) {
            std::string bytes;
            for (const std::uint32_t value : values)
                bytes.append(reinterpret_cast<const char *>(&value), sizeof value);
            return bytes;
        };
        const std::string array = words({14, 0}) + words({6, 16, 6, 0, 5, 0x78000000}) + words({5, 8, 3, 6})
            + words({1, 6}) + std::string("d_iner\0\0", 8) + words({9, 144}) + std::string(144, '\0');
        std::string element = array;
        const auto length = static_cast<std::uint32_t>(array.size() - 8);
        std::memcpy(element.data() + 4, &length, sizeof length);
        if (isPacked) {
            // zlib's stream follows four bytes of Qt's own.
            const QByteArray packed = qCompress(QByteArray::fromStdString(element)).mid(4);
            element = words({15, static_cast<std::uint32_t>(packed.size())}) + packed.toStdString();
        }
        std::string head = "MATLAB 5.0 MAT-file";
        head.resize(124, ' ');
        head += std::string("\0\1IM", 4);
        const test::TemporaryFolder folder;
        const fs::path path = folder.write("a8_s2_t1_inertial.mat", head + element);

        const std::size_t before = mostAddressSpaceBytes();
        try {
            readOne(path);
            QFAIL("a lying head was believed");
        } catch (const Error &error) {
            QVERIFY2(error.sentence().find("head of an array is not sound") != std::string::npos, error.what());
        }
        QVERIFY(mostAddressSpaceBytes() - before < std::size_t{64} << 20);
    }

    // Every prefix and every single damaged byte of a real file gives a recording or a sentence, in bounded memory.
    void damagedFilesNeverCrash()
    {
        KINO_NEEDS_TEST_DATA();
        const test::TemporaryFolder folder;
        const std::string whole = readBytes(mhad() / "Inertial/a8_s2_t1_inertial.mat");
        const fs::path path = folder / "a8_s2_t1_inertial.mat";
        int sentences = 0;
        const auto tryBytes = [&](const std::string &bytes) {
            std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
            try {
                const Recording recording = readOne(path);
                QVERIFY(recording.devices.at(0).streams.at(0).samples() <= 100'000);
            } catch (const Error &error) {
                ++sentences;
                QVERIFY(!error.sentence().empty());
            }
        };
        for (std::size_t length = 0; length < whole.size(); length += length < 200 ? 1 : 97)
            tryBytes(whole.substr(0, length));
        for (std::size_t at = 124; at < whole.size(); at += at < 240 ? 1 : 61) {
            for (const char value : {'\x00', '\x01', '\x7f', '\xff'}) {
                std::string damaged = whole;
                damaged[at] = value;
                tryBytes(damaged);
            }
        }
        QVERIFY(sentences > 300);
    }
};

QTEST_GUILESS_MAIN(MhadReaderTest)
#include "mhad_reader_test.moc"
