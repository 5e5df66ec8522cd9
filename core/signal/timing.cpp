#include "core/signal/timing.h"

namespace kino {
namespace {

constexpr Nanos kShortestGapNs = 100 * kNanosPerMillisecond;
constexpr Nanos kGapPeriods = 4;

Nanos medianPositiveStep(std::span<const Nanos> timesNs)
{
    std::vector<Nanos> steps;
    steps.reserve(timesNs.size());
    for (std::size_t i = 1; i < timesNs.size(); ++i) {
        if (timesNs[i] > timesNs[i - 1])
            steps.push_back(timesNs[i] - timesNs[i - 1]);
    }
    if (steps.empty())
        return 0;
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    return *middle;
}

} // namespace

TimingSummary summariseTiming(std::span<const Nanos> timesNs)
{
    TimingSummary summary;
    summary.samples = timesNs.size();
    if (timesNs.size() < 2)
        return summary;

    summary.medianPeriodNs = medianPositiveStep(timesNs);
    const Nanos gapAbove = std::max(kShortestGapNs, kGapPeriods * summary.medianPeriodNs);
    std::size_t intervals = 0;
    double total = 0;
    double totalOfSquares = 0;
    for (std::size_t i = 1; i < timesNs.size(); ++i) {
        const Nanos step = timesNs[i] - timesNs[i - 1];
        if (step > gapAbove) {
            summary.gaps.push_back({timesNs[i - 1], timesNs[i], i - 1});
            continue;
        }
        summary.duplicateTimes += step == 0;
        summary.backwardTimes += step < 0;
        ++intervals;
        const auto period = static_cast<double>(step);
        total += period;
        totalOfSquares += period * period;
    }
    if (intervals > 0 && total > 0) {
        const double mean = total / static_cast<double>(intervals);
        summary.rateHz = 1e9 / mean;
        summary.jitterNs = std::sqrt(std::max(0.0, totalOfSquares / static_cast<double>(intervals) - mean * mean));
    }
    return summary;
}

} // namespace kino
