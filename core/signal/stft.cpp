#include "core/signal/stft.h"

#include "core/base/error.h"
#include "core/signal/fftw_planner.h"
#include "core/signal/stft_kernels.h"

#include <algorithm>
#include <cmath>
#include <fftw3.h>
#include <numbers>

namespace kino {
namespace {

/** A minute of audio; far above any window that a motion signal needs, low enough that a slip cannot take all memory. */
constexpr std::size_t kLongestTransform = std::size_t{1} << 22;
/** So many samples at a time: input and output of a batch stay in the first-level cache. */
constexpr std::size_t kBatchSamples = 4096;
constexpr std::size_t kLargestBatch = 16;
constexpr std::size_t kBatchesPerCancelPoll = 256;

std::size_t batchFrames(std::size_t fftSamples)
{
    return std::clamp(kBatchSamples / fftSamples, std::size_t{1}, kLargestBatch);
}

StftOptions checked(StftOptions options)
{
    if (options.fftSamples == 0)
        options.fftSamples = options.windowSamples;
    if (options.windowSamples < 2)
        throw Error("A spectrogram window of " + std::to_string(options.windowSamples) +
                    " samples is too short; choose two or more.");
    if (options.hopSamples == 0)
        throw Error("A spectrogram needs a hop of at least one sample.");
    if (options.fftSamples < options.windowSamples)
        throw Error("A transform of " + std::to_string(options.fftSamples) + " samples cannot hold a window of " +
                    std::to_string(options.windowSamples) + "; choose a longer transform or a shorter window.");
    if (options.fftSamples > kLongestTransform)
        throw Error("A spectrogram window or transform may have up to " + std::to_string(kLongestTransform) +
                    " samples; " + std::to_string(options.fftSamples) + " were asked for.");
    if (!(options.rateHz > 0) || !std::isfinite(options.rateHz))
        throw Error("A spectrogram needs the rate of its samples, a number above zero in Hz.");
    return options;
}

} // namespace

struct Stft::Plan {
    StftOptions options;
    std::size_t bins = 0;
    std::size_t batch = 0;
    /** True for an even length: two real samples are one complex one, and the transform has half as many points. */
    bool packed = false;
    FftwBuffer<float> window;
    FftwBuffer<float> twiddleRe;
    FftwBuffer<float> twiddleIm;
    FftwBuffer<float> input;
    FftwBuffer<float> spectra;
    fftwf_plan_s *transform = nullptr;

    void transformBatch(const float *samples, std::size_t frames, float *out);
};

void Stft::Plan::transformBatch(const float *samples, std::size_t frames, float *out)
{
    for (std::size_t frame = 0; frame < frames; ++frame) {
        applyWindow(samples + frame * options.hopSamples, window.get(), options.windowSamples,
                    input.get() + frame * options.fftSamples);
    }
    auto *const complexOut = reinterpret_cast<fftwf_complex *>(spectra.get());
    if (packed) {
        fftwf_execute_dft(transform, reinterpret_cast<fftwf_complex *>(input.get()), complexOut);
        packedPower(spectra.get(), options.fftSamples / 2, frames, twiddleRe.get(), twiddleIm.get(), out);
    } else {
        fftwf_execute_dft_r2c(transform, input.get(), complexOut);
        oddPower(spectra.get(), bins, frames, out);
    }
}

Stft::Stft(StftOptions options) : m_plan(std::make_unique<Plan>())
{
    Plan &plan = *m_plan;
    plan.options = checked(options);
    const std::size_t length = plan.options.fftSamples;
    plan.bins = length / 2 + 1;
    plan.batch = batchFrames(length);
    plan.packed = length % 2 == 0;

    const std::vector<double> window = windowCoefficients(plan.options.shape, plan.options.windowSamples);
    double energy = 0;
    for (double w : window)
        energy += w * w;
    if (energy < 1e-12)
        throw Error("A " + std::string(windowShapeName(plan.options.shape)) + " window of " +
                    std::to_string(plan.options.windowSamples) + " samples is zero throughout; choose a longer one.");
    // The kernels double every bin twice over; half of the density's scale goes into the window.
    const double scale = std::sqrt(0.5 / (plan.options.rateHz * energy));
    plan.window = makeFftwBuffer(window.size());
    for (std::size_t i = 0; i < window.size(); ++i)
        plan.window[i] = static_cast<float>(window[i] * scale);

    const std::size_t half = length / 2;
    if (plan.packed) {
        plan.twiddleRe = makeFftwBuffer(half / 2 + 1);
        plan.twiddleIm = makeFftwBuffer(half / 2 + 1);
        for (std::size_t k = 0; k <= half / 2; ++k) {
            const double angle = std::numbers::pi * static_cast<double>(k) / static_cast<double>(half);
            plan.twiddleRe[k] = static_cast<float>(std::cos(angle));
            plan.twiddleIm[k] = static_cast<float>(-std::sin(angle));
        }
    }
    plan.input = makeFftwBuffer(plan.batch * length);
    plan.spectra = makeFftwBuffer(2 * plan.batch * plan.bins);
    plan.transform = plan.packed ? ensureFloatPlan(FftKind::complexForward, half, plan.batch)
                                 : ensureFloatPlan(FftKind::realForward, length, plan.batch);
}

Stft::~Stft() = default;
Stft::Stft(Stft &&) noexcept = default;
Stft &Stft::operator=(Stft &&) noexcept = default;

const StftOptions &Stft::options() const { return m_plan->options; }

std::size_t Stft::bins() const { return m_plan->bins; }

std::size_t Stft::frames(std::size_t samples) const
{
    const StftOptions &options = m_plan->options;
    return samples < options.windowSamples ? 0 : (samples - options.windowSamples) / options.hopSamples + 1;
}

PowerSpectrogram Stft::power(std::span<const float> samples, const CancelToken &cancel)
{
    PowerSpectrogram result;
    result.bins = bins();
    result.frames = frames(samples.size());
    result.power.resize(result.frames * result.bins);
    const std::size_t step = kBatchesPerCancelPoll * m_plan->batch;
    for (std::size_t first = 0; first < result.frames; first += step) {
        cancel.throwIfCancelled();
        const std::size_t count = std::min(step, result.frames - first);
        powerInto(samples, first, std::span(result.power).subspan(first * result.bins, count * result.bins));
    }
    return result;
}

void Stft::powerInto(std::span<const float> samples, std::size_t firstFrame, std::span<float> out)
{
    Plan &plan = *m_plan;
    const std::size_t wanted = out.size() / plan.bins;
    const std::size_t available = frames(samples.size());
    if (wanted * plan.bins != out.size() || firstFrame > available || wanted > available - firstFrame)
        throw Error("Spectrogram frames " + std::to_string(firstFrame) + " to " + std::to_string(firstFrame + wanted) +
                    " were asked for; these samples have " + std::to_string(available) + ".");

    const float *from = samples.data() + firstFrame * plan.options.hopSamples;
    const std::size_t whole = wanted / plan.batch * plan.batch;
    for (std::size_t frame = 0; frame < whole; frame += plan.batch)
        plan.transformBatch(from + frame * plan.options.hopSamples, plan.batch, out.data() + frame * plan.bins);
    if (whole < wanted) {
        // The last batch is not full; what its other rows transform is left over from before and goes nowhere.
        plan.transformBatch(from + whole * plan.options.hopSamples, wanted - whole, out.data() + whole * plan.bins);
    }
}

float decibel(float power, float floorPower)
{
    return 10 * std::log10(power < floorPower ? floorPower : power);
}

} // namespace kino
