#include "core/data/images/contact_sheet.h"

#include "core/media/image_io.h"

#include <algorithm>

namespace kino {

void writeContactSheet(const std::filesystem::path &path, const ImageSet &images)
{
    constexpr std::size_t kMostColumns = 8, kMostRows = 6, kGap = 4;
    const std::size_t count = std::min(images.size(), kMostColumns * kMostRows);
    const std::size_t columns = std::min(count, kMostColumns), rows = (count + kMostColumns - 1) / kMostColumns;
    const auto [width, height] = images.pictureSize();
    Image sheet;
    sheet.width = static_cast<int>(columns * (width + kGap) + kGap);
    sheet.height = static_cast<int>(rows * (height + kGap) + kGap);
    const auto stride = static_cast<std::size_t>(sheet.width);
    sheet.bgra.assign(stride * static_cast<std::size_t>(sheet.height) * 4, 255);
    for (std::size_t number = 0; number < count; ++number) {
        const std::span<const std::uint8_t> picture = images.picture(number);
        const std::size_t left = kGap + number % kMostColumns * (width + kGap), top = kGap + number / kMostColumns * (height + kGap);
        for (std::size_t y = 0; y < height; ++y) {
            for (std::size_t x = 0; x < width; ++x) {
                std::uint8_t *pixel = sheet.bgra.data() + ((top + y) * stride + left + x) * 4;
                for (std::size_t plane = 0; plane < 3; ++plane)
                    pixel[2 - plane] = picture[(plane * height + y) * width + x];
            }
        }
    }
    writePng(path, sheet);
}

} // namespace kino
