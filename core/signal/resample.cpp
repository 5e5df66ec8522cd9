#include "core/signal/resample.h"

#include "core/base/error.h"
#include "core/signal/interpolation.h"
#include "core/signal/polyphase.h"
#include "core/signal/timing.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace kino {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr double kNanosPerSecondReal = 1e9;
/** In grid samples: by so much a grid point may miss a part's end and still count as its end. */
constexpr double kEdgeTolerance = 1e-3;
/** In samples over the whole part: within this a series already is what the grid asks for. */
constexpr double kCopyTolerance = 1e-3;
constexpr double kEvenPeriods = 0.05;
/** Over one half, because a least-squares line does not pass exactly through the middle of the rounded times. */
constexpr double kRoundingSteps = 0.6;
constexpr std::size_t kFewestEvenSamples = 8;
constexpr double kMostSamplesWithoutDoubt = 1e7;
constexpr double kMostSamplesPerSample = 1000;

void checkRate(double rateHz)
{
    if (!(rateHz > 0) || !std::isfinite(rateHz))
        throw Error("A grid needs a rate above zero, in Hz.");
}

struct Part {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t size() const { return end - begin; }
};

/** Grid points [first, first + count). */
struct GridPoints {
    std::size_t first = 0;
    std::size_t count = 0;
};

/** The line that an even part's times lie on: firstNs (after the part's first time) + index · periodNs. */
struct EvenClock {
    double firstNs = 0;
    double periodNs = 0;
};

/** Samples with one time each. */
struct Series {
    std::span<const Nanos> timesNs;
    std::vector<std::span<const float>> axes;
    std::vector<Nanos> ownTimesNs;
    std::vector<std::vector<float>> ownAxes;
    std::size_t averaged = 0;
};

void checkInput(std::span<const Nanos> timesNs, AxisSpans axes)
{
    for (const std::span<const float> axis : axes) {
        if (axis.size() != timesNs.size())
            throw Error("A series has " + std::to_string(timesNs.size()) + " times but " + std::to_string(axis.size()) +
                        " values; it cannot be resampled.");
    }
    for (std::size_t i = 1; i < timesNs.size(); ++i) {
        if (timesNs[i] < timesNs[i - 1])
            throw Error("The time of sample " + std::to_string(i) +
                        " lies before that of the sample above it; sort the samples before resampling.");
    }
    Nanos span = 0;
    if (!timesNs.empty() && __builtin_sub_overflow(timesNs.back(), timesNs.front(), &span))
        throw Error("The first and the last time of a series lie over 292 years apart; check its time column.");
}

float meanOf(std::span<const float> values)
{
    double sum = 0;
    std::size_t count = 0;
    for (float value : values) {
        if (std::isfinite(value)) {
            sum += value;
            ++count;
        }
    }
    return count ? static_cast<float>(sum / static_cast<double>(count)) : kNan;
}

Series withoutDuplicates(std::span<const Nanos> timesNs, AxisSpans axes)
{
    Series series;
    series.timesNs = timesNs;
    series.axes.assign(axes.begin(), axes.end());
    if (std::adjacent_find(timesNs.begin(), timesNs.end()) == timesNs.end())
        return series;

    series.ownAxes.resize(axes.size());
    for (std::size_t begin = 0, end = 0; begin < timesNs.size(); begin = end) {
        while (end < timesNs.size() && timesNs[end] == timesNs[begin])
            ++end;
        series.ownTimesNs.push_back(timesNs[begin]);
        for (std::size_t axis = 0; axis < axes.size(); ++axis)
            series.ownAxes[axis].push_back(meanOf(axes[axis].subspan(begin, end - begin)));
    }
    series.averaged = timesNs.size() - series.ownTimesNs.size();
    series.timesNs = series.ownTimesNs;
    series.axes.assign(series.ownAxes.begin(), series.ownAxes.end());
    return series;
}

