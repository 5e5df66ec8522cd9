// Butterworth filters as second-order sections, run forth and back so that nothing is delayed. Designs, section order
// and edges are those of SciPy (butter(output="sos"), sosfiltfilt), so that a script gives the same numbers. Any thread.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace kino {

enum class FilterBand { lowPass, highPass, bandPass, bandStop };

/** "low-pass", "high-pass", "band-pass", "band-stop"; throws Error naming the allowed ones. */
FilterBand filterBandFromName(std::string_view name);
std::string_view filterBandName(FilterBand band);

struct ButterworthOptions {
    FilterBand band = FilterBand::lowPass;
    /** 1 to 20. A band pass or band stop has twice as many poles. Forth and back, the slope is twice as steep. */
    int order = 4;
    /** Where the gain is 1/√2 (forth and back: 1/2), above 0 and below half of rateHz. */
    double edgeHz = 1;
    /** The upper edge of a band pass or band stop; not used by the others. */
    double upperEdgeHz = 0;
    double rateHz = 0;
    friend bool operator==(const ButterworthOptions &, const ButterworthOptions &) = default;
};

/** One section: (b0 + b1 z⁻¹ + b2 z⁻²) / (1 + a1 z⁻¹ + a2 z⁻²), as {b0, b1, b2, 1, a1, a2}. */
using FilterSection = std::array<double, 6>;

/**
 * Sections by bilinear transform with prewarped edges; their product is the filter, the gain is in the first. Throws
 * Error for an order or edges that cannot be.
 */
std::vector<FilterSection> designButterworth(const ButterworthOptions &options);

/** |H| of the sections at a frequency, once through. */
double filterGain(std::span<const FilterSection> sections, double frequencyHz, double rateHz);

/**
 * Forth and back over an even series, in double precision, each end first extended by an odd reflection (SciPy's
 * default length; shorter where the series is) and the filter started in the steady state of its first value. A span of
 * NaN is a gap: it stays NaN, and what lies on its two sides is filtered by itself. Infinities count as NaN.
 */
std::vector<float> filterZeroPhase(std::span<const FilterSection> sections, std::span<const float> samples);
std::vector<double> filterZeroPhase(std::span<const FilterSection> sections, std::span<const double> samples);

} // namespace kino
