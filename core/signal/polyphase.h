// Band-limited resampling of an evenly sampled series by a bank of Kaiser-windowed sinc filters, one per phase.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace kino {

/** down / up, both positive and without a common divisor. */
struct RateRatio {
    std::size_t down = 1;
    std::size_t up = 1;
    friend bool operator==(const RateRatio &, const RateRatio &) = default;
};

/**
 * Reads a series at the positions offset + k · step (in input samples; step = old rate / new rate). The pass band goes
 * to `passBand` times half the lower of the two rates, with a ripple below 1e-4; from half the lower rate on everything
 * is at least 80 dB down, so nothing folds back when the rate is lowered and no image appears when it is raised. A
 * constant comes out as itself, and there is no delay. One phase bank is exact where step is a ratio of small whole
 * numbers that displaces no output by more than 1e-4 input samples; any other step interpolates between 512 phases
 * (error below −110 dB).
 */
class PolyphaseResampler {
public:
    /** Throws Error unless step is positive and finite and passBand lies in (0, 1). `outputs`: how many will be asked. */
    PolyphaseResampler(double step, std::size_t outputs, double passBand);

    /**
     * Writes the values at offset + k · step for k < out.size(). Positions must lie in [−1, series.size()], the series
     * may not be empty or hold NaN. Beyond its ends the series counts as continued by odd reflection.
     */
    void run(std::span<const float> series, double offset, std::span<float> out) const;

    /** How many input samples an output is made of. */
    std::size_t taps() const { return m_taps; }
    /** {0, 0} where the step is no ratio of small numbers. */
    RateRatio ratio() const { return m_ratio; }

private:
    std::vector<float> phase(double fraction) const;

    double m_step = 1;
    double m_cutoff = 0.5;    // cycles per input sample
    double m_halfWidth = 0;   // of the kernel, in input samples
    std::size_t m_taps = 0;   // a multiple of 16; the kernel's edges are padded with zeros
    RateRatio m_ratio{0, 0};
    std::vector<float> m_bank; // of the arbitrary step: 513 phases
};

/** The ratio of smallest terms, up to `largestUp`, that is within `tolerance` of value; {0, 0} when there is none. */
RateRatio nearestRatio(double value, double tolerance, std::size_t largestUp);

} // namespace kino