std::vector<Part> partsBetweenGaps(std::span<const Nanos> timesNs)
{
    std::vector<Part> parts;
    std::size_t begin = 0;
    for (const TimeGap &gap : summariseTiming(timesNs).gaps) {
        parts.push_back({begin, gap.sampleBefore + 1});
        begin = gap.sampleBefore + 1;
    }
    if (begin < timesNs.size())
        parts.push_back({begin, timesNs.size()});
    return parts;
}

/** The runs of finite values inside a part. */
std::vector<Part> finiteParts(std::span<const float> values, Part whole)
{
    std::vector<Part> parts;
    std::size_t begin = whole.begin;
    for (std::size_t i = whole.begin; i <= whole.end; ++i) {
        if (i < whole.end && std::isfinite(values[i]))
            continue;
        if (i > begin)
            parts.push_back({begin, i});
        begin = i + 1;
    }
    return parts;
}

/** What the file rounded its times to, if that is coarse enough to matter for evenness; else 0. */
double roundingStepNs(std::span<const Nanos> timesNs, double periodNs)
{
    Nanos common = 0;
    for (Nanos time : timesNs) {
        common = std::gcd(common, time - timesNs.front());
        if (common > 0 && kRoundingSteps * static_cast<double>(common) < kEvenPeriods * periodNs)
            return 0;
    }
    const auto step = static_cast<double>(common);
    return step <= periodNs / 2 ? step : 0;
}

std::optional<EvenClock> evenClockOf(std::span<const Nanos> timesNs)
{
    if (timesNs.size() < kFewestEvenSamples)
        return std::nullopt;
    const auto count = static_cast<double>(timesNs.size());
    const double middle = (count - 1) / 2;
    // The line through first and last time is taken off before the least-squares fit, so that no digits are lost.
    const double chord = static_cast<double>(timesNs.back() - timesNs.front()) / (count - 1);
    const auto overChord = [&](std::size_t i) {
        return static_cast<double>(timesNs[i] - timesNs.front()) - static_cast<double>(i) * chord;
    };
    double sum = 0;
    double moment = 0;
    for (std::size_t i = 0; i < timesNs.size(); ++i) {
        const double over = overChord(i);
        sum += over;
        moment += (static_cast<double>(i) - middle) * over;
    }
    const double slope = moment / (count * (count * count - 1) / 12);
    const EvenClock clock{sum / count - slope * middle, chord + slope};
    const double allowed = std::max(kEvenPeriods * clock.periodNs,
                                    kRoundingSteps * roundingStepNs(timesNs, clock.periodNs));
    for (std::size_t i = 0; i < timesNs.size(); ++i) {
        if (std::abs(overChord(i) - slope * static_cast<double>(i) - clock.firstNs) > allowed)
            return std::nullopt;
    }
    return clock;
}

/** Resamples the finite parts of one axis. */
class AxisResampler {
public:
    AxisResampler(const SampleGrid &grid, const ResampleOptions &options) : m_grid(grid), m_options(options) {}

    void add(std::span<const Nanos> timesNs, std::span<const float> values, std::span<float> out,
             ResampleAccount &account) const
    {
        const GridPoints points = pointsWithin(timesNs, m_grid.rateHz, m_grid.samples);
        if (points.count == 0)
            return;
        const std::span<float> target = out.subspan(points.first, points.count);
        if (const std::optional<EvenClock> clock = evenClockOf(timesNs)) {
            addEven(timesNs, values, *clock, points, target, account);
            return;
        }
        account.interpolated += points.count;
        const double meanPeriodNs = timesNs.size() < 2
            ? 0
            : static_cast<double>(timesNs.back() - timesNs.front()) / static_cast<double>(timesNs.size() - 1);
        const double finer = meanPeriodNs > 0 ? periodNs() / meanPeriodNs : 1;
        if (finer <= 1 + kEdgeTolerance)
            interpolate(timesNs, values, m_grid.rateHz, points.first, target);
        else
            lowerUneven(timesNs, values, static_cast<std::size_t>(std::ceil(finer - kEdgeTolerance)), points, target);
    }

private:
    double periodNs() const { return kNanosPerSecondReal / m_grid.rateHz; }

