// Numbered clips in codecs and containers that Kinoscope reads and does not write: HEVC, MPEG-TS, AVI, pixels of another shape.
#pragma once

#include "core/base/time.h"

#include <array>
#include <filesystem>
#include <span>
#include <string>

namespace kino::test {

struct LibavClipOptions {
    std::string encoder = "libx264";
    int width = 128;
    int height = 80;
    int gop = 30;
    int bFrames = 0;
    /** Width to height of a pixel. */
    std::array<int, 2> pixelShape = {1, 1};
};

bool hasEncoder(const std::string &name);

/** Frame i, numbered i, at ptsNs[i], rounded to 1/90000 s; the container follows from the path's ending. */
void writeLibavClip(const std::filesystem::path &path, const LibavClipOptions &options, std::span<const Nanos> ptsNs);

} // namespace kino::test
