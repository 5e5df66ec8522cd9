// Stretching and squeezing time smoothly, as in SelfHAR's transformations. Internal to core/learn/augment. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace kino {

/**
 * The cubic spline through (k * (count - 1) / (knots.size() - 1), knots[k]) with the not-a-knot condition (scipy's
 * CubicSpline by default), at 0 ... out.size() - 1. 4 to kMostKnots knots.
 */
inline constexpr std::size_t kMostKnots = 64;
void evaluateKnots(std::span<const double> knots, std::span<double> out);

/** Where the speed of time falls below this, it is taken for it, or time would stand or run back. */
inline constexpr double kSlowestTime = 0.05;

/**
 * At which instant of the window, 0 ... T - 1, each of its samples is played: the running sum of the spline through
 * `knots` (speeds about 1), scaled so that the last is T - 1. Strictly ascending; the first lies above 0.
 */
void computeWarpedTimes(std::span<const double> knots, std::span<double> times);

/** Where between its samples a signal is read to give the sample of a whole instant: values[place] and the next by `weight`. */
struct WarpedPlaces {
    std::span<std::int32_t> places;
    std::span<float> weights;
};
/** Places and weights of 0 ... T - 1 in `times`; before the first of them it is the first sample. */
void locateInstants(std::span<const double> times, const WarpedPlaces &out);
/** As numpy's interp(0 ... T - 1, times, channel): `out` gets T values, the first and the last those of `channel`. */
void readWarped(std::span<const float> channel, const WarpedPlaces &from, std::span<float> out);

} // namespace kino
