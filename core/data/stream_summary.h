// The numbers that `kino inspect`, the library and the quality panel show of one stream: computed here only.
#pragma once

#include "core/data/stream.h"
#include "core/signal/timing.h"

#include <vector>

namespace kino {

struct StreamSummary {
    TimingSummary timing; // on the device's own clock; rateHz 0 is "unknown" wherever it is shown or written
    std::size_t nanValues = 0;
    /**
     * Samples at the stream's extreme value in three or more rows in a row, or at a known full scale, on any axis; 0 for
     * kinds that cannot clip (streamKindCanClip).
     */
    std::size_t clippedSamples = 0;
    /** Rows equal in every axis to the row before, in runs of five and more. */
    std::size_t repeatedSamples = 0;
    /** Per axis, NaN left out. */
    std::vector<double> min, max, mean, first, last;
    /** Median magnitude over the quietest tenth of one-second spans; accelerometers and three axes only, else NaN. */
    double magnitudeAtRest = 0;
};

StreamSummary summariseStream(const ImuStream &stream);

} // namespace kino
