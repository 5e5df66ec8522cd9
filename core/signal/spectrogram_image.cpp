#include "core/signal/spectrogram_image.h"

#include "core/base/error.h"
#include "core/signal/fftw_planner.h"
#include "core/signal/stft.h"

#include <algorithm>
#include <cmath>
#include <fftw3.h>

namespace kino {
namespace {

constexpr double kModelRateHz = 64;
constexpr std::array<double, 3> kImageNetMean{0.485, 0.456, 0.406};
constexpr std::array<double, 3> kImageNetDeviation{0.229, 0.224, 0.225};
/** ColorBrewer's nine Greys, from light to dark. */
constexpr std::array<double, 9> kGreys{255, 240, 217, 189, 150, 115, 82, 37, 0};

struct FftwFree {
    void operator()(void *memory) const { fftw_free(memory); }
};

fftw_plan modelPlan()
{
    static const fftw_plan plan = [] {
        const std::lock_guard lock(fftwPlannerMutex());
        const std::unique_ptr<double[], FftwFree> in(fftw_alloc_real(kModelWindowSamples));
        const std::unique_ptr<fftw_complex[], FftwFree> out(fftw_alloc_complex(kModelBins));
        return fftw_plan_dft_r2c_1d(static_cast<int>(kModelWindowSamples), in.get(), out.get(), FFTW_ESTIMATE);
    }();
    if (!plan)
        throw Error("FFTW could not plan the model's transform of 128 samples.");
    return plan;
}

std::size_t modelFrames(std::size_t samples)
{
    return samples < kModelWindowSamples ? 0 : (samples - kModelWindowSamples) / kModelHopSamples + 1;
}

/** Grey cells [65, frames] of one axis. */
void paintAxis(std::span<const double> samples, std::uint8_t *cells)
{
    std::vector<double> levels = modelPower(samples);
    for (double &level : levels)
        level = 10 * std::log10(std::max(level, kModelPowerFloor));
    const auto [lowest, highest] = std::minmax_element(levels.begin(), levels.end());
    const double low = *lowest;
    const double range = *highest - low;
    const std::array<std::uint8_t, 256> &greys = invertedGreys();
    for (std::size_t i = 0; i < levels.size(); ++i) {
        const double share = range > 0 ? (levels[i] - low) / range : 0;
        cells[i] = greys[std::min(static_cast<std::size_t>(256 * share), std::size_t{255})];
    }
}

} // namespace

std::vector<double> modelPower(std::span<const double> samples)
{
    const std::size_t frames = modelFrames(samples.size());
    std::vector<double> power(kModelBins * frames);
    if (frames == 0)
        return power;

    const fftw_plan plan = modelPlan();
    static const std::vector<double> window = windowCoefficients(WindowShape::hannSymmetric, kModelWindowSamples);
    double energy = 0;
    for (double w : window)
        energy += w * w;
    const double scale = 1 / (kModelRateHz * energy);
    const std::unique_ptr<double[], FftwFree> in(fftw_alloc_real(kModelWindowSamples));
    const std::unique_ptr<fftw_complex[], FftwFree> out(fftw_alloc_complex(kModelBins));
    for (std::size_t frame = 0; frame < frames; ++frame) {
        for (std::size_t i = 0; i < kModelWindowSamples; ++i)
            in[i] = samples[frame * kModelHopSamples + i] * window[i];
        fftw_execute_dft_r2c(plan, in.get(), out.get());
        for (std::size_t bin = 0; bin < kModelBins; ++bin) {
            const double sides = bin == 0 || bin == kModelBins - 1 ? 1 : 2;
            power[bin * frames + frame] = sides * scale * (out[bin][0] * out[bin][0] + out[bin][1] * out[bin][1]);
        }
    }
    return power;
}

const std::array<std::uint8_t, 256> &invertedGreys()
{
    static const std::array<std::uint8_t, 256> table = [] {
        std::array<std::uint8_t, 256> made{};
        for (std::size_t i = 0; i < made.size(); ++i) {
            const double place = static_cast<double>(i) / 255 * (kGreys.size() - 1);
            const std::size_t anchor = std::min(static_cast<std::size_t>(place), kGreys.size() - 2);
            const double grey = std::lerp(kGreys[anchor], kGreys[anchor + 1], place - static_cast<double>(anchor));
            made[i] = static_cast<std::uint8_t>(std::lround(255 - grey));
        }
        return made;
    }();
    return table;
}

SpectrogramImage computeSpectrogramImage(std::span<const double> x, std::span<const double> y, std::span<const double> z)
{
    if (x.size() != y.size() || y.size() != z.size())
        throw Error("A spectrogram image needs x, y and z of one length; these have " + std::to_string(x.size()) + ", " +
                    std::to_string(y.size()) + " and " + std::to_string(z.size()) + " samples.");
    if (x.size() < kModelWindowSamples)
        throw Error("A spectrogram image as the model sees it needs at least 128 samples; this has " +
                    std::to_string(x.size()) + ". Choose a longer part or a higher rate.");
    const std::array<std::span<const double>, 3> axes{x, y, z};
    for (const std::span<const double> axis : axes) {
        const auto odd = std::find_if(axis.begin(), axis.end(), [](double value) { return !std::isfinite(value); });
        if (odd != axis.end())
            throw Error("Sample " + std::to_string(odd - axis.begin()) +
                        " is missing or not a number; a spectrogram image needs a part without gaps.");
    }

    SpectrogramImage image;
    image.frames = modelFrames(x.size());
    image.cells.resize(3 * kModelBins * image.frames);
    for (std::size_t axis = 0; axis < axes.size(); ++axis)
        paintAxis(axes[axis], image.cells.data() + axis * kModelBins * image.frames);
    return image;
}

std::vector<std::uint8_t> interleavedLowAtBottom(const SpectrogramImage &image)
{
    std::vector<std::uint8_t> pixels;
    pixels.reserve(image.cells.size());
    for (std::size_t row = 0; row < kModelBins; ++row) {
        for (std::size_t frame = 0; frame < image.frames; ++frame) {
            for (std::size_t axis = 0; axis < 3; ++axis)
                pixels.push_back(image.at(axis, kModelBins - 1 - row, frame));
        }
    }
    return pixels;
}

std::vector<std::uint8_t> resizeToModelInput(const SpectrogramImage &image)
{
    std::vector<std::uint8_t> cells;
    if (image.frames == 0)
        return cells;
    cells.reserve(3 * kModelInputHeight * kModelInputWidth);
    for (std::size_t axis = 0; axis < 3; ++axis) {
        for (std::size_t y = 0; y < kModelInputHeight; ++y) {
            const std::size_t bin = kModelBins - 1 - y * kModelBins / kModelInputHeight;
            for (std::size_t column = 0; column < kModelInputWidth; ++column)
                cells.push_back(image.at(axis, bin, column * image.frames / kModelInputWidth));
        }
    }
    return cells;
}

std::vector<float> computeModelInput(const SpectrogramImage &image)
{
    const std::vector<std::uint8_t> cells = resizeToModelInput(image);
    std::vector<float> input(cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::size_t axis = i / (kModelInputHeight * kModelInputWidth);
        input[i] = static_cast<float>((cells[i] / 255.0 - kImageNetMean[axis]) / kImageNetDeviation[axis]);
    }
    return input;
}

} // namespace kino
