#include "core/signal/interpolation.h"

#include <algorithm>
#include <cstddef>

namespace kino {
namespace {

/** From here on a difference over the shorter of two steps counts as noise: between its neighbours it would show. */
constexpr double kUnequalSteps = 8;

/** Secants of a series of at least two samples, in value per nanosecond. */
class Slopes {
public:
    Slopes(std::span<const Nanos> timesNs, std::span<const float> values) : m_timesNs(timesNs), m_values(values) {}

    double step(std::size_t i) const { return static_cast<double>(m_timesNs[i + 1] - m_timesNs[i]); }
    double secant(std::size_t i) const
    {
        return (static_cast<double>(m_values[i + 1]) - static_cast<double>(m_values[i])) / step(i);
    }

    double at(std::size_t i) const
    {
        const std::size_t last = m_timesNs.size() - 1;
        const double wider = std::max(i > 0 ? step(i - 1) : 0, i < last ? step(i) : 0);
        const double steepest = rangeAround(i) / wider;
        return std::clamp(parabolas(i, last), -steepest, steepest);
    }

private:
    double parabolas(std::size_t i, std::size_t last) const
    {
        if (last == 1)
            return secant(0);
        const std::size_t left = std::clamp<std::size_t>(i, 1, last - 1) - 1;
        const double before = step(left);
        const double after = step(left + 1);
        if (before > kUnequalSteps * after || after > kUnequalSteps * before)
            return i == 0 ? secant(0) : i == last ? secant(last - 1) : secant(before > after ? left : left + 1);
        const double first = secant(left);
        const double second = secant(left + 1);
        const double middle = (first * after + second * before) / (before + after);
        if (i == 0)
            return 2 * first - middle;
        return i == last ? 2 * second - middle : middle;
    }

    /** Of five samples, less at the ends. */
    double rangeAround(std::size_t i) const
    {
        const std::size_t begin = i < 2 ? 0 : i - 2;
        const std::size_t end = std::min(i + 3, m_values.size());
        const auto [low, high] = std::minmax_element(m_values.begin() + static_cast<std::ptrdiff_t>(begin),
                                                     m_values.begin() + static_cast<std::ptrdiff_t>(end));
        return static_cast<double>(*high) - static_cast<double>(*low);
    }

    std::span<const Nanos> m_timesNs;
    std::span<const float> m_values;
};

} // namespace

void interpolateUneven(std::span<const Nanos> timesNs, std::span<const float> values, Nanos originNs, double firstNs,
                       double periodNs, std::span<float> out)
{
    if (values.size() == 1) {
        std::fill(out.begin(), out.end(), values[0]);
        return;
    }
    const Slopes slopes(timesNs, values);
    std::size_t left = 0;
    std::size_t slopesOf = values.size();
    double startSlope = 0;
    double endSlope = 0;
    for (std::size_t k = 0; k < out.size(); ++k) {
        const double instant = firstNs + static_cast<double>(k) * periodNs;
        const auto sinceOrigin = [&](std::size_t i) { return static_cast<double>(timesNs[i] - originNs); };
        while (left + 2 < timesNs.size() && sinceOrigin(left + 1) <= instant)
            ++left;
        if (slopesOf != left) {
            startSlope = slopes.at(left);
            endSlope = slopes.at(left + 1);
            slopesOf = left;
        }
        const double width = slopes.step(left);
        const double t = std::clamp((instant - sinceOrigin(left)) / width, 0.0, 1.0);
        const double start = values[left];
        const double rise = static_cast<double>(values[left + 1]) - start;
        // Hermite's cubic as the straight line plus what bends it.
        const double bend = t * (1 - t) * ((1 - t) * (startSlope * width - rise) - t * (endSlope * width - rise));
        out[k] = static_cast<float>(start + t * rise + bend);
    }
}

} // namespace kino
