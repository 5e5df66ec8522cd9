// How large a JPEG or PNG says it is, and whether its end is there, before it is decoded. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace kino {

struct PictureHeader {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    /** Decoders fill what is missing of a file that was cut off with grey, and say nothing. */
    bool isWhole = false;
};

/** Nothing for what is neither. */
std::optional<PictureHeader> readPictureHeader(std::span<const std::byte> file);

} // namespace kino
