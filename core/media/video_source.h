// Anything that shows frames at times: a container that FFmpeg reads, a numbered series of images, a depth clip.
#pragma once

#include "core/base/cancel.h"
#include "core/media/frame_table.h"
#include "core/media/image.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>

namespace kino {

/**
 * Used by one thread at a time; opening another VideoSource on the same file is the way to decode in parallel.
 * Frames come upright (rotation flags applied) and are named by their index in frames().
 */
class VideoSource {
public:
    virtual ~VideoSource() = default;

    /** Of the upright picture, with square pixels: what was stored squeezed is stretched to its true shape. */
    virtual int width() const = 0;
    virtual int height() const = 0;
    virtual const FrameTable &frames() const = 0;

    /** Exactly the frame `index`. Throws Error where it cannot be decoded, Cancelled when asked to stop. */
    virtual Image frame(std::size_t index, const CancelToken &cancel = {}) = 0;
    /** The keyframe at or before `index`, decoded alone: what is shown while the exact frame is on its way. */
    virtual Image keyframeBefore(std::size_t index, const CancelToken &cancel = {}) = 0;
    using OnKeyframe = std::function<void(Image keyframe)>;
    /**
     * frame(), and the keyframe before it as soon as there is one: at most one call, before this returns. Where decoding passes
     * the keyframe anyway it is not decoded twice. A keyframe that cannot be shown is left out.
     */
    virtual Image frameByKeyframe(std::size_t index, const OnKeyframe &onKeyframe, const CancelToken &cancel = {});
    /** Scales what frame() and keyframeBefore() give to fit within the size, never up; 0 × 0 gives full size. */
    virtual void setOutputSize(int maxWidth, int maxHeight) = 0;
};

/**
 * Opens what FFmpeg can demux; reads the whole frame table, from boxes only where it is an MP4. Frames that the index
 * lists but the file is too short for are left out. Throws Error (no moov, no video stream, …).
 *
 * The video's own clock is the container's presentation timeline as it stands, no start time subtracted. In MP4 and
 * QuickTime zero is the movie's time zero: edit lists are applied once, an empty edit or a first frame that is late
 * gives a first frame after zero, and the telemetry track of the same file counts from the same zero.
 */
std::unique_ptr<VideoSource> openVideoFile(const std::filesystem::path &path);

/**
 * A series of image files with a time for each, in any order; shown until a usual step after the last. A file that is
 * missing or damaged is an Error of that frame only. Throws Error where none of them can be read, or where the counts
 * of files and times differ.
 */
std::unique_ptr<VideoSource> openImageSequence(std::vector<std::filesystem::path> images, std::vector<Nanos> timesNs);

} // namespace kino
