#include "core/store/jobs/metrics.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace kino {
namespace {

/** Several queries see the same state of the database. */
class ReadSnapshot {
public:
    explicit ReadSnapshot(const Database &database) : m_database(database) { m_database.execute("BEGIN"); }
    ~ReadSnapshot()
    {
        try {
            m_database.execute("ROLLBACK");
        } catch (const std::exception &) {
            // A read that ends changes nothing either way.
        }
    }
    ReadSnapshot(const ReadSnapshot &) = delete;
    ReadSnapshot &operator=(const ReadSnapshot &) = delete;

private:
    const Database &m_database;
};

constexpr const char *kPoints = "SELECT m.step, m.epoch, m.ms, m.value FROM metrics m WHERE m.job_id = ? "
                                "AND m.key_id = (SELECT id FROM metric_keys WHERE key = ?) AND m.step BETWEEN ? AND ? ORDER BY m.step";

CurvePoint pointFrom(const Statement &row)
{
    return {row.integer(0), row.integer(1), static_cast<double>(row.integer(2)) * 1e-3,
            row.isNull(3) ? std::numeric_limits<double>::quiet_NaN() : row.real(3)};
}

/** One column of pixels. */
class Column {
public:
    void add(const CurvePoint &point)
    {
        if (m_count++ == 0)
            m_first = point;
        m_last = point;
        if (std::isnan(point.value))
            return;
        if (std::isnan(m_least.value) || point.value < m_least.value)
            m_least = point;
        if (std::isnan(m_most.value) || point.value > m_most.value)
            m_most = point;
    }
    void moveInto(std::vector<CurvePoint> &points)
    {
        if (m_count == 0)
            return;
        std::array<CurvePoint, 4> all{m_first, m_least, m_most, m_last};
        std::ranges::sort(all, {}, &CurvePoint::step);
        std::int64_t lastStep = std::numeric_limits<std::int64_t>::min();
        for (const CurvePoint &point : all) {
            const bool isNone = point.step == kNone;
            if (!isNone && point.step != lastStep)
                points.push_back(point);
            if (!isNone)
                lastStep = point.step;
        }
        *this = {};
    }

private:
    static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::min();
    static constexpr CurvePoint kNothing{kNone, 0, 0, std::numeric_limits<double>::quiet_NaN()};
    std::size_t m_count = 0;
    CurvePoint m_first, m_last, m_least = kNothing, m_most = kNothing;
};

} // namespace

MetricReader::MetricReader(const std::filesystem::path &projectFolder) : m_database(projectFolder / "project.sqlite", OpenMode::existing) {}

std::vector<std::string> MetricReader::keys(JobId run) const { return keys(std::span(&run, 1)); }

std::vector<std::string> MetricReader::keys(std::span<const JobId> runs) const
{
    std::vector<std::string> keys;
    if (runs.empty()) {
        Statement all(m_database, "SELECT key FROM metric_keys ORDER BY key");
        while (all.step())
            keys.push_back(all.text(0));
        return keys;
    }
    Statement statement(m_database, "SELECT k.key FROM metric_summaries s JOIN metric_keys k ON k.id = s.key_id WHERE s.job_id = ?");
    for (const JobId run : runs) {
        statement.bind(run);
        while (statement.step())
            keys.push_back(statement.text(0));
    }
    std::ranges::sort(keys);
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

std::vector<MetricSummary> MetricReader::summaries(JobId run) const
{
    Statement statement(m_database, "SELECT k.key, s.count, s.first_step, s.first, s.last_step, s.last, s.least_step, s.least, s.most_step, s.most, s.final "
                                    "FROM metric_summaries s JOIN metric_keys k ON k.id = s.key_id WHERE s.job_id = ? ORDER BY k.key");
    statement.bind(run);
    std::vector<MetricSummary> summaries;
    while (statement.step()) {
        MetricSummary &each = summaries.emplace_back();
        each.key = statement.text(0);
        each.count = statement.integer(1);
        each.firstStep = statement.integer(2);
        each.first = statement.real(3);
        each.lastStep = statement.integer(4);
        each.last = statement.real(5);
        each.leastStep = statement.integer(6);
        each.least = statement.real(7);
        each.mostStep = statement.integer(8);
        each.most = statement.real(9);
        each.final = statement.optionalReal(10);
    }
    return summaries;
}

std::vector<CurvePoint> MetricReader::points(JobId run, const std::string &key, const CurveRange &range) const
{
    Statement rows(m_database, kPoints);
    rows.bind(run, key, range.fromStep, range.toStep);
    std::vector<CurvePoint> points;
    while (rows.step())
        points.push_back(pointFrom(rows));
    return points;
}

std::vector<CurvePoint> MetricReader::decimated(JobId run, const std::string &key, std::size_t most, const CurveRange &range) const
{
    const ReadSnapshot snapshot(m_database);
    Statement extent(m_database, "SELECT min(step), max(step) FROM metrics WHERE job_id = ? AND key_id = (SELECT id FROM metric_keys WHERE key = ?) "
                                 "AND step BETWEEN ? AND ?");
    extent.bind(run, key, range.fromStep, range.toStep).step();
    if (extent.isNull(0))
        return {};
    const std::int64_t first = extent.integer(0);
    const auto span = static_cast<double>(extent.integer(1) - first) + 1;
    extent.reset();
    const std::size_t columns = std::max<std::size_t>(most / 4, 1);
    std::vector<CurvePoint> all, thinned;
    Column column;
    std::size_t current = 0;
    Statement rows(m_database, kPoints);
    rows.bind(run, key, range.fromStep, range.toStep);
    while (rows.step()) {
        const CurvePoint point = pointFrom(rows);
        if (all.size() <= most)
            all.push_back(point); // few enough to be given as they are, so far
        const auto place = std::min(columns - 1, static_cast<std::size_t>(static_cast<double>(point.step - first) / span * static_cast<double>(columns)));
        if (place != current)
            column.moveInto(thinned);
        current = place;
        column.add(point);
    }
    column.moveInto(thinned);
    return all.size() <= most ? all : thinned;
}

CurveChange MetricReader::changes(JobId run, const std::string &key, const CurveMark &mark) const
{
    const ReadSnapshot snapshot(m_database);
    Statement job(m_database, "SELECT metrics_generation FROM jobs WHERE id = ?");
    if (!job.bind(run).step())
        throw Error(m_database.file().parent_path(), "has no run number " + std::to_string(run));
    CurveChange change;
    change.mark.generation = job.integer(0);
    job.reset();
    change.isAnew = change.mark.generation != mark.generation;
    change.points = points(run, key, {.fromStep = change.isAnew ? 0 : mark.lastStep + 1});
    change.mark.lastStep = change.points.empty() ? (change.isAnew ? -1 : mark.lastStep) : change.points.back().step;
    return change;
}

void MetricReader::eachRow(JobId run, const std::optional<std::string> &key, const std::function<void(const MetricRow &)> &visit) const
{
    // By key without an order over all: of a million rows none is held. The order by step needs one, which SQLite keeps on the disk.
    Statement rows(m_database, "SELECT m.step, m.epoch, k.key, m.value FROM metrics m JOIN metric_keys k ON k.id = m.key_id "
                               "WHERE m.job_id = ?1 AND (?2 IS NULL OR k.key = ?2) ORDER BY m.step, k.key");
    rows.bind(run, key);
    while (rows.step()) {
        const std::string name = rows.text(2);
        visit({rows.integer(0), rows.integer(1), name, rows.isNull(3) ? std::numeric_limits<double>::quiet_NaN() : rows.real(3)});
    }
}

} // namespace kino
