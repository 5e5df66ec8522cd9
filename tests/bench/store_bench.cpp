// Opening a recording of a project: the first import from text against the second open from cached columns, every value
// read once either way; and a day of six channels from the cache. KINO_BENCH_ROWS sets the rows of the text table.
#include "core/data/import.h"
#include "core/store/project.h"
#include "tests/bench/ratio_main.h"

#include <bit>
#include <cmath>
#include <cstdlib>
#include <fstream>

namespace {

namespace fs = std::filesystem;

std::size_t tableRows()
{
    const char *rows = std::getenv("KINO_BENCH_ROWS");
    return rows ? std::strtoul(rows, nullptr, 10) : 500'000;
}

/** 2 M rows are the 143 MB that perf.md measures CSV readers with. */
fs::path benchTable(const fs::path &folder)
{
    const fs::path path = folder / "bench.csv";
    if (fs::exists(path))
        return path;
    fs::create_directories(folder);
    std::ofstream out(path, std::ios::binary);
    out << "Time (s),Gyroscope X (deg/s),Gyroscope Y (deg/s),Gyroscope Z (deg/s),"
           "Accelerometer X (g),Accelerometer Y (g),Accelerometer Z (g)\n";
    char row[160];
    for (std::size_t i = 0; i < tableRows(); ++i) {
        const double t = static_cast<double>(i) * 0.01;
        const int length = std::snprintf(row, sizeof row, "%zu.%02zu,%.6f,%.6f,%.6f,%.6f,%.6f,%.6f\n", i / 100, i % 100,
                                         90 * std::sin(t), 45 * std::cos(t), 10 * std::sin(3 * t), std::sin(5 * t),
                                         std::cos(5 * t), 1 + 0.1 * std::sin(7 * t));
        out.write(row, length);
    }
    return path;
}

/** Reads every value as bits: whole numbers add up at the memory's speed, where doubles would wait for one another. */
std::uint64_t touch(const kino::Recording &recording)
{
    std::uint64_t sum = 0;
    for (const kino::Device &device : recording.devices) {
        for (const kino::ImuStream &stream : device.streams) {
            for (const kino::Nanos time : stream.timesNs)
                sum += static_cast<std::uint64_t>(time);
            for (const auto &column : stream.values) {
                for (const float value : column)
                    sum += std::bit_cast<std::uint32_t>(value);
            }
        }
    }
    return sum;
}

const fs::path &benchFolder()
{
    static const fs::path folder = fs::temp_directory_path() / ("kinoscope-store-bench-" + std::to_string(tableRows()));
    return folder;
}

/** A project with the table in it, and a day at 100 Hz of accelerometer and gyroscope. */
const fs::path &benchProject()
{
    static const fs::path project = [] {
        const fs::path folder = benchFolder() / "bench.kino";
        fs::remove_all(folder);
        const fs::path table = benchTable(benchFolder());
        kino::Project made = kino::Project::create(folder);
        made.add(kino::importPaths(std::vector<fs::path>{table}).recordings.at(0));

        constexpr std::size_t kDay = 24 * 3600 * 100;
        std::vector<kino::Nanos> times(kDay);
        for (std::size_t i = 0; i < kDay; ++i)
            times[i] = static_cast<kino::Nanos>(i) * 10'000'000;
        const kino::Column<kino::Nanos> sharedTimes(std::move(times));
        kino::Recording day;
        day.name = "day";
        day.path = benchFolder() / "day.txt";
        std::ofstream(day.path) << "stands for the source";
        day.format = "bench";
        kino::Device &device = day.devices.emplace_back();
        device.name = "watch";
        for (const auto kind : {kino::StreamKind::accelerometer, kino::StreamKind::gyroscope}) {
            kino::ImuStream &stream = device.streams.emplace_back();
            stream.kind = kind;
            stream.axes = {"x", "y", "z"};
            stream.timesNs = sharedTimes;
            for (int axis = 0; axis < 3; ++axis) {
                std::vector<float> values(kDay);
                for (std::size_t i = 0; i < kDay; ++i)
                    values[i] = static_cast<float>(i % 1000) * 0.01f;
                stream.values.emplace_back(std::move(values));
            }
        }
        made.add(day);
        return folder;
    }();
    return project;
}

void firstOpenFromText(benchmark::State &state)
{
    const fs::path table = benchTable(benchFolder());
    for (auto _ : state)
        benchmark::DoNotOptimize(touch(kino::importPaths(std::vector<fs::path>{table}).recordings.at(0)));
}

void secondOpenFromCache(benchmark::State &state)
{
    const fs::path folder = benchProject();
    for (auto _ : state) {
        kino::Project project = kino::Project::open(folder);
        benchmark::DoNotOptimize(touch(project.loadRecording(project.findRecording("bench"))));
    }
}

/** As the window does it: the project is open, the columns are mapped, what is not shown is not read. */
void secondOpenMappedOnly(benchmark::State &state)
{
    kino::Project project = kino::Project::open(benchProject());
    const kino::RecordingId id = project.findRecording("bench");
    for (auto _ : state)
        benchmark::DoNotOptimize(project.loadRecording(id).devices.size());
}

void secondOpenOfADay(benchmark::State &state)
{
    const fs::path folder = benchProject();
    for (auto _ : state) {
        kino::Project project = kino::Project::open(folder);
        benchmark::DoNotOptimize(touch(project.loadRecording(project.findRecording("day"))));
    }
}

BENCHMARK(firstOpenFromText)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(secondOpenFromCache)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(secondOpenMappedOnly)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(secondOpenOfADay)->Unit(benchmark::kMillisecond)->UseRealTime();

const bool declared = kino::bench::declareRatio("second open of a table", "secondOpenFromCache", "firstOpenFromText", 20);

} // namespace

KINO_BENCH_MAIN()
