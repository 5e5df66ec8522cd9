// Ours beside torch.stft and bare FFTW, on one thread: 6 channels of one hour at 100 Hz, hop a quarter of the window.
// Output memory is used again wherever the peer can use it again.
#include "core/signal/colour_map.h"
#include "core/signal/pyramid.h"
#include "core/signal/quality.h"
#include "core/signal/resample.h"
#include "core/signal/spectrogram_image.h"
#include "core/signal/stft.h"
#include "core/signal/timing.h"
#include "tests/bench/ratio_main.h"

#include <cmath>
#include <fftw3.h>
#include <limits>
#include <numbers>
#include <random>
#include <torch/torch.h>

namespace {

constexpr std::int64_t kChannels = 6;
constexpr std::int64_t kSamples = 3600 * 100;

/** A walk's harmonics, gravity and noise. */
std::vector<float> makeChannel(std::size_t samples, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> noise(0, 0.3f);
    std::vector<float> channel(samples);
    for (std::size_t i = 0; i < samples; ++i) {
        const double t = static_cast<double>(i) / 100.0;
        channel[i] = static_cast<float>(9.81 + 2 * std::sin(2 * std::numbers::pi * 1.9 * t) +
                                        0.7 * std::sin(2 * std::numbers::pi * 3.8 * t + 1)) +
                     noise(random);
    }
    return channel;
}

const std::vector<std::vector<float>> &channels()
{
    static const std::vector<std::vector<float>> made = [] {
        std::vector<std::vector<float>> all;
        for (std::uint32_t c = 0; c < kChannels; ++c)
            all.push_back(makeChannel(kSamples, c));
        return all;
    }();
    return made;
}

void stftOurs(benchmark::State &state, std::size_t window)
{
    kino::Stft stft({.windowSamples = window, .hopSamples = window / 4, .rateHz = 100});
    const std::size_t size = stft.frames(kSamples) * stft.bins();
    std::vector<float> power(kChannels * size);
    for (auto _ : state) {
        for (std::size_t c = 0; c < kChannels; ++c)
            stft.powerInto(channels()[c], 0, std::span(power).subspan(c * size, size));
        benchmark::DoNotOptimize(power.data());
    }
}

torch::Tensor stackedChannels()
{
    torch::Tensor stacked = torch::empty({kChannels, kSamples});
    for (std::int64_t c = 0; c < kChannels; ++c)
        stacked[c].copy_(torch::tensor(channels()[static_cast<std::size_t>(c)]));
    return stacked;
}

torch::Tensor torchSpectrum(const torch::Tensor &signal, const torch::Tensor &window)
{
    const std::int64_t n = window.size(0);
    return torch::stft(signal, n, n / 4, n, window, /*center=*/false, "reflect", /*normalized=*/false,
                       /*onesided=*/true, /*return_complex=*/true);
}

void stftTorchAbs(benchmark::State &state, std::int64_t window)
{
    at::set_num_threads(1);
    const torch::NoGradGuard noGradients;
    const torch::Tensor signal = stackedChannels();
    const torch::Tensor hann = torch::hann_window(window);
    torch::Tensor power = torch::empty({0});
    for (auto _ : state) {
        torch::abs_out(power, torchSpectrum(signal, hann));
        power.square_();
        benchmark::DoNotOptimize(power.data_ptr<float>());
    }
}

void stftTorchSquares(benchmark::State &state, std::int64_t window)
{
    at::set_num_threads(1);
    const torch::NoGradGuard noGradients;
    const torch::Tensor signal = stackedChannels();
    const torch::Tensor hann = torch::hann_window(window);
    torch::Tensor power = torch::empty({0});
    for (auto _ : state) {
        const torch::Tensor spectrum = torchSpectrum(signal, hann);
        const torch::Tensor re = torch::real(spectrum);
        const torch::Tensor im = torch::imag(spectrum);
        torch::mul_out(power, re, re);
        power.addcmul_(im, im);
        benchmark::DoNotOptimize(power.data_ptr<float>());
    }
}

/** The transforms alone: as many real-to-complex ones, in measured batches of 16, on data that never leaves the cache. */
void fftwExecute(benchmark::State &state, int window)
{
    constexpr int kBatch = 16;
    const int bins = window / 2 + 1;
    float *const in = fftwf_alloc_real(static_cast<std::size_t>(kBatch * window));
    fftwf_complex *const out = fftwf_alloc_complex(static_cast<std::size_t>(kBatch * bins));
    fftwf_plan plan = fftwf_plan_many_dft_r2c(1, &window, kBatch, in, nullptr, 1, window, out, nullptr, 1, bins,
                                              FFTW_MEASURE);
    std::copy_n(channels()[0].data(), kBatch * window, in);
    const std::int64_t frames = kChannels * ((kSamples - window) / (window / 4) + 1);
    for (auto _ : state) {
        for (std::int64_t done = 0; done < frames; done += kBatch)
            fftwf_execute(plan);
        benchmark::DoNotOptimize(out);
    }
    fftwf_destroy_plan(plan);
    fftwf_free(in);
    fftwf_free(out);
}

const bool kStftDeclared = [] {
    for (const int window : {64, 128, 256}) {
        const std::string n = std::to_string(window);
        const auto add = [&](const std::string &name, auto function) {
            benchmark::RegisterBenchmark((name + n).c_str(), [function, window](benchmark::State &state) {
                function(state, window);
            })->Unit(benchmark::kMillisecond);
        };
        add("stft/ours/", [](benchmark::State &state, int samples) { stftOurs(state, static_cast<std::size_t>(samples)); });
        add("stft/torch_abs_squared/", [](benchmark::State &state, int samples) { stftTorchAbs(state, samples); });
        add("stft/torch_re2_plus_im2/", [](benchmark::State &state, int samples) { stftTorchSquares(state, samples); });
        add("stft/fftw_execute/", fftwExecute);
        kino::bench::declareRatio("STFT power of 6 x 1 h at 100 Hz, n " + n + ": torch.stft + abs()**2", "stft/ours/" + n,
                                  "stft/torch_abs_squared/" + n, 2.5);
        kino::bench::declareRatio("STFT power of 6 x 1 h at 100 Hz, n " + n + ": torch.stft + real**2 + imag**2", "stft/ours/" + n,
                                  "stft/torch_re2_plus_im2/" + n, 1.3);
        kino::bench::declareRatio("STFT power of 6 x 1 h at 100 Hz, n " + n + ": bare FFTW execute", "stft/ours/" + n, "stft/fftw_execute/" + n,
                                  0.6);
    }
    return true;
}();

const std::vector<float> &longChannel()
{
    static const std::vector<float> channel = makeChannel(10'000'000, 9);
    return channel;
}

void pyramidBuild(benchmark::State &state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(kino::MinMaxPyramid(longChannel()).levels());
    state.SetBytesProcessed(state.iterations() * 40'000'000);
}
BENCHMARK(pyramidBuild)->Name("pyramid/build_10M_samples")->Unit(benchmark::kMillisecond);

/** A lane 1600 pixels wide that shows this many samples, beginning at no round place. */
void pyramidColumns(benchmark::State &state)
{
    const kino::MinMaxPyramid pyramid(longChannel());
    constexpr std::size_t kColumns = 1600;
    std::vector<std::size_t> edges;
    for (std::size_t column = 0; column <= kColumns; ++column)
        edges.push_back(1'234 + column * static_cast<std::size_t>(state.range(0)) / kColumns);
    std::vector<kino::MinMax> out(kColumns);
    for (auto _ : state) {
        pyramid.columns(longChannel(), edges, out);
        benchmark::DoNotOptimize(out.data());
    }
}
BENCHMARK(pyramidColumns)
    ->Name("pyramid/1600_columns_of_samples")
    ->Arg(16'000)
    ->Arg(360'000)
    ->Arg(9'990'000)
    ->Unit(benchmark::kMillisecond);

/** What the pyramid saves: the same columns by looking at every sample. */
void scanColumns(benchmark::State &state)
{
    std::vector<std::pair<float, float>> out(1600);
    const std::size_t step = static_cast<std::size_t>(state.range(0)) / out.size();
    for (auto _ : state) {
        for (std::size_t column = 0; column < out.size(); ++column) {
            float low = std::numeric_limits<float>::infinity();
            float high = -low;
            for (std::size_t i = 1'234 + column * step; i < 1'234 + (column + 1) * step; ++i) {
                low = std::min(low, longChannel()[i]);
                high = std::max(high, longChannel()[i]);
            }
            out[column] = {low, high};
        }
        benchmark::DoNotOptimize(out.data());
    }
}
BENCHMARK(scanColumns)->Name("pyramid/scan_of_samples")->Arg(9'990'000)->Unit(benchmark::kMillisecond);
const bool kPyramidDeclared = kino::bench::declareRatio("pyramid, 1600 columns of 9.99 M: looking at every sample",
                                                        "pyramid/1600_columns_of_samples/9990000",
                                                        "pyramid/scan_of_samples/9990000", 20);

/** A day at 100 Hz, one channel, as a spectrogram of 129 bins has it at hop 64: painting after a change of range. */
void paint(benchmark::State &state)
{
    std::vector<float> power(17'500'000);
    std::copy(longChannel().begin(), longChannel().end(), power.begin());
    std::vector<std::uint32_t> pixels(power.size());
    for (auto _ : state) {
        kino::powerToPixels(power, {-60, 20}, kino::colourTableArgb(kino::ColourMap::magma), pixels);
        benchmark::DoNotOptimize(pixels.data());
    }
}
BENCHMARK(paint)->Name("colour/17.5M_cells")->Unit(benchmark::kMillisecond);

void modelImage(benchmark::State &state)
{
    const std::vector<double> axis(longChannel().begin(), longChannel().begin() + 600);
    for (auto _ : state)
        benchmark::DoNotOptimize(kino::computeModelInput(kino::computeSpectrogramImage(axis, axis, axis)).data());
}
BENCHMARK(modelImage)->Name("model_input/600_samples")->Unit(benchmark::kMicrosecond);

void resampleHour(benchmark::State &state, double rateHz)
{
    for (auto _ : state) {
        for (const std::vector<float> &channel : channels())
            benchmark::DoNotOptimize(kino::resampleEven(channel, 100, rateHz).data());
    }
}
BENCHMARK_CAPTURE(resampleHour, to_50, 50.0)->Name("resample/6x1h_100_to_50")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(resampleHour, to_64_3, 64.3)->Name("resample/6x1h_100_to_64.3")->Unit(benchmark::kMillisecond);

void quality(benchmark::State &state)
{
    std::vector<kino::Nanos> times(longChannel().size());
    for (std::size_t i = 0; i < times.size(); ++i)
        times[i] = static_cast<kino::Nanos>(i) * 10'000'000;
    const std::span<const float> axes[] = {longChannel(), longChannel(), longChannel()};
    for (auto _ : state) {
        benchmark::DoNotOptimize(kino::summariseTiming(times).rateHz);
        for (const std::span<const float> axis : axes)
            benchmark::DoNotOptimize(kino::computeAxisStatistics(axis).mean);
        benchmark::DoNotOptimize(kino::countClippedSamples(axes, 0));
        benchmark::DoNotOptimize(kino::countRepeatedSamples(axes));
        benchmark::DoNotOptimize(kino::computeMagnitudeAtRest(times, axes, 10'000'000));
    }
}
BENCHMARK(quality)->Name("quality/10M_rows_3_axes")->Unit(benchmark::kMillisecond);

} // namespace

KINO_BENCH_MAIN()
