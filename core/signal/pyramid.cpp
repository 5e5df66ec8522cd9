#include "core/signal/pyramid.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kino {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
/** Before the first number: every comparison with it is won. */
constexpr MinMax kNothing{kInfinity, -kInfinity};

typedef float Four __attribute__((vector_size(16), aligned(4), may_alias));

// `value < least ? value : least` leaves `least` as it is when value is NaN; the other order would not.
inline void take(MinMax &bin, float low, float high)
{
    bin.min = low < bin.min ? low : bin.min;
    bin.max = high > bin.max ? high : bin.max;
}

inline MinMax finished(MinMax bin) { return bin.min > bin.max ? MinMax{kNan, kNan} : bin; }

MinMax scan(std::span<const float> samples)
{
    MinMax bin = kNothing;
    for (float sample : samples)
        take(bin, sample, sample);
    return bin;
}

MinMax scan(std::span<const MinMax> bins)
{
    MinMax whole = kNothing;
    for (const MinMax &bin : bins)
        take(whole, bin.min, bin.max);
    return whole;
}

/** Turns four rows of four into columns. */
inline void transpose(Four (&rows)[4])
{
    const Four a = __builtin_shufflevector(rows[0], rows[1], 0, 4, 1, 5);
    const Four b = __builtin_shufflevector(rows[0], rows[1], 2, 6, 3, 7);
    const Four c = __builtin_shufflevector(rows[2], rows[3], 0, 4, 1, 5);
    const Four d = __builtin_shufflevector(rows[2], rows[3], 2, 6, 3, 7);
    rows[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
    rows[1] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
    rows[2] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
    rows[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

/** Four bins from 64 samples. */
void scanFourBins(const float *samples, MinMax *bins)
{
    Four lows[4];
    Four highs[4];
    for (int bin = 0; bin < 4; ++bin) {
        Four low = Four{} + kInfinity;
        Four high = Four{} - kInfinity;
        for (int part = 0; part < 4; ++part) {
            const Four values = *reinterpret_cast<const Four *>(samples + 16 * bin + 4 * part);
            low = values < low ? values : low;
            high = values > high ? values : high;
        }
        lows[bin] = low;
        highs[bin] = high;
    }
    transpose(lows);
    transpose(highs);
    Four low = lows[0];
    Four high = highs[0];
    for (int part = 1; part < 4; ++part) {
        low = lows[part] < low ? lows[part] : low;
        high = highs[part] > high ? highs[part] : high;
    }
    const Four nan = Four{} + kNan;
    const auto empty = low > high;
    low = empty ? nan : low;
    high = empty ? nan : high;
    *reinterpret_cast<Four *>(bins) = __builtin_shufflevector(low, high, 0, 4, 1, 5);
    *reinterpret_cast<Four *>(bins + 2) = __builtin_shufflevector(low, high, 2, 6, 3, 7);
}

std::vector<MinMax> firstLevel(std::span<const float> samples)
{
    constexpr std::size_t kBase = MinMaxPyramid::kBaseSamples;
    std::vector<MinMax> bins((samples.size() + kBase - 1) / kBase);
    std::size_t bin = 0;
    for (; (bin + 4) * kBase <= samples.size(); bin += 4)
        scanFourBins(samples.data() + bin * kBase, bins.data() + bin);
    for (; bin < bins.size(); ++bin) {
        const std::size_t from = bin * kBase;
        bins[bin] = finished(scan(samples.subspan(from, std::min(kBase, samples.size() - from))));
    }
    return bins;
}

std::vector<MinMax> nextLevel(std::span<const MinMax> below)
{
    constexpr std::size_t kFactor = MinMaxPyramid::kFactor;
    std::vector<MinMax> bins((below.size() + kFactor - 1) / kFactor);
    for (std::size_t bin = 0; bin < bins.size(); ++bin) {
        const std::size_t from = bin * kFactor;
        bins[bin] = finished(scan(below.subspan(from, std::min(kFactor, below.size() - from))));
    }
    return bins;
}

} // namespace

MinMaxPyramid::MinMaxPyramid(std::span<const float> samples) : m_samples(samples.size())
{
    if (samples.empty())
        return;
    auto levels = std::make_shared<std::vector<std::vector<MinMax>>>();
    levels->push_back(firstLevel(samples));
    while (levels->back().size() > 1)
        levels->push_back(nextLevel(levels->back()));
    m_levels = std::move(levels);
}

MinMax MinMaxPyramid::range(std::span<const float> samples, std::size_t begin, std::size_t end) const
{
    end = std::min({end, samples.size(), m_samples});
    if (begin >= end)
        return {kNan, kNan};

    MinMax found = kNothing;
    const auto add = [&](MinMax part) { take(found, part.min, part.max); };
    // Bins [first, last) lie wholly inside; the samples beside them are read themselves. The series' last bin may be
    // short and still lies wholly inside a range that reaches the series' end.
    std::size_t first = (begin + kBaseSamples - 1) / kBaseSamples;
    std::size_t last = end == m_samples ? level(0).size() : end / kBaseSamples;
    if (first >= last) {
        add(scan(samples.subspan(begin, end - begin)));
        return finished(found);
    }
    add(scan(samples.subspan(begin, first * kBaseSamples - begin)));
    if (end > last * kBaseSamples)
        add(scan(samples.subspan(last * kBaseSamples, end - last * kBaseSamples)));

    for (std::size_t index = 0;; ++index) {
        const std::span<const MinMax> bins = level(index);
        const std::size_t firstAbove = (first + kFactor - 1) / kFactor;
        const std::size_t lastAbove = last == bins.size() ? (last + kFactor - 1) / kFactor : last / kFactor;
        if (index + 1 == m_levels->size() || firstAbove >= lastAbove) {
            add(scan(bins.subspan(first, last - first)));
            return finished(found);
        }
        add(scan(bins.subspan(first, firstAbove * kFactor - first)));
        if (last > lastAbove * kFactor)
            add(scan(bins.subspan(lastAbove * kFactor, last - lastAbove * kFactor)));
        first = firstAbove;
        last = lastAbove;
    }
}

void MinMaxPyramid::columns(std::span<const float> samples, std::span<const std::size_t> edges,
                            std::span<MinMax> out) const
{
    for (std::size_t column = 0; column < out.size() && column + 1 < edges.size(); ++column)
        out[column] = range(samples, edges[column], edges[column + 1]);
}

} // namespace kino
