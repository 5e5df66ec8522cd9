// What an importer says about a video without decoding any of it.
#pragma once

#include "core/base/cancel.h"
#include "core/base/time.h"

#include <cstddef>
#include <filesystem>

namespace kino {

struct VideoInfo {
    std::size_t frames = 0;
    /** Of the upright picture, with square pixels. */
    int width = 0;
    int height = 0;
    double rateHz = 0;
    bool variableRate = false;
    bool hasAudio = false;
    VideoTime start; // of the first frame
    VideoTime end;   // where the last frame stops being shown
    /** Frames that the index lists but the file is too short for: the rest of a copy that was cut off. */
    std::size_t missingFrames = 0;
};

/**
 * On the video's own clock, as openVideoFile() explains it. MP4 and QuickTime: reads boxes only, hours of video in
 * milliseconds. Any thread. Throws Error as openVideoFile() does.
 */
VideoInfo describeVideo(const std::filesystem::path &path, const CancelToken &cancel = {});

} // namespace kino
