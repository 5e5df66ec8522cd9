#include "core/learn/augment/picture_geometry.h"

#include "core/base/simd.h"

namespace kino {
namespace {

constexpr int kCropTries = 10;
constexpr double kBlurSigmas = 4;
constexpr std::size_t kWidestVector = 8;

/** out[i] = sum of weights[j] * (before[j][i] + after[j][i]), j from 1, and weights[0] * middle[i]. */
template <int W>
KINO_ALWAYS_INLINE void weighBody(const float *const *before, const float *const *after, const float *weights, std::size_t radius, float *out,
                                  std::size_t count)
{
    using Floats = typename simd::Vector<W>::Floats;
    for (std::size_t i = 0; i + W <= count; i += W) {
        Floats sum = weights[0] * *reinterpret_cast<const Floats *>(before[0] + i);
        for (std::size_t j = 1; j <= radius; ++j)
            sum += weights[j] * (*reinterpret_cast<const Floats *>(before[j] + i) + *reinterpret_cast<const Floats *>(after[j] + i));
        *reinterpret_cast<Floats *>(out + i) = sum;
    }
}

/** Into 0 ... size - 1, mirrored about both ends as often as it takes. */
std::int64_t mirrored(std::int64_t place, std::int64_t size)
{
    if (size == 1)
        return 0;
    const std::int64_t period = 2 * (size - 1);
    place = (place % period + period) % period;
    return place < size ? place : period - place;
}

/** Where pixel `at` of `to` lies among `from` of them: by centres, not before the first. */
double placeAmong(std::int64_t at, std::int64_t from, std::int64_t to)
{
    return std::max(0.0, (static_cast<double>(at) + 0.5) * static_cast<double>(from) / static_cast<double>(to) - 0.5);
}

} // namespace

/** `count` is a multiple of kWidestVector. Not in a header: seen by the test of variants only. */
KINO_SIMD_DISPATCH_EXACT(void, weighRows,
                         (const float *const *before, const float *const *after, const float *weights, std::size_t radius, float *out, std::size_t count),
                         weighBody, (before, after, weights, radius, out, count))

void shiftColumns(std::span<float> picture, const SampleShape &shape, std::int64_t columns, ShiftEdge edge, std::vector<float> &row)
{
    columns %= shape.length;
    if (columns == 0)
        return;
    const auto length = static_cast<std::size_t>(shape.length);
    const auto split = static_cast<std::size_t>(columns > 0 ? shape.length - columns : -columns); // what lies before it goes to the end
    row.resize(length);
    for (std::size_t start = 0; start + length <= picture.size(); start += length) {
        float *const values = picture.data() + start;
        float *const turned = std::copy(values + split, values + length, row.data());
        std::copy(values, values + split, turned);
        if (edge == ShiftEdge::fill)
            std::fill(columns > 0 ? row.data() : turned, columns > 0 ? turned : row.data() + length, 0.0f);
        std::ranges::copy(row, values);
    }
}

CropBox drawCrop(RandomStream &stream, const SampleShape &shape, const CropRange &range)
{
    const auto height = static_cast<double>(shape.height);
    const auto width = static_cast<double>(shape.length);
    const double logarithm = std::log(range.widest);
    for (int tried = 0; tried < kCropTries; ++tried) {
        const double area = height * width * stream.uniform(range.leastArea, range.mostArea);
        const double ratio = std::exp(stream.uniform(-logarithm, logarithm));
        // Halves to even, as in Python.
        const auto boxWidth = static_cast<std::int64_t>(std::nearbyint(std::sqrt(area * ratio)));
        const auto boxHeight = static_cast<std::int64_t>(std::nearbyint(std::sqrt(area / ratio)));
        if (boxWidth < 1 || boxWidth > shape.length || boxHeight < 1 || boxHeight > shape.height)
            continue;
        const auto top = static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(shape.height - boxHeight + 1)));
        const auto left = static_cast<std::int64_t>(stream.below(static_cast<std::uint64_t>(shape.length - boxWidth + 1)));
        return {top, left, boxHeight, boxWidth};
    }
    CropBox box{0, 0, shape.height, shape.length};
    if (width / height < 1 / range.widest)
        box.height = std::min(shape.height, static_cast<std::int64_t>(std::nearbyint(width * range.widest)));
    else if (width / height > range.widest)
        box.width = std::min(shape.length, static_cast<std::int64_t>(std::nearbyint(height * range.widest)));
    box.top = (shape.height - box.height) / 2;
    box.left = (shape.length - box.width) / 2;
    return box;
}

