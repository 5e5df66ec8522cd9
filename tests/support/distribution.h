// Whether drawn values follow a distribution: the statistics of Kolmogorov and Smirnov and of Pearson, and what they exceed
// once in ten thousand times (scipy's kstwobign and chi2 at 0.9999). Draws are seeded, so a test passes always or never.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>
#include <vector>

namespace kino::test {

inline constexpr double kKolmogorovLimit = 2.2252514;

/** sqrt(n) times the furthest that the values' distribution lies from `cumulative`. */
inline double kolmogorov(std::vector<double> values, const std::function<double(double)> &cumulative)
{
    std::ranges::sort(values);
    const auto count = static_cast<double>(values.size());
    double furthest = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double expected = cumulative(values[i]);
        furthest = std::max({furthest, expected - static_cast<double>(i) / count, static_cast<double>(i + 1) / count - expected});
    }
    return furthest * std::sqrt(count);
}

inline bool isUniform(const std::vector<double> &values, double from, double to)
{
    const auto [least, most] = std::ranges::minmax(values);
    return least >= from && most <= to && kolmogorov(values, [=](double value) { return (value - from) / (to - from); }) < kKolmogorovLimit;
}

inline bool isNormal(const std::vector<double> &values, double mean, double sigma)
{
    return kolmogorov(values, [=](double value) { return 0.5 * std::erfc((mean - value) / sigma / std::sqrt(2.0)); }) < kKolmogorovLimit;
}

/** Whether every one of some outcomes came equally often, by Pearson's statistic and its limit for their count less one. */
inline bool areEven(std::span<const int> counts, double limit)
{
    double total = 0;
    for (const int count : counts)
        total += count;
    const double expected = total / static_cast<double>(counts.size());
    double statistic = 0;
    for (const int count : counts)
        statistic += (count - expected) * (count - expected) / expected;
    return statistic < limit;
}

/** Limits of areEven() for 2, 5, 6, 24 and 45 outcomes. */
inline constexpr double kEvenOf2 = 15.137;
inline constexpr double kEvenOf5 = 23.513;
inline constexpr double kEvenOf6 = 25.745;
inline constexpr double kEvenOf24 = 57.075;
inline constexpr double kEvenOf45 = 87.677;

} // namespace kino::test
