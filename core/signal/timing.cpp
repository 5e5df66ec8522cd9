#include "core/signal/timing.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace kino {
namespace {

constexpr Nanos kShortestGapNs = 100 * kNanosPerMillisecond;
constexpr Nanos kGapPeriods = 4;
constexpr Nanos kLongest = std::numeric_limits<Nanos>::max();

/** later − earlier; times that no int64 can hold apart, as garbage in a file gives, count as the longest step. */
Nanos stepBetween(Nanos earlier, Nanos later)
{
    Nanos step = 0;
    if (__builtin_sub_overflow(later, earlier, &step))
        return later > earlier ? kLongest : -kLongest;
    return step;
}

Nanos medianPositiveStep(std::span<const Nanos> timesNs)
{
    std::vector<Nanos> steps;
    steps.reserve(timesNs.size());
    for (std::size_t i = 1; i < timesNs.size(); ++i) {
        if (timesNs[i] > timesNs[i - 1])
            steps.push_back(stepBetween(timesNs[i - 1], timesNs[i]));
    }
    if (steps.empty())
        return 0;
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    if (steps.size() % 2 == 1)
        return *middle;
    // Their sum may not fit where a file's times are garbage.
    return std::midpoint(*std::max_element(steps.begin(), middle), *middle);
}

} // namespace

Nanos longestStepWithoutGap(Nanos medianPeriodNs)
{
    return medianPeriodNs > kLongest / kGapPeriods ? kLongest : std::max(kShortestGapNs, kGapPeriods * medianPeriodNs);
}

TimingSummary summariseTiming(std::span<const Nanos> timesNs)
{
    TimingSummary summary;
    summary.samples = timesNs.size();
    if (timesNs.size() < 2)
        return summary;

    summary.medianPeriodNs = medianPositiveStep(timesNs);
    const Nanos gapAbove = longestStepWithoutGap(summary.medianPeriodNs);
    std::size_t intervals = 0;
    // Steps are summed as what they are over the median: their squares would otherwise swallow a small jitter.
    const double median = static_cast<double>(summary.medianPeriodNs);
    double total = 0;
    double totalOfSquares = 0;
    for (std::size_t i = 1; i < timesNs.size(); ++i) {
        const Nanos step = stepBetween(timesNs[i - 1], timesNs[i]);
        if (step > gapAbove) {
            summary.gaps.push_back({timesNs[i - 1], timesNs[i], i - 1});
            continue;
        }
        summary.duplicateTimes += step == 0;
        summary.backwardTimes += step < 0;
        ++intervals;
        const double over = static_cast<double>(step) - median;
        total += over;
        totalOfSquares += over * over;
    }
    if (intervals == 0)
        return summary;
    const auto count = static_cast<double>(intervals);
    const double duration = total + count * median;
    if (duration > 0) {
        summary.rateHz = 1e9 * count / duration;
        summary.jitterNs = std::sqrt(std::max(0.0, totalOfSquares / count - total / count * (total / count)));
    }
    return summary;
}

} // namespace kino
