#include "widgets/charts/curve_ticks.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace kino {
namespace {

struct TimeUnit {
    double seconds;
    const char *name;
};

TimeUnit unitOf(ValueRange seconds)
{
    if (seconds.high > 2 * 3600)
        return {3600, "hours"};
    return seconds.high > 120 ? TimeUnit{60, "minutes"} : TimeUnit{1, "seconds"};
}

} // namespace

QString countText(qint64 count) { return QLocale(QLocale::English, QLocale::UnitedStates).toString(count); }

std::vector<ValueTick> computeLogTicks(ValueRange range, int most)
{
    std::vector<ValueTick> ticks;
    if (!(range.span() > 0) || !std::isfinite(range.span()) || most < 1)
        return ticks;
    const auto add = [&](double value) {
        const double at = std::log10(value);
        if (at >= range.low - 1e-9 && at <= range.high + 1e-9)
            ticks.push_back({at, QString::number(value, 'g', 6).replace(QLatin1Char('-'), QChar(0x2212))});
    };
    const int first = static_cast<int>(std::floor(range.low)), last = static_cast<int>(std::ceil(range.high));
    if (last - first > 600)
        return ticks; // beyond what a double holds
    if (range.span() < 0.7) {
        // Less than a factor of five: as on a linear axis.
        for (const ValueTick &tick : computeValueTicks({std::pow(10, range.low), std::pow(10, range.high)}, most)) {
            if (tick.value > 0)
                ticks.push_back({std::log10(tick.value), tick.label});
        }
        return ticks;
    }
    if (range.span() * 3 <= most) {
        for (int decade = first; decade <= last; ++decade) {
            for (const double factor : {1.0, 2.0, 5.0})
                add(factor * std::pow(10, decade));
        }
        return ticks;
    }
    const int stride = std::max(1, static_cast<int>(std::ceil(range.span() / most)));
    for (int decade = first; decade <= last; ++decade) {
        if (decade % stride == 0)
            add(std::pow(10, decade));
    }
    return ticks;
}

std::vector<ValueTick> computeCurveTicks(ValueRange range, CurveAxis axis, int most)
{
    if (axis == CurveAxis::seconds) {
        const double unit = unitOf(range).seconds;
        std::vector<ValueTick> ticks = computeValueTicks({range.low / unit, range.high / unit}, most);
        for (ValueTick &tick : ticks)
            tick.value *= unit;
        return ticks;
    }
    if (axis == CurveAxis::epoch) { // the first is 1 for a person, as in the queue
        std::vector<ValueTick> ticks = computeValueTicks({range.low + 1, range.high + 1}, most);
        for (ValueTick &tick : ticks)
            tick.value -= 1;
        return ticks;
    }
    // There is no half a step.
    if (axis == CurveAxis::step && range.span() >= 1)
        most = std::min(most, static_cast<int>(std::min(range.span(), 1e6)));
    std::vector<ValueTick> ticks;
    for (ValueTick &tick : computeValueTicks(range, most)) {
        if (std::abs(tick.value) >= 10'000 && std::abs(tick.value) < 1e15)
            tick.label = countText(std::llround(tick.value)).replace(QLatin1Char('-'), QChar(0x2212));
        ticks.push_back(std::move(tick));
    }
    return ticks;
}

QString curveAxisTitle(ValueRange range, CurveAxis axis)
{
    const auto word = [](const char *text) { return QCoreApplication::translate("CurveChart", text); };
    return axis == CurveAxis::step ? word("step") : axis == CurveAxis::epoch ? word("epoch") : word(unitOf(range).name);
}

QString curveInstantText(double x, CurveAxis axis)
{
    if (axis == CurveAxis::step)
        return QCoreApplication::translate("CurveChart", "step %1").arg(countText(std::llround(x)));
    if (axis == CurveAxis::epoch)
        return QCoreApplication::translate("CurveChart", "epoch %1").arg(QString::number(x + 1, 'g', 6));
    const auto seconds = std::llround(x);
    if (seconds < 60)
        return QCoreApplication::translate("CurveChart", "%1 s").arg(QString::number(x, 'f', 1));
    if (seconds < 3600)
        return QCoreApplication::translate("CurveChart", "%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
    return QCoreApplication::translate("CurveChart", "%1 h %2 min").arg(seconds / 3600).arg(seconds / 60 % 60);
}

} // namespace kino
