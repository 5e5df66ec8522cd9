// The numbers of runs: written in batches by the one who trains, read as curves and summaries by anyone.
//
// A row is (run, key, step): a number that is added twice for one step counts as the last. NaN is kept as NULL.
#pragma once

#include "core/store/database.h"
#include "core/store/jobs/job.h"

#include <condition_variable>
#include <exception>
#include <filesystem>
#include <mutex>
#include <span>
#include <string_view>
#include <thread>
#include <unordered_map>

namespace kino {

struct MetricRow {
    std::int64_t step = 0;
    std::int64_t epoch = 0;
    std::string_view key;
    double value = 0; // NaN and infinities too
};

/**
 * Takes the metrics of one run. add() and flush() from any thread; what is added is written by a thread of its own over a connection of
 * its own, a transaction at most every 250 ms, with the run's summaries in the same one. While another program holds the database or
 * the disk is full what was added waits; flush() and mark() throw then, as add() does of too much that waits.
 */
class MetricWriter {
public:
    static constexpr std::chrono::milliseconds kPause{250};

    MetricWriter(const std::filesystem::path &projectFolder, JobId run);
    /** Writes what is left, as far as it can. */
    ~MetricWriter();
    MetricWriter(const MetricWriter &) = delete;
    MetricWriter &operator=(const MetricWriter &) = delete;

    void add(std::int64_t step, std::int64_t epoch, std::string_view key, double value);
    void add(std::span<const MetricRow> rows);
    /** All that was added is in the database, and survives a power cut with Durability::full. */
    void flush(Durability durability = Durability::normal);

    /** What was added so far, for rewind(): the last step and its keys. Flushes with Durability::full. */
    nlohmann::json mark();
    /** Drops what was added after the mark; null: everything. Summaries follow. */
    void rewind(const nlohmann::json &mark);

private:
    struct Pending {
        std::int64_t key = 0; // in m_names
        std::int64_t step = 0, epoch = 0, ms = 0;
        double value = 0;
    };
    void addLocked(std::int64_t step, std::int64_t epoch, std::string_view key, double value);
    void writeBehind();
    void write(std::vector<Pending> rows, Durability durability);
    std::int64_t keyId(std::int64_t name);
    void throwIfBroken();

    JobId m_run;
    std::filesystem::path m_folder;
    Database m_database; // of whoever holds m_writing
    std::mutex m_writing;
    std::vector<std::int64_t> m_keyIds; // by place in m_names; 0: not asked for yet

    std::mutex m_mutex; // of all below
    std::condition_variable m_wake;
    std::vector<Pending> m_pending;
    std::vector<std::string> m_names;
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    std::unordered_map<std::string, std::int64_t, TextHash, std::equal_to<>> m_places;
    std::int64_t m_lastStep = -1;
    std::vector<std::int64_t> m_lastKeys; // that have a row at m_lastStep
    std::int64_t m_baseMs = 0;
    std::chrono::steady_clock::time_point m_start;
    std::exception_ptr m_failure;
    bool m_isEnding = false;
    std::thread m_thread;
};

/** The least, the greatest, the first and the last number of a key in a run. */
struct MetricSummary {
    std::string key;
    std::int64_t count = 0; // of finite ones; the rest is nothing where there is none
    std::int64_t firstStep = 0, lastStep = 0, leastStep = 0, mostStep = 0;
    double first = 0, last = 0, least = 0, most = 0;
    /** What result.json says of the run's best state; nothing before its end. */
    std::optional<double> final;
};

struct CurvePoint {
    std::int64_t step = 0;
    std::int64_t epoch = 0;
    /** Of work on the run until then, pauses left out. */
    double seconds = 0;
    double value = 0; // NaN where there was none
};

struct CurveRange {
    std::int64_t fromStep = 0;
    std::int64_t toStep = std::numeric_limits<std::int64_t>::max(); // inclusive
};

/** How far a reader has come. */
struct CurveMark {
    std::int64_t generation = -1;
    std::int64_t lastStep = -1;
};
struct CurveChange {
    CurveMark mark;
    /** What was read before is no longer true: these points are all there are. */
    bool isAnew = false;
    std::vector<CurvePoint> points;
};

/** Reads. For one thread at a time. */
class MetricReader {
public:
    explicit MetricReader(const std::filesystem::path &projectFolder);

    /** That a run has, sorted. */
    std::vector<std::string> keys(JobId run) const;
    /** That any of the runs has, sorted; of all runs where none is named. */
    std::vector<std::string> keys(std::span<const JobId> runs) const;
    std::vector<MetricSummary> summaries(JobId run) const;
    /** All rows of a key, ascending by step. */
    std::vector<CurvePoint> points(JobId run, const std::string &key, const CurveRange &range = {}) const;
    /**
     * At most `most` (at least 4) points that look the same where the range is drawn on most / 4 columns of pixels: of each the first,
     * the least, the greatest and the last.
     */
    std::vector<CurvePoint> decimated(JobId run, const std::string &key, std::size_t most, const CurveRange &range = {}) const;
    /** What came after the mark; with CurveMark{} everything. */
    CurveChange changes(JobId run, const std::string &key, const CurveMark &mark) const;
    /** Every row of a run in the order of `kino metrics`: by step, then key. */
    void eachRow(JobId run, const std::optional<std::string> &key, const std::function<void(const MetricRow &)> &visit) const;

    const Database &database() const { return m_database; }

private:
    Database m_database;
};

} // namespace kino
