// The inner loops of the STFT. Internal to core/signal.
#pragma once

#include <cstddef>

namespace kino {

/** out[i] = samples[i] · window[i]. */
void applyWindow(const float *samples, const float *window, std::size_t count, float *out);

/**
 * Powers of real transforms of 2·half points, from complex transforms of `half` points whose input was the real samples
 * taken in pairs. `spectra` is [frames, half] complex, `out` [frames, half + 1]. With Z the complex transform,
 * E = Z[k] + conj Z[half−k], O = (Z[k] − conj Z[half−k]) / i and twiddle W[k] = exp(−2πi k / (2·half)), the real
 * transform is X[k] = (E + W·O) / 2 and X[half−k] = conj(E − W·O) / 2 (Press et al., Numerical Recipes, §12.3).
 * Written is 4·|X|² for the bins between and 2·|X|² for the first and the last, so that a factor of half the scale in
 * the window gives the one-sided density. The amplitude is formed before it is squared: |E|² + |O|² ± … would lose a
 * weak bin under its strong mirror.
 * twiddleRe and twiddleIm hold W[k] for k = 0 … half / 2.
 */
void packedPower(const float *spectra, std::size_t half, std::size_t frames, const float *twiddleRe,
                 const float *twiddleIm, float *out);

/** Powers [frames, bins] of complex spectra [frames, bins], with the same factors; `bins` of an odd transform. */
void oddPower(const float *spectra, std::size_t bins, std::size_t frames, float *out);

} // namespace kino
