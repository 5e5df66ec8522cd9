#include "core/insight/spread.h"

#include "core/base/error.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace kino {
namespace {

/** The regularised incomplete beta function by its continued fraction (Press et al., Numerical Recipes, 6.4, Lentz's method). */
double incompleteBeta(double a, double b, double x)
{
    if (x <= 0)
        return 0;
    if (x >= 1)
        return 1;
    // The fraction converges fast below this; above it the mirror image does.
    if (x > (a + 1) / (a + b + 2))
        return 1 - incompleteBeta(b, a, 1 - x);
    constexpr double kTiny = 1e-300, kEnough = 1e-16;
    const double front = std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x)) / a;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (std::abs(d) < kTiny ? kTiny : d);
    double fraction = d;
    for (int m = 1; m < 1000; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double factor = 1;
        for (const double term : {even, odd}) {
            d = 1 + term * d;
            d = 1 / (std::abs(d) < kTiny ? kTiny : d);
            c = 1 + term / c;
            c = std::abs(c) < kTiny ? kTiny : c;
            factor *= c * d;
        }
        fraction *= factor;
        if (std::abs(factor - 1) < kEnough)
            break;
    }
    return front * fraction;
}

double studentDistribution(double t, double freedom)
{
    const double tail = 0.5 * incompleteBeta(freedom / 2, 0.5, freedom / (freedom + t * t));
    return t > 0 ? 1 - tail : tail;
}

} // namespace

std::optional<Spread> spreadOf(std::span<const double> values)
{
    if (values.empty())
        return std::nullopt;
    Spread spread;
    spread.count = values.size();
    const auto count = static_cast<double>(values.size());
    spread.mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    spread.least = *std::ranges::min_element(values);
    spread.most = *std::ranges::max_element(values);
    if (values.size() < 2)
        return spread;
    double squares = 0;
    for (const double value : values)
        squares += (value - spread.mean) * (value - spread.mean);
    spread.deviation = std::sqrt(squares / (count - 1));
    spread.standardError = *spread.deviation / std::sqrt(count);
    return spread;
}

double studentQuantile(double probability, double freedom)
{
    if (!(probability > 0 && probability < 1) || !(freedom >= 1))
        throw Error("Student's t has quantiles for probabilities between 0 and 1 and one degree of freedom and more.");
    if (probability < 0.5)
        return -studentQuantile(1 - probability, freedom);
    double low = 0, high = 1;
    while (studentDistribution(high, freedom) < probability && high < 1e12)
        high *= 2;
    for (int halving = 0; halving < 200 && high - low > 1e-12 * std::max(1.0, high); ++halving) {
        const double middle = 0.5 * (low + high);
        (studentDistribution(middle, freedom) < probability ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

std::optional<Interval> studentInterval(std::span<const double> values, double confidence)
{
    const std::optional<Spread> spread = spreadOf(values);
    if (!spread || !spread->standardError)
        return std::nullopt;
    const double reach = studentQuantile(0.5 + confidence / 2, static_cast<double>(values.size() - 1)) * *spread->standardError;
    return Interval{spread->mean - reach, spread->mean + reach};
}

double percentile(std::vector<double> values, double share)
{
    if (values.empty())
        throw Error("There is no percentile of no values.");
    std::ranges::sort(values);
    const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

} // namespace kino
