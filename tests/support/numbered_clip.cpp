#include "tests/support/numbered_clip.h"

#include "core/base/random.h"

#include <algorithm>
#include <cmath>

namespace kino::test {
namespace {

constexpr int kColumns = 8;
constexpr int kRows = 4;
constexpr std::int64_t kTicksPerSecond = 90'000;

bool bitAt(std::uint32_t number, int column, int row)
{
    const bool bit = (number >> ((row % 2) * kColumns + column)) & 1u;
    return row < 2 ? bit : !bit;
}

Nanos roundedToTick(double seconds)
{
    // FFmpeg's own conversion back to nanoseconds rounds to nearest, halves away from zero, as llround does.
    const auto ticks = static_cast<long double>(std::llround(seconds * kTicksPerSecond));
    return static_cast<Nanos>(std::llroundl(ticks * 1e9L / kTicksPerSecond));
}

} // namespace

Image numberedImage(int width, int height, std::uint32_t number)
{
    Image image{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height * 4)};
    std::uint8_t *pixel = image.bgra.data();
    for (int y = 0; y < height; ++y) {
        const int row = y * kRows / height;
        const double inRow = static_cast<double>(y) * kRows / height - row;
        for (int x = 0; x < width; ++x, pixel += 4) {
            const int column = x * kColumns / width;
            const double inColumn = static_cast<double>(x) * kColumns / width - column;
            const bool inside = inRow > 0.2 && inRow < 0.8 && inColumn > 0.2 && inColumn < 0.8;
            if (inside) {
                const std::uint8_t level = bitAt(number, column, row) ? 235 : 20;
                pixel[0] = pixel[1] = pixel[2] = level;
            } else {
                const auto shift = static_cast<int>(number) * 3;
                pixel[0] = static_cast<std::uint8_t>(80 + ((x + shift) / 4 * 37 ^ y / 4 * 11) % 96);
                pixel[1] = static_cast<std::uint8_t>(80 + (x / 8 * 53 + (y + shift) / 8 * 29) % 96);
                pixel[2] = static_cast<std::uint8_t>(80 + ((x + y + shift) / 2) % 96);
            }
            pixel[3] = 255;
        }
    }
    return image;
}

std::optional<std::uint32_t> readNumber(const Image &image)
{
    if (image.width < 4 * kColumns || image.height < 4 * kRows)
        return std::nullopt;
    std::uint32_t number = 0;
    for (int row = 0; row < kRows; ++row) {
        for (int column = 0; column < kColumns; ++column) {
            const int centreX = (2 * column + 1) * image.width / (2 * kColumns);
            const int centreY = (2 * row + 1) * image.height / (2 * kRows);
            int sum = 0;
            for (int y = centreY - 1; y <= centreY + 1; ++y)
                for (int x = centreX - 1; x <= centreX + 1; ++x)
                    sum += image.bgra[(static_cast<std::size_t>(y) * image.width + x) * 4 + 1];
            const int mean = sum / 9;
            if (mean > 90 && mean < 165)
                return std::nullopt; // neither black nor white
            const bool white = mean >= 165;
            if (row < 2)
                number |= static_cast<std::uint32_t>(white) << (row * kColumns + column);
            else if (white == bitAt(number, column, row - 2))
                return std::nullopt;
        }
    }
    return number;
}

Image turned(const Image &image, int degreesClockwise)
{
    const int turns = ((degreesClockwise / 90) % 4 + 4) % 4;
    const bool swaps = turns % 2 == 1;
    Image result{swaps ? image.height : image.width, swaps ? image.width : image.height, {}};
    result.bgra.resize(image.bgra.size());
    for (int y = 0; y < image.height; ++y) {
        for (int x = 0; x < image.width; ++x) {
            int toX = x;
            int toY = y;
            for (int turn = 0, height = image.height, width = image.width; turn < turns; ++turn) {
                const int oldX = toX;
                toX = height - 1 - toY;
                toY = oldX;
                std::swap(width, height);
            }
            std::copy_n(&image.bgra[(static_cast<std::size_t>(y) * image.width + x) * 4], 4,
                        &result.bgra[(static_cast<std::size_t>(toY) * result.width + toX) * 4]);
        }
    }
    return result;
}

void writeNumberedClip(const std::filesystem::path &path, const VideoWriterOptions &options,
                       std::span<const Nanos> ptsNs)
{
    const bool sideways = options.rotationDegrees % 180 != 0;
    const int uprightWidth = sideways ? options.height : options.width;
    const int uprightHeight = sideways ? options.width : options.height;
    VideoWriter writer(path, options);
    for (std::size_t i = 0; i < ptsNs.size(); ++i) {
        const Image upright = numberedImage(uprightWidth, uprightHeight, static_cast<std::uint32_t>(i));
        writer.addFrame(turned(upright, -options.rotationDegrees), ptsNs[i]);
    }
    writer.finish();
}

std::vector<Nanos> constantRateTimes(std::size_t count, std::int64_t rateNumerator, std::int64_t rateDenominator,
                                     Nanos first)
{
    std::vector<Nanos> times(count);
    for (std::size_t i = 0; i < count; ++i)
        times[i] = roundedToTick(toSeconds(first)
                                 + static_cast<double>(i) * static_cast<double>(rateDenominator)
                                     / static_cast<double>(rateNumerator));
    return times;
}

std::vector<Nanos> variableRateTimes(std::size_t count, std::uint64_t seed, Nanos first)
{
    RandomStream random(seed);
    std::vector<Nanos> times(count);
    double seconds = toSeconds(first);
    for (std::size_t i = 0; i < count; ++i) {
        times[i] = roundedToTick(seconds);
        seconds += random.below(25) == 0 ? random.uniform(0.2, 0.5) : random.uniform(0.02, 0.08);
    }
    return times;
}

} // namespace kino::test
