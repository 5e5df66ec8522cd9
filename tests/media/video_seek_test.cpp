// The right frame at every time: clips whose frames carry their number, against the times that were written.
#include "core/base/random.h"
#include "core/media/video_info.h"
#include "core/media/video_source.h"
#include "tests/support/mp4_bytes.h"
#include "tests/support/numbered_clip.h"
#include "tests/support/test_data.h"

using namespace kino;
using namespace kino::test;

namespace {

constexpr std::size_t kFrames = 320;
constexpr Nanos kLastFrameNs = 50 * kNanosPerMillisecond;

enum class Rate { constant, ntsc, variable };

struct Clip {
    VideoWriterOptions options;
    std::vector<Nanos> ptsNs;
};

Clip makeClip(Rate rate, int gop, int bFrames, Nanos first)
{
    Clip clip;
    clip.options.width = 128;
    clip.options.height = 80;
    clip.options.gop = gop;
    clip.options.bFrames = bFrames;
    clip.options.preset = "ultrafast";
    clip.options.lastFrameNs = kLastFrameNs;
    switch (rate) {
    case Rate::constant: clip.ptsNs = constantRateTimes(kFrames, 30, 1, first); break;
    case Rate::ntsc: clip.ptsNs = constantRateTimes(kFrames, 30000, 1001, first); break;
    case Rate::variable: clip.ptsNs = variableRateTimes(kFrames, 20 + static_cast<std::uint64_t>(gop), first); break;
    }
    return clip;
}

/** The rule itself, on the written times: the last frame with pts ≤ time; what lies before zero the edit list cuts. */
std::optional<std::uint32_t> expectedFrame(const Clip &clip, Nanos time)
{
    if (time < 0 || time >= clip.ptsNs.back() + kLastFrameNs)
        return std::nullopt;
    std::optional<std::uint32_t> shown;
    for (std::size_t i = 0; i < clip.ptsNs.size(); ++i) {
        if (clip.ptsNs[i] <= time)
            shown = static_cast<std::uint32_t>(i);
    }
    return shown;
}

std::vector<Nanos> randomTimes(const Clip &clip, std::size_t count)
{
    RandomStream random(99);
    const Nanos from = clip.ptsNs.front() - kNanosPerSecond / 2;
    const Nanos to = clip.ptsNs.back() + kNanosPerSecond / 2;
    std::vector<Nanos> times;
    while (times.size() < count) {
        const Nanos anywhere = from + static_cast<Nanos>(random.below(static_cast<std::uint64_t>(to - from)));
        const Nanos aFrame = clip.ptsNs[random.below(clip.ptsNs.size())];
        // Half of them where an error of one would show: at a frame's very time, and a nanosecond before it.
        times.push_back(random.below(2) ? anywhere : aFrame - static_cast<Nanos>(random.below(2)));
    }
    return times;
}

std::string describe(const std::optional<std::uint32_t> &number)
{
    return number ? std::to_string(*number) : std::string("nothing");
}

} // namespace

class VideoSeekTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyRandomTimeGivesTheFrameShownThen_data()
    {
        QTest::addColumn<int>("rate");
        QTest::addColumn<int>("gop");
        QTest::addColumn<int>("bFrames");
        QTest::addColumn<bool>("openGop");
        QTest::addColumn<qint64>("first");
        QTest::addColumn<int>("rotation");
        const auto row = [](const char *name, Rate rate, int gop, int bFrames, bool openGop, Nanos first, int rotation) {
            QTest::newRow(name) << static_cast<int>(rate) << gop << bFrames << openGop << qint64{first} << rotation;
        };
        constexpr Nanos kLate = 1500 * kNanosPerMillisecond;
        constexpr Nanos kCut = -2345 * kNanosPerMillisecond;
        row("constant rate, GOP 30", Rate::constant, 30, 0, false, 0, 0);
        row("constant rate, GOP 250", Rate::constant, 250, 0, false, 0, 0);
        row("constant rate, GOP 30, B-frames", Rate::constant, 30, 2, false, 0, 0);
        row("constant rate, GOP 250, B-frames", Rate::ntsc, 250, 3, false, 0, 0);
        row("every frame a keyframe", Rate::ntsc, 1, 0, false, 0, 0);
        row("variable rate, GOP 30", Rate::variable, 30, 0, false, 0, 0);
        row("variable rate, GOP 250", Rate::variable, 250, 0, false, 0, 0);
        row("variable rate, GOP 30, B-frames", Rate::variable, 30, 2, false, 0, 0);
        row("variable rate, GOP 250, B-frames", Rate::variable, 250, 3, false, 0, 0);
        row("variable rate, open GOP", Rate::variable, 30, 3, true, 0, 0);
        row("late start", Rate::variable, 30, 2, false, kLate, 0);
        row("late start, GOP 250", Rate::ntsc, 250, 0, false, kLate, 0);
        row("edit list cuts the beginning", Rate::variable, 30, 2, false, kCut, 0);
        row("edit list cuts the beginning, GOP 250", Rate::ntsc, 250, 2, false, kCut, 0);
        row("turned by 90 degrees", Rate::variable, 30, 2, false, 0, 90);
        row("turned by 180 degrees", Rate::constant, 30, 0, false, 0, 180);
        row("turned by 270 degrees", Rate::constant, 250, 2, false, kLate, 270);
    }

    void everyRandomTimeGivesTheFrameShownThen()
    {
        QFETCH(int, rate);
        QFETCH(int, gop);
        QFETCH(int, bFrames);
        QFETCH(bool, openGop);
        QFETCH(qint64, first);
        QFETCH(int, rotation);
        const TemporaryFolder folder;
        Clip clip = makeClip(static_cast<Rate>(rate), gop, bFrames, first);
        clip.options.openGop = openGop;
        clip.options.rotationDegrees = rotation;
        writeNumberedClip(folder / "clip.mp4", clip.options, clip.ptsNs);

        const auto video = openVideoFile(folder / "clip.mp4");
        QCOMPARE(video->width(), rotation % 180 ? 80 : 128);
        QCOMPARE(video->height(), rotation % 180 ? 128 : 80);
        for (const Nanos time : randomTimes(clip, 200)) {
            const auto index = video->frames().frameAt({time});
            const auto shown = index ? readNumber(video->frame(*index)) : std::nullopt;
            QVERIFY2(!index || shown, "a frame's number could not be read");
            const auto expected = expectedFrame(clip, time);
            QVERIFY2(shown == expected, (describe(shown) + " instead of " + describe(expected) + " at "
                                         + std::to_string(time) + " ns").c_str());
        }
    }

    void tableHoldsTheWrittenTimes()
    {
        const TemporaryFolder folder;
        const Clip clip = makeClip(Rate::variable, 30, 2, 0);
        writeNumberedClip(folder / "clip.mp4", clip.options, clip.ptsNs);
        const auto video = openVideoFile(folder / "clip.mp4");
        const FrameTable &table = video->frames();
        QCOMPARE(table.ptsNs, clip.ptsNs);
        QCOMPARE(table.endNs, clip.ptsNs.back() + kLastFrameNs);
        QVERIFY(table.isVariableRate());
        for (std::size_t i = 0; i < table.size(); ++i)
            QCOMPARE(table.keyframe[i] != 0, i % 30 == 0);
    }

    void ntscRateIsConstant()
    {
        const TemporaryFolder folder;
        const Clip clip = makeClip(Rate::ntsc, 30, 2, 0);
        writeNumberedClip(folder / "clip.mp4", clip.options, clip.ptsNs);
        const VideoInfo info = describeVideo(folder / "clip.mp4");
        QCOMPARE(info.frames, kFrames);
        QVERIFY(std::abs(info.rateHz - 30000.0 / 1001.0) < 1e-4);
        QVERIFY(!info.variableRate);
        QVERIFY(!info.hasAudio);
        QCOMPARE(info.start.ns, Nanos{0});
        QCOMPARE(info.width, 128);
        QCOMPARE(info.height, 80);
    }

    void tableIsReadWithoutDecoding()
    {
        const TemporaryFolder folder;
        const Clip clip = makeClip(Rate::variable, 30, 2, -1 * kNanosPerSecond);
        writeNumberedClip(folder / "clip.mp4", clip.options, clip.ptsNs);
        const FrameTable table = openVideoFile(folder / "clip.mp4")->frames();
        std::string bytes = readBytes(folder / "clip.mp4");
        const std::size_t mdat = findBox(bytes, "mdat");
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(mdat) + 8, readBig32(bytes, mdat) - 8, '\x55');
        writeBytes(folder / "nonsense.mp4", bytes);
        const auto nonsense = openVideoFile(folder / "nonsense.mp4");
        QCOMPARE(nonsense->frames().ptsNs, table.ptsNs);
        QCOMPARE(nonsense->frames().keyframe, table.keyframe);
        QCOMPARE(nonsense->frames().endNs, table.endNs);
        QVERIFY_EXCEPTION_THROWN(nonsense->frame(17), Error);
    }

    void keyframePreviewIsTheKeyframeBefore()
    {
        const TemporaryFolder folder;
        Clip clip = makeClip(Rate::variable, 30, 3, 0);
        clip.options.openGop = true;
        writeNumberedClip(folder / "clip.mp4", clip.options, clip.ptsNs);
        const auto video = openVideoFile(folder / "clip.mp4");
        RandomStream random(4);
        for (int i = 0; i < 60; ++i) {
            const std::size_t index = random.below(kFrames);
            const auto number = readNumber(video->keyframeBefore(index));
            QVERIFY(number.has_value());
            std::size_t key = index;
            while (!video->frames().keyframe[key])
                --key;
            QCOMPARE(std::size_t{*number}, key);
            QCOMPARE(std::size_t{*readNumber(video->frame(index))}, index);
        }
    }

    void theKeyframeComesByOnTheWay()
    {
        const TemporaryFolder folder;
        Clip clip = makeClip(Rate::variable, 30, 3, 0);
        clip.options.openGop = true;
        writeNumberedClip(folder / "clip.mp4", clip.options, clip.ptsNs);
        const auto video = openVideoFile(folder / "clip.mp4");
        RandomStream random(5);
        std::size_t last = kFrames;
        for (int i = 0; i < 60; ++i) {
            // Far away, and near ahead of what was decoded last.
            const std::size_t index = i % 3 == 2 ? std::min(last + 8, kFrames - 1) : random.below(kFrames);
            std::vector<std::uint32_t> keys;
            const auto shown = readNumber(video->frameByKeyframe(index, [&](const Image &key) { keys.push_back(readNumber(key).value_or(0)); }));
            QCOMPARE(std::size_t{shown.value()}, index);
            std::size_t key = index;
            while (!video->frames().keyframe[key])
                --key;
            QVERIFY(keys.size() <= 1);
            if (index != key) // to the keyframe itself nothing need come on the way
                QVERIFY(keys.size() == 1 && keys.front() == key);
            last = index;
        }
    }

    void framesComeInAnyOrder()
    {
        const TemporaryFolder folder;
        Clip clip = makeClip(Rate::constant, 250, 3, 0);
        clip.ptsNs.resize(260);
        writeNumberedClip(folder / "clip.mp4", clip.options, clip.ptsNs);
        const auto video = openVideoFile(folder / "clip.mp4");
        for (std::size_t i = 0; i < 260; ++i)
            QCOMPARE(std::size_t{*readNumber(video->frame(i))}, i);
        for (std::size_t i = 260; i-- > 200;)
            QCOMPARE(std::size_t{*readNumber(video->frame(i))}, i);
        for (std::size_t i = 0; i < 260; i += 7)
            QCOMPARE(std::size_t{*readNumber(video->frame(i))}, i);
    }

    void cancelledDecodingGoesOnLater()
    {
        const TemporaryFolder folder;
        const Clip clip = makeClip(Rate::constant, 250, 3, 0);
        writeNumberedClip(folder / "clip.mp4", clip.options, clip.ptsNs);
        const auto video = openVideoFile(folder / "clip.mp4");
        QCOMPARE(*readNumber(video->frame(5)), 5u);
        CancelToken cancelled;
        cancelled.cancel();
        QVERIFY_EXCEPTION_THROWN(video->frame(200, cancelled), Cancelled);
        for (const std::size_t index : {100u, 101u, 99u, 249u, 6u})
            QCOMPARE(std::size_t{*readNumber(video->frame(index))}, index);
    }

    void severalEditsShowTheirFootageInTurn()
    {
        const TemporaryFolder folder;
        const Clip clip = makeClip(Rate::constant, 30, 0, 0);
        writeNumberedClip(folder / "clip.mp4", clip.options, clip.ptsNs);
        std::string bytes = readBytes(folder / "clip.mp4");
        // Footage from 4.5 s for 1 s, nothing for 0.5 s, from 2.21 s for 1 s, and the first again; frames are 3000 ticks.
        replaceEditList(bytes, {{90'000, 405'000}, {45'000, -1}, {90'000, 198'900}, {90'000, 405'000}});
        writeBytes(folder / "edited.mp4", bytes);
        const auto video = openVideoFile(folder / "edited.mp4");
        QCOMPARE(video->frames().endNs, 3500 * kNanosPerMillisecond);
        RandomStream random(8);
        for (int i = 0; i < 200; ++i) {
            const auto time = static_cast<Nanos>(random.below(4 * std::uint64_t{kNanosPerSecond}));
            std::optional<std::uint32_t> expected;
            const auto footage = [](double seconds) { return static_cast<std::uint32_t>(std::floor(seconds * 30 + 1e-6)); };
            if (time < kNanosPerSecond)
                expected = footage(4.5 + toSeconds(time));
            else if (time >= 3 * kNanosPerSecond / 2 && time < 5 * kNanosPerSecond / 2)
                expected = footage(2.21 + toSeconds(time) - 1.5);
            else if (time >= 5 * kNanosPerSecond / 2 && time < 7 * kNanosPerSecond / 2)
                expected = footage(4.5 + toSeconds(time) - 2.5);
            const auto index = video->frames().frameAt({time});
            const auto shown = index ? readNumber(video->frame(*index)) : std::nullopt;
            QVERIFY2(shown == expected, (describe(shown) + " instead of " + describe(expected) + " at "
                                         + std::to_string(time) + " ns").c_str());
        }
    }

    void outputFitsTheAskedSizeAndNeverGrows()
    {
        const TemporaryFolder folder;
        Clip clip = makeClip(Rate::constant, 30, 0, 0);
        clip.ptsNs.resize(40);
        clip.options.rotationDegrees = 90;
        writeNumberedClip(folder / "clip.mp4", clip.options, clip.ptsNs);
        const auto video = openVideoFile(folder / "clip.mp4"); // 80 x 128 upright
        video->setOutputSize(70, 64);
        const Image small = video->frame(33);
        QCOMPARE(small.width, 40);
        QCOMPARE(small.height, 64);
        QCOMPARE(*readNumber(small), 33u);
        video->setOutputSize(4000, 4000);
        QCOMPARE(video->frame(34).width, 80);
        QVERIFY_EXCEPTION_THROWN(video->frame(40), Error);
    }

    void coloursSurvive()
    {
        const TemporaryFolder folder;
        VideoWriterOptions options;
        options.width = 64;
        options.height = 48;
        options.quality = 1;
        // Blue, green, red, 255: the primaries, white, black and a skin tone.
        const std::vector<std::array<std::uint8_t, 4>> colours = {
            {0, 0, 255, 255}, {0, 255, 0, 255}, {255, 0, 0, 255}, {255, 255, 255, 255}, {0, 0, 0, 255}, {140, 170, 224, 255}};
        VideoWriter writer(folder / "clip.mp4", options);
        for (std::size_t i = 0; i < colours.size(); ++i) {
            Image image{64, 48, {}};
            for (int pixel = 0; pixel < 64 * 48; ++pixel)
                image.bgra.insert(image.bgra.end(), colours[i].begin(), colours[i].end());
            writer.addFrame(image, static_cast<Nanos>(i) * 40 * kNanosPerMillisecond);
        }
        writer.finish();
        const auto video = openVideoFile(folder / "clip.mp4");
        for (std::size_t i = 0; i < colours.size(); ++i) {
            const Image image = video->frame(i);
            for (std::size_t byte = 0; byte < image.bgra.size(); ++byte)
                QVERIFY2(std::abs(image.bgra[byte] - colours[i][byte % 4]) <= 5, std::to_string(i).c_str());
        }
    }

    void rotationFlagIsTheOneOfPhones()
    {
        // A phone held upright writes this matrix (QuickTime File Format, track header): x' = -y, y' = x.
        const TemporaryFolder folder;
        Clip clip = makeClip(Rate::constant, 30, 0, 0);
        clip.ptsNs.resize(2);
        clip.options.rotationDegrees = 90;
        writeNumberedClip(folder / "clip.mp4", clip.options, clip.ptsNs);
        const std::string bytes = readBytes(folder / "clip.mp4");
        const std::size_t matrix = findBox(bytes, "tkhd") + 8 + 40;
        const std::uint32_t expected[] = {0, 0x10000, 0, 0xffff0000, 0, 0};
        for (std::size_t i = 0; i < 6; ++i)
            QCOMPARE(readBig32(bytes, matrix + 4 * i), expected[i]);
    }

    void sameInputGivesTheSameBytes()
    {
        const TemporaryFolder folder;
        Clip clip = makeClip(Rate::variable, 30, 2, 0);
        clip.ptsNs.resize(70);
        writeNumberedClip(folder / "one.mp4", clip.options, clip.ptsNs);
        writeNumberedClip(folder / "two.mp4", clip.options, clip.ptsNs);
        QVERIFY(readBytes(folder / "one.mp4") == readBytes(folder / "two.mp4"));
    }

    void unfinishedVideoLeavesNothing()
    {
        const TemporaryFolder folder;
        {
            VideoWriterOptions options;
            options.width = 64;
            options.height = 48;
            VideoWriter writer(folder / "clip.mp4", options);
            writer.addFrame(numberedImage(64, 48, 1), 0);
            QVERIFY_EXCEPTION_THROWN(writer.addFrame(numberedImage(64, 48, 2), 0), Error);
            QVERIFY_EXCEPTION_THROWN(writer.addFrame(numberedImage(32, 48, 2), kNanosPerSecond), Error);
        }
        QVERIFY(std::filesystem::is_empty(folder.path()));
    }
};

QTEST_GUILESS_MAIN(VideoSeekTest)
#include "video_seek_test.moc"
