#include "core/learn/augment/time_warp.h"

namespace kino {

void evaluateKnots(std::span<const double> knots, std::span<double> out)
{
    const std::size_t count = knots.size();
    const double step = static_cast<double>(out.size() - 1) / static_cast<double>(count - 1);
    // Second derivatives times step^2. Not-a-knot on even knots: m[0] = 2 m[1] - m[2], so that the first inner equation
    // m[0] + 4 m[1] + m[2] = right[1] has m[1] alone, and the last likewise; what is left between them has three diagonals.
    std::array<double, kMostKnots> bends{};
    const auto right = [&](std::size_t k) { return 6 * (knots[k - 1] - 2 * knots[k] + knots[k + 1]); };
    bends[1] = right(1) / 6;
    bends[count - 2] = right(count - 2) / 6;
    std::array<double, kMostKnots> diagonal;
    diagonal.fill(4);
    for (std::size_t k = 2; k + 2 < count; ++k) {
        double value = right(k);
        if (k == 2)
            value -= bends[1];
        if (k + 3 == count)
            value -= bends[count - 2];
        if (k > 2) {
            diagonal[k] = 4 - 1 / diagonal[k - 1];
            value -= bends[k - 1] / diagonal[k - 1];
        }
        bends[k] = value;
    }
    for (std::size_t k = count - 3; k >= 2; --k)
        bends[k] = (bends[k] - (k + 3 < count ? bends[k + 1] : 0)) / diagonal[k];
    bends[0] = 2 * bends[1] - bends[2];
    bends[count - 1] = 2 * bends[count - 2] - bends[count - 3];

    std::size_t piece = 0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double place = step > 0 ? static_cast<double>(i) / step : 0;
        while (piece + 2 < count && place >= static_cast<double>(piece + 1))
            ++piece;
        const double b = place - static_cast<double>(piece);
        const double a = 1 - b;
        out[i] = a * knots[piece] + b * knots[piece + 1] + ((a * a * a - a) * bends[piece] + (b * b * b - b) * bends[piece + 1]) / 6;
    }
}

void computeWarpedTimes(std::span<const double> knots, std::span<double> times)
{
    evaluateKnots(knots, times);
    double sum = 0;
    for (double &time : times) {
        sum += std::max(time, kSlowestTime);
        time = sum;
    }
    const double scale = static_cast<double>(times.size() - 1) / sum;
    for (double &time : times)
        time *= scale;
    times.back() = static_cast<double>(times.size() - 1);
}

void locateInstants(std::span<const double> times, const WarpedPlaces &out)
{
    std::size_t place = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
        const auto instant = static_cast<double>(i);
        while (place + 2 < times.size() && times[place + 1] <= instant)
            ++place;
        out.places[i] = static_cast<std::int32_t>(place);
        const double weight = times.size() < 2 ? 0 : (instant - times[place]) / (times[place + 1] - times[place]);
        out.weights[i] = static_cast<float>(std::clamp(weight, 0.0, 1.0));
    }
}

void readWarped(std::span<const float> channel, const WarpedPlaces &from, std::span<float> out)
{
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto place = static_cast<std::size_t>(from.places[i]);
        const float left = channel[place];
        const float right = channel[std::min(place + 1, channel.size() - 1)];
        // Not left + weight * (right - left): both ends are to come out exactly, a value beside one that is not finite too.
        out[i] = from.weights[i] == 0 ? left : from.weights[i] == 1 ? right : left + from.weights[i] * (right - left);
    }
}

} // namespace kino
