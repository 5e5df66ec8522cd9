// A picture in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kino {

/** 8-bit B, G, R, 255 a pixel, rows without padding: what a QImage of Format_RGB32 shows unchanged. */
struct Image {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> bgra;

    bool empty() const { return bgra.empty(); }
    std::size_t bytes() const { return bgra.size(); }
};

} // namespace kino
