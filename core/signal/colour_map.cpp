#include "core/signal/colour_map.h"

#include "core/base/error.h"
#include "core/base/simd.h"
#include "core/signal/spectrogram_image.h"
#include "core/signal/stft.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

namespace kino {
namespace {

// Control points of the published tables, evenly spaced from the first entry to the last, 0xRRGGBB: magma and viridis
// by van der Walt and Smith (matplotlib, CC0), every fifth of 256 entries; cividis by Nuñez, Anderton and Renslow (PLoS
// ONE 13(7), 2018), every third. Straight lines between them meet the published tables to one level of 255, cividis' to two.
constexpr std::array<std::uint32_t, 52> kMagma{
    0x000004, 0x02020b, 0x050416, 0x090720, 0x0e0b2b, 0x140e36, 0x1a1042, 0x21114e, 0x29115a, 0x311165, 0x390f6e,
    0x420f75, 0x4a1079, 0x52137c, 0x5a167e, 0x621980, 0x6a1c81, 0x721f81, 0x792282, 0x812581, 0x892881, 0x912b81,
    0x992d80, 0xa1307e, 0xaa337d, 0xb2357b, 0xba3878, 0xc23b75, 0xca3e72, 0xd2426f, 0xd9466b, 0xe04c67, 0xe75263,
    0xec5860, 0xf1605d, 0xf4695c, 0xf7725c, 0xf97b5d, 0xfb8560, 0xfc8e64, 0xfd9869, 0xfea16e, 0xfeaa74, 0xfeb47b,
    0xfebd82, 0xfec68a, 0xfecf92, 0xfed89a, 0xfde2a3, 0xfdebac, 0xfcf4b6, 0xfcfdbf};
constexpr std::array<std::uint32_t, 52> kViridis{
    0x440154, 0x46085c, 0x471063, 0x481769, 0x481d6f, 0x482475, 0x472a7a, 0x46307e, 0x453781, 0x433d84, 0x414287,
    0x3f4889, 0x3d4e8a, 0x3a538b, 0x38598c, 0x355e8d, 0x33638d, 0x31688e, 0x2e6d8e, 0x2c718e, 0x2a768e, 0x297b8e,
    0x27808e, 0x25848e, 0x23898e, 0x218e8d, 0x20928c, 0x1f978b, 0x1e9c89, 0x1fa188, 0x21a585, 0x24aa83, 0x28ae80,
    0x2eb37c, 0x35b779, 0x3dbc74, 0x46c06f, 0x50c46a, 0x5ac864, 0x65cb5e, 0x70cf57, 0x7cd250, 0x89d548, 0x95d840,
    0xa2da37, 0xb0dd2f, 0xbddf26, 0xcae11f, 0xd8e219, 0xe5e419, 0xf1e51d, 0xfde725};
constexpr std::array<std::uint32_t, 86> kCividis{
    0x00224e, 0x002553, 0x002758, 0x00295d, 0x002b62, 0x002d68, 0x002f6d, 0x003170, 0x053371, 0x0f3570, 0x163770,
    0x1c396f, 0x213b6e, 0x263d6e, 0x2a3f6d, 0x2e416d, 0x32436d, 0x35456c, 0x39486c, 0x3c4a6c, 0x3f4c6c, 0x424e6c,
    0x45506c, 0x48526c, 0x4b546c, 0x4e566c, 0x51586d, 0x545a6d, 0x565c6d, 0x595e6e, 0x5c616e, 0x5e636f, 0x61656f,
    0x646770, 0x666970, 0x696b71, 0x6c6d72, 0x6e6f73, 0x717274, 0x737475, 0x767676, 0x787877, 0x7b7a78, 0x7e7c78,
    0x807f78, 0x838179, 0x868379, 0x898578, 0x8c8878, 0x8f8a78, 0x928c78, 0x948e77, 0x979177, 0x9a9376, 0x9d9576,
    0xa09875, 0xa39a74, 0xa69c74, 0xa99f73, 0xaca172, 0xafa471, 0xb3a670, 0xb6a96f, 0xb9ab6d, 0xbcae6c, 0xbfb06b,
    0xc2b369, 0xc5b568, 0xc8b866, 0xccba64, 0xcfbd62, 0xd2c060, 0xd5c25e, 0xd9c55c, 0xdcc859, 0xdfca57, 0xe2cd54,
    0xe6d051, 0xe9d34e, 0xedd54a, 0xf0d846, 0xf3db42, 0xf7de3e, 0xfbe138, 0xfee434, 0xfee838};

constexpr std::array<std::pair<ColourMap, std::string_view>, 5> kMaps{{
    {ColourMap::magma, "magma"},
    {ColourMap::viridis, "viridis"},
    {ColourMap::cividis, "cividis"},
    {ColourMap::grey, "grey"},
    {ColourMap::invertedGrey, "inverted-grey"},
}};

constexpr float kLeastRangeDb = 20;
constexpr float kWidestRangeDb = 100;
constexpr std::size_t kMostLookedAt = 65536;

std::uint8_t between(std::uint32_t low, std::uint32_t high, int shift, double share)
{
    const double from = (low >> shift) & 0xff;
    const double to = (high >> shift) & 0xff;
    return static_cast<std::uint8_t>(std::lround(std::lerp(from, to, share)));
}

std::array<Rgb, 256> interpolated(std::span<const std::uint32_t> points)
{
    std::array<Rgb, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const double place = static_cast<double>(i * (points.size() - 1)) / 255;
        const std::size_t left = std::min(static_cast<std::size_t>(place), points.size() - 2);
        const double share = place - static_cast<double>(left);
        table[i] = {between(points[left], points[left + 1], 16, share), between(points[left], points[left + 1], 8, share),
                    between(points[left], points[left + 1], 0, share)};
    }
    return table;
}

std::array<Rgb, 256> makeTable(ColourMap map)
{
    std::array<Rgb, 256> table{};
    switch (map) {
    case ColourMap::magma: return interpolated(kMagma);
    case ColourMap::viridis: return interpolated(kViridis);
    case ColourMap::cividis: return interpolated(kCividis);
    case ColourMap::grey:
        for (std::size_t i = 0; i < table.size(); ++i)
            table[i] = {static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i)};
        break;
    case ColourMap::invertedGrey:
        for (std::size_t i = 0; i < table.size(); ++i)
            table[i] = {invertedGreys()[i], invertedGreys()[i], invertedGreys()[i]};
        break;
    }
    return table;
}

