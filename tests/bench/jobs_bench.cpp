// Jobs of a project: numbers written as a run writes them, the run table of 10,000 runs opened, a curve of 200,000 points drawn from a
// million rows, and a look whether anything changed.
#include "core/store/jobs/metrics.h"
#include "core/store/jobs/rows.h"
#include "core/store/jobs/run_table.h"
#include "core/store/project.h"
#include "tests/bench/ratio_main.h"

#include <array>
#include <cmath>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

fs::path freshProject(const char *name)
{
    const fs::path folder = fs::temp_directory_path() / ("kino-bench-" + std::to_string(getpid()) + "-" + name + ".kino");
    fs::remove_all(folder);
    return kino::Project::create(folder).folder();
}

kino::NewJob job(int number)
{
    kino::NewJob made;
    made.name = "run " + std::to_string(number);
    made.seed = number;
    made.folder = "/data";
    Json options = Json::object();
    for (int option = 0; option < 40; ++option)
        options["option" + std::to_string(option)] = number % (option + 2);
    made.complete = {{"encoder", {{"name", number % 2 == 0 ? "mw2" : "primus"}, {"options", std::move(options)}}},
                     {"objective", {{"name", number % 3 == 0 ? "simclr" : "supervised"}}},
                     {"train", {{"batch", 16 << (number % 4)}, {"epochs", 20}, {"optimizer", {{"name", "adam"}, {"options", {{"lr", 1e-3 / (1 + number % 7)}}}}}}}};
    made.specification = made.complete;
    return made;
}

constexpr int kRuns = 10'000;

const fs::path &projectOfRuns()
{
    static const fs::path folder = [] {
        const fs::path made = freshProject("runs");
        kino::JobStore store(made);
        kino::Transaction transaction(store.database());
        for (int number = 0; number < kRuns; ++number) {
            const kino::JobId id = kino::insertJob(store.database(), job(number), kino::JobState::done);
            kino::writeFinalMetrics(store.database(), id,
                                    {{"metrics", {{"test.macro_f1", 0.5}, {"test.accuracy", 0.6}, {"validation.loss", 1.5}, {"train.loss", 1.0 / (number + 1)}}}});
        }
        transaction.commit();
        return made;
    }();
    return folder;
}

/** Twenty keys in turn, as a training writes them; at least 200,000 rows a second. */
void metricRows(benchmark::State &state)
{
    constexpr std::int64_t kRows = 1'000'000, kKeys = 20;
    std::array<std::string, kKeys> keys;
    for (std::size_t key = 0; key < keys.size(); ++key)
        keys[key] = "train.key" + std::to_string(key);
    for (auto _ : state) {
        state.PauseTiming();
        const fs::path folder = freshProject("metrics");
        const kino::JobId run = kino::JobStore(folder).submit(job(1));
        state.ResumeTiming();
        kino::MetricWriter writer(folder, run);
        for (std::int64_t row = 0; row < kRows; ++row)
            writer.add(row / kKeys, 0, keys[static_cast<std::size_t>(row % kKeys)], std::sin(static_cast<double>(row)));
        writer.flush();
        state.PauseTiming();
        fs::remove_all(folder);
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * kRows);
}

/** All runs with eight parameters and four metrics. */
void runTableOf10000Runs(benchmark::State &state)
{
    const kino::JobStore store(projectOfRuns());
    const kino::RunTableQuery query{.parameters = {"encoder.name", "objective.name", "train.batch", "train.epochs", "train.optimizer.options.lr", "encoder.options.option3",
                                                   "encoder.options.option4", "encoder.options.option5"},
                                    .metrics = {{"test.macro_f1"}, {"test.accuracy"}, {"validation.loss"}, {"train.loss", kino::MetricFigure::least}}};
    for (auto _ : state)
        benchmark::DoNotOptimize(kino::readRunTable(store, query).size());
}

void filterOf10000Runs(benchmark::State &state)
{
    const kino::JobStore store(projectOfRuns());
    const kino::RunTableQuery query{.parameters = {"train.batch"}, .where = "encoder.name = primus and train.batch >= 64 and train.loss < 0.01"};
    for (auto _ : state)
        benchmark::DoNotOptimize(kino::readRunTable(store, query).size());
}

/** What a curve of 1,600 pixels reads of 200,000 points, in a table of a million rows. */
void curveOf200000Points(benchmark::State &state)
{
    static const auto [folder, run] = [] {
        fs::path made = freshProject("curve");
        const kino::JobId id = kino::JobStore(made).submit(job(1));
        kino::MetricWriter writer(made, id);
        for (std::int64_t row = 0; row < 1'000'000; ++row)
            writer.add(row / 5, 0, "key" + std::to_string(row % 5), std::sin(static_cast<double>(row)));
        writer.flush();
        return std::pair(made, id);
    }();
    const kino::MetricReader reader(folder);
    for (auto _ : state)
        benchmark::DoNotOptimize(reader.decimated(run, "key3", 4 * 1600).size());
}

/** What a timer of the window asks while nothing happens. */
void lookForChanges(benchmark::State &state)
{
    kino::JobStore store(projectOfRuns());
    for (auto _ : state)
        benchmark::DoNotOptimize(store.hasChanged());
}

BENCHMARK(metricRows)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(1)->Repetitions(3);
BENCHMARK(runTableOf10000Runs)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(filterOf10000Runs)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(curveOf200000Points)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(lookForChanges)->Unit(benchmark::kMicrosecond)->UseRealTime();

const bool writesDeclared = kino::bench::declareBudget("1 M metric rows written (200,000 a second)", "metricRows", 5000);
const bool tableDeclared = kino::bench::declareBudget("run table of 10,000 runs x 12 columns", "runTableOf10000Runs", 50);
const bool curveDeclared = kino::bench::declareBudget("curve of 200,000 points for 1,600 pixels", "curveOf200000Points", 100);

} // namespace

KINO_BENCH_MAIN()
