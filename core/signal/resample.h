// From samples as they came to samples on an even grid: what windows, models and spectrograms are made of. Even series
// go through a polyphase filter, uneven ones are interpolated; a gap stays a gap. Any thread.
#pragma once

#include "core/base/cancel.h"
#include "core/base/time.h"
#include "core/signal/quality.h"

#include <cstddef>
#include <span>
#include <vector>

namespace kino {

/** Instants startNs + i / rateHz, i = 0 … samples − 1. */
struct SampleGrid {
    Nanos startNs = 0;
    double rateHz = 0;
    std::size_t samples = 0;
    /** Rounded to the nanosecond; no error adds up. */
    Nanos timeNs(std::size_t index) const;
    friend bool operator==(const SampleGrid &, const SampleGrid &) = default;
};

/** round(seconds · rateHz) samples from startNs. Throws Error for a negative length or a rate that is not above zero. */
SampleGrid gridFrom(Nanos startNs, double seconds, double rateHz);

/**
 * From the first time to the last. Throws Error when that would be out of all proportion to the samples there are (over
 * ten million and a thousand times as many), as one wrong time in a file can make it.
 */
SampleGrid gridOver(std::span<const Nanos> timesNs, double rateHz);

struct ResampleOptions {
    /** Up to which part of half the lower rate the signal is kept as it is. */
    double passBand = 0.9;
    CancelToken cancel;
};

/** How many of the grid's values (all axes together) came about in which way. */
struct ResampleAccount {
    /** Taken over: the series was even and already on the grid, to a thousandth of a sample. */
    std::size_t copied = 0;
    std::size_t polyphase = 0;
    std::size_t interpolated = 0;
    /** NaN: in a gap, or before or after all samples. */
    std::size_t missing = 0;
    /** Samples that shared their time with the one before and were averaged with it. */
    std::size_t averagedDuplicates = 0;
    friend bool operator==(const ResampleAccount &, const ResampleAccount &) = default;
};

struct ResampledAxes {
    SampleGrid grid;
    /** One per axis, grid.samples long. */
    std::vector<std::vector<float>> axes;
    ResampleAccount account;
};

/**
 * Samples at `timesNs` (ascending; equal times are averaged) onto the grid, axis by axis. Steps longer than
 * longestStepWithoutGap() and every NaN or infinity are gaps: grid points between a gap's neighbours are NaN, and so are
 * points before the first and after the last sample. Between gaps,
 *  - a part is even when no time lies further than 5 % of the period, or than the half step to which the file rounded its
 *    times, from a straight line: it is resampled by PolyphaseResampler at the rate and phase of that line;
 *  - any other part is interpolated: a cubic through each pair of neighbours, its slopes from three and limited where the
 *    steps differ much (interpolation.h). Where the grid is coarser than the part's mean rate, the part is interpolated onto a
 *    whole multiple of the grid's rate first and lowered from there by the same filter.
 * Throws Error when times descend or lengths differ; Cancelled.
 */
ResampledAxes resampleOnto(const SampleGrid &grid, std::span<const Nanos> timesNs, AxisSpans axes,
                           const ResampleOptions &options = {});

/**
 * An even series without times: round(samples · newRateHz / rateHz) values, the first at the first sample's instant.
 * NaN and infinities are gaps as above.
 */
std::vector<float> resampleEven(std::span<const float> samples, double rateHz, double newRateHz,
                                const ResampleOptions &options = {});

} // namespace kino
