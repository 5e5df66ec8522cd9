// The triaxial spectrogram image of IMG2IMU (arXiv 2209.00945), as its training-side pipeline makes it: the same
// function for the window, the command line and the model.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kino {

/** methods §1.2's own constants: symmetric Hann of 128, hop 12, in samples whatever the rate. */
inline constexpr std::size_t kModelWindowSamples = 128;
inline constexpr std::size_t kModelHopSamples = 12;
inline constexpr std::size_t kModelBins = kModelWindowSamples / 2 + 1;
/** The power below which a cell counts as this: min–max scaling needs a finite logarithm. */
inline constexpr double kModelPowerFloor = 1e-20;

/** uint8 [3, 65, frames]; rows from low to high frequency; x, y, z become red, green, blue. */
struct SpectrogramImage {
    std::size_t frames = 0;
    std::vector<std::uint8_t> cells;
    std::uint8_t at(std::size_t axis, std::size_t bin, std::size_t frame) const
    {
        return cells[(axis * kModelBins + bin) * frames + frame];
    }
};

/** One-sided PSD of one axis in double precision, [65, frames] row by bin, rate 64 (a constant that scaling removes). */
std::vector<double> modelPower(std::span<const double> samples);

/** The inverted ColorBrewer Greys table, 256 entries, of methods §1.2 step 8. */
const std::array<std::uint8_t, 256> &invertedGreys();

/**
 * dB, min–max over each axis' own map, inverted Greys. A flat axis gives zeros. Throws Error for axes of unequal length
 * or fewer than 128 samples.
 */
SpectrogramImage computeSpectrogramImage(std::span<const double> x, std::span<const double> y, std::span<const double> z);

} // namespace kino
