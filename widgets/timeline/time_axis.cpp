#include "widgets/timeline/time_axis.h"

#include "widgets/style/text_painting.h"
#include <array>
#include <cmath>

namespace kino {
namespace {

constexpr Nanos kMinute = 60 * kNanosPerSecond;
constexpr Nanos kHour = 60 * kMinute;

struct TickStep {
    Nanos major;
    int minorParts;
};

/** The first of the usual steps (1, 2, 5 below a second; clock steps above) that is at least `least`. */
TickStep tickStepAtLeast(double least)
{
    for (Nanos decade = 1; decade < kNanosPerSecond; decade *= 10) {
        for (const auto &[factor, parts] : {std::pair{1, 5}, std::pair{2, 4}, std::pair{5, 5}}) {
            const Nanos step = decade * factor;
            if (static_cast<double>(step) >= least)
                return {step, parts};
        }
    }
    static constexpr std::array<TickStep, 20> kClockSteps{{{kNanosPerSecond, 5},
                                                           {2 * kNanosPerSecond, 4},
                                                           {5 * kNanosPerSecond, 5},
                                                           {10 * kNanosPerSecond, 5},
                                                           {15 * kNanosPerSecond, 3},
                                                           {30 * kNanosPerSecond, 6},
                                                           {kMinute, 6},
                                                           {2 * kMinute, 4},
                                                           {5 * kMinute, 5},
                                                           {10 * kMinute, 5},
                                                           {15 * kMinute, 3},
                                                           {30 * kMinute, 6},
                                                           {kHour, 6},
                                                           {2 * kHour, 4},
                                                           {3 * kHour, 3},
                                                           {6 * kHour, 6},
                                                           {12 * kHour, 6},
                                                           {24 * kHour, 6},
                                                           {48 * kHour, 4},
                                                           {120 * kHour, 5}}};
    for (const TickStep &step : kClockSteps) {
        if (static_cast<double>(step.major) >= least)
            return step;
    }
    Nanos step = 240 * kHour;
    while (static_cast<double>(step) < least && step < (Nanos{1} << 60))
        step *= 2;
    return {step, 4};
}

/** Digits after the second that tell neighbouring ticks of this step apart. */
int decimalsOf(Nanos step)
{
    int decimals = 0;
    for (Nanos unit = kNanosPerSecond; decimals < 9 && step % unit != 0; unit /= 10)
        ++decimals;
    return decimals;
}

QString clockDigits(Nanos ns, int decimals, bool padMinutes)
{
    const bool negative = ns < 0;
    // The magnitude of the most negative time does not fit a signed type.
    const std::uint64_t magnitude = negative ? std::uint64_t{0} - static_cast<std::uint64_t>(ns) : static_cast<std::uint64_t>(ns);
    const std::uint64_t seconds = magnitude / kNanosPerSecond;
    std::uint64_t fraction = magnitude % kNanosPerSecond;
    for (int dropped = decimals; dropped < 9; ++dropped)
        fraction /= 10;
    QString text;
    if (negative)
        text += kMinus;
    const std::uint64_t hours = seconds / 3600;
    const QString minutes = QString::number(seconds / 60 % 60);
    if (hours > 0)
        text += QString::number(hours) + QLatin1Char(':');
    text += hours > 0 || padMinutes ? minutes.rightJustified(2, QLatin1Char('0')) : minutes;
    text += QLatin1Char(':') + QString::number(seconds % 60).rightJustified(2, QLatin1Char('0'));
    if (decimals > 0)
        text += QLatin1Char('.') + QString::number(fraction).rightJustified(decimals, QLatin1Char('0'));
    return text;
}

Nanos floorToMultiple(Nanos value, Nanos step)
{
    const Nanos remainder = value % step;
    return value - (remainder < 0 ? remainder + step : remainder);
}

} // namespace

TimeRange movedInto(TimeRange range, TimeRange bounds)
{
    if (range.duration() >= bounds.duration())
        return bounds;
    if (range.start < bounds.start)
        return {bounds.start, bounds.start + range.duration()};
    if (range.end > bounds.end)
        return {bounds.end - range.duration(), bounds.end};
    return range;
}

TimeRange scaledAbout(TimeRange range, RecordingTime fixed, double factor)
{
    const double before = static_cast<double>(fixed - range.start);
    const double after = static_cast<double>(range.end - fixed);
    return {fixed - std::llround(before * factor), fixed + std::llround(after * factor)};
}

RecordingTime TimeAxis::timeAt(double x) const
{
    return range.start + std::llround((x - left) / width * static_cast<double>(range.duration()));
}

std::vector<TimeTick> computeTimeTicks(const TimeAxis &axis, double labelSpacing)
{
    std::vector<TimeTick> ticks;
    if (axis.range.isEmpty() || axis.width <= 0)
        return ticks;
    const TickStep step = tickStepAtLeast(axis.nanosPerPixel() * labelSpacing);
    const Nanos minor = std::max<Nanos>(1, step.major / step.minorParts);
    const int decimals = decimalsOf(step.major);
    for (Nanos ns = floorToMultiple(axis.range.start.ns, minor) ; ns <= axis.range.end.ns; ns += minor) {
        if (ns < axis.range.start.ns)
            continue;
        const bool major = ns % step.major == 0;
        ticks.push_back({{ns}, major, major ? clockDigits(ns, decimals, false) : QString()});
    }
    return ticks;
}

QString clockText(RecordingTime time) { return clockDigits(time.ns, 3, true); }

QString minutesText(Nanos duration) { return clockDigits(duration + kNanosPerSecond / 2, 0, false); }

QString durationText(Nanos duration)
{
    const double seconds = toSeconds(duration);
    if (std::abs(seconds) >= 60)
        return minutesText(duration);
    if (std::abs(seconds) >= 1)
        return QString::number(seconds, 'f', 2) + QStringLiteral(" s");
    if (std::abs(seconds) >= 1e-3)
        return QString::number(seconds * 1e3, 'f', std::abs(seconds) < 0.1 ? 1 : 0) + QStringLiteral(" ms");
    return QString::number(seconds * 1e6, 'f', 1) + QStringLiteral(" \u00b5s");
}

} // namespace kino
