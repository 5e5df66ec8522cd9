// Interpolation of unevenly sampled values. Internal to core/signal.
#pragma once

#include "core/base/time.h"

#include <span>

namespace kino {

/**
 * Cubic Hermite interpolation at instants originNs + firstNs + k · periodNs (real-valued), k < out.size(), all within the
 * samples' times up to rounding. `timesNs` strictly ascends and has no gap. Slopes are those of the parabola through a
 * sample and its neighbours, with two limits for times that jump about: of two steps that differ more than eightfold the
 * wider alone gives the slope, because a difference over a very short step is mostly noise; and no slope, kept up over
 * the wider step beside it, exceeds the range of the five samples about it. So the curve leaves the samples' range by no
 * more than 4/27 of it at either end of a step. A single sample gives its value.
 */
void interpolateUneven(std::span<const Nanos> timesNs, std::span<const float> values, Nanos originNs, double firstNs,
                       double periodNs, std::span<float> out);

} // namespace kino
