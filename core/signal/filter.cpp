#include "core/signal/filter.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <numbers>

namespace kino {
namespace {

using State = std::array<double, 2>;

/** The state in which a section answers a constant 1 with a constant, and that constant. */
struct SteadyState {
    State state{};
    double output = 0;
};

SteadyState steadyState(const FilterSection &section)
{
    const auto [b0, b1, b2, a0, a1, a2] = section;
    const double output = (b0 + b1 + b2) / (a0 + a1 + a2);
    // Transposed direct form II with x = 1 and y = output: s1 = b2 − a2 y, s0 = b1 − a1 y + s1.
    const double second = b2 - a2 * output;
    return {{b1 - a1 * output + second, second}, output};
}

/** In place, started as if the first value had been there for ever. */
void runSections(std::span<const FilterSection> sections, std::span<double> values)
{
    double level = values.front();
    for (const FilterSection &section : sections) {
        const SteadyState steady = steadyState(section);
        const auto [b0, b1, b2, a0, a1, a2] = section;
        double s0 = steady.state[0] * level;
        double s1 = steady.state[1] * level;
        for (double &value : values) {
            const double input = value;
            const double output = b0 * input + s0;
            s0 = b1 * input - a1 * output + s1;
            s1 = b2 * input - a2 * output;
            value = output;
        }
        level *= steady.output;
    }
}

/** SciPy's default: three times the taps that the cascade has. */
std::size_t extensionSamples(std::span<const FilterSection> sections)
{
    const auto lastIsZero = [&](std::size_t index) {
        return static_cast<std::size_t>(std::count_if(sections.begin(), sections.end(), [index](const FilterSection &section) {
            return section[index] == 0;
        }));
    };
    constexpr std::size_t kB2 = 2;
    constexpr std::size_t kA2 = 5;
    return 3 * (2 * sections.size() + 1 - std::min(lastIsZero(kB2), lastIsZero(kA2)));
}

/** One gap-free part, in place. */
template <class T>
void filterPart(std::span<const FilterSection> sections, std::span<const T> samples, T *out)
{
    const std::size_t count = samples.size();
    const std::size_t extension = std::min(extensionSamples(sections), count - 1);
    std::vector<double> values(count + 2 * extension);
    std::copy(samples.begin(), samples.end(), values.begin() + static_cast<std::ptrdiff_t>(extension));
    const double first = samples.front();
    const double last = samples.back();
    for (std::size_t i = 1; i <= extension; ++i) {
        values[extension - i] = 2 * first - static_cast<double>(samples[i]);
        values[extension + count - 1 + i] = 2 * last - static_cast<double>(samples[count - 1 - i]);
    }
    runSections(sections, values);
    std::reverse(values.begin(), values.end());
    runSections(sections, values);
    std::reverse(values.begin(), values.end());
    for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<T>(values[extension + i]);
}

template <class T>
std::vector<T> filterParts(std::span<const FilterSection> sections, std::span<const T> samples)
{
    std::vector<T> out(samples.size(), std::numeric_limits<T>::quiet_NaN());
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= samples.size(); ++i) {
        if (i < samples.size() && std::isfinite(samples[i]))
            continue;
        if (i > begin)
            filterPart(sections, samples.subspan(begin, i - begin), out.data() + begin);
        begin = i + 1;
    }
    return out;
}

} // namespace

double filterGain(std::span<const FilterSection> sections, double frequencyHz, double rateHz)
{
    const std::complex<double> delay = std::polar(1.0, -2 * std::numbers::pi * frequencyHz / rateHz);
    double gain = 1;
    for (const auto &[b0, b1, b2, a0, a1, a2] : sections)
        gain *= std::abs((b0 + delay * (b1 + delay * b2)) / (a0 + delay * (a1 + delay * a2)));
    return gain;
}

std::vector<float> filterZeroPhase(std::span<const FilterSection> sections, std::span<const float> samples)
{
    return filterParts(sections, samples);
}

std::vector<double> filterZeroPhase(std::span<const FilterSection> sections, std::span<const double> samples)
{
    return filterParts(sections, samples);
}

} // namespace kino
