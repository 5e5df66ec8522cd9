// What augmentations do to the places of a picture's pixels, [3, H, W], once everything random is drawn, and how it is
// drawn. Internal to core/learn/augment. Any thread.
#pragma once

#include "core/base/random.h"
#include "core/learn/augment/augmentation_chain.h"
#include "core/learn/augment/sample_shape.h"

#include <span>
#include <vector>

namespace kino {

enum class ShiftEdge { wrap, fill };

/**
 * Columns go `columns` to the right (to the left where negative); what leaves comes in again or leaves 0 behind. A whole width
 * is no shift. Uses `row`.
 */
void shiftColumns(std::span<float> picture, const SampleShape &shape, std::int64_t columns, ShiftEdge edge, std::vector<float> &row);

struct CropBox {
    std::int64_t top = 0;
    std::int64_t left = 0;
    std::int64_t height = 0;
    std::int64_t width = 0;
};

struct CropRange {
    /** Shares of the picture's area. */
    double leastArea = 0.2;
    double mostArea = 1;
    /** Widest shape of the box: its sides' ratio lies in 1 / widest ... widest, evenly in its logarithm. */
    double widest = 4.0 / 3;
};

/** As torchvision's RandomResizedCrop: ten tries, then the largest box in the middle that has an allowed shape. */
CropBox drawCrop(RandomStream &stream, const SampleShape &shape, const CropRange &range);
/**
 * The box, enlarged to the picture's own size: bilinear between centres of pixels, edges repeated (torch's interpolate
 * with align_corners false; enlarging needs no anti-aliasing).
 */
void resizeCrop(std::span<float> picture, const SampleShape &shape, const CropBox &box, AugmentationScratch &scratch);

inline constexpr std::size_t kMostBlurRadius = 64;
/** Pixels to either side that a blur looks at: 4 sigma, up to kMostBlurRadius. */
std::int64_t blurRadius(double sigma);
/**
 * A Gaussian blur, `sigma` in pixels: a true Gaussian cut off at blurRadius() and made to sum to 1, rows then columns, the
 * picture mirrored about its outermost pixels. (PIL approximates it by box blurs and repeats the edge.)
 */
void blurPicture(std::span<float> picture, const SampleShape &shape, double sigma, AugmentationScratch &scratch);

} // namespace kino
