#include "core/base/error.h"
#include "core/data/events/peak_statistics.h"
#include "core/signal/filter.h"
#include "core/signal/resample.h"
#include "core/signal/timing.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

constexpr double kLeastRateHz = 20;
constexpr double kHighPassHz = 5;
constexpr double kReachSeconds = 0.15;
constexpr double kAroundSeconds = 1;
constexpr double kNoiseFactor = 6;
constexpr double kMaxwellMedian = 1.538;
constexpr double kLeastContrast = 2;
constexpr double kFreeFall = 4; // m/s²
constexpr double kLeastFlightSeconds = 0.15;
constexpr double kLongestFlightSeconds = 1.2;
/** From the end of free fall to the greatest shock. */
constexpr double kTouchdownSeconds = 0.15;

std::vector<float> magnitudes(const std::vector<std::vector<float>> &axes)
{
    std::vector<float> result(axes[0].size());
    for (std::size_t i = 0; i < result.size(); ++i)
        result[i] = std::sqrt(axes[0][i] * axes[0][i] + axes[1][i] * axes[1][i] + axes[2][i] * axes[2][i]);
    return result;
}

std::vector<float> finiteOf(std::span<const float> values)
{
    std::vector<float> finite;
    std::ranges::copy_if(values, std::back_inserter(finite), [](float value) { return std::isfinite(value); });
    return finite;
}

/** An even series with a gap as NaN. */
class ShockFinder {
public:
    ShockFinder(ResampledAxes even) : m_grid(even.grid), m_whole(magnitudes(even.axes))
    {
        const auto sections = designButterworth({FilterBand::highPass, 2, kHighPassHz, 0, m_grid.rateHz});
        for (std::vector<float> &axis : even.axes)
            axis = filterZeroPhase(sections, axis);
        m_fast = magnitudes(even.axes);
        std::vector<float> finite = finiteOf(m_fast);
        m_sigma = events::medianOf(finite) / kMaxwellMedian;
    }

    std::vector<MotionEvent> find(const CancelToken &cancel) const
    {
        std::vector<MotionEvent> found;
        const std::size_t reach = samplesIn(kReachSeconds);
        for (std::size_t at = 1; at + 1 < m_fast.size(); ++at) {
            if (at % 65536 == 0)
                cancel.throwIfCancelled();
            // Written so that NaN on either side is no peak.
            if (!(m_fast[at] > kNoiseFactor * m_sigma) || !(m_fast[at] >= m_fast[at - 1])
                || !(m_fast[at] > m_fast[at + 1]))
                continue;
            if (!isGreatest(at, reach))
                continue;
            const double around = medianAround(at, reach);
            if (!(m_fast[at] > kLeastContrast * around))
                continue;
            found.push_back({timeOf(at), isLanding(at) ? EventKind::landing : EventKind::shock,
                             20 * std::log10(m_fast[at] / std::max(around, 1e-6))});
        }
        return found;
    }

private:
    std::size_t samplesIn(double seconds) const
    {
        return std::max<std::size_t>(1, static_cast<std::size_t>(seconds * m_grid.rateHz));
    }

    bool isGreatest(std::size_t at, std::size_t reach) const
    {
        const std::size_t from = at > reach ? at - reach : 0;
        const std::size_t to = std::min(at + reach + 1, m_fast.size());
        for (std::size_t i = from; i < to; ++i) {
            if (m_fast[i] > m_fast[at] || (m_fast[i] == m_fast[at] && i < at))
                return false;
        }
        return true;
    }

    /** Of the second around it without the peak itself, not under the noise of the whole. */
    double medianAround(std::size_t at, std::size_t reach) const
    {
        const std::size_t wide = samplesIn(kAroundSeconds);
        const std::span<const float> all(m_fast);
        const std::size_t from = at > wide ? at - wide : 0;
        const std::size_t to = std::min(at + wide + 1, m_fast.size());
        std::vector<float> around = finiteOf(all.subspan(from, at > from + reach ? at - reach - from : 0));
        const std::size_t after = std::min(at + reach + 1, to);
        const std::vector<float> later = finiteOf(all.subspan(after, to - after));
        around.insert(around.end(), later.begin(), later.end());
        return around.empty() ? m_sigma * kMaxwellMedian : static_cast<double>(events::medianOf(around));
    }

    bool isLanding(std::size_t at) const
    {
        std::size_t end = at;
        const std::size_t touchdown = std::min(at, samplesIn(kTouchdownSeconds));
        while (end > at - touchdown && !(m_whole[end] < kFreeFall))
            --end;
        std::size_t begin = end;
        while (begin > 0 && m_whole[begin] < kFreeFall)
            --begin;
        const double flight = static_cast<double>(end - begin) / m_grid.rateHz;
        return flight >= kLeastFlightSeconds && flight <= kLongestFlightSeconds;
    }

    /** The top of a parabola through the peak and its neighbours. */
    Nanos timeOf(std::size_t at) const
    {
        const double before = m_fast[at - 1], peak = m_fast[at], after = m_fast[at + 1];
        const double curve = before - 2 * peak + after;
        const double shift = curve < 0 ? std::clamp(0.5 * (before - after) / curve, -0.5, 0.5) : 0;
        return m_grid.timeNs(at) + static_cast<Nanos>(std::llround(shift * 1e9 / m_grid.rateHz));
    }

    SampleGrid m_grid;
    std::vector<float> m_whole, m_fast;
    double m_sigma = 0;
};

} // namespace

std::vector<MotionEvent> findShocks(const ImuStream &accelerometer, EventSelection selection, const CancelToken &cancel)
{
    if (accelerometer.values.size() != 3 || accelerometer.timesNs.empty())
        return {};
    const double rateHz = summariseTiming(accelerometer.timesNs).rateHz;
    if (!(rateHz >= kLeastRateHz))
        return {};
    std::vector<std::span<const float>> axes;
    for (const Column<float> &axis : accelerometer.values)
        axes.emplace_back(axis.values());
    ResampleOptions options;
    options.cancel = cancel;
    const ShockFinder finder(
        resampleOnto(gridOver(accelerometer.timesNs, rateHz), accelerometer.timesNs, axes, options));
    std::vector<MotionEvent> found = finder.find(cancel);
    return selection == EventSelection::all ? found : events::outstandingOf(std::move(found));
}

} // namespace kino
