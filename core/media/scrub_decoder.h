// Gives the frame under a playhead that moves: decodes on a thread of its own, always for the newest request. Shows the
// nearest keyframe first where the exact frame takes long, keeps what it decoded, and reads ahead while playing.
#pragma once

#include "core/base/time.h"
#include "core/media/frame_cache.h"
#include "core/media/video_source.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>

namespace kino {

/** What the playhead does: `playing` reads ahead and never shows a keyframe in place of the frame itself. */
enum class PlayheadMotion { still, scrubbing, playing };

struct FrameRequest {
    /** A time on the video's own clock, or the index of a frame. */
    std::variant<VideoTime, std::size_t> target = VideoTime{};
    /** The caller's: given back with every frame, so that frames of a recording that was left can be dropped. */
    std::uint64_t epoch = 0;
    PlayheadMotion motion = PlayheadMotion::still;
};

enum class FrameExactness { preview, exact };

struct DeliveredFrame {
    std::uint64_t epoch = 0;
    /** The frame that was asked for; nothing where the video shows nothing at that time. */
    std::optional<std::size_t> wanted;
    /** The frame that `image` shows, and its time: with `exact` the wanted one, with `preview` a keyframe before it. */
    std::size_t index = 0;
    VideoTime time;
    FrameExactness exactness = FrameExactness::exact;
    /** nullptr where there is no footage, or an error. */
    std::shared_ptr<const Image> image;
    /** A sentence for the user where the frame, or the whole video, cannot be shown. */
    std::string error;
};

/** What became known when the video was opened. */
struct OpenedVideo {
    std::shared_ptr<const FrameTable> frames; // nullptr where opening failed
    int width = 0;
    int height = 0;
    std::string error;
};

struct ScrubOptions {
    std::size_t cacheBytes = std::size_t{256} << 20;
    /** Frames decoded ahead while playing, and kept behind after a step back. */
    std::size_t readAheadFrames = 8;
    std::size_t keepBehindFrames = 12;
    /** A keyframe is shown first where more frames than this would have to be decoded. */
    std::size_t previewAboveFrames = 6;
    /** How long a decode may go on although a newer request waits that it does not serve: from its keyframe on where that is shown. */
    std::chrono::milliseconds patience{60};
};

/**
 * All public functions may be called from any thread and never wait for decoding. The callbacks are called on the
 * decoder's thread, one at a time, in the order of the requests; requests overtaken by newer ones give none, or a
 * preview only. They must not call the destructor. After the destructor returns no callback is called.
 */
class ScrubDecoder {
public:
    using Open = std::function<std::unique_ptr<VideoSource>()>;
    using OnOpened = std::function<void(const OpenedVideo &)>;
    using OnFrame = std::function<void(const DeliveredFrame &)>;

    /** `open` is called on the decoder's thread; where it throws, every request is answered with its sentence. */
    ScrubDecoder(Open open, OnFrame onFrame, OnOpened onOpened = {}, ScrubOptions options = {});
    ~ScrubDecoder();
    ScrubDecoder(const ScrubDecoder &) = delete;
    ScrubDecoder &operator=(const ScrubDecoder &) = delete;

    /** Replaces any request not yet begun. */
    void request(const FrameRequest &request);
    /** Pictures fit the size from now on; the newest request is answered again. 0 x 0 is full size. */
    void setOutputSize(int maxWidth, int maxHeight);
    /** A frame decoded before, at the present output size: to be shown at once. nullptr where there is none. */
    std::shared_ptr<const Image> cached(std::size_t index) { return m_cache.find(index); }

private:
    struct Running {
        CancelToken cancel;
        /** Until then it goes on whatever is asked for. */
        std::chrono::steady_clock::time_point deadline;
        std::size_t target = 0;
        std::size_t keyframe = 0;
    };

    void work();
    void watch();
    void openSource();
    void serve(const FrameRequest &request);
    void serveIndex(const FrameRequest &request, std::size_t index);
    void readAround(const FrameRequest &request, std::size_t index);
    bool wantsPreview(const FrameRequest &request, std::size_t index, std::size_t keyframe) const;
    std::shared_ptr<const Image> decode(std::size_t index, const VideoSource::OnKeyframe &onKeyframe = {});
    void setDeadline(std::chrono::milliseconds fromNow);
    void deliver(const FrameRequest &request, std::optional<std::size_t> wanted, std::size_t index,
                 FrameExactness exactness, std::shared_ptr<const Image> image, std::string error = {});
    std::optional<std::size_t> indexOf(const FrameRequest &request) const;
    bool servesToo(const Running &running, const FrameRequest &newer) const;
    bool hasNewer() const;

    const Open m_open;
    const OnFrame m_onFrame;
    const OnOpened m_onOpened;
    const ScrubOptions m_options;
    FrameCache m_cache;

    // The decoder's thread only, but for m_frames, which is set before the first request is served and never changes.
    std::unique_ptr<VideoSource> m_source;
    std::shared_ptr<const FrameTable> m_frames;
    std::string m_openError;
    std::optional<std::size_t> m_lastDecoded;
    std::optional<std::size_t> m_lastShown;
    std::optional<std::size_t> m_lastWanted;

    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::condition_variable m_wakeWatch;
    std::optional<FrameRequest> m_pending;
    std::optional<FrameRequest> m_newest;
    std::optional<std::pair<int, int>> m_pendingSize;
    std::optional<Running> m_running;
    bool m_stopping = false;

    std::thread m_watcher;
    std::thread m_worker;
};

} // namespace kino
