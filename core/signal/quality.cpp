#include "core/signal/quality.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kino {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kClippedRun = 3;
constexpr std::size_t kRepeatedRun = 5;
constexpr Nanos kRestSpanNs = kNanosPerSecond;
constexpr std::size_t kQuietestShare = 10;
/** A full scale in float may come out a rounding below the one a format states. */
constexpr double kFullScaleRounding = 1e-6;

struct Extremes {
    float least = std::numeric_limits<float>::infinity();
    float greatest = -std::numeric_limits<float>::infinity();
};

Extremes extremesOf(AxisSpans axes)
{
    Extremes found;
    for (const std::span<const float> axis : axes) {
        for (float value : axis) {
            found.least = value < found.least ? value : found.least;
            found.greatest = value > found.greatest ? value : found.greatest;
        }
    }
    return found;
}

/** A quaternion that never turns, an axis that is not connected: at an extreme all the time, yet at no limit. */
bool isConstant(std::span<const float> axis)
{
    const std::span<const float> single[] = {axis};
    const Extremes extremes = extremesOf(single);
    return !(extremes.least < extremes.greatest);
}

/** Calls mark(begin, end) for every run of at least `shortest` samples of this value. */
template <class Mark>
void findRuns(std::span<const float> axis, float value, std::size_t shortest, const Mark &mark)
{
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= axis.size(); ++i) {
        if (i < axis.size() && axis[i] == value)
            continue;
        if (i - begin >= shortest)
            mark(begin, i);
        begin = i + 1;
    }
}

template <class Mark>
void findClippedRuns(AxisSpans axes, double fullScale, const Mark &mark)
{
    const Extremes extremes = extremesOf(axes);
    for (const std::span<const float> axis : axes) {
        if (isConstant(axis))
            continue;
        findRuns(axis, extremes.greatest, kClippedRun, mark);
        findRuns(axis, extremes.least, kClippedRun, mark);
    }
    const auto limit = static_cast<float>(fullScale * (1 - kFullScaleRounding));
    const bool reached = extremes.greatest >= limit || -extremes.least >= limit;
    if (!(fullScale > 0) || !reached)
        return;
    for (const std::span<const float> axis : axes) {
        for (std::size_t i = 0; i < axis.size(); ++i) {
            if (std::abs(axis[i]) >= limit)
                mark(i, i + 1);
        }
    }
}

struct RestSpan {
    std::size_t begin = 0;
    std::size_t end = 0;
    double variance = 0;
};

/** Sum over the axes of their variances in samples [begin, end); NaN when one is missing. */
double varianceOf(AxisSpans axes, std::size_t begin, std::size_t end)
{
    const auto count = static_cast<double>(end - begin);
    double total = 0;
    for (const std::span<const float> axis : axes) {
        // Counted from the first sample, so that gravity does not swallow a small variance.
        const double origin = axis[begin];
        double sum = 0;
        double squares = 0;
        for (std::size_t i = begin; i < end; ++i) {
            const double over = axis[i] - origin;
            sum += over;
            squares += over * over;
        }
        total += squares / count - sum / count * (sum / count);
    }
    return total;
}

std::vector<RestSpan> restSpans(std::span<const Nanos> timesNs, AxisSpans axes, std::size_t fewestSamples)
{
    std::vector<RestSpan> spans;
    std::size_t begin = 0;
    while (begin < timesNs.size()) {
        std::size_t end = begin + 1;
        // Unsigned, because garbage times may lie further apart than an int64 can say.
        while (end < timesNs.size() &&
               static_cast<std::uint64_t>(timesNs[end]) - static_cast<std::uint64_t>(timesNs[begin]) <
                   static_cast<std::uint64_t>(kRestSpanNs))
            ++end;
        if (end - begin >= fewestSamples) {
            const double variance = varianceOf(axes, begin, end);
            if (std::isfinite(variance))
                spans.push_back({begin, end, variance});
        }
        begin = end;
    }
    return spans;
}

} // namespace

