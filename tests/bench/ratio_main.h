// Main of a benchmark program that ends with a table of ratios (our time beside a peer's, measured in the same run) and
// one of budgets (our time beside the longest that it may take).
//
// A program declares both before KINO_BENCH_MAIN():
//     const bool ratio = kino::bench::declareRatio("power spectrogram", "stft/ours", "stft/torch", 2.5);
//     const bool budget = kino::bench::declareBudget("second open of a day", "secondOpenOfADay", 300);
// Where KINO_BENCH_RESULTS names a file, they are appended to it as lines of JSON, for scripts/bench.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace kino::bench {

struct Ratio {
    std::string what;
    std::string ours;
    std::string peer;
    /** The peer's time divided by ours must reach this. */
    double atLeast = 0;
};

struct Budget {
    std::string what;
    std::string ours;
    double atMostMs = 0;
};

inline std::vector<Budget> &budgets()
{
    static std::vector<Budget> declared;
    return declared;
}

inline bool declareBudget(std::string what, std::string ours, double atMostMs)
{
    budgets().push_back({std::move(what), std::move(ours), atMostMs});
    return true;
}

inline std::vector<Ratio> &ratios()
{
    static std::vector<Ratio> declared;
    return declared;
}

inline bool declareRatio(std::string what, std::string ours, std::string peer, double atLeast)
{
    ratios().push_back({std::move(what), std::move(ours), std::move(peer), atLeast});
    return true;
}

/** Something measured by other means than repetition, beside the most that it may be; appended like the others. */
inline void printMeasure(const std::string &what, double value, const std::string &unit, double atMost)
{
    std::printf("%-80s %9.3f %-2s %6.0f%s\n", what.c_str(), value, unit.c_str(), atMost, value > atMost ? "  above" : "");
    if (const char *path = std::getenv("KINO_BENCH_RESULTS"))
        std::ofstream(path, std::ios::app) << nlohmann::json{{"measure", what}, {"value", value}, {"unit", unit}, {"at_most", atMost}}.dump() << '\n';
}

/** Prints as usual and keeps the shortest time of each benchmark's repetitions: what other work on the machine adds. */
class ShortestTimes : public benchmark::ConsoleReporter {
public:
    ShortestTimes() : ConsoleReporter(OO_Tabular) {}

    void ReportRuns(const std::vector<Run> &runs) override
    {
        std::vector<Run> aggregates;
        for (const Run &run : runs) {
            if (run.run_type != Run::RT_Iteration || run.error_occurred) {
                aggregates.push_back(run);
                continue;
            }
            const double iterations = static_cast<double>(std::max<std::int64_t>(run.iterations, 1));
            const std::string &arguments = run.run_name.args;
            Times &times = m_times[run.run_name.function_name + (arguments.empty() ? "" : "/" + arguments)];
            times.wall = std::min(times.wall, run.real_accumulated_time / iterations);
            times.processor = std::min(times.processor, run.cpu_accumulated_time / iterations);
        }
        if (!aggregates.empty())
            ConsoleReporter::ReportRuns(aggregates);
    }

    /** Prints both tables and appends them, and every time, to the file of KINO_BENCH_RESULTS. */
    void printResults() const
    {
        const char *path = std::getenv("KINO_BENCH_RESULTS");
        std::ofstream results;
        if (path)
            results.open(path, std::ios::app);
        for (const auto &[name, times] : m_times)
            results << nlohmann::json{{"time", name}, {"ms", times.wall * 1e3}}.dump() << '\n';
        printRatios(results);
        printBudgets(results);
    }

private:
    void printRatios(std::ostream &results) const
    {
        if (ratios().empty())
            return;
        std::printf("\nspeed: Kinoscope is so many times as fast as the peer (the peer's time divided by ours)\n");
        std::printf("%-64s %9s %9s %9s %7s %7s\n", "shortest of all repetitions", "ours ms", "peer ms", "speed", "by CPU",
                    "wanted");
        for (const Ratio &ratio : ratios()) {
            const auto ours = m_times.find(ratio.ours);
            const auto peer = m_times.find(ratio.peer);
            if (ours == m_times.end() || peer == m_times.end())
                continue;
            const double value = peer->second.wall / ours->second.wall;
            std::printf("%-64s %9.3f %9.3f %8.2fx %7.2f %7.2f%s\n", ratio.what.c_str(), ours->second.wall * 1e3,
                        peer->second.wall * 1e3, value, peer->second.processor / ours->second.processor, ratio.atLeast,
                        value < ratio.atLeast ? "  below" : "");
            results << nlohmann::json{{"ratio", ratio.what}, {"ours_ms", ours->second.wall * 1e3},
                                      {"peer_ms", peer->second.wall * 1e3}, {"times", value}, {"at_least", ratio.atLeast}}
                           .dump()
                    << '\n';
        }
    }

    void printBudgets(std::ostream &results) const
    {
        if (budgets().empty())
            return;
        std::printf("\n%-64s %9s %9s\n", "shortest of all repetitions", "ms", "budget");
        for (const Budget &budget : budgets()) {
            const auto ours = m_times.find(budget.ours);
            if (ours == m_times.end())
                continue;
            const double ms = ours->second.wall * 1e3;
            std::printf("%-64s %9.3f %9.1f%s\n", budget.what.c_str(), ms, budget.atMostMs,
                        ms > budget.atMostMs ? "  above" : "");
            results << nlohmann::json{{"budget", budget.what}, {"ms", ms}, {"at_most_ms", budget.atMostMs}}.dump() << '\n';
        }
    }

    /** Seconds an iteration; on a busy machine the processor time of one thread says more than the clock on the wall. */
    struct Times {
        double wall = std::numeric_limits<double>::infinity();
        double processor = std::numeric_limits<double>::infinity();
    };
    std::map<std::string, Times> m_times;
};

/** Repetitions are interleaved by default, so that a busy second of the machine falls on ours and on the peers alike. */
inline int benchMain(int argc, char **argv)
{
    std::vector<std::string> defaults{argv[0], "--benchmark_repetitions=15", "--benchmark_min_time=0.05",
                                      "--benchmark_enable_random_interleaving=true"};
    defaults.insert(defaults.end(), argv + 1, argv + argc);
    std::vector<char *> arguments;
    for (std::string &argument : defaults)
        arguments.push_back(argument.data());
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    if (benchmark::ReportUnrecognizedArguments(count, arguments.data()))
        return 2;
    ShortestTimes reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    reporter.printResults();
    return 0;
}

} // namespace kino::bench

#define KINO_BENCH_MAIN()                                                                                              \
    int main(int argc, char **argv) { return kino::bench::benchMain(argc, argv); }
