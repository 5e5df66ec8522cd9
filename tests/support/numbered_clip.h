// Clips whose frames carry their own number as black and white blocks, so that a test can tell which frame it was given.
#pragma once

#include "core/media/image.h"
#include "core/media/video_writer.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

namespace kino::test {

/**
 * The picture of frame `number` (0 to 65535): 8 x 4 blocks, two rows of bits and two of their complements, over a
 * texture that moves with the number. The texture keeps an encoder busy as a camera's picture would.
 */
Image numberedImage(int width, int height, std::uint32_t number);

/** The number in an upright picture of any size from 32 x 16 pixels; nothing where bits and complements disagree. */
std::optional<std::uint32_t> readNumber(const Image &image);

/** Turned clockwise by 0, 90, 180 or 270 degrees. */
Image turned(const Image &image, int degreesClockwise);

/**
 * Writes frame i, numbered i, at ptsNs[i]. With options.rotationDegrees the stored pictures are turned back, so that
 * a player that minds the flag shows them upright (options.width and height are those of the stored picture).
 */
void writeNumberedClip(const std::filesystem::path &path, const VideoWriterOptions &options,
                       std::span<const Nanos> ptsNs);

/** count times from `first` on at `rateNumerator / rateDenominator` frames a second, rounded to ticks of 1/90000 s. */
std::vector<Nanos> constantRateTimes(std::size_t count, std::int64_t rateNumerator, std::int64_t rateDenominator,
                                     Nanos first = 0);
/** Steps of 20 to 80 ms as a phone makes them, and now and then a long one; rounded to ticks of 1/90000 s. */
std::vector<Nanos> variableRateTimes(std::size_t count, std::uint64_t seed, Nanos first = 0);

} // namespace kino::test
