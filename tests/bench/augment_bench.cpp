// Augmenting a batch on one core, at the sizes that the methods train with: PRIMUS' windows (64 of 6 x 250), IMU2CLIP's (32 of
// 6 x 1000), pictures of spectrograms (32 of 3 x 96 x 128). Copying the batch, which a training run does anyway, is part of it.
#include "core/learn/augment/augmentation_chain.h"
#include "core/learn/augment/augmentations.h"
#include "tests/bench/ratio_main.h"

namespace {

using Json = nlohmann::json;

void augmentBatch(benchmark::State &state, const Json &list, const kino::SampleShape &shape, std::size_t count)
{
    const kino::AugmentationChain chain(list);
    std::vector<float> batch(count * shape.size());
    kino::RandomStream random(1);
    for (float &value : batch)
        value = static_cast<float>(random.uniform());
    std::vector<float> augmented(batch.size());
    std::vector<kino::RandomStream> streams(count, random);
    std::uint64_t epoch = 0;
    for (auto _ : state) {
        for (std::size_t i = 0; i < count; ++i)
            streams[i] = random.split(epoch).split(i);
        ++epoch;
        std::ranges::copy(batch, augmented.begin());
        chain.applyBatch(augmented, shape, streams);
        benchmark::DoNotOptimize(augmented.data());
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
}

constexpr kino::SampleShape kPrimusWindow{6, 1, 250};
constexpr kino::SampleShape kMw2Window{6, 1, 1000};
constexpr kino::SampleShape kPicture{3, 96, 128};

void primusReleased(benchmark::State &state) { augmentBatch(state, kino::augmentationPreset("primus-released").chain, kPrimusWindow, 64); }

void mw2NoiseScalingRotation(benchmark::State &state)
{
    augmentBatch(state, Json::array({{{"name", "noise"}}, {{"name", "scaling"}}, {{"name", "rotation"}}}), kMw2Window, 32);
}

void mw2TimeWarp(benchmark::State &state) { augmentBatch(state, Json::array({{{"name", "time-warp"}}}), kMw2Window, 32); }

void sensorPictures(benchmark::State &state) { augmentBatch(state, kino::augmentationPreset("sensor-image").chain, kPicture, 32); }

void mocoPictures(benchmark::State &state) { augmentBatch(state, kino::augmentationPreset("moco-v2").chain, kPicture, 32); }

void fillNormals(benchmark::State &state)
{
    std::vector<float> values(1'000'000);
    kino::RandomStream random(1);
    for (auto _ : state) {
        kino::fillNormal(random, values);
        benchmark::DoNotOptimize(values.data());
    }
}

void normalsOneByOne(benchmark::State &state)
{
    std::vector<float> values(1'000'000);
    kino::RandomStream random(1);
    for (auto _ : state) {
        for (float &value : values)
            value = static_cast<float>(random.normal());
        benchmark::DoNotOptimize(values.data());
    }
}

BENCHMARK(primusReleased)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(mw2NoiseScalingRotation)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(mw2TimeWarp)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(sensorPictures)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(mocoPictures)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(fillNormals)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(normalsOneByOne)->Unit(benchmark::kMillisecond)->UseRealTime();

const bool primusBudget = kino::bench::declareBudget("PRIMUS batch, 64 of 6 x 250, as released", "primusReleased", 1.5);
const bool mw2Budget = kino::bench::declareBudget("MW2 batch, 32 of 6 x 1000, noise, scaling, rotation", "mw2NoiseScalingRotation", 8);
const bool sensorBudget = kino::bench::declareBudget("pictures, 32 of 3 x 96 x 128, sensor's set", "sensorPictures", 25);
const bool mocoBudget = kino::bench::declareBudget("pictures, 32 of 3 x 96 x 128, MoCo v2's set", "mocoPictures", 120);
const bool normalRatio = kino::bench::declareRatio("a million normals", "fillNormals", "normalsOneByOne", 3);

} // namespace

KINO_BENCH_MAIN()
