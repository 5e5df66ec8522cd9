// A clip of depth pictures (UTD-MHAD's `d_depth`) shown as video in grey.
#pragma once

#include "core/media/video_source.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace kino {

/** Depths that the grey scale covers, millimetres: the range of the Kinect that took the clips. */
inline constexpr int kDepthNearMm = 800;
inline constexpr int kDepthFarMm = 4000;

/**
 * Grey of one depth: 0 mm, no reading, is black; 800 mm and nearer is 255, falling linearly to 40 at 4000 mm and
 * farther. The scale is the same for every clip, so that pictures of different clips can be compared.
 */
std::uint8_t depthGrey(std::uint16_t depthMm);

/** Frames, height and width of array `d_depth`, [height, width, frames]. Throws Error where the file has none. */
struct DepthClipSize {
    std::size_t frames = 0;
    int height = 0;
    int width = 0;
};
DepthClipSize readDepthClipSize(const std::filesystem::path &matFile);

/**
 * Holds the whole clip in memory. `timesNs` has one ascending time per frame; the last frame is shown until `endNs`.
 * Throws Error where the file cannot be read or the counts differ.
 */
std::unique_ptr<VideoSource> openDepthClip(const std::filesystem::path &matFile, std::vector<Nanos> timesNs, Nanos endNs);

} // namespace kino
