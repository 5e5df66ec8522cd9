// What is wrong with a sensor's numbers: missing values, clipping, repeats; and what an accelerometer says at rest.
// A stream is given as one span per axis, all of one length. No function throws or keeps its input; any thread.
#pragma once

#include "core/base/cancel.h"
#include "core/base/time.h"

#include <cstddef>
#include <span>
#include <vector>

namespace kino {

/** One stream's axes side by side. */
using AxisSpans = std::span<const std::span<const float>>;

/** NaN left out of all but `nan`, and infinities counted as values; min, max and mean are NaN where there is no value. */
struct AxisStatistics {
    std::size_t nan = 0;
    double min = 0;
    double max = 0;
    double mean = 0;
};
AxisStatistics computeAxisStatistics(std::span<const float> values);

/**
 * sqrt(sum((x - mean)²) / n) over the n values that are numbers, as numpy's std: of what was measured, not an estimate for
 * more of it. `mean` is theirs (AxisStatistics::mean). NaN where there is no value. Throws Cancelled.
 */
double computeStandardDeviation(std::span<const float> values, double mean, const CancelToken &cancel = {});

/**
 * Marks, by true, the samples that are clipped on any axis: at the stream's greatest or least value over all axes in
 * three or more samples in a row of one axis, or at or beyond a known full scale (in the values' unit; 0 where it is
 * unknown). An axis that has one value only is not clipped but constant.
 */
std::vector<bool> findClippedSamples(AxisSpans axes, double fullScale);
std::size_t countClippedSamples(AxisSpans axes, double fullScale);

/** Rows equal in every axis to the row before, in runs of five and more such rows. A NaN equals nothing. */
std::size_t countRepeatedSamples(AxisSpans axes);

/**
 * Median magnitude over the quietest tenth (at least one) of one-second spans, in the values' unit. Quiet is the least
 * sum of the axes' variances. A span counts when it has at least half the samples that the median period promises and no
 * NaN; without such a span, or with other than three axes, the answer is NaN. `timesNs` ascends and is as long as the
 * axes.
 */
double computeMagnitudeAtRest(std::span<const Nanos> timesNs, AxisSpans axes, Nanos medianPeriodNs);

} // namespace kino
