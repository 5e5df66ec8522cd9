// Sound as a waveform and as samples, on the clock of the video beside it; the strip of thumbnails.
#include "core/base/error.h"
#include "core/media/audio.h"
#include "core/media/thumbnails.h"
#include "core/media/video_source.h"
#include "tests/support/mp4_bytes.h"
#include "tests/support/numbered_clip.h"
#include "tests/support/test_data.h"

#include <numbers>

using namespace kino;
using namespace kino::test;

namespace {

constexpr int kRate = 48'000;

VideoWriterOptions options(AudioCoding audio)
{
    VideoWriterOptions clip;
    clip.width = 64;
    clip.height = 48;
    clip.preset = "ultrafast";
    clip.audio = audio;
    clip.audioRateHz = kRate;
    return clip;
}

/** `samples` beside three seconds of video that begins at zero. */
std::filesystem::path writeClip(const std::filesystem::path &path, const VideoWriterOptions &clip,
                                std::span<const float> samples)
{
    VideoWriter writer(path, clip);
    const auto times = constantRateTimes(90, 30, 1);
    for (std::size_t i = 0; i < times.size(); ++i)
        writer.addFrame(numberedImage(64, 48, static_cast<std::uint32_t>(i)), times[i]);
    writer.addAudio(samples);
    writer.finish();
    return path;
}

/** Silence with a click of 1 ms at each of the times. */
std::vector<float> clicks(double seconds, const std::vector<double> &at)
{
    std::vector<float> samples(static_cast<std::size_t>(seconds * kRate));
    for (const double time : at)
        std::fill_n(samples.begin() + std::lround(time * kRate), kRate / 1000, 0.8f);
    return samples;
}

/** Where |value| first exceeds half of the click, after `from` seconds. */
double clickAfter(const Waveform &waveform, double from)
{
    for (std::size_t i = 0; i < waveform.values.size(); ++i) {
        const double time = toSeconds(waveform.start.ns) + static_cast<double>(i) / waveform.valueRateHz;
        if (time >= from && std::abs(waveform.values[i]) > 0.4f)
            return time;
    }
    return -1;
}

} // namespace

class AudioTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void clickIsHeardWhenItWasMade_data()
    {
        QTest::addColumn<int>("coding");
        QTest::addColumn<qint64>("startNs");
        QTest::addColumn<double>("tolerance");
        QTest::newRow("AAC") << static_cast<int>(AudioCoding::aac) << qint64{0} << 0.001;
        QTest::newRow("PCM") << static_cast<int>(AudioCoding::pcm) << qint64{0} << 1.5 / kRate;
        QTest::newRow("AAC, late") << static_cast<int>(AudioCoding::aac) << qint64{700'000'000} << 0.001;
        QTest::newRow("PCM, late") << static_cast<int>(AudioCoding::pcm) << qint64{700'000'000} << 1.5 / kRate;
    }

    void clickIsHeardWhenItWasMade()
    {
        QFETCH(int, coding);
        QFETCH(qint64, startNs);
        QFETCH(double, tolerance);
        const TemporaryFolder folder;
        VideoWriterOptions clip = options(static_cast<AudioCoding>(coding));
        clip.audioStartNs = startNs;
        const auto path = writeClip(folder / "clip.mov", clip, clicks(2.0, {0.5, 1.25}));
        const Waveform waveform = readWaveform(path);
        QCOMPARE(waveform.sampleRateHz, kRate);
        QCOMPARE(waveform.channels, 1);
        QCOMPARE(waveform.samplesPerBin, std::size_t{0});
        const double start = toSeconds(startNs);
        // A late start cannot be cut by an edit list as well: AAC's run-in of 1024 samples then stands before it.
        QVERIFY(toSeconds(waveform.start.ns) < start + tolerance);
        QVERIFY(toSeconds(waveform.start.ns) > start - tolerance - (start > 0 ? 1024.0 / kRate : 0.0));
        QVERIFY2(std::abs(clickAfter(waveform, 0) - (start + 0.5)) < tolerance, std::to_string(clickAfter(waveform, 0)).c_str());
        QVERIFY(std::abs(clickAfter(waveform, start + 1) - (start + 1.25)) < tolerance);
        QVERIFY(std::abs(toSeconds(waveform.end().ns) - (start + 2.0)) < 0.025);
        QCOMPARE(waveform.pyramid.samples(), waveform.values.size());

        const AudioSamples part = readAudio(path, {fromSeconds(start + 1.2)}, {fromSeconds(start + 1.3)});
        QVERIFY(std::abs(static_cast<double>(part.mono.size()) - 0.1 * kRate) <= 1);
        QVERIFY(std::abs(toSeconds(part.start.ns) - (start + 1.2)) < 1.5 / kRate);
        const auto loud = std::ranges::find_if(part.mono, [](float value) { return std::abs(value) > 0.4f; });
        const double heard = toSeconds(part.start.ns) + static_cast<double>(loud - part.mono.begin()) / kRate;
        QVERIFY(std::abs(heard - (start + 1.25)) < tolerance);
    }

    void pcmSamplesAreExact()
    {
        const TemporaryFolder folder;
        std::vector<float> sine(kRate);
        for (std::size_t i = 0; i < sine.size(); ++i)
            sine[i] = static_cast<float>(0.7 * std::sin(2 * std::numbers::pi * 440 * static_cast<double>(i) / kRate));
        const Waveform waveform = readWaveform(writeClip(folder / "clip.mov", options(AudioCoding::pcm), sine));
        QCOMPARE(waveform.samples, sine.size());
        QCOMPARE(waveform.start.ns, Nanos{0});
        for (std::size_t i = 0; i < sine.size(); ++i)
            QVERIFY(std::abs(waveform.values[i] - sine[i]) < 1.0f / 16384);
    }

    void longSoundKeepsItsEnvelopeInBoundedMemory()
    {
        // Ten minutes: 28.8 million samples against 8.4 million values.
        const TemporaryFolder folder;
        VideoWriterOptions clip = options(AudioCoding::pcm);
        {
            VideoWriter writer(folder / "long.mov", clip);
            writer.addFrame(numberedImage(64, 48, 0), 0);
            std::vector<float> second(kRate);
            for (int s = 0; s < 600; ++s) {
                std::ranges::fill(second, static_cast<float>(s) / 1000);
                second[kRate / 2] = -static_cast<float>(s) / 1000;
                writer.addAudio(second);
            }
            writer.finish();
        }
        const Waveform waveform = readWaveform(folder / "long.mov");
        QCOMPARE(waveform.samples, std::size_t{600} * kRate);
        QVERIFY(waveform.values.size() <= Waveform::kMostValues);
        QCOMPARE(waveform.samplesPerBin, std::size_t{8});
        QCOMPARE(waveform.valueRateHz, kRate / 4.0);
        const auto perSecond = static_cast<std::size_t>(waveform.valueRateHz);
        for (std::size_t s = 0; s < 600; ++s) {
            const MinMax range = waveform.pyramid.range(waveform.values, s * perSecond, (s + 1) * perSecond);
            QVERIFY(std::abs(range.max - static_cast<float>(s) / 1000) < 1e-4f);
            QVERIFY(std::abs(range.min + static_cast<float>(s) / 1000) < 1e-4f);
        }
    }

    void soundOfSeveralEditsStaysWithThePictures_data()
    {
        QTest::addColumn<int>("coding");
        QTest::newRow("PCM") << static_cast<int>(AudioCoding::pcm);
        QTest::newRow("AAC") << static_cast<int>(AudioCoding::aac);
    }
    void soundOfSeveralEditsStaysWithThePictures()
    {
        QFETCH(int, coding);
        const TemporaryFolder folder;
        const auto path = writeClip(folder / "clip.mov", options(static_cast<AudioCoding>(coding)), clicks(3.0, {0.5, 1.25, 2.5}));
        std::string bytes = readBytes(path);
        // Footage from 2 s for 1 s, nothing for half a second, footage from 0.25 s for 1.5 s, and from 2.25 s for 0.5 s.
        // Pictures count in 1/90000 s, sound in 1/48000 s; edits last in 1/90000 s.
        const int runIn = static_cast<AudioCoding>(coding) == AudioCoding::aac ? 1024 : 0;
        replaceEditList(bytes, {{90'000, 180'000}, {45'000, -1}, {135'000, 22'500}, {45'000, 202'500}}, 0);
        replaceEditList(bytes, {{90'000, 96'000 + runIn}, {45'000, -1}, {135'000, 12'000 + runIn}, {45'000, 108'000 + runIn}}, 1);
        writeBytes(folder / "edited.mov", bytes);
        const Waveform waveform = readWaveform(folder / "edited.mov");
        constexpr double kTolerance = 0.001;
        // 2.5 s of the footage, then 0.5 and 1.25, then 2.5 again.
        const double expected[] = {0.5, 1.75, 2.5, 3.25};
        double from = 0;
        for (const double time : expected) {
            const double heard = clickAfter(waveform, from);
            QVERIFY2(std::abs(heard - time) < kTolerance, std::to_string(heard).c_str());
            from = time + 0.1;
        }
        QVERIFY(clickAfter(waveform, from) < 0);
        QVERIFY(std::abs(toSeconds(waveform.end().ns) - 3.5) < 0.005);
        // The same footage is seen: frame i of the footage is shown from i / 30 s on.
        const auto video = openVideoFile(folder / "edited.mov");
        for (const auto &[time, footage] : {std::pair{0.51, 2.51}, {1.76, 0.51}, {2.51, 1.26}, {3.26, 2.51}}) {
            const auto index = video->frames().frameAt({fromSeconds(time)});
            QVERIFY(index.has_value());
            QCOMPARE(*readNumber(video->frame(*index)), static_cast<std::uint32_t>(std::floor(footage * 30)));
        }
        // Anywhere, without reading what is before.
        for (const double time : {3.25, 0.5, 2.5}) {
            const AudioSamples part = readAudio(folder / "edited.mov", {fromSeconds(time - 0.05)}, {fromSeconds(time + 0.05)});
            const auto loud = std::ranges::find_if(part.mono, [](float value) { return std::abs(value) > 0.4f; });
            QVERIFY(loud != part.mono.end());
            const double heard = toSeconds(part.start.ns) + static_cast<double>(loud - part.mono.begin()) / kRate;
            QVERIFY2(std::abs(heard - time) < kTolerance, std::to_string(heard).c_str());
        }
    }

    void videoWithoutSoundSaysSo()
    {
        const TemporaryFolder folder;
        VideoWriterOptions clip = options(AudioCoding::none);
        writeNumberedClip(folder / "silent.mp4", clip, constantRateTimes(5, 30, 1));
        QVERIFY_EXCEPTION_THROWN(readWaveform(folder / "silent.mp4"), Error);
        CancelToken cancelled;
        cancelled.cancel();
        const auto path = writeClip(folder / "clip.mp4", options(AudioCoding::aac), clicks(2.0, {1.0}));
        QVERIFY_EXCEPTION_THROWN(readWaveform(path, cancelled), Cancelled);
    }

    void goProSoundIsRead()
    {
        KINO_NEEDS_TEST_DATA();
        // The containers' own counts: 566 and 493 AAC packets of 1024 samples at 48 kHz.
        const Waveform karma = readWaveform(testDataFolder() / "gopro_mp4" / "karma.mp4");
        QCOMPARE(karma.sampleRateHz, 48'000);
        QCOMPARE(karma.damagedPackets, std::size_t{0});
        QVERIFY(karma.samples <= 566 * 1024 && karma.samples > 564 * 1024);
        const Waveform max = readWaveform(testDataFolder() / "gopro_mp4" / "max-heromode.mp4");
        QVERIFY(max.samples <= 493 * 1024 && max.samples > 491 * 1024);
        const auto loudest = std::ranges::max(max.values, {}, [](float value) { return std::abs(value); });
        QVERIFY(std::abs(loudest) > 0.001f && std::abs(loudest) <= 1.5f);
    }

    void thumbnailsAreTheNearestKeyframes()
    {
        const TemporaryFolder folder;
        VideoWriterOptions clip;
        clip.width = 192;
        clip.height = 112;
        clip.gop = 10;
        clip.preset = "ultrafast";
        writeNumberedClip(folder / "clip.mp4", clip, constantRateTimes(100, 10, 1));
        const auto video = openVideoFile(folder / "clip.mp4");
        std::size_t told = 0;
        const auto strip = makeThumbnails(*video, 5, 56, {}, {}, [&](const Thumbnail &) { ++told; });
        QCOMPARE(strip.size(), std::size_t{5});
        QCOMPARE(told, std::size_t{5});
        // Middles at 1, 3, 5, 7, 9 s: frames 10, 30, 50, 70, 90, which are keyframes.
        for (std::size_t i = 0; i < 5; ++i) {
            QCOMPARE(strip[i].at.ns, static_cast<Nanos>(2 * i + 1) * kNanosPerSecond);
            QCOMPARE(strip[i].frame, 20 * i + 10);
            QCOMPARE(std::size_t{*readNumber(strip[i].image)}, 20 * i + 10);
            QCOMPARE(strip[i].image.height, 56);
        }
        // More places than keyframes: neighbours share one.
        const auto dense = makeThumbnails(*video, 40, 56);
        for (const Thumbnail &thumbnail : dense) {
            QCOMPARE(thumbnail.frame % 10, std::size_t{0});
            QVERIFY(std::abs(thumbnail.time.ns - thumbnail.at.ns) <= kNanosPerSecond);
        }
        QVERIFY(makeThumbnails(*video, 0, 56).empty());
    }
};

QTEST_GUILESS_MAIN(AudioTest)
#include "audio_test.moc"
