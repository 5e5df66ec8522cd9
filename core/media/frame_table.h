// When each frame of a video is shown, read from the container without decoding. One authority both selects and names
// a frame: its index in presentation order.
#pragma once

#include "core/base/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace kino {

struct FrameTable {
    /** A stretch inside the video where nothing is shown, [fromNs, toNs). */
    struct Gap {
        Nanos fromNs = 0;
        Nanos toNs = 0;
    };

    /** Presentation times on the video's own clock, ascending, edit lists applied. */
    std::vector<Nanos> ptsNs;
    /** Whether decoding can begin at the frame. */
    std::vector<std::uint8_t> keyframe;
    /** Where the last frame stops being shown. */
    Nanos endNs = 0;
    /** Ascending; empty edits of an MP4 between others. Frames that are merely late make none. */
    std::vector<Gap> gaps;

    std::size_t size() const { return ptsNs.size(); }
    /** The last frame with pts ≤ time; nothing before the first frame, in gaps and from endNs on. */
    std::optional<std::size_t> frameAt(VideoTime time) const;
    /** The last keyframe at or before `index`. */
    std::size_t keyframeBefore(std::size_t index) const;
    /** Intervals ÷ span of the presentation times; 0 for fewer than two frames. */
    double rateHz() const;
    /** Whether steps between frames differ by more than the container's rounding (one tick or 1 %, whichever is more). */
    bool isVariableRate() const;
};

/** The middle one of the steps between ascending times: how long a last frame is taken to be shown. 1/30 s for one. */
Nanos medianStepNs(const std::vector<Nanos> &timesNs);

} // namespace kino
