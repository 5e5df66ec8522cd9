// The shape of one sample that is augmented: a signal or a picture. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace kino {

/**
 * Values are float32 in C order: channels, rows, columns. A signal has one row a channel, [C, T], in SI units as it was
 * measured, before any normalisation. A picture has three channels (for spectrograms: the axes x, y, z) and more than one
 * row, [3, H, W], values 0 to 1 before ImageNet's statistics; row 0 is the top, low frequency at the bottom.
 */
struct SampleShape {
    std::int64_t channels = 0;
    std::int64_t height = 1;
    std::int64_t length = 0;

    bool isPicture() const { return height > 1; }
    /** Values of one channel, and of all. */
    std::size_t planeSize() const { return static_cast<std::size_t>(height) * static_cast<std::size_t>(length); }
    std::size_t size() const { return static_cast<std::size_t>(channels) * planeSize(); }
    friend bool operator==(const SampleShape &, const SampleShape &) = default;
};

} // namespace kino
