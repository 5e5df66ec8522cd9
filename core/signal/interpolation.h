// Interpolation of unevenly sampled values. Internal to core/signal.
#pragma once

#include "core/base/time.h"

#include <span>

namespace kino {

/**
 * Cubic Hermite interpolation at ascending instants originNs + out index · periodNs (real-valued), all within the samples'
 * times up to rounding. `timesNs` strictly ascends and has no gap. Slopes are those of the parabola through a sample and
 * its neighbours; of two steps that differ more than eightfold the wider alone gives the slope, because a difference over
 * a very short step is mostly noise. A single sample gives its value.
 */
void interpolateUneven(std::span<const Nanos> timesNs, std::span<const float> values, Nanos originNs, double firstNs,
                       double periodNs, std::span<float> out);

} // namespace kino
