// The triaxial spectrogram image of IMG2IMU (arXiv 2209.00945), as its training-side pipeline makes it: the same
// function for the window, the command line and the model.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kino {

/** Width and height, in cells, of what the network sees. */
inline constexpr std::size_t kModelInputWidth = 128;
inline constexpr std::size_t kModelInputHeight = 96;

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

/**
 * One-sided PSD of one axis in double precision, [65, frames] row by bin, rate 64 (a constant that scaling removes).
 * No floor is applied. Fewer than 128 samples give an empty result. Any thread; the plan is estimated, not measured, so
 * that one machine always gives the same numbers.
 */
std::vector<double> modelPower(std::span<const double> samples);

/** The inverted ColorBrewer Greys table, 256 entries, of methods §1.2 step 8. */
const std::array<std::uint8_t, 256> &invertedGreys();

/**
 * dB, min–max over each axis' own map, inverted Greys. A flat axis gives zeros. Throws Error for axes of unequal length,
 * fewer than 128 samples, or a sample that is not a finite number: one would blank its axis' whole scale.
 */
SpectrogramImage computeSpectrogramImage(std::span<const double> x, std::span<const double> y, std::span<const double> z);

/** The picture as it is looked at: [65, frames, 3] bytes, red, green, blue of a cell together, low frequency at the bottom. */
std::vector<std::uint8_t> interleavedLowAtBottom(const SpectrogramImage &image);

/**
 * The network's picture before normalisation: uint8 [3, 96, 128], low frequency at the bottom (row 0 is bin 64), each
 * cell the nearest of the native 65 × frames map: column floor(X · frames / 128), row floor(Y · 65 / 96) from the top.
 * Empty for an image without frames.
 */
std::vector<std::uint8_t> resizeToModelInput(const SpectrogramImage &image);

/**
 * The network's input itself: float [3, 96, 128], the above divided by 255, less ImageNet's mean (0.485, 0.456, 0.406),
 * divided by its standard deviation (0.229, 0.224, 0.225) (methods §1.2 step 12).
 */
std::vector<float> computeModelInput(const SpectrogramImage &image);

} // namespace kino
