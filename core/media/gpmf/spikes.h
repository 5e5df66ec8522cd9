// Samples that no motion explains: a few in a row that stand far from what is before and behind them, which is calm. Cameras
// write such garbage at the start of a recording (three gyroscope samples of 16 rad/s from a Hero6 on a table). They are
// told, never changed. Any thread.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace kino {

struct SpikeRun {
    std::size_t first = 0;
    std::size_t count = 0;
    /** Largest distance from the median of the neighbours, in the stream's unit. */
    double distance = 0;
};

/**
 * Columns of one length. A sample is a spike where its distance from the median of the 42 samples around it (its eight
 * nearest left out) is over `leastDistance` and over 30 times the median distance of those, on either side; a run has at
 * most five.
 */
std::vector<SpikeRun> findSpikes(std::span<const std::vector<float>> columns, double leastDistance);

} // namespace kino
