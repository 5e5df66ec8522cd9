#include "core/signal/stft_kernels.h"

#include "core/base/simd.h"

#include <utility>

namespace kino {
namespace {

template <int W>
KINO_ALWAYS_INLINE void windowBody(const float *samples, const float *window, std::size_t count, float *out)
{
    using Floats = typename simd::Vector<W>::Floats;
    std::size_t i = 0;
    for (; i + W <= count; i += W) {
        *reinterpret_cast<Floats *>(out + i) =
            *reinterpret_cast<const Floats *>(samples + i) * *reinterpret_cast<const Floats *>(window + i);
    }
    for (; i < count; ++i)
        out[i] = samples[i] * window[i];
}

KINO_ALWAYS_INLINE void packedPair(const float *z, std::size_t half, std::size_t k, const float *twiddleRe,
                                   const float *twiddleIm, float *power)
{
    const std::size_t mirror = half - k;
    const float evenRe = z[2 * k] + z[2 * mirror];
    const float evenIm = z[2 * k + 1] - z[2 * mirror + 1];
    const float oddRe = z[2 * k + 1] + z[2 * mirror + 1];
    const float oddIm = z[2 * mirror] - z[2 * k];
    const float turnedRe = twiddleRe[k] * oddRe - twiddleIm[k] * oddIm;
    const float turnedIm = twiddleRe[k] * oddIm + twiddleIm[k] * oddRe;
    const float lowRe = evenRe + turnedRe;
    const float lowIm = evenIm + turnedIm;
    const float highRe = evenRe - turnedRe;
    const float highIm = evenIm - turnedIm;
    power[k] = lowRe * lowRe + lowIm * lowIm;
    power[mirror] = highRe * highRe + highIm * highIm;
}

template <int W, int... I>
KINO_ALWAYS_INLINE void packedPairs(const float *z, std::size_t half, std::size_t k, const float *twiddleRe,
                                    const float *twiddleIm, float *power, std::integer_sequence<int, I...>)
{
    using Floats = typename simd::Vector<W>::Floats;
    const std::size_t mirror = half - k - (W - 1);
    const Floats low0 = *reinterpret_cast<const Floats *>(z + 2 * k);
    const Floats low1 = *reinterpret_cast<const Floats *>(z + 2 * k + W);
    const Floats high0 = *reinterpret_cast<const Floats *>(z + 2 * mirror);
    const Floats high1 = *reinterpret_cast<const Floats *>(z + 2 * mirror + W);
    const Floats re = __builtin_shufflevector(low0, low1, (2 * I)...);
    const Floats im = __builtin_shufflevector(low0, low1, (2 * I + 1)...);
    const Floats mirrorRe = __builtin_shufflevector(high0, high1, (2 * (W - 1 - I))...);
    const Floats mirrorIm = __builtin_shufflevector(high0, high1, (2 * (W - 1 - I) + 1)...);
    const Floats wRe = *reinterpret_cast<const Floats *>(twiddleRe + k);
    const Floats wIm = *reinterpret_cast<const Floats *>(twiddleIm + k);
    const Floats evenRe = re + mirrorRe;
    const Floats evenIm = im - mirrorIm;
    const Floats oddRe = im + mirrorIm;
    const Floats oddIm = mirrorRe - re;
    const Floats turnedRe = wRe * oddRe - wIm * oddIm;
    const Floats turnedIm = wRe * oddIm + wIm * oddRe;
    const Floats lowRe = evenRe + turnedRe;
    const Floats lowIm = evenIm + turnedIm;
    const Floats highRe = evenRe - turnedRe;
    const Floats highIm = evenIm - turnedIm;
    const Floats highPower = highRe * highRe + highIm * highIm;
    *reinterpret_cast<Floats *>(power + k) = lowRe * lowRe + lowIm * lowIm;
    *reinterpret_cast<Floats *>(power + mirror) = __builtin_shufflevector(highPower, highPower, (W - 1 - I)...);
}

template <int W>
KINO_ALWAYS_INLINE void packedBody(const float *spectra, std::size_t half, std::size_t frames, const float *twiddleRe,
                                   const float *twiddleIm, float *out)
{
    constexpr auto kLanes = std::make_integer_sequence<int, W>();
    const std::size_t last = half / 2;
    for (std::size_t frame = 0; frame < frames; ++frame) {
        const float *const z = spectra + 2 * half * frame;
        float *const power = out + (half + 1) * frame;
        const float first = z[0] + z[1];
        const float nyquist = z[0] - z[1];
        power[0] = 2 * first * first;
        power[half] = 2 * nyquist * nyquist;
        if (last < W) {
            for (std::size_t k = 1; k <= last; ++k)
                packedPair(z, half, k, twiddleRe, twiddleIm, power);
            continue;
        }
        std::size_t k = 1;
        for (; k + W <= last + 1; k += W)
            packedPairs<W>(z, half, k, twiddleRe, twiddleIm, power, kLanes);
        // What is left is done again together with bins already done: input and output are different arrays.
        if (k <= last)
            packedPairs<W>(z, half, last + 1 - W, twiddleRe, twiddleIm, power, kLanes);
    }
}

} // namespace

KINO_SIMD_DISPATCH(void, applyWindow, (const float *samples, const float *window, std::size_t count, float *out),
                   windowBody, (samples, window, count, out))

KINO_SIMD_DISPATCH(void, packedPower,
                   (const float *spectra, std::size_t half, std::size_t frames, const float *twiddleRe,
                    const float *twiddleIm, float *out),
                   packedBody, (spectra, half, frames, twiddleRe, twiddleIm, out))

void oddPower(const float *spectra, std::size_t bins, std::size_t frames, float *out)
{
    for (std::size_t frame = 0; frame < frames; ++frame) {
        const float *const z = spectra + 2 * bins * frame;
        float *const power = out + bins * frame;
        power[0] = 2 * z[0] * z[0];
        for (std::size_t k = 1; k < bins; ++k)
            power[k] = 4 * (z[2 * k] * z[2 * k] + z[2 * k + 1] * z[2 * k + 1]);
    }
}

} // namespace kino
