// From a lane to what the spectrogram panel draws, by core/signal's one transform. Runs on a worker: planning and
// transforming take milliseconds.
#pragma once

#include "core/signal/stft.h"
#include "widgets/timeline/lane_data.h"
#include "widgets/spectrogram/data.h"

namespace kino {

enum class SpectrogramSource { axis, magnitude, triaxial };

struct SpectrogramRequest {
    std::shared_ptr<const LaneData> lane;
    SpectrogramSource source = SpectrogramSource::axis;
    std::size_t axis = 0; // source == axis
    /** The rate is the lane's own and is put in here; triaxial images have constants of their own. */
    StftOptions stft;
    TimeRange visible;
    /** Pixels across: more columns than this are of no use. */
    std::size_t columns = 1000;
};

/** Longer stretches are no picture a person can read, nor one that a model is given. */
inline constexpr std::size_t kMostTriaxialSamples = 200'000;

/**
 * The visible range and a quarter of it on either side (triaxial: exactly the visible samples). No frame spans a gap or
 * holds a NaN. Throws Error where nothing can be shown and says why, and Cancelled.
 */
std::shared_ptr<const SpectrogramData> computeSpectrogram(const SpectrogramRequest &request, const CancelToken &cancel);

} // namespace kino