/** index = scale · log2(power) + shift. */
struct IndexLine {
    float scale = 0;
    float shift = 0;
};

IndexLine lineOf(DecibelRange range)
{
    const float width = std::max(range.highDb - range.lowDb, 1e-3f);
    const float decibelsPerOctave = 10 * std::log10(2.0f);
    return {256 * decibelsPerOctave / width, -256 * range.lowDb / width};
}

/**
 * 256 colour indices to the power of log2 by exponent and a polynomial for the mantissa: log2(m) = 2/ln 2 · artanh(s), s
 * = (m − 1) / (m + 1), with m in [1/√2, √2), four terms of the series: error below 2e-7. Powers below the smallest
 * normal number are under any range.
 */
template <int W>
KINO_ALWAYS_INLINE void indicesBody(const float *power, std::size_t count, float scale, float shift, int *out)
{
    using Floats = typename simd::Vector<W>::Floats;
    using Ints = typename simd::Vector<W>::Ints;
    constexpr float kTwoOverLn2 = 2.8853900817779268f;
    for (std::size_t i = 0; i < count; i += W) {
        const Floats value = *reinterpret_cast<const Floats *>(power + i);
        const Ints bits = (Ints)value;
        // The mantissa's middle is taken off, so that the exponent is that of the nearest power of two.
        const Ints exponent = (bits - 0x3f3504f3) >> 23;
        const Floats mantissa = (Floats)(bits - (exponent << 23));
        const Floats s = (mantissa - 1.0f) / (mantissa + 1.0f);
        const Floats square = s * s;
        const Floats series = 1.0f + square * (1.0f / 3 + square * (0.2f + square * (1.0f / 7)));
        const Floats log2 = __builtin_convertvector(exponent, Floats) + kTwoOverLn2 * s * series;
        Floats index = scale * log2 + shift;
        index = index > 255.0f ? Floats{} + 255.0f : index;
        // Written so that NaN, zero and negative powers end at 0.
        index = index > 0.0f ? index : Floats{};
        const Ints positive = value > 1.17549435e-38f;
        *reinterpret_cast<Ints *>(out + i) = __builtin_convertvector(index, Ints) & positive;
    }
}

} // namespace

