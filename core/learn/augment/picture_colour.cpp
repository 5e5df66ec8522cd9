#include "core/learn/augment/picture_colour.h"

#include "core/base/simd.h"

namespace kino {
namespace {

// Written so that what is not a number passes through.
float clampedToUnit(float value) { return std::min(std::max(value, 0.0f), 1.0f); }

float greyOf(const float *picture, std::size_t plane, std::size_t i)
{
    return kGreyWeights[0] * picture[i] + kGreyWeights[1] * picture[plane + i] + kGreyWeights[2] * picture[2 * plane + i];
}

template <int W>
KINO_ALWAYS_INLINE void hueBody(float *red, float *green, float *blue, std::size_t count, float sixths)
{
    using Floats = typename simd::Vector<W>::Floats;
    const Floats zero{};
    for (std::size_t i = 0; i + W <= count; i += W) {
        const Floats r = *reinterpret_cast<const Floats *>(red + i);
        const Floats g = *reinterpret_cast<const Floats *>(green + i);
        const Floats b = *reinterpret_cast<const Floats *>(blue + i);
        Floats most = r > g ? r : g;
        most = most > b ? most : b;
        Floats least = r < g ? r : g;
        least = least < b ? least : b;
        const Floats chroma = most - least;
        const Floats divisor = chroma == 0.0f ? zero + 1.0f : chroma;
        // Sixths of a turn: from -1 (magenta) to 5.
        Floats hue = most == r ? (g - b) / divisor : most == g ? 2.0f + (b - r) / divisor : 4.0f + (r - g) / divisor;
        hue += sixths;
        hue = hue < 0.0f ? hue + 6.0f : hue >= 6.0f ? hue - 6.0f : hue;
        float *const planes[3] = {red, green, blue};
        constexpr float kTurned[3] = {5, 3, 1};
        for (int channel = 0; channel < 3; ++channel) {
            Floats place = hue + kTurned[channel];
            place = place >= 6.0f ? place - 6.0f : place;
            Floats share = place < 4.0f - place ? place : 4.0f - place;
            share = share < 0.0f ? zero : share;
            share = share > 1.0f ? zero + 1.0f : share;
            *reinterpret_cast<Floats *>(planes[channel] + i) = most - chroma * share;
        }
    }
}

constexpr std::size_t kWidestVector = 8;

} // namespace

/** `count` is a multiple of kWidestVector. Not in a header: seen by the test of variants only. */
KINO_SIMD_DISPATCH_EXACT(void, turnHue, (float *red, float *green, float *blue, std::size_t count, float sixths), hueBody,
                         (red, green, blue, count, sixths))

void adjustBrightness(std::span<float> picture, float factor)
{
    for (float &value : picture)
        value = clampedToUnit(factor * value);
}

void adjustContrast(std::span<float> picture, float factor)
{
    const std::size_t plane = picture.size() / 3;
    double sum = 0;
    for (std::size_t i = 0; i < plane; ++i)
        sum += greyOf(picture.data(), plane, i);
    const float rest = (1 - factor) * static_cast<float>(sum / static_cast<double>(plane));
    for (float &value : picture)
        value = clampedToUnit(factor * value + rest);
}

void adjustSaturation(std::span<float> picture, float factor)
{
    const std::size_t plane = picture.size() / 3;
    for (std::size_t i = 0; i < plane; ++i) {
        const float rest = (1 - factor) * greyOf(picture.data(), plane, i);
        for (std::size_t at = i; at < picture.size(); at += plane)
            picture[at] = clampedToUnit(factor * picture[at] + rest);
    }
}

void adjustHue(std::span<float> picture, float shift)
{
    const std::size_t plane = picture.size() / 3;
    const std::size_t whole = plane - plane % kWidestVector;
    float *const red = picture.data();
    turnHue(red, red + plane, red + 2 * plane, whole, 6 * shift);
    if (whole == plane)
        return;
    std::array<float, 3 * kWidestVector> last{};
    for (std::size_t channel = 0; channel < 3; ++channel)
        std::copy(red + channel * plane + whole, red + (channel + 1) * plane, last.begin() + channel * kWidestVector);
    turnHue(last.data(), last.data() + kWidestVector, last.data() + 2 * kWidestVector, kWidestVector, 6 * shift);
    for (std::size_t channel = 0; channel < 3; ++channel)
        std::copy_n(last.begin() + channel * kWidestVector, plane - whole, red + channel * plane + whole);
}

void makeGrey(std::span<float> picture)
{
    const std::size_t plane = picture.size() / 3;
    for (std::size_t i = 0; i < plane; ++i)
        picture[i] = picture[plane + i] = picture[2 * plane + i] = greyOf(picture.data(), plane, i);
}

void mixChannels(std::span<float> picture, const Matrix3 &matrix)
{
    const std::size_t plane = picture.size() / 3;
    for (std::size_t i = 0; i < plane; ++i) {
        const float old[3] = {picture[i], picture[plane + i], picture[2 * plane + i]};
        for (std::size_t channel = 0; channel < 3; ++channel)
            picture[channel * plane + i] = clampedToUnit(matrix[channel][0] * old[0] + matrix[channel][1] * old[1] + matrix[channel][2] * old[2]);
    }
}

void clampToUnit(std::span<float> values)
{
    for (float &value : values)
        value = clampedToUnit(value);
}

Jitter drawJitter(RandomStream &stream, const JitterRange &range)
{
    using Step = Jitter::Step;
    Jitter jitter;
    jitter.order = {Step::brightness, Step::contrast, Step::saturation, Step::hue};
    stream.shuffle(std::span<Step>(jitter.order));
    const auto factor = [&stream](double around) { return static_cast<float>(stream.uniform(std::max(0.0, 1 - around), 1 + around)); };
    // Drawn whether used or not, so that one range changes no other's numbers.
    jitter.factors[static_cast<std::size_t>(Step::brightness)] = factor(range.brightness);
    jitter.factors[static_cast<std::size_t>(Step::contrast)] = factor(range.contrast);
    jitter.factors[static_cast<std::size_t>(Step::saturation)] = factor(range.saturation);
    jitter.factors[static_cast<std::size_t>(Step::hue)] = static_cast<float>(stream.uniform(-range.hue, range.hue));
    return jitter;
}

void applyJitter(std::span<float> picture, const Jitter &jitter)
{
    for (const Jitter::Step step : jitter.order) {
        const float factor = jitter.factors[static_cast<std::size_t>(step)];
        switch (step) {
        case Jitter::Step::brightness:
            if (factor != 1)
                adjustBrightness(picture, factor);
            break;
        case Jitter::Step::contrast:
            if (factor != 1)
                adjustContrast(picture, factor);
            break;
        case Jitter::Step::saturation:
            if (factor != 1)
                adjustSaturation(picture, factor);
            break;
        case Jitter::Step::hue:
            if (factor != 0)
                adjustHue(picture, factor);
            break;
        }
    }
}

} // namespace kino
