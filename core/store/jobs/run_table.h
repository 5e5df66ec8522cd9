// The table of runs: chosen columns of parameters and metrics for all of them, from a handful of queries, and its filter. Values but
// for the functions that take a JobStore, which are its thread's.
#pragma once

#include "core/store/jobs/job_store.h"

#include <memory>
#include <string_view>
#include <variant>

namespace kino {

/** Nothing where the run has none; lists and objects as JSON text. */
using ParameterValue = std::variant<std::monostate, bool, std::int64_t, double, std::string>;
std::string parameterText(const ParameterValue &value);

/** A number that a run has of a metric. */
enum class MetricFigure { final, last, least, most };
struct MetricColumn {
    std::string key; // "test.macro_f1"
    /** final falls back on the last one where the run has not ended. */
    MetricFigure figure = MetricFigure::final;
    friend bool operator==(const MetricColumn &, const MetricColumn &) = default;
};

struct RunTableRow {
    static constexpr std::size_t kMostToldApart = 3;
    JobRow job;
    std::vector<ParameterValue> parameters; // as RunTableQuery::parameters
    std::vector<std::optional<double>> metrics; // as RunTableQuery::metrics
    /** With RunTableQuery::withRepetitions: the same number in runs that differ by nothing but the seed (core/insight/run_comparison.h). */
    std::optional<std::size_t> repetition = {};
    /** What tells it from other repetitions with the same asked parameters, at most kMostToldApart: "train.epochs", "8". */
    std::vector<std::pair<std::string, std::string>> tellingApart = {};
};

struct RunTableQuery {
    std::vector<std::string> parameters = {}; // paths: "train.batch", "encoder.name"
    std::vector<MetricColumn> metrics = {};
    /** As RunFilter; empty: all. */
    std::string where = {};
    /** Runs of studies are left out unless one is named: the study stands for them. */
    std::optional<JobId> study = {};
    bool withRunsOfStudies = false;
    bool withDeleted = false;
    /** Reads all parameters of all rows: a second for ten thousand runs. */
    bool withRepetitions = false;
};

/**
 * Newest first. Throws Error for a filter that is none, and for one with a name that no run has as a parameter or metric; a metric of a part
 * (train, validation, test) of which no run has told any yet may still come.
 */
std::vector<RunTableRow> readRunTable(const JobStore &store, const RunTableQuery &query);

struct ParameterColumn {
    std::string path;
    std::size_t runs = 0;
    /** 1: the same in all of them. */
    std::size_t differentValues = 0;
};
/** All paths that the runs have (of all where none is named), those that differ most first. */
std::vector<ParameterColumn> parameterColumns(const JobStore &store, std::span<const JobId> runs = {});
/** Of one run, by path. */
std::vector<std::pair<std::string, ParameterValue>> parametersOf(const JobStore &store, JobId run);

/**
 * `encoder.name = primus and (train.batch >= 64 or state = done) and not tag = pilot and test.macro_f1 > 0.5`. Names are those of
 * JobRow (id, name, kind, state, seed, study, cell, fold, tag, notes, star, seconds, error, created), of metrics (their final or last
 * number; least(key), most(key), last(key)), or paths of parameters. Comparisons: = != < <= > >= and ~ (contains, in any case of
 * letters). Values: numbers, words, "quoted texts". A run without the value fits != alone.
 */
class RunFilter {
public:
    /** Throws Error with the place of the first mistake. */
    explicit RunFilter(std::string_view text);
    ~RunFilter();
    RunFilter(RunFilter &&) noexcept;
    RunFilter &operator=(RunFilter &&) noexcept;

    /** Names that are no fields of JobRow: what has to be read of each run. */
    const std::vector<std::string> &names() const { return m_names; }
    const std::vector<MetricColumn> &figures() const { return m_figures; }
    /** `values` and `figures` as names() and figures(); a name that is both a parameter and a metric is the parameter. */
    bool matches(const JobRow &job, std::span<const ParameterValue> values, std::span<const std::optional<double>> finals,
                 std::span<const std::optional<double>> figures) const;

    struct Node;

private:
    std::unique_ptr<Node> m_root; // null: everything
    std::vector<std::string> m_names;
    std::vector<MetricColumn> m_figures;
};

} // namespace kino
