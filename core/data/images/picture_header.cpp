#include "core/data/images/picture_header.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace kino {
namespace {

using Bytes = std::span<const std::byte>;

std::uint32_t bigEndian(Bytes bytes, std::size_t at, std::size_t count)
{
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value = value << 8 | std::to_integer<std::uint32_t>(bytes[at + i]);
    return value;
}

std::string_view textOf(Bytes bytes) { return {reinterpret_cast<const char *>(bytes.data()), bytes.size()}; }

std::optional<PictureHeader> pngHeader(Bytes file)
{
    constexpr std::size_t kHeaderEnd = 24;
    if (file.size() < kHeaderEnd || textOf(file).substr(12, 4) != "IHDR")
        return std::nullopt;
    return PictureHeader{bigEndian(file, 16, 4), bigEndian(file, 20, 4), textOf(file).rfind("IEND") != std::string_view::npos};
}

std::optional<PictureHeader> jpegHeader(Bytes file)
{
    PictureHeader header;
    std::size_t at = 2;
    while (at + 4 <= file.size() && std::to_integer<int>(file[at]) == 0xFF) {
        const auto marker = std::to_integer<int>(file[at + 1]);
        if (marker == 0xFF) { // padding
            ++at;
            continue;
        }
        const std::size_t length = bigEndian(file, at + 2, 2);
        const bool isFrame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (isFrame && at + 9 <= file.size()) {
            header.height = bigEndian(file, at + 5, 2);
            header.width = bigEndian(file, at + 7, 2);
        }
        // A thumbnail has an end of its own, but before the picture's samples begin.
        if (marker == 0xDA) {
            const std::size_t end = textOf(file).rfind("\xFF\xD9");
            header.isWhole = end != std::string_view::npos && end > at;
            break;
        }
        at += 2 + std::max<std::size_t>(2, length);
    }
    return header;
}

} // namespace

std::optional<PictureHeader> readPictureHeader(Bytes file)
{
    const std::string_view text = textOf(file);
    if (text.starts_with("\x89PNG\r\n\x1a\n"))
        return pngHeader(file);
    if (text.starts_with("\xFF\xD8\xFF"))
        return jpegHeader(file);
    return std::nullopt;
}

} // namespace kino
