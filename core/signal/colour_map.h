// How power becomes colour when a spectrogram is painted: decibels, a range, one of 256 colours. Applied to stored power,
// so that another range or map repeats no transform. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace kino {

/** invertedGrey is the model's own table, invertedGreys(). */
enum class ColourMap { magma, viridis, cividis, grey, invertedGrey };

/** "magma", "viridis", "cividis", "grey", "inverted-grey"; throws Error naming the allowed ones. */
ColourMap colourMapFromName(std::string_view name);
std::string_view colourMapName(ColourMap map);

struct Rgb {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    friend bool operator==(const Rgb &, const Rgb &) = default;
};

/** From low to high; lightness never falls along a map. */
const std::array<Rgb, 256> &colourTable(ColourMap map);

/** The same as opaque 0xAARRGGBB, as a QImage of format ARGB32 or RGB32 takes them. */
const std::array<std::uint32_t, 256> &colourTableArgb(ColourMap map);

/** The levels that are painted in a map's first and last colour; lowDb < highDb. */
struct DecibelRange {
    float lowDb = -60;
    float highDb = 20;
    friend bool operator==(const DecibelRange &, const DecibelRange &) = default;
};

/**
 * out[i] = the colour index of power[i]: floor(256 · (10·log10(power) − low) / (high − low)), held to 0 … 255. Zero,
 * negative powers and NaN are 0. The logarithm is good to 0.001 dB. Spans have one length.
 */
void powerToColourIndex(std::span<const float> power, DecibelRange range, std::span<std::uint8_t> out);

/** Straight to pixels: table[index as above], but 0 (transparent) for NaN, so that what is missing looks missing. */
void powerToPixels(std::span<const float> power, DecibelRange range, const std::array<std::uint32_t, 256> &table,
                   std::span<std::uint32_t> out);

/**
 * A range that shows these powers: from the level below which a twentieth of the positive ones lie to that above which a
 * thousandth do, at least 20 dB and at most 100 dB apart. Looks at up to 65,536 of them, evenly chosen. The default range
 * where none is positive.
 */
DecibelRange suggestDecibelRange(std::span<const float> power);

} // namespace kino
