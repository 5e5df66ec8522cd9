// The decoder that follows the playhead: newest wins, keyframe first, exact in the end; and the cache below it.
#include "core/base/random.h"
#include "core/media/scrub_decoder.h"
#include "tests/support/numbered_clip.h"
#include "tests/support/test_data.h"

#include <condition_variable>
#include <deque>

using namespace kino;
using namespace kino::test;
using namespace std::chrono_literals;

namespace {

/** Collects what is delivered and lets the test wait for it. */
class Screen {
public:
    void show(const DeliveredFrame &frame)
    {
        const std::lock_guard lock(m_mutex);
        m_frames.push_back(frame);
        m_arrived.notify_all();
    }
    /** The next delivery; an empty optional after ten seconds. */
    std::optional<DeliveredFrame> next()
    {
        std::unique_lock lock(m_mutex);
        if (!m_arrived.wait_for(lock, 10s, [this] { return !m_frames.empty(); }))
            return std::nullopt;
        DeliveredFrame frame = m_frames.front();
        m_frames.pop_front();
        return frame;
    }
    std::size_t waiting() const
    {
        const std::lock_guard lock(m_mutex);
        return m_frames.size();
    }

private:
    mutable std::mutex m_mutex;
    std::condition_variable m_arrived;
    std::deque<DeliveredFrame> m_frames;
};

/** A video without a file: 100 frames at 10 a second, a keyframe every 50; frame(i) waits to be let through. */
class GatedVideo : public VideoSource {
public:
    struct Gate {
        std::mutex mutex;
        std::condition_variable changed;
        bool isOpen = true;
        std::vector<std::size_t> begun;
        std::size_t cancelled = 0;

        void setOpen(bool open)
        {
            const std::lock_guard lock(mutex);
            isOpen = open;
            changed.notify_all();
        }
        bool waitForBegun(std::size_t count)
        {
            std::unique_lock lock(mutex);
            return changed.wait_for(lock, 10s, [&] { return begun.size() >= count; });
        }
    };

    explicit GatedVideo(Gate &gate) : m_gate(gate)
    {
        for (int i = 0; i < 100; ++i) {
            m_table.ptsNs.push_back(i * 100 * kNanosPerMillisecond);
            m_table.keyframe.push_back(i % 50 == 0);
        }
        m_table.endNs = 10 * kNanosPerSecond;
    }
    int width() const override { return 32; }
    int height() const override { return 16; }
    const FrameTable &frames() const override { return m_table; }
    Image frame(std::size_t index, const CancelToken &cancel) override
    {
        std::unique_lock lock(m_gate.mutex);
        m_gate.begun.push_back(index);
        m_gate.changed.notify_all();
        while (!m_gate.isOpen) {
            m_gate.changed.wait_for(lock, 1ms);
            if (cancel.isCancelled()) {
                ++m_gate.cancelled;
                throw Cancelled();
            }
        }
        if (index == 66)
            throw Error("frame 66 is damaged");
        return numberedImage(32, 16, static_cast<std::uint32_t>(index));
    }
    Image keyframeBefore(std::size_t index, const CancelToken &) override
    {
        return numberedImage(32, 16, static_cast<std::uint32_t>(m_table.keyframeBefore(index)));
    }
    void setOutputSize(int, int) override {}

private:
    Gate &m_gate;
    FrameTable m_table;
};

FrameRequest at(std::size_t index, PlayheadMotion motion = PlayheadMotion::scrubbing, std::uint64_t epoch = 1)
{
    return {index, epoch, motion};
}

std::shared_ptr<const Image> picture(std::size_t bytes)
{
    return std::make_shared<const Image>(Image{static_cast<int>(bytes / 4), 1, std::vector<std::uint8_t>(bytes)});
}

} // namespace

class ScrubDecoderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cacheDropsTheLongestUnused()
    {
        FrameCache cache(1000);
        cache.insert(1, picture(400));
        cache.insert(2, picture(400));
        QVERIFY(cache.find(1));
        cache.insert(3, picture(400)); // 2 was not used since 1 was
        QVERIFY(cache.contains(1));
        QVERIFY(!cache.contains(2));
        QVERIFY(cache.contains(3));
        QCOMPARE(cache.bytes(), std::size_t{800});
        cache.insert(3, picture(100));
        QCOMPARE(cache.bytes(), std::size_t{500});
        cache.insert(4, picture(5000));
        QCOMPARE(cache.size(), std::size_t{1});
        QVERIFY(cache.find(4));
        cache.clear();
        QCOMPARE(cache.bytes(), std::size_t{0});
        QVERIFY(!cache.find(4));
    }

    void cacheHoldsFromManyThreads()
    {
        FrameCache cache(64 * 1024);
        std::vector<std::thread> threads;
        std::atomic<int> wrong{0};
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([&cache, &wrong, t] {
                RandomStream random(static_cast<std::uint64_t>(t));
                for (int i = 0; i < 5000; ++i) {
                    const std::size_t index = random.below(64);
                    if (const auto found = cache.find(index); found && found->bytes() != 4 * (index + 100))
                        ++wrong;
                    cache.insert(index, picture(4 * (index + 100)));
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(wrong.load(), 0);
        QVERIFY(cache.bytes() <= cache.budgetBytes());
    }

    void keyframeComesFirstThenTheExactFrame()
    {
        GatedVideo::Gate gate;
        Screen screen;
        ScrubDecoder decoder([&] { return std::make_unique<GatedVideo>(gate); },
                             [&](const DeliveredFrame &frame) { screen.show(frame); });
        decoder.request(at(80, PlayheadMotion::scrubbing, 7));
        const auto preview = screen.next();
        QVERIFY(preview && preview->image);
        QCOMPARE(preview->exactness, FrameExactness::preview);
        QCOMPARE(preview->index, std::size_t{50});
        QCOMPARE(*preview->wanted, std::size_t{80});
        QCOMPARE(*readNumber(*preview->image), 50u);
        QCOMPARE(preview->epoch, std::uint64_t{7});
        const auto exact = screen.next();
        QVERIFY(exact && exact->image);
        QCOMPARE(exact->exactness, FrameExactness::exact);
        QCOMPARE(exact->index, std::size_t{80});
        QCOMPARE(exact->time.ns, 8 * kNanosPerSecond);
        QCOMPARE(*readNumber(*exact->image), 80u);
        QVERIFY(decoder.cached(80));
        QVERIFY(!decoder.cached(81));

        // Near what was decoded just now no keyframe is shown, which would be a step back.
        decoder.request(at(84));
        QCOMPARE(screen.next()->index, std::size_t{84});
        // Again: from the cache, without decoding.
        decoder.request(at(80));
        QCOMPARE(screen.next()->index, std::size_t{80});
        decoder.request(at(50));
        QCOMPARE(screen.next()->exactness, FrameExactness::exact);
        const std::lock_guard lock(gate.mutex);
        QCOMPARE(std::ranges::count(gate.begun, std::size_t{80}), std::ptrdiff_t{1});
        QCOMPARE(std::ranges::count(gate.begun, std::size_t{50}), std::ptrdiff_t{0});
    }

    void newestRequestWinsAndOvertakenOnesAreNeverBegun()
    {
        GatedVideo::Gate gate;
        gate.setOpen(false);
        Screen screen;
        ScrubDecoder decoder([&] { return std::make_unique<GatedVideo>(gate); },
                             [&](const DeliveredFrame &frame) { screen.show(frame); });
        decoder.request(at(3));
        QVERIFY(gate.waitForBegun(1));
        for (std::size_t index = 10; index < 40; ++index)
            decoder.request(at(index));
        gate.setOpen(true); // frame 3 lies on the way to frame 39, so it was not given up
        QCOMPARE(screen.next()->index, std::size_t{3});
        auto last = screen.next();
        if (last->exactness == FrameExactness::preview)
            last = screen.next();
        QCOMPARE(last->index, std::size_t{39});
        QCOMPARE(gate.begun, (std::vector<std::size_t>{3, 39}));
        QCOMPARE(gate.cancelled, std::size_t{0});
    }

    void uselessDecodingIsGivenUpAfterItsTime()
    {
        GatedVideo::Gate gate;
        gate.setOpen(false);
        Screen screen;
        ScrubDecoder decoder([&] { return std::make_unique<GatedVideo>(gate); },
                             [&](const DeliveredFrame &frame) { screen.show(frame); });
        const auto begun = std::chrono::steady_clock::now();
        decoder.request(at(90, PlayheadMotion::playing));
        QVERIFY(gate.waitForBegun(1));
        decoder.request(at(3, PlayheadMotion::playing)); // behind: going on with 90 does not help
        QVERIFY(gate.waitForBegun(2));
        QVERIFY(std::chrono::steady_clock::now() - begun >= 60ms);
        QCOMPARE(gate.cancelled, std::size_t{1});
        gate.setOpen(true);
        const auto shown = screen.next();
        QCOMPARE(shown->index, std::size_t{3});
        QCOMPARE(shown->exactness, FrameExactness::exact);
    }

    void playingReadsAhead()
    {
        GatedVideo::Gate gate;
        Screen screen;
        ScrubOptions options;
        options.readAheadFrames = 5;
        ScrubDecoder decoder([&] { return std::make_unique<GatedVideo>(gate); },
                             [&](const DeliveredFrame &frame) { screen.show(frame); }, {}, options);
        decoder.request(at(20, PlayheadMotion::playing));
        const auto shown = screen.next();
        QCOMPARE(shown->exactness, FrameExactness::exact); // no step back to frame 0 while playing
        QVERIFY(gate.waitForBegun(6));
        QCOMPARE(gate.begun, (std::vector<std::size_t>{20, 21, 22, 23, 24, 25}));
        QTRY_VERIFY(decoder.cached(25) != nullptr);
        QVERIFY(!decoder.cached(26));
    }

    void steppingBackFillsTheStretchBehind()
    {
        GatedVideo::Gate gate;
        Screen screen;
        ScrubOptions options;
        options.keepBehindFrames = 4;
        ScrubDecoder decoder([&] { return std::make_unique<GatedVideo>(gate); },
                             [&](const DeliveredFrame &frame) { screen.show(frame); }, {}, options);
        decoder.request(at(50, PlayheadMotion::still));
        screen.next();
        decoder.request(at(49, PlayheadMotion::still));
        auto shown = screen.next();
        if (shown->exactness == FrameExactness::preview)
            shown = screen.next();
        QCOMPARE(shown->index, std::size_t{49});
        QVERIFY(gate.waitForBegun(6));
        QCOMPARE(gate.begun, (std::vector<std::size_t>{50, 49, 45, 46, 47, 48}));
    }

    void outsideFootageNothingIsShown()
    {
        GatedVideo::Gate gate;
        Screen screen;
        ScrubDecoder decoder([&] { return std::make_unique<GatedVideo>(gate); },
                             [&](const DeliveredFrame &frame) { screen.show(frame); });
        for (const Nanos time : {Nanos{-1}, 10 * kNanosPerSecond}) {
            decoder.request({VideoTime{time}, 1, PlayheadMotion::still});
            const auto frame = screen.next();
            QVERIFY(frame && !frame->wanted && !frame->image && frame->error.empty());
        }
        decoder.request({VideoTime{Nanos{0}}, 1, PlayheadMotion::still});
        QCOMPARE(screen.next()->index, std::size_t{0});
    }

    void damagedFrameIsToldAndTheNextIsShown()
    {
        GatedVideo::Gate gate;
        Screen screen;
        ScrubDecoder decoder([&] { return std::make_unique<GatedVideo>(gate); },
                             [&](const DeliveredFrame &frame) { screen.show(frame); });
        decoder.request(at(66, PlayheadMotion::playing));
        const auto damaged = screen.next();
        QVERIFY(!damaged->image);
        QCOMPARE(damaged->error, std::string("frame 66 is damaged"));
        decoder.request(at(67, PlayheadMotion::playing));
        QVERIFY(screen.next()->image);
    }

    void videoThatDoesNotOpenAnswersWithItsSentence()
    {
        Screen screen;
        std::atomic<bool> told{false};
        ScrubDecoder decoder([]() -> std::unique_ptr<VideoSource> { throw Error("clip.mp4", "is gone"); },
                             [&](const DeliveredFrame &frame) { screen.show(frame); },
                             [&](const OpenedVideo &opened) { told = !opened.frames && !opened.error.empty(); });
        decoder.request(at(0));
        QCOMPARE(screen.next()->error, std::string("clip.mp4: is gone"));
        QVERIFY(told);
    }

    void leavingWhileDecodingEndsAtOnce()
    {
        GatedVideo::Gate gate;
        gate.setOpen(false);
        Screen screen;
        {
            ScrubDecoder decoder([&] { return std::make_unique<GatedVideo>(gate); },
                                 [&](const DeliveredFrame &frame) { screen.show(frame); });
            decoder.request(at(3));
            QVERIFY(gate.waitForBegun(1));
        }
        QCOMPARE(gate.cancelled, std::size_t{1});
        QCOMPARE(screen.waiting(), std::size_t{0});
    }

    void scrubbedClipEndsOnTheExactFrame()
    {
        const TemporaryFolder folder;
        VideoWriterOptions clip;
        clip.width = 192;
        clip.height = 112;
        clip.gop = 100;
        clip.bFrames = 2;
        clip.preset = "ultrafast";
        const auto times = variableRateTimes(200, 5);
        writeNumberedClip(folder / "clip.mp4", clip, times);
        Screen screen;
        ScrubDecoder decoder([&] { return openVideoFile(folder / "clip.mp4"); },
                             [&](const DeliveredFrame &frame) { screen.show(frame); });
        RandomStream random(6);
        for (int gesture = 0; gesture < 10; ++gesture) {
            std::size_t target = 0;
            for (int move = 0; move < 20; ++move) {
                target = random.below(times.size());
                decoder.request({VideoTime{times[target]}, 1, PlayheadMotion::scrubbing});
            }
            while (true) {
                const auto shown = screen.next();
                QVERIFY(shown && shown->image);
                QCOMPARE(std::size_t{*readNumber(*shown->image)}, shown->index);
                if (shown->exactness == FrameExactness::exact && shown->index == target)
                    break;
            }
        }
        decoder.setOutputSize(96, 96);
        const auto again = screen.next();
        QCOMPARE(again->image->width, 96);
        QCOMPARE(again->image->height, 56);
    }
};

QTEST_GUILESS_MAIN(ScrubDecoderTest)
#include "scrub_decoder_test.moc"
