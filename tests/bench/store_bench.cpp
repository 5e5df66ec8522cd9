// Opening a recording of a project: the first import from text against the second open from cached columns, every value
// read once either way; a day of six channels from the cache; and a library of 2,000 recordings, listed and searched.
// KINO_BENCH_ROWS sets the rows of the text table.
#include "core/data/import.h"
#include "core/store/project.h"
#include "tests/bench/ratio_main.h"

#include <algorithm>
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

/** A project with 2,000 recordings of two streams, two tags, ten annotations and a badge each. */
const fs::path &benchLibrary()
{
    static const fs::path project = [] {
        const fs::path folder = benchFolder() / "library.kino";
        fs::remove_all(folder);
        fs::create_directories(benchFolder());
        const kino::Project made = kino::Project::create(folder);
        kino::Transaction transaction(made.database());
        made.database().execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
            "INSERT INTO recordings (id, name, path, format, confidence, subject, start_ns, end_ns, content_id, "
            "imported_at_ns, program) "
            "SELECT i, 'session ' || i, '/data/session ' || i || '.csv', 'sp-sw-har', 1, 's' || i % 40, 0, 1000000000, "
            "i, 0, '' FROM n;"
            "INSERT INTO devices (id, recording_id, position, name) SELECT id, id, 0, 'phone' FROM recordings;"
            "INSERT INTO streams (device_id, position, name, kind, variant, axes, unit_found, unit, full_scale, "
            "samples, backward_times, "
            "rate_hz, summary) SELECT recordings.id, p.value, k.value, k.value, '', '[]', '', '', 0, 9, 0, 50, '' FROM "
            "recordings, "
            "json_each('[0,1]') p JOIN json_each('[\"accelerometer\",\"gyroscope\"]') k ON k.key = p.key;"
            "INSERT INTO tags SELECT id, 'pilot' FROM recordings UNION ALL SELECT id, 'tag ' || id % 7 FROM recordings;"
            "INSERT INTO tiers (id, recording_id, position, name, kind) SELECT id, id, 0, 'activity', 'label' FROM "
            "recordings;"
            "INSERT INTO annotations (tier_id, start_ns, end_ns, label) SELECT recordings.id, value, value + 1, 'walk' FROM "
            "recordings, "
            "json_each('[1,2,3,4,5,6,7,8,9,10]');"
            "INSERT INTO badges SELECT id, 0, 'gaps', 'warning', 3, 'three gaps' FROM recordings;");
        transaction.commit();
        return folder;
    }();
    return project;
}

/** To be at most 50 ms together with the search below. */
void listOf2000Recordings(benchmark::State &state)
{
    const kino::Project project = kino::Project::open(benchLibrary());
    for (auto _ : state)
        benchmark::DoNotOptimize(project.library().size());
}

void searchOf2000Recordings(benchmark::State &state)
{
    const auto rows = kino::Project::open(benchLibrary()).library();
    for (auto _ : state) {
        const kino::LibraryFilter filter("subject:s7 -tag:\"tag 3\" gyro");
        benchmark::DoNotOptimize(
            std::ranges::count_if(rows, [&](const kino::LibraryRow &row) { return filter.matches(row); }));
    }
}

BENCHMARK(listOf2000Recordings)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(searchOf2000Recordings)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(firstOpenFromText)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(secondOpenFromCache)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(secondOpenMappedOnly)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(secondOpenOfADay)->Unit(benchmark::kMillisecond)->UseRealTime();

const bool declared = kino::bench::declareRatio("second open of a table", "secondOpenFromCache", "firstOpenFromText", 20);
const bool dayDeclared = kino::bench::declareBudget("second open of 24 h x 6 channels, every value read", "secondOpenOfADay", 300);
const bool listDeclared = kino::bench::declareBudget("listing 2,000 recordings", "listOf2000Recordings", 50);

} // namespace

KINO_BENCH_MAIN()
