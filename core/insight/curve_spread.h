// Curves of runs that differ in nothing but seed and fold, as one: their mean with its spread, as far as half of them go. Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kino {

/** One metric of one run: columns of equal length, ascending by step. Values that are not finite are none. */
struct RunCurve {
    std::span<const std::int64_t> steps;
    std::span<const double> epochs;
    std::span<const double> seconds;
    std::span<const double> values;
};

/** Which values of several runs belong together. */
enum class CurveAlignment {
    step, // those of the same step
    epoch // those of the same epoch: every run has one at most in each, and folds have epochs of different lengths
};

struct CurveSpread {
    CurveAlignment alignment = CurveAlignment::step;
    /** That have any value. */
    std::size_t runs = 0;

    // Columns of equal length, ascending: where all runs that go as far have a value, and half of all runs go as far. One that has only
    // begun does not cut off what the others are; which of them a value is the mean of changes at the drops.
    /** The step; of an alignment by epochs the mean, rounded. */
    std::vector<std::int64_t> steps;
    std::vector<double> epochs, seconds; // means over the runs
    std::vector<double> mean, least, most;
    /** Of the mean, over count - 1; NaN where it is of a single run. */
    std::vector<double> standardError;

    /** Here the last of a run's values lies, and `runs` others go on: from here on the mean is theirs. */
    struct Drop {
        std::int64_t step = 0;
        double epoch = 0, seconds = 0;
        std::size_t runs = 0;
        friend bool operator==(const Drop &, const Drop &) = default;
    };
    /** In their order; none where all runs end together. */
    std::vector<Drop> drops;
};

CurveSpread spreadCurves(std::span<const RunCurve> runs);

} // namespace kino
