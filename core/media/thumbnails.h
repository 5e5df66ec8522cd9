// The strip of small pictures under a timeline.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/media/video_source.h"

#include <cstddef>
#include <functional>
#include <vector>

namespace kino {

struct Thumbnail {
    /** The middle of the stretch of video that it stands for, on the video's own clock. */
    VideoTime at;
    /** The frame shown: the keyframe nearest to `at`, and its time. */
    std::size_t frame = 0;
    VideoTime time;
    /** Empty where the frame cannot be decoded. */
    Image image;
};

/**
 * `count` pictures evenly over the video, each the nearest keyframe, at most `maxHeight` pixels high. Neighbours that
 * fall on the same keyframe show the same picture. `each`, where given, is called as they come, in order, so that a
 * strip can fill while it is made. Leaves the source's output size at `maxHeight`; give it a source of its own.
 */
std::vector<Thumbnail> makeThumbnails(VideoSource &source, std::size_t count, int maxHeight,
                                      const CancelToken &cancel = {}, const Progress &progress = {},
                                      const std::function<void(const Thumbnail &)> &each = {});

} // namespace kino
