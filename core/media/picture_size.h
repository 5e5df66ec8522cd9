// The one rule by which pictures are made to fit a size.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>

namespace kino {

/** The largest size of the same shape within the limits and not above the original; 0 limits nothing. At least 1 x 1. */
inline std::array<int, 2> fittedSize(int width, int height, int maxWidth, int maxHeight)
{
    double scale = 1;
    if (maxWidth > 0)
        scale = std::min(scale, static_cast<double>(maxWidth) / width);
    if (maxHeight > 0)
        scale = std::min(scale, static_cast<double>(maxHeight) / height);
    const auto scaled = [scale](int length) { return std::max(1, static_cast<int>(std::lround(length * scale))); };
    return {scaled(width), scaled(height)};
}

} // namespace kino
