// Min/max envelope of a signal at 16, 64, 256, … samples a bin, so that any zoom is drawn from a few thousand numbers.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace kino {

struct MinMax {
    float min = 0;
    float max = 0;
    friend bool operator==(const MinMax &, const MinMax &) = default;
};

/** Immutable; copies share what was computed. */
class MinMaxPyramid {
public:
    static constexpr std::size_t kBaseSamples = 16;
    static constexpr std::size_t kFactor = 4;

    MinMaxPyramid() = default;
    /** NaN samples are left out of the bins; a bin of NaN only is {NaN, NaN}. Does not keep `samples`. */
    explicit MinMaxPyramid(std::span<const float> samples);

    /**
     * Exact minimum and maximum of samples [begin, end), which must be the samples this was built from. NaN is left out;
     * a range of NaN only, or an empty one, is {NaN, NaN}; an end beyond the last sample counts as the last.
     */
    MinMax range(std::span<const float> samples, std::size_t begin, std::size_t end) const;

    /**
     * What a painter asks for: out[i] is the range [edges[i], edges[i + 1]), for out.size() = edges.size() − 1 columns
     * of pixels. Costs the same at any zoom; safe from any thread.
     */
    void columns(std::span<const float> samples, std::span<const std::size_t> edges, std::span<MinMax> out) const;

    /** The number of samples this was built from. */
    std::size_t samples() const { return m_samples; }

    std::size_t levels() const { return m_levels ? m_levels->size() : 0; }
    std::span<const MinMax> level(std::size_t index) const { return (*m_levels)[index]; }

private:
    std::size_t m_samples = 0;
    std::shared_ptr<const std::vector<std::vector<MinMax>>> m_levels; // nullptr without samples
};

} // namespace kino
