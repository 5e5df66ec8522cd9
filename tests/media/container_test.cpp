// Codecs and containers that cameras and phones write and Kinoscope does not: the frame shown at a time stays the last one
// with pts <= time, pixels become square, and what cannot be named for sure is refused with a sentence.
#include "core/base/error.h"
#include "core/base/random.h"
#include "core/media/video_info.h"
#include "core/media/video_source.h"
#include "tests/support/libav_clip.h"
#include "tests/support/numbered_clip.h"
#include "tests/support/test_data.h"

using namespace kino;
using namespace kino::test;

namespace {

constexpr std::size_t kFrames = 150;

/** 200 times, half of them at a frame's very time and a nanosecond before it. `shiftNs`: written times to the container's. */
void verifyFrames(VideoSource &video, std::span<const Nanos> ptsNs, Nanos shiftNs, Nanos slackNs)
{
    QCOMPARE(video.frames().size(), ptsNs.size());
    for (std::size_t i = 0; i < ptsNs.size(); ++i)
        QVERIFY(std::abs(video.frames().ptsNs[i] - ptsNs[i] - shiftNs) <= slackNs);
    RandomStream random(31);
    for (int i = 0; i < 200; ++i) {
        const std::size_t aFrame = random.below(ptsNs.size());
        const Nanos span = ptsNs.back() - ptsNs.front();
        const Nanos time = random.below(2) ? video.frames().ptsNs[aFrame] - static_cast<Nanos>(random.below(2))
                                           : ptsNs.front() + shiftNs + static_cast<Nanos>(random.below(static_cast<std::uint64_t>(span)));
        // The rule, on the times the container holds.
        std::optional<std::uint32_t> expected;
        for (std::size_t k = 0; k < ptsNs.size() && video.frames().ptsNs[k] <= time; ++k)
            expected = static_cast<std::uint32_t>(k);
        const auto index = video.frames().frameAt({time});
        const auto shown = index ? readNumber(video.frame(*index)) : std::nullopt;
        QVERIFY2(shown == expected, std::to_string(time).c_str());
    }
}

} // namespace

class ContainerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyTimeGivesItsFrame_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("encoder");
        QTest::addColumn<int>("bFrames");
        QTest::addColumn<bool>("isVariable");
        QTest::newRow("HEVC in MP4") << "clip.mp4" << "libx265" << 0 << true;
        QTest::newRow("HEVC in MP4, B-frames") << "clip.mp4" << "libx265" << 3 << true;
        QTest::newRow("HEVC in MOV") << "clip.mov" << "libx265" << 2 << false;
        QTest::newRow("H.264 in MPEG-TS") << "clip.mts" << "libx264" << 0 << false;
        QTest::newRow("H.264 in MPEG-TS, B-frames") << "clip.mts" << "libx264" << 2 << true;
        QTest::newRow("H.264 in MKV, B-frames") << "clip.mkv" << "libx264" << 2 << true;
        QTest::newRow("MPEG-4 in AVI") << "clip.avi" << "mpeg4" << 0 << false;
    }
    void everyTimeGivesItsFrame()
    {
        QFETCH(QString, file);
        QFETCH(QString, encoder);
        QFETCH(int, bFrames);
        QFETCH(bool, isVariable);
        if (!hasEncoder(encoder.toStdString()))
            QSKIP("this FFmpeg has no such encoder");
        const TemporaryFolder folder;
        const auto path = folder / file.toStdString();
        LibavClipOptions options;
        options.encoder = encoder.toStdString();
        options.bFrames = bFrames;
        const std::vector<Nanos> times = isVariable ? variableRateTimes(kFrames, 6) : constantRateTimes(kFrames, 25, 1);
        // MPEG-TS is named .mts by cameras; the muxer goes by .ts.
        const auto written = file.endsWith(".mts") ? folder / "clip.ts" : path;
        writeLibavClip(written, options, times);
        std::filesystem::rename(written, path);
        const auto video = openVideoFile(path);
        // MPEG-TS begins with the multiplexer's delay; Matroska counts milliseconds.
        const bool isDelayed = file.endsWith(".mts");
        const Nanos shift = isDelayed ? video->frames().ptsNs.front() : 0;
        verifyFrames(*video, times, shift, file.endsWith(".mkv") ? kNanosPerMillisecond : 2);
        const VideoInfo info = describeVideo(path);
        QCOMPARE(info.frames, kFrames);
        QCOMPARE(info.variableRate, isVariable);
    }

    void bFramesInAviAreRefused()
    {
        const TemporaryFolder folder;
        LibavClipOptions options;
        options.encoder = "mpeg4";
        options.bFrames = 2;
        writeLibavClip(folder / "clip.avi", options, constantRateTimes(kFrames, 25, 1));
        for (const auto open : {+[](const std::filesystem::path &path) { openVideoFile(path); },
                                +[](const std::filesystem::path &path) { describeVideo(path); }}) {
            try {
                open(folder / "clip.avi");
                QFAIL("frames without times were named");
            } catch (const Error &error) {
                QVERIFY2(error.sentence().find("B-frames") != std::string::npos, error.what());
                QVERIFY2(error.sentence().find("convert it to MP4 or MKV") != std::string::npos, error.what());
            }
        }
    }

    void squeezedPixelsBecomeSquare_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("shapeWidth");
        QTest::addColumn<int>("shapeHeight");
        QTest::addColumn<int>("shownWidth");
        // 144 x 80 stored: 16:15 (PAL) 153.6, 4:3 (HDV) 192, 8:9 (NTSC) 128 wide.
        for (const char *file : {"clip.mp4", "clip.mkv", "clip.ts"}) {
            QTest::addRow("%s PAL", file) << file << 16 << 15 << 154;
            QTest::addRow("%s HDV", file) << file << 4 << 3 << 192;
            QTest::addRow("%s NTSC", file) << file << 8 << 9 << 128;
            QTest::addRow("%s square", file) << file << 1 << 1 << 144;
        }
    }
    void squeezedPixelsBecomeSquare()
    {
        QFETCH(QString, file);
        QFETCH(int, shapeWidth);
        QFETCH(int, shapeHeight);
        QFETCH(int, shownWidth);
        const TemporaryFolder folder;
        const auto path = folder / file.toStdString();
        LibavClipOptions options;
        options.width = 144;
        options.pixelShape = {shapeWidth, shapeHeight};
        writeLibavClip(path, options, constantRateTimes(20, 25, 1));
        const VideoInfo info = describeVideo(path);
        // Matroska stores the shown size in whole pixels, from which the shape is taken back.
        QVERIFY2(std::abs(info.width - shownWidth) <= (file.endsWith(".mkv") ? 1 : 0), std::to_string(info.width).c_str());
        QCOMPARE(info.height, 80);
        const auto video = openVideoFile(path);
        QCOMPARE(video->width(), info.width);
        QCOMPARE(video->height(), info.height);
        const Image image = video->frame(7);
        QCOMPARE(image.width, info.width);
        QCOMPARE(image.height, info.height);
        QCOMPARE(*readNumber(image), 7u);
        video->setOutputSize(64, 64);
        const Image small = video->frame(8);
        QCOMPARE(small.width, 64);
        QCOMPARE(small.height, static_cast<int>(std::lround(80 * 64.0 / info.width)));
    }
};

QTEST_GUILESS_MAIN(ContainerTest)
#include "container_test.moc"
