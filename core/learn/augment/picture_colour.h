// What augmentations do to the colours of a picture [3, H, W], values 0 to 1, once everything random is drawn. The
// formulas are torchvision's for float tensors; results are clamped to 0 to 1 as there. Internal to core/learn/augment.
// Any thread.
#pragma once

#include "core/base/random.h"
#include "core/learn/augment/signal_kernels.h"

#include <array>
#include <span>

namespace kino {

/** Weights of red, green and blue in a grey value. */
inline constexpr std::array<float, 3> kGreyWeights = {0.2989f, 0.587f, 0.114f};

/** Times `factor`. */
void adjustBrightness(std::span<float> picture, float factor);
/** Away from (factor > 1) or towards (< 1) the mean of the picture's grey values. */
void adjustContrast(std::span<float> picture, float factor);
/** Away from or towards each pixel's grey value; 0 makes it grey. */
void adjustSaturation(std::span<float> picture, float factor);
/** Turns the hue of the HSV model by `shift` turns, -0.5 to 0.5; value and saturation stay. */
void adjustHue(std::span<float> picture, float shift);
/** All three channels become the grey value. */
void makeGrey(std::span<float> picture);
/** Channel i becomes the sum over j of matrix[i][j] times channel j. */
void mixChannels(std::span<float> picture, const Matrix3 &matrix);
void clampToUnit(std::span<float> values);

struct JitterRange {
    /** Factors lie in max(0, 1 - range) ... 1 + range; of the hue the shift in +-range. */
    double brightness = 0;
    double contrast = 0;
    double saturation = 0;
    double hue = 0;
};

struct Jitter {
    enum class Step { brightness, contrast, saturation, hue };
    std::array<Step, 4> order{};
    std::array<float, 4> factors{1, 1, 1, 0}; // by Step
};

/** As torchvision's ColorJitter: factors uniform, the four steps in random order. */
Jitter drawJitter(RandomStream &stream, const JitterRange &range);
/** A step whose factor changes nothing is left out. */
void applyJitter(std::span<float> picture, const Jitter &jitter);

} // namespace kino
