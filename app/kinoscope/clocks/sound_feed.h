// The sound of a video as a device asks for it, in step with a play clock. Knows no device: it is asked for samples and
// told when they will be heard.
//
// The play clock is the master, not the sound's: picture, lanes and playhead follow the wall clock whether or not there
// is a device, and a device's clock drifts from it by some millionths only. So samples are given one after another as
// long as they are heard within kMostOffNs of where the play clock stands, and taken up anew where they are not.
#pragma once

#include "core/media/audio.h"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>

namespace kino {

class SoundFeed {
public:
    static constexpr Nanos kMostOffNs = 40 * kNanosPerMillisecond;
    static constexpr Nanos kChunkNs = 2 * kNanosPerSecond;

    /** Samples of [from, to) on the video's own clock; called on a thread of the feed's own. May throw. */
    using Decode = std::function<AudioSamples(VideoTime from, VideoTime to, const CancelToken &cancel)>;

    explicit SoundFeed(Decode decode);
    /** Stops decoding and waits for it. */
    ~SoundFeed();

    /** At `steadyNs` (of steadyNowNs()) the play clock is at `own`, and goes on by `ownPerSecond` of the video's seconds a second. Any thread. */
    void follow(VideoTime own, Nanos steadyNs, double ownPerSecond);
    /** Nothing is to be heard until the next follow(). Any thread. */
    void pause();
    /** Waits until the first samples are decoded; 0 where there are none within `patienceMs`, or none at all. */
    int waitForRate(int patienceMs);

    /** Mono samples of which the first is heard at `steadyNs`. Silence where nothing is decoded yet. One thread at a time. */
    void fill(std::span<float> out, Nanos steadyNs);
    /** How often samples were taken up anew because they were off. */
    std::size_t jumps() const;
    /** Whether what fill() would give now is decoded. */
    bool isReadyAt(VideoTime own) const;

private:
    struct Anchor {
        VideoTime own;
        Nanos steadyNs = 0;
        double ownPerSecond = 1;
    };
    struct Chunk {
        std::int64_t first = 0; // index of the first sample: time · rate
        std::vector<float> samples;
    };

    void work(const std::stop_token &stop);
    void want(std::int64_t chunk);
    std::optional<std::int64_t> missingChunk() const;

    Decode m_decode;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::optional<Anchor> m_anchor;
    std::map<std::int64_t, std::shared_ptr<const Chunk>> m_chunks;
    std::int64_t m_wanted = 0; // this chunk and the next
    bool m_isWanted = false;
    int m_rateHz = 0;
    bool m_isSilent = false; // it was tried and there is no sound
    std::optional<std::int64_t> m_position; // of the next sample
    int m_fadeIn = 0; // samples left of it
    std::size_t m_jumps = 0;
    CancelToken m_cancel;
    std::jthread m_worker; // last: ends first
};

} // namespace kino
