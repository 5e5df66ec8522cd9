// Short-time Fourier transform by FFTW3. The one transform behind the live spectrogram, `kino spectrogram` and model
// input. Planning takes a lock and may take milliseconds: never on the GUI thread. A planned Stft may be used by one
// thread at a time.
#pragma once

#include "core/base/cancel.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kino {

enum class WindowShape { hann, hannSymmetric, hamming, blackman, rectangular };

/** "hann", "hann-symmetric", …; throws Error naming the allowed ones. */
WindowShape windowShapeFromName(std::string_view name);
std::string_view windowShapeName(WindowShape shape);
/** Periodic (the period is `samples`) but for hannSymmetric, whose last coefficient equals its first. */
std::vector<double> windowCoefficients(WindowShape shape, std::size_t samples);

struct StftOptions {
    std::size_t windowSamples = 128;
    std::size_t hopSamples = 32;
    /** Transform length; windowSamples or, to zero-pad, more. 0 means windowSamples. */
    std::size_t fftSamples = 0;
    WindowShape shape = WindowShape::hann;
    double rateHz = 1;
    friend bool operator==(const StftOptions &, const StftOptions &) = default;
};

/**
 * One-sided power spectral density, unit²/Hz: |FFT|²/(rate · Σw²), all bins but the first and (even length) the last
 * doubled. No padding, no centring, no detrending; a tail shorter than a window is dropped.
 */
struct PowerSpectrogram {
    std::size_t bins = 0;
    std::size_t frames = 0;
    /** [frames, bins]: one frame's spectrum is contiguous. */
    std::vector<float> power;
    float at(std::size_t bin, std::size_t frame) const { return power[frame * bins + bin]; }
};

class Stft {
public:
    /**
     * Throws Error for a window of less than two samples or zero throughout, a hop of zero, a transform shorter than the
     * window or longer than 2^22 samples, and a rate that is not above zero.
     */
    explicit Stft(StftOptions options);
    ~Stft();
    Stft(Stft &&) noexcept;
    Stft &operator=(Stft &&) noexcept;

    const StftOptions &options() const;
    std::size_t bins() const;
    /** floor((samples − window) / hop) + 1, or 0. */
    std::size_t frames(std::size_t samples) const;

    /** A frame that holds a NaN is NaN in every bin. Throws Cancelled. */
    PowerSpectrogram power(std::span<const float> samples, const CancelToken &cancel = {});
    /**
     * Frames [firstFrame, firstFrame + out.size() / bins()) into `out`, [frames, bins]: the way to transform a part of
     * a long recording, or into memory used again. A frame's numbers do not depend on the range it was asked in. Throws
     * Error when `samples` has no such frames.
     */
    void powerInto(std::span<const float> samples, std::size_t firstFrame, std::span<float> out);

    /** FFTW's wisdom, kept in a cache folder between runs; a missing, damaged or foreign file is ignored. */
    static void loadWisdom(const std::filesystem::path &folder);
    /** Whole or not at all. Throws Error when the folder cannot be made or written. */
    static void saveWisdom(const std::filesystem::path &folder);

private:
    struct Plan;
    std::unique_ptr<Plan> m_plan;
};

/** 10·log10(power), floored so that silence is finite; NaN stays NaN. */
float decibel(float power, float floorPower = 1e-20f);

} // namespace kino
