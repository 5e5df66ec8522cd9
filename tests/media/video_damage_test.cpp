// Videos that cameras, copies and accidents left behind: a sentence where nothing can be shown, the good part where there
// is one, never a crash or a hang.
#include "core/base/error.h"
#include "core/base/random.h"
#include "core/media/video_info.h"
#include "core/media/video_source.h"
#include "tests/support/mp4_bytes.h"
#include "tests/support/numbered_clip.h"
#include "tests/support/test_data.h"

#include <QElapsedTimer>
#include <map>
#include <set>
#include <sys/resource.h>

using namespace kino;
using namespace kino::test;

namespace {

constexpr std::size_t kFrames = 120;
constexpr int kGop = 20;

/** A clip of 120 frames, a keyframe every 20. */
std::string clipBytes(const TemporaryFolder &folder, IndexPlace index, int bFrames)
{
    VideoWriterOptions options;
    options.width = 160;
    options.height = 96;
    options.gop = kGop;
    options.bFrames = bFrames;
    options.preset = "ultrafast";
    options.index = index;
    writeNumberedClip(folder / "whole.mp4", options, constantRateTimes(kFrames, 30, 1));
    return readBytes(folder / "whole.mp4");
}

/** The sentence with which opening fails; empty where it does not. */
std::string failureOf(const std::filesystem::path &path)
{
    try {
        openVideoFile(path);
    } catch (const Error &error) {
        return error.what();
    }
    return {};
}

} // namespace

class VideoDamageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsNoVideoIsSaidInASentence_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("says");
        QTest::newRow("empty") << QByteArray() << "is empty";
        QTest::newRow("text") << QByteArray("time,ax,ay,az\n0,1,2,3\n") << "is not a video";
        QTest::newRow("binary") << QByteArray(100'000, '\x17') << "is not a video";
        QTest::newRow("playlist") << QByteArray("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://localhost/a.ts\n")
                                  << "is not a video";
        QTest::newRow("concat script") << QByteArray("ffconcat version 1.0\nfile /etc/passwd\n") << "is not a video";
        QTest::newRow("only a head") << QByteArray("\0\0\0\x14" "ftypisom\0\0\2\0isom", 20) << "moov";
    }

    void whatIsNoVideoIsSaidInASentence()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, says);
        const TemporaryFolder folder;
        const auto path = folder.write("clip.mp4", std::string_view(content.data(), static_cast<std::size_t>(content.size())));
        QElapsedTimer timer;
        timer.start();
        const std::string sentence = failureOf(path);
        QVERIFY2(QString::fromStdString(sentence).contains(says), sentence.c_str());
        QVERIFY(QString::fromStdString(sentence).contains("clip.mp4"));
        QVERIFY(timer.elapsed() < 2000);
        QVERIFY_EXCEPTION_THROWN(describeVideo(path), Error);
    }

    void missingFileAndFolderAreSaid()
    {
        const TemporaryFolder folder;
        QVERIFY(failureOf(folder / "gone.mp4").find("no such file") != std::string::npos);
        QVERIFY(!failureOf(folder.path()).empty());
    }

    void recordingCutOffBeforeItsIndexIsSaid()
    {
        const TemporaryFolder folder;
        const std::string bytes = clipBytes(folder, IndexPlace::end, 2);
        writeBytes(folder / "cut.mp4", bytes.substr(0, bytes.size() / 2));
        QVERIFY(failureOf(folder / "cut.mp4").find("moov") != std::string::npos);
        // Cut inside the index.
        writeBytes(folder / "cut2.mp4", bytes.substr(0, bytes.rfind("moov") + 400));
        QVERIFY(failureOf(folder / "cut2.mp4").find("cut off") != std::string::npos);
    }

    void cutOffCopyShowsTheFramesThatAreThere()
    {
        const TemporaryFolder folder;
        const std::string bytes = clipBytes(folder, IndexPlace::beginning, 0);
        writeBytes(folder / "cut.mp4", bytes.substr(0, bytes.size() * 6 / 10));
        const auto video = openVideoFile(folder / "cut.mp4");
        const std::size_t frames = video->frames().size();
        QVERIFY(frames > 40 && frames < 100);
        for (std::size_t i = 0; i < frames; ++i)
            QCOMPARE(std::size_t{*readNumber(video->frame(i))}, i);
        QVERIFY(!video->frames().frameAt({video->frames().endNs}));
        QVERIFY(video->frames().endNs <= static_cast<Nanos>(frames + 1) * kNanosPerSecond / 30);
        const VideoInfo info = describeVideo(folder / "cut.mp4");
        QCOMPARE(info.frames, frames);
        QCOMPARE(info.missingFrames, kFrames - frames);
    }

    void damagedStretchIsToldAndTheRestIsShown()
    {
        const TemporaryFolder folder;
        std::string bytes = clipBytes(folder, IndexPlace::beginning, 2);
        const std::size_t mdat = findBox(bytes, "mdat");
        const std::size_t mdatBytes = readBig32(bytes, mdat);
        // A thirtieth of the data, a few frames, in the middle of the file.
        const auto from = static_cast<std::ptrdiff_t>(mdat + mdatBytes / 2);
        std::fill_n(bytes.begin() + from, mdatBytes / 30, '\xff');
        writeBytes(folder / "damaged.mp4", bytes);
        const auto video = openVideoFile(folder / "damaged.mp4");
        QCOMPARE(video->frames().size(), kFrames);
        std::size_t failed = 0;
        std::set<std::size_t> damagedGops;
        RandomStream random(2);
        std::vector<std::size_t> order(kFrames);
        for (std::size_t i = 0; i < kFrames; ++i)
            order[i] = i;
        random.shuffle(std::span(order));
        std::map<std::size_t, bool> isRight;
        for (const std::size_t index : order) {
            try {
                const auto number = readNumber(video->frame(index));
                isRight[index] = number == std::optional(static_cast<std::uint32_t>(index));
            } catch (const Error &error) {
                QVERIFY(std::string(error.what()).find("damaged") != std::string::npos);
                ++failed;
                damagedGops.insert(index / kGop);
            }
        }
        QVERIFY(failed > 0);
        QVERIFY2(damagedGops.size() <= 2, "damage spread to GOPs that are whole");
        for (const auto &[index, right] : isRight)
            QVERIFY2(right || damagedGops.contains(index / kGop), std::to_string(index).c_str());
        // Asking again says the same again.
        QVERIFY_EXCEPTION_THROWN(for (std::size_t i = 0; i < kFrames; ++i) video->frame(i), Error);
    }

    void lyingTablesAreRefusedBeforeMemoryIsTaken_data()
    {
        QTest::addColumn<QString>("box");
        QTest::addColumn<int>("countAt");
        for (const char *box : {"stts", "stsc", "stco", "stss", "ctts", "elst"})
            QTest::newRow(box) << box << 12;
        QTest::newRow("stsz") << "stsz" << 16;
    }

    void lyingTablesAreRefusedBeforeMemoryIsTaken()
    {
        QFETCH(QString, box);
        QFETCH(int, countAt);
        const TemporaryFolder folder;
        std::string bytes = clipBytes(folder, IndexPlace::end, 2);
        const std::size_t at = findBox(bytes, box.toStdString(), bytes.rfind("moov"));
        QVERIFY(at != std::string::npos);
        writeBig32(bytes, at + static_cast<std::size_t>(countAt), 0x7fffffff);
        writeBytes(folder / "lying.mp4", bytes);
        const std::string sentence = failureOf(folder / "lying.mp4");
        QVERIFY2(sentence.find(box.toStdString()) != std::string::npos, sentence.c_str());
    }

    void oneSizeForBillionsOfSamplesIsRefused()
    {
        const TemporaryFolder folder;
        std::string bytes = clipBytes(folder, IndexPlace::end, 0);
        const std::size_t at = findBox(bytes, "stsz", bytes.rfind("moov"));
        writeBig32(bytes, at + 12, 1);
        writeBig32(bytes, at + 16, 0x7fffffff);
        writeBytes(folder / "lying.mp4", bytes);
        QVERIFY(failureOf(folder / "lying.mp4").find("samples") != std::string::npos);
    }

    void hugePicturesAreRefused()
    {
        const TemporaryFolder folder;
        std::string bytes = clipBytes(folder, IndexPlace::end, 0);
        const std::size_t avc1 = findBox(bytes, "avc1", bytes.rfind("moov"));
        writeBig32(bytes, avc1 + 32, 0xffffffff); // width and height, 16 bits each
        writeBytes(folder / "huge.mp4", bytes);
        QVERIFY(failureOf(folder / "huge.mp4").find("65535") != std::string::npos);
    }

    void flippedBytesNeverCrashOrHang()
    {
        const TemporaryFolder folder;
        const std::string whole = clipBytes(folder, IndexPlace::end, 2);
        const std::size_t moov = whole.rfind("moov") - 4;
        RandomStream random(77);
        QElapsedTimer timer;
        timer.start();
        std::size_t opened = 0;
        for (int round = 0; round < 150; ++round) {
            std::string bytes = whole;
            const bool inIndex = round % 3 != 0;
            for (int i = 0; i < 6; ++i) {
                const std::size_t at = inIndex ? moov + random.below(bytes.size() - moov) : random.below(bytes.size());
                bytes[at] = static_cast<char>(random.below(256));
            }
            writeBytes(folder / "flipped.mp4", bytes);
            try {
                const auto video = openVideoFile(folder / "flipped.mp4");
                ++opened;
                for (int i = 0; i < 3; ++i) {
                    try {
                        const Image image = video->frame(random.below(video->frames().size()));
                        QCOMPARE(image.bytes(), static_cast<std::size_t>(image.width) * image.height * 4);
                    } catch (const Error &) {
                    }
                }
            } catch (const Error &) {
            }
        }
        QVERIFY(opened > 20);
        QVERIFY2(timer.elapsed() < 120'000, "damaged files take too long");
        rusage usage{};
        getrusage(RUSAGE_SELF, &usage);
        QVERIFY2(usage.ru_maxrss < 1'500'000, "damaged files take memory out of proportion"); // kilobytes
    }
};

QTEST_GUILESS_MAIN(VideoDamageTest)
#include "video_damage_test.moc"