AxisStatistics computeAxisStatistics(std::span<const float> values)
{
    AxisStatistics statistics;
    const std::span<const float> single[] = {values};
    const Extremes extremes = extremesOf(single);
    double sum = 0;
    std::size_t count = 0;
    // Four sums at once: one alone would wait for each addition. NaN adds nothing.
    double sums[4] = {};
    std::size_t counts[4] = {};
    std::size_t i = 0;
    for (; i + 4 <= values.size(); i += 4) {
        for (std::size_t lane = 0; lane < 4; ++lane) {
            const double value = values[i + lane];
            const bool isNumber = value == value;
            sums[lane] += isNumber ? value : 0.0;
            counts[lane] += isNumber;
        }
    }
    for (; i < values.size(); ++i) {
        const double value = values[i];
        if (value == value) {
            sum += value;
            ++count;
        }
    }
    for (std::size_t lane = 0; lane < 4; ++lane) {
        sum += sums[lane];
        count += counts[lane];
    }
    statistics.nan = values.size() - count;
    statistics.min = count ? static_cast<double>(extremes.least) : kNan;
    statistics.max = count ? static_cast<double>(extremes.greatest) : kNan;
    statistics.mean = count ? sum / static_cast<double>(count) : kNan;
    return statistics;
}

double computeStandardDeviation(std::span<const float> values, double mean, const CancelToken &cancel)
{
    constexpr std::size_t kCancelEvery = 1 << 20;
    double squares = 0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (i % kCancelEvery == 0)
            cancel.throwIfCancelled();
        const double value = values[i];
        if (value == value) {
            squares += (value - mean) * (value - mean);
            ++count;
        }
    }
    return count ? std::sqrt(squares / static_cast<double>(count)) : kNan;
}

std::vector<bool> findClippedSamples(AxisSpans axes, double fullScale)
{
    std::vector<bool> clipped(axes.empty() ? 0 : axes[0].size());
    findClippedRuns(axes, fullScale, [&](std::size_t begin, std::size_t end) {
        std::fill(clipped.begin() + static_cast<std::ptrdiff_t>(begin), clipped.begin() + static_cast<std::ptrdiff_t>(end),
                  true);
    });
    return clipped;
}

std::size_t countClippedSamples(AxisSpans axes, double fullScale)
{
    bool any = false;
    findClippedRuns(axes, fullScale, [&](std::size_t, std::size_t) { any = true; });
    if (!any)
        return 0;
    const std::vector<bool> clipped = findClippedSamples(axes, fullScale);
    return static_cast<std::size_t>(std::count(clipped.begin(), clipped.end(), true));
}

std::size_t countRepeatedSamples(AxisSpans axes)
{
    if (axes.empty())
        return 0;
    const auto repeats = [&](std::size_t row) {
        return std::all_of(axes.begin(), axes.end(),
                           [row](std::span<const float> axis) { return axis[row] == axis[row - 1]; });
    };
    std::size_t counted = 0;
    std::size_t run = 0;
    for (std::size_t row = 1; row <= axes[0].size(); ++row) {
        if (row < axes[0].size() && repeats(row)) {
            ++run;
            continue;
        }
        if (run >= kRepeatedRun)
            counted += run;
        run = 0;
    }
    return counted;
}

double computeMagnitudeAtRest(std::span<const Nanos> timesNs, AxisSpans axes, Nanos medianPeriodNs)
{
    if (axes.size() != 3 || medianPeriodNs <= 0 || medianPeriodNs > kRestSpanNs / 2)
        return kNan;
    const auto promised = static_cast<std::size_t>(kRestSpanNs / medianPeriodNs);
    std::vector<RestSpan> spans = restSpans(timesNs, axes, std::max(promised / 2, std::size_t{2}));
    if (spans.empty())
        return kNan;

    const std::size_t quiet = std::max(spans.size() / kQuietestShare, std::size_t{1});
    std::nth_element(spans.begin(), spans.begin() + static_cast<std::ptrdiff_t>(quiet - 1), spans.end(),
                     [](const RestSpan &a, const RestSpan &b) { return a.variance < b.variance; });
    std::vector<double> magnitudes;
    for (const RestSpan &span : std::span(spans).first(quiet)) {
        for (std::size_t i = span.begin; i < span.end; ++i)
            magnitudes.push_back(std::hypot(double{axes[0][i]}, double{axes[1][i]}, double{axes[2][i]}));
    }
    const auto middle = magnitudes.begin() + static_cast<std::ptrdiff_t>(magnitudes.size() / 2);
    std::nth_element(magnitudes.begin(), middle, magnitudes.end());
    return *middle;
}

} // namespace kino
