// Steps of training: the whole trainer (reading, augmenting, metrics, gradient norm now and then) beside the bare loop over tensors
// that are there already (forward, loss, backward, step), with the same encoder, loss, optimizer and threads; and bfloat16 beside float32.
// KINO_BENCH_THREADS: of torch, 2 by default.
#include "core/learn/augment/augmentations.h"
#include "core/learn/objectives.h"
#include "core/learn/trainer.h"
#include "core/nn/encoders.h"
#include "tests/bench/ratio_main.h"

namespace {

using Json = nlohmann::json;
using namespace kino;

constexpr std::size_t kSteps = 8; // of one measured iteration

struct Case {
    std::string encoder;
    SampleShape shape;
    std::size_t batch;
    Json augmentations;
};

const Case &caseOf(int number)
{
    static const std::vector<Case> cases
        = {{"mw2", {6, 1, 1000}, 32, Json::array({{{"name", "noise"}}, {{"name", "scaling"}}, {{"name", "rotation"}}})},
           {"primus", {6, 1, 250}, 64, augmentationPreset("primus-released").chain},
           {"resnet18", {3, 96, 128}, 32, augmentationPreset("sensor-image").chain}};
    return cases.at(static_cast<std::size_t>(number));
}

void setThreads()
{
    const char *threads = std::getenv("KINO_BENCH_THREADS");
    at::set_num_threads(threads ? std::atoi(threads) : 2);
}

SampleSource sourceOf(const Case &each)
{
    SampleSource source;
    source.shape = each.shape;
    const auto samples = std::make_shared<std::vector<float>>(each.batch * kSteps * each.shape.size());
    RandomStream random(1);
    fillNormal(random, *samples);
    source.read = [samples, size = each.shape.size()](std::size_t row, std::span<float> sample) {
        std::copy_n(samples->begin() + static_cast<std::ptrdiff_t>(row * size), size, sample.begin());
    };
    for (std::size_t row = 0; row < each.batch * kSteps; ++row) {
        source.labels.push_back(static_cast<std::int64_t>(row % 5));
        source.recordings.push_back(0);
    }
    return source;
}

std::shared_ptr<Objective> objectiveOf(const Case &each)
{
    torch::manual_seed(1);
    ObjectiveSetup setup;
    setup.name = "supervised";
    setup.encoderName = each.encoder;
    setup.encoder = makeEncoder(each.encoder);
    setup.shape = each.shape;
    setup.classes = {"a", "b", "c", "d", "e"};
    setup.classCounts.assign(5, 1);
    setup.augmentations = each.augmentations;
    return makeObjective(setup);
}

class NoMetrics : public MetricSink {
public:
    void add(std::int64_t, std::int64_t, std::string_view, double) override {}
};

void wholeTrainer(benchmark::State &state, Precision precision)
{
    setThreads();
    const Case &each = caseOf(static_cast<int>(state.range(0)));
    const SampleSource source = sourceOf(each);
    const auto objective = objectiveOf(each);
    Optimizer optimizer("adam", Json::object(), {{objective->parameters()}});
    NoMetrics metrics;
    const EpochPlan plan = [&each](std::int64_t) {
        std::vector<std::vector<std::size_t>> batches(kSteps);
        for (std::size_t item = 0; item < kSteps * each.batch; ++item)
            batches[item / each.batch].push_back(item);
        return batches;
    };
    TrainerOptions options;
    options.precision = precision;
    for (auto _ : state)
        Trainer(*objective, source, plan, optimizer, Schedule("constant", Json::object(), kSteps, 1), options, metrics).run();
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kSteps * each.batch));
}

void whole(benchmark::State &state) { wholeTrainer(state, Precision::float32); }
void wholeBfloat16(benchmark::State &state) { wholeTrainer(state, Precision::bfloat16); }

void bare(benchmark::State &state)
{
    setThreads();
    const Case &each = caseOf(static_cast<int>(state.range(0)));
    torch::manual_seed(1);
    const auto encoder = makeEncoder(each.encoder);
    torch::nn::Linear classifier(encoder->width(), 5);
    std::vector<torch::Tensor> parameters = encoder->parameters();
    for (const torch::Tensor &parameter : classifier->parameters())
        parameters.push_back(parameter);
    torch::optim::Adam optimizer(parameters, torch::optim::AdamOptions(2e-4));
    const auto count = static_cast<std::int64_t>(each.batch);
    std::vector<torch::Tensor> batches;
    for (std::size_t i = 0; i < kSteps; ++i)
        batches.push_back(each.shape.isPicture() ? torch::randn({count, each.shape.channels, each.shape.height, each.shape.length})
                                                 : torch::randn({count, each.shape.channels, each.shape.length}));
    const torch::Tensor labels = torch::arange(count) % 5;
    for (auto _ : state) {
        for (const torch::Tensor &batch : batches) {
            optimizer.zero_grad();
            torch::nn::functional::cross_entropy(classifier->forward(encoder->embed(batch)), labels).backward();
            optimizer.step();
        }
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kSteps * each.batch));
}

/** Reading and augmenting alone. */
void loading(benchmark::State &state)
{
    const Case &each = caseOf(static_cast<int>(state.range(0)));
    const SampleSource source = sourceOf(each);
    const auto objective = objectiveOf(each);
    std::vector<std::size_t> items(each.batch);
    for (std::size_t i = 0; i < items.size(); ++i)
        items[i] = i;
    std::int64_t epoch = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(makeBatch(source, *objective, items, 1, ++epoch, Augmenting::asInTraining));
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(each.batch));
}

BENCHMARK(whole)->Arg(0)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(bare)->Arg(0)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(wholeBfloat16)->Arg(0)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(loading)->Arg(0)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

const bool ratios = bench::declareRatio("trainer, MW2 32 x 6 x 1000, eight steps: against the bare loop", "whole/0", "bare/0", 0.95)
    && bench::declareRatio("trainer, PRIMUS 64 x 6 x 250, eight steps: against the bare loop", "whole/1", "bare/1", 0.95)
    && bench::declareRatio("trainer, ResNet-18 32 x 3 x 96 x 128, eight steps: against the bare loop", "whole/2", "bare/2", 0.95)
    && bench::declareRatio("bfloat16 against float32, MW2", "wholeBfloat16/0", "whole/0", 1.5)
    && bench::declareRatio("bfloat16 against float32, PRIMUS", "wholeBfloat16/1", "whole/1", 1.5)
    && bench::declareRatio("bfloat16 against float32, ResNet-18", "wholeBfloat16/2", "whole/2", 1.5);

} // namespace

KINO_BENCH_MAIN()
