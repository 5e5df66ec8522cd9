// Cutting windows from a day of six channels at 100 Hz with ten thousand labels (2 s every 0.5 s: 172,801 windows), and
// annotations edited ten thousand at a time.
#include "core/data/annotations/annotation_edits.h"
#include "core/data/windows/window_samples.h"
#include "core/data/windows/window_set.h"
#include "tests/bench/ratio_main.h"

namespace {

const kino::Recording &day()
{
    static const kino::Recording recording = [] {
        constexpr std::size_t kSamples = 24 * 3600 * 100;
        std::vector<kino::Nanos> times(kSamples);
        for (std::size_t i = 0; i < kSamples; ++i)
            times[i] = static_cast<kino::Nanos>(i) * 10'000'000;
        const kino::Column<kino::Nanos> shared(std::move(times));
        kino::Recording made;
        made.name = "day";
        kino::Device &device = made.devices.emplace_back();
        device.name = "watch";
        for (const auto kind : {kino::StreamKind::accelerometer, kino::StreamKind::gyroscope}) {
            kino::ImuStream &stream = device.streams.emplace_back();
            stream.kind = kind;
            stream.axes = {"x", "y", "z"};
            stream.timesNs = shared;
            for (int axis = 0; axis < 3; ++axis)
                stream.values.emplace_back(std::vector<float>(kSamples, 1.0f));
        }
        kino::AnnotationTier &tier
            = made.tiers.emplace_back(kino::AnnotationTier{"activity", kino::TierKind::label, {}});
        for (kino::Nanos i = 0; i < 10'000; ++i)
            tier.annotations.push_back({{i * 8'640'000'000},
                                        {i * 8'640'000'000 + 8'000'000'000},
                                        i % 3 == 0       ? "walk"
                                            : i % 3 == 1 ? "sit"
                                                         : "run"});
        return made;
    }();
    return recording;
}

kino::WindowRule rule()
{
    kino::WindowRule made;
    made.seconds = 2;
    made.strideSeconds = 0.5;
    made.rateHz = 50;
    return made;
}

/** Once for a recording and a choice of channels. */
void coverageOfADay(benchmark::State &state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(kino::computeCoverage(day(), {}, false, rule().channels).sources.size());
}

/** At every change of the rule: at most 50 ms. */
void cutOfADay(benchmark::State &state)
{
    const kino::ChannelCoverage coverage = kino::computeCoverage(day(), {}, false, rule().channels);
    for (auto _ : state)
        benchmark::DoNotOptimize(kino::cutWindows(day(), coverage, rule()).windows.size());
}

void countOfADay(benchmark::State &state)
{
    const kino::RecordingWindows windows = kino::cutWindows(day(), rule());
    for (auto _ : state)
        benchmark::DoNotOptimize(kino::countWindows(std::span(&windows, 1)).classes.size());
}

/** [6, 100] samples of each, from streams that are resampled already. */
void readWindows(benchmark::State &state)
{
    static kino::ResampledStreams streams(std::make_shared<const kino::Recording>(day()));
    const kino::ChannelCoverage coverage = kino::computeCoverage(day(), {}, false, rule().channels);
    const kino::RecordingWindows windows = kino::cutWindows(day(), coverage, rule());
    const kino::WindowReader reader(streams, coverage.sources[0], windows.sources[0].grid, windows.samplesPerWindow);
    std::vector<float> samples(reader.channels().size() * reader.samples());
    std::size_t next = 0;
    for (auto _ : state) {
        reader.read(windows.windows[next].firstSample, samples);
        benchmark::DoNotOptimize(samples.data());
        next = (next + 7919) % windows.windows.size();
    }
    state.SetItemsProcessed(state.iterations());
}

void relabelTenThousand(benchmark::State &state)
{
    kino::StoredTier tier{{1, 0, "a", kino::TierKind::label, {}}, {}};
    std::vector<kino::AnnotationId> all;
    for (std::int64_t i = 1; i <= 10'000; ++i) {
        tier.annotations.push_back({i, {{i * 100}, {i * 100 + 50}, "x"}});
        all.push_back(i);
    }
    kino::AnnotationSet set({tier});
    for (auto _ : state) {
        const kino::AnnotationEdit edit = kino::relabelAnnotations(set, all, "y");
        set.apply(edit);
        set.apply(kino::inverseOf(edit));
    }
}

BENCHMARK(coverageOfADay)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(cutOfADay)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(countOfADay)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(readWindows)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(relabelTenThousand)->Unit(benchmark::kMillisecond)->UseRealTime();

} // namespace

KINO_BENCH_MAIN()
