// The two GoPro files and the image series of the data README, whose counts were measured there.
#include "core/base/error.h"
#include "core/base/random.h"
#include "core/media/image_io.h"
#include "core/media/video_info.h"
#include "core/media/video_source.h"
#include "tests/support/numbered_clip.h"
#include "tests/support/test_data.h"

using namespace kino;
using namespace kino::test;

namespace {

std::uint64_t hashOf(const Image &image)
{
    std::uint64_t hash = 1469598103934665603ULL; // FNV-1a
    for (const std::uint8_t byte : image.bgra)
        hash = (hash ^ byte) * 1099511628211ULL;
    return hash;
}

} // namespace

class RealVideoTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goProFilesAreAsMeasured_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<qulonglong>("frames");
        QTest::addColumn<int>("width");
        QTest::addColumn<double>("seconds");
        QTest::newRow("karma") << "karma.mp4" << 362ULL << 854 << 12.079;
        QTest::newRow("max") << "max-heromode.mp4" << 315ULL << 848 << 10.511;
    }

    void goProFilesAreAsMeasured()
    {
        KINO_NEEDS_TEST_DATA();
        QFETCH(QString, file);
        QFETCH(qulonglong, frames);
        QFETCH(int, width);
        QFETCH(double, seconds);
        const auto path = testDataFolder() / "gopro_mp4" / file.toStdString();
        const VideoInfo info = describeVideo(path);
        QCOMPARE(qulonglong{info.frames}, frames);
        QCOMPARE(info.width, width);
        QCOMPARE(info.height, 480);
        QVERIFY(std::abs(info.rateHz - 30000.0 / 1001.0) < 1e-4);
        QVERIFY(!info.variableRate);
        QVERIFY(info.hasAudio);
        QCOMPARE(info.start.ns, Nanos{0});
        QVERIFY(std::abs(toSeconds(info.end.ns) - seconds) < 0.0006);
        QCOMPARE(info.missingFrames, std::size_t{0});

        // Every frame decodes, and in any order gives the picture that it gives in turn.
        const auto video = openVideoFile(path);
        std::vector<std::uint64_t> inTurn;
        for (std::size_t i = 0; i < video->frames().size(); ++i) {
            const Image image = video->frame(i);
            QCOMPARE(image.width, width);
            inTurn.push_back(hashOf(image));
        }
        RandomStream random(1);
        const auto other = openVideoFile(path);
        for (int i = 0; i < 40; ++i) {
            const std::size_t index = random.below(inTurn.size());
            QCOMPARE(hashOf(other->frame(index)), inTurn[index]);
            const std::size_t key = other->frames().keyframeBefore(index);
            QCOMPARE(hashOf(other->keyframeBefore(index)), inTurn[key]);
        }
    }

    void phoneFramesAreASeries()
    {
        KINO_NEEDS_TEST_DATA();
        const auto folder = testDataFolder() / "phone_gyro_frames" / "20200109_145447" / "reshape";
        std::vector<std::filesystem::path> images;
        std::vector<Nanos> times;
        for (int i = 201; i >= 99; --i) { // in no order of time
            images.push_back(folder / ("RE_frame-" + std::to_string(i) + ".jpg"));
            times.push_back(Nanos{i} * 33 * kNanosPerMillisecond);
        }
        const auto video = openImageSequence(images, times);
        QCOMPARE(video->frames().size(), std::size_t{103});
        QCOMPARE(video->width(), 800);
        QCOMPARE(video->height(), 600);
        QCOMPARE(*video->frames().frameAt({100 * 33 * kNanosPerMillisecond + 1}), std::size_t{1});
        QVERIFY(!video->frames().frameAt({202 * 33 * kNanosPerMillisecond}));
        for (std::size_t i = 0; i < 103; ++i)
            QCOMPARE(video->frame(i).width, 800);
        video->setOutputSize(400, 400);
        QCOMPARE(video->frame(5).height, 300);
    }

    void missingPictureIsAnErrorOfThatFrameOnly()
    {
        const TemporaryFolder folder;
        std::vector<std::filesystem::path> images;
        std::vector<Nanos> times;
        for (std::uint32_t i = 0; i < 5; ++i) {
            images.push_back(folder / ("f" + std::to_string(i) + ".png"));
            times.push_back(Nanos{i} * kNanosPerSecond);
            if (i != 0 && i != 3)
                writePng(images.back(), numberedImage(64, 48, i));
        }
        folder.write("f3.png", "no picture");
        const auto video = openImageSequence(images, times);
        QCOMPARE(video->width(), 64);
        for (std::uint32_t i : {1u, 2u, 4u})
            QCOMPARE(*readNumber(video->frame(i)), i);
        QVERIFY_EXCEPTION_THROWN(video->frame(0), Error);
        QVERIFY_EXCEPTION_THROWN(video->frame(3), Error);
        QVERIFY_EXCEPTION_THROWN(video->frame(5), Error);
        QVERIFY_EXCEPTION_THROWN(openImageSequence({folder / "a.png", folder / "b.png"}, {0, 1}), Error);
        QVERIFY_EXCEPTION_THROWN(openImageSequence(images, {0, 1}), Error);
    }

    void sixteenBitGreyIsScaledByItsRange()
    {
        // Binary PGM: big-endian samples 0, 32896 (half: 128 x 257) and 65535.
        const TemporaryFolder folder;
        static constexpr char kPgm[] = "P5\n3 1\n65535\n\x00\x00\x80\x80\xff\xff";
        const Image image = readImage(folder.write("grey.pgm", std::string_view(kPgm, sizeof kPgm - 1)));
        QCOMPARE(image.width, 3);
        QCOMPARE(image.bgra, (std::vector<std::uint8_t>{0, 0, 0, 255, 128, 128, 128, 255, 255, 255, 255, 255}));
        const Image grey = readImage(folder.write("grey8.pgm", "P5\n2 1\n255\n\x10\x90"));
        QCOMPARE(grey.bgra, (std::vector<std::uint8_t>{16, 16, 16, 255, 144, 144, 144, 255}));
    }

    void pngKeepsEveryPixel()
    {
        const TemporaryFolder folder;
        const Image image = numberedImage(61, 33, 12345);
        writePng(folder / "picture.png", image);
        const Image back = readImage(folder / "picture.png");
        QCOMPARE(back.width, 61);
        QVERIFY(back.bgra == image.bgra);
        QVERIFY_EXCEPTION_THROWN(writePng(folder / "no" / "such" / "folder.png", image), Error);
        QVERIFY_EXCEPTION_THROWN(writePng(folder / "empty.png", Image{}), Error);
    }
};

QTEST_GUILESS_MAIN(RealVideoTest)
#include "real_video_test.moc"
