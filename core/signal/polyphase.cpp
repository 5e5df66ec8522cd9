#include "core/signal/polyphase.h"

#include "core/base/error.h"
#include "core/base/simd.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace kino {
namespace {

/** Ten more than are promised: for the rounding of float and the interpolation between phases. */
constexpr double kStopBandDb = 90;
constexpr double kLargestDisplacement = 1e-4;
constexpr std::size_t kLargestUp = 1024;
constexpr std::size_t kLargestBank = std::size_t{1} << 20;
constexpr std::size_t kPhases = 512;
constexpr std::size_t kTapBlock = 16;
/** A rate lowered this much at once would take a filter of minutes; far beyond any that motion needs. */
constexpr double kLargestStep = 1e5;

/** Kaiser's window parameter and, with the transition width, length (Kaiser 1974; Oppenheim & Schafer, §7.5.3). */
constexpr double kBeta = 0.1102 * (kStopBandDb - 8.7);
double kernelHalfWidth(double transition) { return (kStopBandDb - 7.95) / (2.285 * 2 * std::numbers::pi * transition) / 2; }

double besselI0(double x)
{
    double sum = 1;
    double term = 1;
    for (int k = 1; term > sum * 1e-17; ++k) {
        term *= (x / (2 * k)) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

template <int W>
KINO_ALWAYS_INLINE float dotBody(const float *a, const float *b, std::size_t count)
{
    using Floats = typename simd::Vector<W>::Floats;
    Floats sum{};
    for (std::size_t i = 0; i < count; i += W)
        sum += *reinterpret_cast<const Floats *>(a + i) * *reinterpret_cast<const Floats *>(b + i);
    float total = 0;
    for (int lane = 0; lane < W; ++lane)
        total += sum[lane];
    return total;
}

/**
 * The series less its first value, with `margin` samples before and behind it, reflected about its end points. Without
 * that value, often gravity, sums in float lose no digits to it.
 */
std::vector<float> extended(std::span<const float> series, std::size_t margin)
{
    const std::size_t count = series.size();
    const float first = series.front();
    const float last = series.back() - first;
    std::vector<float> whole(count + 2 * margin);
    for (std::size_t i = 0; i < count; ++i)
        whole[margin + i] = series[i] - first;
    for (std::size_t i = 1; i <= margin; ++i) {
        const std::size_t from = std::min(i, count - 1);
        whole[margin - i] = -whole[margin + from];
        whole[margin + count - 1 + i] = 2 * last - whole[margin + count - 1 - from];
    }
    return whole;
}

} // namespace

KINO_SIMD_DISPATCH(float, dotProduct, (const float *a, const float *b, std::size_t count), dotBody, (a, b, count))

RateRatio nearestRatio(double value, double tolerance, std::size_t largestUp)
{
    // Continued fraction: each convergent is the best ratio of its size.
    double rest = value;
    double down = 1, downBefore = 0;
    double up = 0, upBefore = 1;
    for (int term = 0; term < 40 && rest < 1e9; ++term) {
        const double whole = std::floor(rest);
        downBefore = std::exchange(down, whole * down + downBefore);
        upBefore = std::exchange(up, whole * up + upBefore);
        if (up > static_cast<double>(largestUp))
            break;
        if (down >= 1 && std::abs(value - down / up) <= tolerance)
            return {static_cast<std::size_t>(down), static_cast<std::size_t>(up)};
        if (rest - whole < 1e-12)
            break;
        rest = 1 / (rest - whole);
    }
    return {0, 0};
}

PolyphaseResampler::PolyphaseResampler(double step, std::size_t outputs, double passBand) : m_step(step)
{
    if (!(step > 0) || !std::isfinite(step))
        throw Error("A series can only be resampled between rates above zero.");
    if (step > kLargestStep)
        throw Error("The new rate is too low: lowering a rate more than 100,000 times at once is not supported.");
    if (!(passBand > 0 && passBand < 1))
        throw Error("The pass band of a resampling filter must lie between 0 and 1 of half the lower rate.");

    const double lowerNyquist = 0.5 * std::min(1.0, 1 / step);
    const double transition = (1 - passBand) * lowerNyquist;
    m_cutoff = lowerNyquist - transition / 2;
    m_halfWidth = kernelHalfWidth(transition);
    const auto reach = static_cast<std::size_t>(std::ceil(m_halfWidth)) + 1;
    m_taps = (2 * reach + kTapBlock - 1) / kTapBlock * kTapBlock;

    const double tolerance = kLargestDisplacement / static_cast<double>(std::max<std::size_t>(outputs, 1));
    m_ratio = nearestRatio(step, tolerance, std::min(kLargestUp, std::max<std::size_t>(kLargestBank / m_taps, 1)));
    if (m_ratio.up > 0)
        return;
    m_bank.reserve((kPhases + 1) * m_taps);
    for (std::size_t i = 0; i <= kPhases; ++i) {
        const std::vector<float> taps = phase(static_cast<double>(i) / kPhases);
        m_bank.insert(m_bank.end(), taps.begin(), taps.end());
    }
}

std::vector<float> PolyphaseResampler::phase(double fraction) const
{
    // Tap j reads the input sample (m_taps / 2 − 1) before the position's whole part, plus j.
    std::vector<double> taps(m_taps);
    double sum = 0;
    for (std::size_t j = 0; j < m_taps; ++j) {
        const double t = static_cast<double>(j) - static_cast<double>(m_taps / 2 - 1) - fraction;
        const double place = t / m_halfWidth;
        if (std::abs(place) >= 1)
            continue;
        const double angle = 2 * std::numbers::pi * m_cutoff * t;
        const double sinc = std::abs(angle) < 1e-9 ? 1 : std::sin(angle) / angle;
        taps[j] = sinc * besselI0(kBeta * std::sqrt(1 - place * place));
        sum += taps[j];
    }
    std::vector<float> scaled(m_taps);
    for (std::size_t j = 0; j < m_taps; ++j)
        scaled[j] = static_cast<float>(taps[j] / sum);
    return scaled;
}

void PolyphaseResampler::run(std::span<const float> series, double offset, std::span<float> out) const
{
    const std::size_t before = m_taps / 2 - 1;
    const float first = series.front();
    const std::vector<float> padded = extended(series, m_taps);
    // Where the taps of an output at whole position 0 begin.
    const float *const origin = padded.data() + m_taps - before;

    if (m_ratio.up > 0) {
        const double offsetWhole = std::floor(offset);
        const float *const from = origin + static_cast<std::ptrdiff_t>(offsetWhole);
        std::vector<float> bank;
        std::vector<std::size_t> carry(m_ratio.up);
        for (std::size_t m = 0; m < m_ratio.up; ++m) {
            const double place = offset - offsetWhole + static_cast<double>(m) / static_cast<double>(m_ratio.up);
            carry[m] = place >= 1;
            const std::vector<float> taps = phase(place - static_cast<double>(carry[m]));
            bank.insert(bank.end(), taps.begin(), taps.end());
        }
        std::size_t wholeSteps = 0;
        std::size_t m = 0;
        for (float &value : out) {
            value = dotProduct(from + wholeSteps + carry[m], bank.data() + m * m_taps, m_taps) + first;
            wholeSteps += (m + m_ratio.down) / m_ratio.up;
            m = (m + m_ratio.down) % m_ratio.up;
        }
        return;
    }
    for (std::size_t k = 0; k < out.size(); ++k) {
        const double position = offset + static_cast<double>(k) * m_step;
        const double whole = std::floor(position);
        const float *const from = origin + static_cast<std::ptrdiff_t>(whole);
        const double place = (position - whole) * kPhases;
        const auto index = std::min(static_cast<std::size_t>(place), kPhases - 1);
        const float low = dotProduct(from, m_bank.data() + index * m_taps, m_taps);
        const float high = dotProduct(from, m_bank.data() + (index + 1) * m_taps, m_taps);
        out[k] = low + (high - low) * static_cast<float>(place - static_cast<double>(index)) + first;
    }
}

} // namespace kino
