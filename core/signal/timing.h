// What a column of sample times says about itself: rate, jitter, gaps, repeats. Every number about time that the
// program shows or a model relies on comes from here.
#pragma once

#include "core/base/time.h"

#include <cstddef>
#include <span>
#include <vector>

namespace kino {

/** A hole between two neighbouring samples. */
struct TimeGap {
    Nanos fromNs = 0;
    Nanos toNs = 0;
    std::size_t sampleBefore = 0; // index of the last sample before the hole
    friend bool operator==(const TimeGap &, const TimeGap &) = default;
};

struct TimingSummary {
    std::size_t samples = 0;
    /** Intervals inside gap-free spans divided by those spans' total duration; 0 for fewer than two samples. */
    double rateHz = 0;
    /** Median of the positive steps. */
    Nanos medianPeriodNs = 0;
    /** Standard deviation of the steps outside gaps. */
    double jitterNs = 0;
    /** Steps longer than four median periods and than 100 ms. */
    std::vector<TimeGap> gaps;
    std::size_t duplicateTimes = 0;
    std::size_t backwardTimes = 0;
};

/** The step above which two neighbouring samples have a gap between them: four median periods and at least 100 ms. */
Nanos longestStepWithoutGap(Nanos medianPeriodNs);

/** Never throws; any order of times is allowed. */
TimingSummary summariseTiming(std::span<const Nanos> timesNs);

} // namespace kino
