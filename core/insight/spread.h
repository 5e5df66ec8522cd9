// How sure a mean is: spreads, Student's interval, percentiles. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace kino {

struct Interval {
    double low = 0;
    double high = 0;
};

struct Spread {
    std::size_t count = 0;
    double mean = 0;
    double least = 0;
    double most = 0;
    /** Over count - 1; nothing for fewer than two values. */
    std::optional<double> deviation;
    std::optional<double> standardError;
};

/** Of finite values. Nothing where there are none. */
std::optional<Spread> spreadOf(std::span<const double> values);

/** The quantile of Student's t with `freedom` degrees, to 1e-9. Throws Error for a probability outside (0, 1) and freedom below 1. */
double studentQuantile(double probability, double freedom);

/** Of the mean: mean ± t · standard error. Nothing for fewer than two values. */
std::optional<Interval> studentInterval(std::span<const double> values, double confidence = 0.95);

/** Linear between neighbours, as numpy.percentile has it; `share` from 0 to 1. Throws Error for no values. */
double percentile(std::vector<double> values, double share);

} // namespace kino
