#include "core/media/thumbnails.h"

#include "core/base/error.h"

namespace kino {
namespace {

std::size_t nearestKeyframe(const FrameTable &frames, VideoTime time)
{
    const std::size_t index = frames.frameAt(time).value_or(
        time.ns < frames.ptsNs.front() ? 0 : frames.size() - 1);
    const std::size_t before = frames.keyframeBefore(index);
    std::size_t after = index + 1;
    while (after < frames.size() && !frames.keyframe[after])
        ++after;
    if (after == frames.size())
        return before;
    return time.ns - frames.ptsNs[before] <= frames.ptsNs[after] - time.ns ? before : after;
}

} // namespace

std::vector<Thumbnail> makeThumbnails(VideoSource &source, std::size_t count, int maxHeight, const CancelToken &cancel,
                                      const Progress &progress, const std::function<void(const Thumbnail &)> &each)
{
    const FrameTable &frames = source.frames();
    std::vector<Thumbnail> strip;
    if (frames.size() == 0)
        return strip;
    source.setOutputSize(0, maxHeight);
    const Nanos begin = frames.ptsNs.front();
    const double step = static_cast<double>(frames.endNs - begin) / static_cast<double>(count);
    for (std::size_t i = 0; i < count; ++i) {
        cancel.throwIfCancelled();
        Thumbnail thumbnail;
        thumbnail.at = {begin + static_cast<Nanos>(step * (static_cast<double>(i) + 0.5))};
        thumbnail.frame = nearestKeyframe(frames, thumbnail.at);
        thumbnail.time = {frames.ptsNs[thumbnail.frame]};
        if (!strip.empty() && strip.back().frame == thumbnail.frame) {
            thumbnail.image = strip.back().image;
        } else {
            try {
                thumbnail.image = source.keyframeBefore(thumbnail.frame, cancel);
            } catch (const Error &) {
                // One damaged keyframe leaves one empty place in the strip.
            }
        }
        if (each)
            each(thumbnail);
        strip.push_back(std::move(thumbnail));
        progress(static_cast<double>(i + 1) / static_cast<double>(count), "thumbnails");
    }
    return strip;
}

} // namespace kino
