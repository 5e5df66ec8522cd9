// Min/max envelope of a signal at 16, 64, 256, … samples a bin, so that any zoom is drawn from a few thousand numbers.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace kino {

struct MinMax {
    float min = 0;
    float max = 0;
    friend bool operator==(const MinMax &, const MinMax &) = default;
};

class MinMaxPyramid {
public:
    static constexpr std::size_t kBaseSamples = 16;
    static constexpr std::size_t kFactor = 4;

    MinMaxPyramid() = default;
    /** NaN samples are left out of the bins; a bin of NaN only is {NaN, NaN}. Does not keep `samples`. */
    explicit MinMaxPyramid(std::span<const float> samples);

    /** Exact minimum and maximum of samples [begin, end), which must be the samples this was built from. */
    MinMax range(std::span<const float> samples, std::size_t begin, std::size_t end) const;

    std::size_t levels() const { return m_levels.size(); }
    std::span<const MinMax> level(std::size_t index) const { return m_levels[index]; }

private:
    std::vector<std::vector<MinMax>> m_levels;
};

} // namespace kino
