// The procedures behind procedural_images.h, one file each. Internal to images; any thread.
#pragma once

#include "core/base/random.h"
#include "core/data/images/image_set.h"

#include <array>
#include <nlohmann/json.hpp>

namespace kino::procedures {

using Planes = std::vector<std::uint8_t>; // [3, H, W]

/**
 * Opaque shapes that lie over one another until nothing is bare; radii by a power law (Lee, Mumford and Huang 2001; as a
 * source for pretraining Baradad et al. 2021).
 */
Planes deadLeaves(const nlohmann::json &options, PictureSize size, RandomStream random);

/**
 * Attractors of iterated function systems by the chaos game (Kataoka et al. 2020). Systems are drawn as of Anderson and Farrell
 * 2022: rotation, scaling by σ1 ≥ σ2, rotation, flips, with Σ(σ1 + 2σ2) between (5 + N)/2 and (6 + N)/2 for N maps, where
 * attractors are neither dust nor blobs.
 */
Planes fractal(const nlohmann::json &options, PictureSize size, RandomStream random);

/**
 * Tones that sweep, swing and stop, with harmonics, seen by three axes at once, over the noise of overlapping Hann windows, which
 * motion and knocks make louder; then decibels, each axis' own range and inverted Greys, as the model's picture of an IMU (methods §1.2).
 */
Planes chirps(const nlohmann::json &options, PictureSize size, RandomStream random);

/** Hue in turns, saturation and value 0 … 1; to red, green, blue 0 … 1. */
std::array<double, 3> fromHsv(double hue, double saturation, double value);
std::uint8_t toByte(double value);

} // namespace kino::procedures