    /** From a part's first time to the grid's start. */
    double startAfterNs(std::span<const Nanos> timesNs) const
    {
        // A long double holds every int64; their difference need not fit one.
        return static_cast<double>(static_cast<long double>(m_grid.startNs) - static_cast<long double>(timesNs.front()));
    }

    /** The points of a grid of this rate, begun at the grid's start, that lie in the part. */
    GridPoints pointsWithin(std::span<const Nanos> timesNs, double rateHz, std::size_t limit) const
    {
        const double perNano = rateHz / kNanosPerSecondReal;
        const double first = std::ceil(-startAfterNs(timesNs) * perNano - kEdgeTolerance);
        const double span = static_cast<double>(timesNs.back() - timesNs.front());
        const double last = std::floor((span - startAfterNs(timesNs)) * perNano + kEdgeTolerance);
        const double from = std::max(first, 0.0);
        const double to = std::min(last, static_cast<double>(limit) - 1);
        if (to < from)
            return {};
        return {static_cast<std::size_t>(from), static_cast<std::size_t>(to - from) + 1};
    }

    void addEven(std::span<const Nanos> timesNs, std::span<const float> values, const EvenClock &clock,
                 GridPoints points, std::span<float> target, ResampleAccount &account) const
    {
        const double step = periodNs() / clock.periodNs;
        const double sinceFirst = startAfterNs(timesNs) + static_cast<double>(points.first) * periodNs() - clock.firstNs;
        // The ends of the line and of the times differ by what the file's rounding does.
        const double offset = std::clamp(sinceFirst / clock.periodNs, -1.0, static_cast<double>(values.size()) - 1);
        const double nearest = std::round(offset);
        const bool copies = std::abs(step - 1) * static_cast<double>(points.count) <= kCopyTolerance &&
            std::abs(offset - nearest) <= kCopyTolerance && nearest >= 0 &&
            static_cast<std::size_t>(nearest) + points.count <= values.size();
        if (copies) {
            std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(nearest), points.count, target.begin());
            account.copied += points.count;
            return;
        }
        PolyphaseResampler(step, points.count, m_options.passBand).run(values, offset, target);
        account.polyphase += points.count;
    }

    void interpolate(std::span<const Nanos> timesNs, std::span<const float> values, double rateHz, std::size_t first,
                     std::span<float> target) const
    {
        const double period = kNanosPerSecondReal / rateHz;
        interpolateUneven(timesNs, values, timesNs.front(), startAfterNs(timesNs) + static_cast<double>(first) * period,
                          period, target);
    }

    void lowerUneven(std::span<const Nanos> timesNs, std::span<const float> values, std::size_t factor,
                     GridPoints points, std::span<float> target) const
    {
        const double fineRateHz = m_grid.rateHz * static_cast<double>(factor);
        // The fine grid is not bounded by the coarse one's ends: the filter wants what lies beside them.
        const double fineStart = std::ceil(-startAfterNs(timesNs) * fineRateHz / kNanosPerSecondReal - kEdgeTolerance);
        const double span = static_cast<double>(timesNs.back() - timesNs.front());
        const double fineEnd =
            std::floor((span - startAfterNs(timesNs)) * fineRateHz / kNanosPerSecondReal + kEdgeTolerance);
        std::vector<float> fine(static_cast<std::size_t>(std::max(fineEnd - fineStart, 0.0)) + 1);
        const double period = kNanosPerSecondReal / fineRateHz;
        interpolateUneven(timesNs, values, timesNs.front(), startAfterNs(timesNs) + fineStart * period, period, fine);
        const double offset = static_cast<double>(points.first * factor) - fineStart;
        PolyphaseResampler(static_cast<double>(factor), points.count, m_options.passBand)
            .run(fine, std::clamp(offset, -1.0, static_cast<double>(fine.size())), target);
    }

    const SampleGrid &m_grid;
    const ResampleOptions &m_options;
};

} // namespace

Nanos SampleGrid::timeNs(std::size_t index) const
{
    const long double sinceStart = static_cast<long double>(index) * kNanosPerSecond / rateHz;
    return startNs + static_cast<Nanos>(std::llroundl(sinceStart));
}