void resizeCrop(std::span<float> picture, const SampleShape &shape, const CropBox &box, AugmentationScratch &scratch)
{
    const auto length = static_cast<std::size_t>(shape.length);
    const auto width = static_cast<std::size_t>(box.width);
    const std::size_t plane = shape.planeSize();
    const std::size_t boxSize = static_cast<std::size_t>(box.height) * width;
    scratch.values.resize(boxSize + width + 1);
    scratch.places.resize(length);
    scratch.factors.resize(length);
    float *const old = scratch.values.data();
    float *const row = old + boxSize; // with its last value twice, so that every place has a next one
    for (std::size_t x = 0; x < length; ++x) {
        const double place = placeAmong(static_cast<std::int64_t>(x), box.width, shape.length);
        const std::int64_t first = std::min(static_cast<std::int64_t>(place), box.width - 1);
        scratch.places[x] = static_cast<std::int32_t>(first);
        scratch.factors[x] = static_cast<float>(place - static_cast<double>(first));
    }
    for (std::size_t start = 0; start + plane <= picture.size(); start += plane) {
        const float *const corner = picture.data() + start + static_cast<std::size_t>(box.top * shape.length + box.left);
        for (std::size_t y = 0; y < static_cast<std::size_t>(box.height); ++y)
            std::copy_n(corner + y * length, width, old + y * width);
        for (std::int64_t y = 0; y < shape.height; ++y) {
            const double place = placeAmong(y, box.height, shape.height);
            const std::int64_t first = std::min(static_cast<std::int64_t>(place), box.height - 1);
            const auto weight = static_cast<float>(place - static_cast<double>(first));
            const float *const above = old + static_cast<std::size_t>(first) * width;
            const float *const below = first + 1 < box.height ? above + width : above;
            for (std::size_t x = 0; x < width; ++x)
                row[x] = (1 - weight) * above[x] + weight * below[x];
            row[width] = row[width - 1];
            float *const out = picture.data() + start + static_cast<std::size_t>(y) * length;
            for (std::size_t x = 0; x < length; ++x) {
                const float *const left = row + scratch.places[x];
                out[x] = (1 - scratch.factors[x]) * left[0] + scratch.factors[x] * left[1];
            }
        }
    }
}

std::int64_t blurRadius(double sigma) { return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::ceil(kBlurSigmas * sigma)), 1, kMostBlurRadius); }

void blurPicture(std::span<float> picture, const SampleShape &shape, double sigma, AugmentationScratch &scratch)
{
    const auto radius = static_cast<std::size_t>(blurRadius(sigma));
    std::array<float, kMostBlurRadius + 1> weights{};
    double sum = 0;
    for (std::size_t j = 0; j <= radius; ++j) {
        const double weight = std::exp(-0.5 * static_cast<double>(j * j) / (sigma * sigma));
        sum += j == 0 ? weight : 2 * weight;
    }
    for (std::size_t j = 0; j <= radius; ++j)
        weights[j] = static_cast<float>(std::exp(-0.5 * static_cast<double>(j * j) / (sigma * sigma)) / sum);

    const auto length = static_cast<std::size_t>(shape.length);
    const std::size_t stride = (length + kWidestVector - 1) / kWidestVector * kWidestVector;
    const auto height = static_cast<std::size_t>(shape.height);
    scratch.values.assign(height * stride, 0.0f); // a plane whose rows are blurred, in whole vectors
    scratch.factors.assign(stride + 2 * radius, 0.0f);
    float *const blurred = scratch.values.data();
    float *const row = scratch.factors.data();
    std::array<const float *, kMostBlurRadius + 1> before{};
    std::array<const float *, kMostBlurRadius + 1> after{};
    const auto signedRadius = static_cast<std::int64_t>(radius);
    for (std::size_t start = 0; start + shape.planeSize() <= picture.size(); start += shape.planeSize()) {
        float *const plane = picture.data() + start;
        for (std::size_t j = 0; j <= radius; ++j) {
            before[j] = row + radius - j;
            after[j] = row + radius + j;
        }
        for (std::size_t y = 0; y < height; ++y) {
            const float *const values = plane + y * length;
            for (std::int64_t x = 1; x <= signedRadius; ++x) {
                row[signedRadius - x] = values[mirrored(-x, shape.length)];
                row[signedRadius + shape.length - 1 + x] = values[mirrored(shape.length - 1 + x, shape.length)];
            }
            std::copy_n(values, length, row + radius);
            weighRows(before.data(), after.data(), weights.data(), radius, blurred + y * stride, stride);
        }
        for (std::int64_t y = 0; y < shape.height; ++y) {
            for (std::int64_t j = 0; j <= signedRadius; ++j) {
                before[static_cast<std::size_t>(j)] = blurred + static_cast<std::size_t>(mirrored(y - j, shape.height)) * stride;
                after[static_cast<std::size_t>(j)] = blurred + static_cast<std::size_t>(mirrored(y + j, shape.height)) * stride;
            }
            weighRows(before.data(), after.data(), weights.data(), radius, row, stride);
            std::copy_n(row, length, plane + static_cast<std::size_t>(y) * length);
        }
    }
}

} // namespace kino
