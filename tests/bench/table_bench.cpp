// Reading a large text table: the parser alone, and the whole import with its report. KINO_BENCH_CSV names the file; it
// is made on first use. scripts/bench reads the same file with the Python peers.
#include "core/base/parallel.h"
#include "core/data/import.h"
#include "core/data/table/reader.h"
#include "tests/bench/ratio_main.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace {

constexpr std::size_t kRows = 2'000'000;

/** 2 M rows of a time in milliseconds and six values with six decimals: 143 MB. */
std::filesystem::path benchFile()
{
    const char *named = std::getenv("KINO_BENCH_CSV");
    const std::filesystem::path path
        = named ? std::filesystem::path(named) : std::filesystem::temp_directory_path() / "kinoscope-bench-2m-x-7.csv";
    if (std::filesystem::exists(path))
        return path;
    std::ofstream out(path, std::ios::binary);
    out << "timestamp,x_acc,y_acc,z_acc,x_gyro,y_gyro,z_gyro\n";
    std::uint64_t state = 1;
    const auto uniform = [&state] {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return static_cast<double>(state >> 11) / 9007199254740992.0 - 0.5;
    };
    char row[160];
    for (std::size_t i = 0; i < kRows; ++i) {
        const int length = std::snprintf(row, sizeof row, "%lld,%.6f,%.6f,%.6f,%.6f,%.6f,%.6f\n",
                                         1'700'000'000'000ll + static_cast<long long>(i) * 10, 20 * uniform(), 20 * uniform(),
                                         20 * uniform(), 4 * uniform(), 4 * uniform(), 4 * uniform());
        out.write(row, length);
    }
    return path;
}

const std::filesystem::path &benchProfile()
{
    static const std::filesystem::path path = [] {
        const auto file = std::filesystem::temp_directory_path() / "kinoscope-bench-profile.json";
        std::ofstream(file) << R"({"kinoscope_profile": 1, "name": "bench", "files": [{"match": "*.csv",
            "time": {"column": "timestamp", "unit": "ms", "epoch": "unix"},
            "streams": [{"kind": "accelerometer", "columns": ["x_acc", "y_acc", "z_acc"], "unit": "m/s^2"},
                        {"kind": "gyroscope", "columns": ["x_gyro", "y_gyro", "z_gyro"], "unit": "rad/s"}]}]})";
        return file;
    }();
    return path;
}

void readTable2MRows(benchmark::State &state)
{
    const std::filesystem::path path = benchFile();
    for (auto _ : state) {
        const kino::TextFile file = kino::TextFile::open(path);
        kino::TableRequest request;
        request.threads = static_cast<std::size_t>(state.range(0));
        for (std::size_t column = 0; column < 7; ++column) {
            kino::CellRequest cell;
            cell.column = column;
            cell.kind = column == 0 ? kino::CellKind::whole : kino::CellKind::number;
            cell.exponent = 6;
            request.cells.push_back(cell);
        }
        const auto header = kino::readTableHeader(path, file.text(), request.layout);
        const kino::Table table = kino::readTable(file.text(), header, request);
        if (table.rows != kRows)
            state.SkipWithError("rows are missing");
        benchmark::DoNotOptimize(table.numbers.back().values().data());
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(file_size(path)));
}

/** What `kino inspect` and the window do: file to recording, checks of times and report included. */
void importTable2MRows(benchmark::State &state)
{
    const std::filesystem::path path = benchFile();
    kino::ImportOptions options;
    options.profile = benchProfile().string();
    for (auto _ : state) {
        const kino::ImportOutcome outcome = kino::importPaths(std::span(&path, 1), options);
        if (outcome.recordings.size() != 1 || outcome.recordings[0].devices[0].streams[0].samples() != kRows)
            state.SkipWithError("the recording is not whole");
        benchmark::DoNotOptimize(outcome.recordings.data());
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(file_size(path)));
}

} // namespace

BENCHMARK(readTable2MRows)->ArgName("threads")->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(importTable2MRows)->Unit(benchmark::kMillisecond)->UseRealTime();
KINO_BENCH_MAIN()