SampleGrid gridFrom(Nanos startNs, double seconds, double rateHz)
{
    checkRate(rateHz);
    const double samples = std::round(seconds * rateHz);
    if (!(samples >= 0) || samples > 1e15)
        throw Error("A grid cannot be " + std::to_string(seconds) + " seconds long.");
    return {startNs, rateHz, static_cast<std::size_t>(samples)};
}

SampleGrid gridOver(std::span<const Nanos> timesNs, double rateHz)
{
    checkRate(rateHz);
    if (timesNs.empty())
        return {0, rateHz, 0};
    const double seconds = static_cast<double>(static_cast<long double>(timesNs.back()) -
                                               static_cast<long double>(timesNs.front())) / kNanosPerSecondReal;
    const double samples = std::floor(seconds * rateHz + kEdgeTolerance) + 1;
    const double most = std::max(kMostSamplesWithoutDoubt, kMostSamplesPerSample * static_cast<double>(timesNs.size()));
    if (samples > most)
        throw Error("At this rate " + std::to_string(timesNs.size()) + " samples would become " +
                    std::to_string(samples) +
                    "; a wrong time or a very long gap may be the reason. Choose a lower rate or a shorter part.");
    return {timesNs.front(), rateHz, static_cast<std::size_t>(std::max(samples, 1.0))};
}

ResampledAxes resampleOnto(const SampleGrid &grid, std::span<const Nanos> timesNs, AxisSpans axes,
                           const ResampleOptions &options)
{
    checkRate(grid.rateHz);
    checkInput(timesNs, axes);
    const Series series = withoutDuplicates(timesNs, axes);
    const std::vector<Part> parts = partsBetweenGaps(series.timesNs);
    const AxisResampler resampler(grid, options);

    ResampledAxes result{grid, {}, {}};
    result.account.averagedDuplicates = series.averaged;
    for (const std::span<const float> axis : series.axes) {
        std::vector<float> &out = result.axes.emplace_back(grid.samples, kNan);
        for (const Part &whole : parts) {
            for (const Part &part : finiteParts(axis, whole)) {
                options.cancel.throwIfCancelled();
                resampler.add(series.timesNs.subspan(part.begin, part.size()), axis.subspan(part.begin, part.size()),
                              out, result.account);
            }
        }
        result.account.missing += static_cast<std::size_t>(
            std::count_if(out.begin(), out.end(), [](float value) { return std::isnan(value); }));
    }
    return result;
}

std::vector<float> resampleEven(std::span<const float> samples, double rateHz, double newRateHz,
                                const ResampleOptions &options)
{
    checkRate(rateHz);
    checkRate(newRateHz);
    const double step = rateHz / newRateHz;
    const SampleGrid grid = gridFrom(0, static_cast<double>(samples.size()) / rateHz, newRateHz);
    std::vector<float> out(grid.samples, kNan);
    for (const Part &part : finiteParts(samples, {0, samples.size()})) {
        options.cancel.throwIfCancelled();
        const auto first = static_cast<std::size_t>(std::ceil(static_cast<double>(part.begin) / step - kEdgeTolerance));
        // The last sample stands for its period, as the count of results says; before a gap nothing is claimed.
        const double end = part.end == samples.size()
            ? static_cast<double>(out.size())
            : std::floor(static_cast<double>(part.end - 1) / step + kEdgeTolerance) + 1;
        const std::size_t last = std::min(static_cast<std::size_t>(end), out.size());
        if (first >= last)
            continue;
        const std::span<float> target = std::span(out).subspan(first, last - first);
        const std::span<const float> series = samples.subspan(part.begin, part.size());
        const double offset = static_cast<double>(first) * step - static_cast<double>(part.begin);
        if (rateHz == newRateHz)
            std::copy_n(series.begin(), target.size(), target.begin());
        else
            PolyphaseResampler(step, target.size(), options.passBand).run(series, offset, target);
    }
    return out;
}

} // namespace kino
