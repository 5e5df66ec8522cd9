// From the table of windows to what a model is fed: windows a second, with and without what is done to them, plans of an epoch,
// sketches of content. Windows of 5 s at 50 Hz, six channels.
#include "core/base/random.h"
#include "core/data/dataset/batch_plan.h"
#include "core/data/dataset/content_sketch.h"
#include "core/data/dataset/training_windows.h"
#include "core/data/images/procedural_images.h"
#include "tests/bench/ratio_main.h"

namespace {

/** 20 recordings of half an hour at 100 Hz. */
std::vector<std::shared_ptr<const kino::Recording>> recordings()
{
    std::vector<std::shared_ptr<const kino::Recording>> made;
    constexpr std::size_t kSamples = 30 * 60 * 100;
    for (std::uint64_t number = 0; number < 20; ++number) {
        kino::RandomStream random(number);
        auto recording = std::make_shared<kino::Recording>();
        recording->name = "r" + std::to_string(number);
        recording->subject = "s" + std::to_string(number);
        kino::Device &device = recording->devices.emplace_back();
        device.name = "imu";
        std::vector<kino::Nanos> times(kSamples);
        for (std::size_t i = 0; i < kSamples; ++i)
            times[i] = static_cast<kino::Nanos>(i) * 10'000'000;
        const kino::Column<kino::Nanos> shared(std::move(times));
        for (const auto kind : {kino::StreamKind::accelerometer, kino::StreamKind::gyroscope}) {
            kino::ImuStream &stream = device.streams.emplace_back();
            stream.kind = kind;
            stream.axes = {"x", "y", "z"};
            stream.timesNs = shared;
            for (int axis = 0; axis < 3; ++axis) {
                std::vector<float> values(kSamples);
                for (float &value : values)
                    value = static_cast<float>(random.normal());
                stream.values.emplace_back(std::move(values));
            }
        }
        made.push_back(std::move(recording));
    }
    return made;
}

std::unique_ptr<kino::TrainingWindows> windowsOf(const kino::TrainingWindowOptions &options)
{
    static const auto all = recordings();
    kino::WindowRule rule;
    rule.seconds = 5;
    rule.strideSeconds = 2.5;
    rule.rateHz = 50;
    rule.policy = kino::LabelPolicy::none;
    std::vector<kino::RecordingWindows> cuts;
    std::vector<kino::RecordingReaders> readers;
    for (const auto &recording : all) {
        const kino::ChannelCoverage coverage = kino::computeCoverage(*recording, {}, false, rule.channels);
        cuts.push_back(kino::cutWindows(*recording, coverage, rule));
        kino::ResampledStreams streams(recording);
        readers.emplace_back().push_back(
            std::make_unique<kino::WindowReader>(streams, coverage.sources[0], cuts.back().sources[0].grid, cuts.back().samplesPerWindow));
    }
    return std::make_unique<kino::TrainingWindows>(std::make_shared<kino::WindowTable>(kino::makeWindowTable(cuts, {}, 0)), std::move(readers), options);
}

/** In the order of a plan, one thread. */
void readWindows(benchmark::State &state, const kino::TrainingWindows &windows)
{
    const auto rows = windows.table().rowsOf(kino::SplitPart::train);
    const kino::BatchPlan plan = kino::planEpoch(windows.table(), rows, {}, 1, 0);
    std::vector<float> batch(64 * windows.valuesPerWindow());
    std::size_t next = 0;
    std::int64_t read = 0;
    for (auto _ : state) {
        const auto of = plan.batch(next);
        for (std::size_t place = 0; place < of.size(); ++place)
            windows.read(of[place], std::span(batch).subspan(place * windows.valuesPerWindow(), windows.valuesPerWindow()));
        benchmark::DoNotOptimize(batch.data());
        read += static_cast<std::int64_t>(of.size());
        next = (next + 1) % plan.batches();
    }
    state.SetItemsProcessed(read);
}

/** At least 5,000 a second. */
void windowsAsTheyAre(benchmark::State &state) { readWindows(state, *windowsOf({})); }
void windowsEachNormalised(benchmark::State &state) { readWindows(state, *windowsOf({.normalise = kino::SampleNormalisation::window})); }
void windowsNormalisedByTraining(benchmark::State &state) { readWindows(state, *windowsOf({.normalise = kino::SampleNormalisation::train})); }
void spectrogramPictures(benchmark::State &state) { readWindows(state, *windowsOf({.representation = {"spectrogram", nlohmann::json::object()}})); }

/** Fingerprint, statistics and pictures included. */
void openWindows(benchmark::State &state)
{
    for (auto _ : state)
        benchmark::DoNotOptimize(windowsOf({.normalise = kino::SampleNormalisation::train})->size());
}

/** 100,000 windows of 50 recordings, three quarters overlapped. */
void planOfAnEpoch(benchmark::State &state)
{
    kino::WindowTable table;
    table.lengthNs = 5'000'000'000;
    table.recordings.resize(50);
    for (std::uint32_t row = 0; row < 100'000; ++row)
        table.rows.push_back({.recording = row / 2000, .start = {static_cast<kino::Nanos>(row % 2000) * 1'250'000'000}});
    const auto rows = table.rowsOf(kino::SplitPart::train);
    const kino::BatchOptions options{.overlap = state.range(0) ? kino::TimeOverlap::avoid : kino::TimeOverlap::allow};
    std::uint64_t epoch = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(kino::planEpoch(table, rows, options, 1, epoch++).rows.size());
}

/** Half an hour at 100 Hz, six channels. */
void sketchOfARecording(benchmark::State &state)
{
    static const auto recording = recordings().front();
    for (auto _ : state)
        benchmark::DoNotOptimize(kino::sketchContent(*recording).size());
}

void proceduralImage(benchmark::State &state)
{
    const kino::ProceduralImages images{.kind = kino::proceduralImageInfos()[static_cast<std::size_t>(state.range(0))].name};
    state.SetLabel(images.kind);
    std::uint64_t number = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(kino::renderProceduralImage(images, number++).size());
}

BENCHMARK(windowsAsTheyAre)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(windowsEachNormalised)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(windowsNormalisedByTraining)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(spectrogramPictures)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(openWindows)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(planOfAnEpoch)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(sketchOfARecording)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(proceduralImage)->DenseRange(0, 2)->Unit(benchmark::kMillisecond)->UseRealTime();

// 5,000 windows a second are 12.8 ms a batch.
const bool kBudget = kino::bench::declareBudget("64 windows, each normalised", "windowsEachNormalised", 12.8);

} // namespace

KINO_BENCH_MAIN()
