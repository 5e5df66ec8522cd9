#include "widgets/timeline/value_axis.h"

#include "widgets/style/text_painting.h"
#include <cmath>

namespace kino {
namespace {

/** More decimals than a float carries would be invented. */
constexpr int kMostDecimals = 9;

QString fixed(double value, int decimals)
{
    QString text = QString::number(value, 'f', decimals);
    if (!text.startsWith(QLatin1Char('-')))
        return text;
    const bool isZero = text.count(QLatin1Char('0')) + text.count(QLatin1Char('.')) + 1 == text.size();
    return isZero ? text.mid(1) : kMinus + text.mid(1);
}

} // namespace

std::vector<ValueTick> computeValueTicks(ValueRange range, int most)
{
    std::vector<ValueTick> ticks;
    if (!(range.span() > 0) || !std::isfinite(range.span()) || most < 1)
        return ticks;
    const double least = range.span() / most;
    const double decade = std::pow(10, std::floor(std::log10(least)));
    double step = 10 * decade;
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (factor * decade >= least) {
            step = factor * decade;
            break;
        }
    }
    const double first = std::ceil(range.low / step);
    for (double index = first; index * step <= range.high + step * 1e-9; index += 1)
        ticks.push_back({index * step, valueText(index * step, step)});
    return ticks;
}

QString valueText(double value, double resolution)
{
    if (!std::isfinite(value))
        return QStringLiteral("\u2013");
    if (std::abs(value) >= 1e7)
        return QString::number(value, 'g', 4).replace(QLatin1Char('-'), kMinus);
    const int decimals = resolution > 0 ? std::clamp(static_cast<int>(-std::floor(std::log10(resolution) + 1e-9)), 0, kMostDecimals) : 0;
    return fixed(value, decimals);
}

QString valueText(double value)
{
    if (!std::isfinite(value))
        return QStringLiteral("\u2013");
    const double size = std::abs(value);
    if (size >= 100)
        return valueText(value, size >= 1000 ? 1 : 0.1);
    if (size >= 0.1 || size == 0)
        return fixed(value, 2);
    return size >= 0.001 ? fixed(value, 4) : QString::number(value, 'g', 2).replace(QLatin1Char('-'), kMinus);
}

namespace {

constexpr std::pair<QLatin1String, QStringView> kUnits[] = {{QLatin1String("m/s^2"), u"m/s\u00b2"}, {QLatin1String("uT"), u"\u00b5T"}, {QLatin1String("degC"), u"\u00b0C"}};

} // namespace

QString unitText(const QString &unit)
{
    for (const auto &[plain, written] : kUnits) {
        if (unit == plain)
            return written.toString();
    }
    return unit;
}

QString plainUnit(const QString &unit)
{
    for (const auto &[plain, written] : kUnits) {
        if (unit == written)
            return plain;
    }
    return unit;
}

} // namespace kino
