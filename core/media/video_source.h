// Anything that shows frames at times: a container that FFmpeg reads, a numbered series of images, a depth clip.
#pragma once

#include "core/base/cancel.h"
#include "core/media/frame_table.h"
#include "core/media/image.h"

#include <cstddef>
#include <filesystem>
#include <memory>

namespace kino {

/**
 * Used by one thread at a time; opening another VideoSource on the same file is the way to decode in parallel.
 * Frames come upright (rotation flags applied) and are named by their index in frames().
 */
class VideoSource {
public:
    virtual ~VideoSource() = default;

    /** Of the upright picture. */
    virtual int width() const = 0;
    virtual int height() const = 0;
    virtual const FrameTable &frames() const = 0;

    /** Exactly the frame `index`. Throws Error where it cannot be decoded, Cancelled when asked to stop. */
    virtual Image frame(std::size_t index, const CancelToken &cancel = {}) = 0;
    /** The keyframe at or before `index`, decoded alone: what is shown while the exact frame is on its way. */
    virtual Image keyframeBefore(std::size_t index, const CancelToken &cancel = {}) = 0;
    /** Scales what frame() and keyframeBefore() give to fit within the size, never up; 0 × 0 gives full size. */
    virtual void setOutputSize(int maxWidth, int maxHeight) = 0;
};

/** Opens what FFmpeg can demux; reads the whole frame table. Throws Error (no moov, no video stream, …). */
std::unique_ptr<VideoSource> openVideoFile(const std::filesystem::path &path);

/** A series of image files with a time for each. */
std::unique_ptr<VideoSource> openImageSequence(std::vector<std::filesystem::path> images, std::vector<Nanos> timesNs);

} // namespace kino