KINO_SIMD_DISPATCH(void, computeColourIndices,
                   (const float *power, std::size_t count, float scale, float shift, int *out), indicesBody,
                   (power, count, scale, shift, out))

namespace {

/** Calls write(i, index) for every power. */
template <class Write>
void forEachIndex(std::span<const float> power, DecibelRange range, const Write &write)
{
    constexpr std::size_t kBlock = 256;
    const IndexLine line = lineOf(range);
    int indices[kBlock];
    float padded[kBlock];
    for (std::size_t begin = 0; begin < power.size(); begin += kBlock) {
        const std::size_t count = std::min(kBlock, power.size() - begin);
        const float *from = power.data() + begin;
        if (count < kBlock) {
            std::fill(std::copy_n(from, count, padded), padded + kBlock, 0.0f);
            from = padded;
        }
        computeColourIndices(from, kBlock, line.scale, line.shift, indices);
        for (std::size_t i = 0; i < count; ++i)
            write(begin + i, indices[i]);
    }
}

} // namespace

ColourMap colourMapFromName(std::string_view name)
{
    std::string allowed;
    for (const auto &[map, spelled] : kMaps) {
        if (spelled == name)
            return map;
        allowed += (allowed.empty() ? "" : ", ") + std::string(spelled);
    }
    throw Error("There is no colour map \"" + std::string(name) + "\"; choose one of " + allowed + ".");
}

std::string_view colourMapName(ColourMap map) { return kMaps[static_cast<std::size_t>(map)].second; }

const std::array<Rgb, 256> &colourTable(ColourMap map)
{
    static const std::array<std::array<Rgb, 256>, kMaps.size()> tables = [] {
        std::array<std::array<Rgb, 256>, kMaps.size()> made{};
        for (const auto &[each, name] : kMaps)
            made[static_cast<std::size_t>(each)] = makeTable(each);
        return made;
    }();
    return tables[static_cast<std::size_t>(map)];
}

const std::array<std::uint32_t, 256> &colourTableArgb(ColourMap map)
{
    static const std::array<std::array<std::uint32_t, 256>, kMaps.size()> tables = [] {
        std::array<std::array<std::uint32_t, 256>, kMaps.size()> made{};
        for (const auto &[each, name] : kMaps) {
            for (std::size_t i = 0; i < 256; ++i) {
                const Rgb colour = colourTable(each)[i];
                made[static_cast<std::size_t>(each)][i] = 0xff000000u | static_cast<std::uint32_t>(colour.red) << 16 |
                    static_cast<std::uint32_t>(colour.green) << 8 | colour.blue;
            }
        }
        return made;
    }();
    return tables[static_cast<std::size_t>(map)];
}

void powerToColourIndex(std::span<const float> power, DecibelRange range, std::span<std::uint8_t> out)
{
    forEachIndex(power, range, [&](std::size_t i, int index) { out[i] = static_cast<std::uint8_t>(index); });
}

void powerToPixels(std::span<const float> power, DecibelRange range, const std::array<std::uint32_t, 256> &table,
                   std::span<std::uint32_t> out)
{
    forEachIndex(power, range, [&](std::size_t i, int index) {
        out[i] = power[i] == power[i] ? table[static_cast<std::size_t>(index)] : 0;
    });
}

DecibelRange suggestDecibelRange(std::span<const float> power)
{
    std::vector<float> levels;
    const std::size_t looked = std::min(power.size(), kMostLookedAt);
    // Steps of the golden ratio: a fixed stride could meet the same frequency in every frame.
    double place = 0;
    for (std::size_t k = 0; k < looked; ++k) {
        const std::size_t i = looked == power.size() ? k : static_cast<std::size_t>(place * static_cast<double>(power.size()));
        place += std::numbers::phi - 1;
        place -= std::floor(place);
        if (power[i] > 0 && std::isfinite(power[i]))
            levels.push_back(power[i]);
    }
    if (levels.empty())
        return {};
    const auto levelAt = [&](double share) {
        const auto nth = levels.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(levels.size() - 1));
        std::nth_element(levels.begin(), nth, levels.end());
        return decibel(*nth);
    };
    const float high = std::ceil(levelAt(0.999));
    const float low = std::floor(levelAt(0.05));
    return {std::clamp(low, high - kWidestRangeDb, high - kLeastRangeDb), high};
}

} // namespace kino
