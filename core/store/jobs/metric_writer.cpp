#include "core/store/jobs/metrics.h"

#include "core/base/error.h"
#include "core/store/jobs/rows.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

/** More wait in memory only while the database is locked; who adds waits then. */
constexpr std::size_t kMostPending = 500'000;

std::optional<double> finiteOrNull(double value) { return std::isnan(value) ? std::nullopt : std::optional(value); }

/** Of values by ascending step; those that are not finite do not count. */
struct Figures {
    std::int64_t count = 0, firstStep = 0, lastStep = 0, leastStep = 0, mostStep = 0;
    double first = 0, last = 0, least = 0, most = 0;

    void add(std::int64_t step, double value)
    {
        if (!std::isfinite(value))
            return;
        if (count++ == 0) {
            firstStep = leastStep = mostStep = step;
            first = least = most = value;
        }
        lastStep = step;
        last = value;
        if (value < least) {
            least = value;
            leastStep = step;
        }
        if (value > most) {
            most = value;
            mostStep = step;
        }
    }

    /** In the place of what the summary said. */
    void replace(const Database &database, JobId run, std::int64_t key) const
    {
        store(database, run, key,
              "count = excluded.count, first_step = excluded.first_step, first = excluded.first, last_step = excluded.last_step, last = excluded.last, "
              "least_step = excluded.least_step, least = excluded.least, most_step = excluded.most_step, most = excluded.most");
    }

    /** Added to it: all steps follow those that it was made of. */
    void merge(const Database &database, JobId run, std::int64_t key) const
    {
        store(database, run, key,
              "first_step = CASE WHEN count = 0 THEN excluded.first_step ELSE first_step END, first = coalesce(first, excluded.first), "
              "last_step = CASE WHEN excluded.count = 0 THEN last_step ELSE excluded.last_step END, last = coalesce(excluded.last, last), "
              "least_step = CASE WHEN least IS NULL OR excluded.least < least THEN excluded.least_step ELSE least_step END, "
              "least = CASE WHEN least IS NULL OR excluded.least < least THEN coalesce(excluded.least, least) ELSE least END, "
              "most_step = CASE WHEN most IS NULL OR excluded.most > most THEN excluded.most_step ELSE most_step END, "
              "most = CASE WHEN most IS NULL OR excluded.most > most THEN coalesce(excluded.most, most) ELSE most END, "
              "count = count + excluded.count");
    }

private:
    void store(const Database &database, JobId run, std::int64_t key, const std::string &onConflict) const
    {
        const auto orNull = [this](double value) { return count > 0 ? std::optional(value) : std::nullopt; };
        Statement(database, "INSERT INTO metric_summaries (key_id, job_id, count, first_step, first, last_step, last, least_step, least, most_step, most) "
                            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key_id, job_id) DO UPDATE SET " + onConflict)
            .bind(key, run, count, firstStep, orNull(first), lastStep, orNull(last), leastStep, orNull(least), mostStep, orNull(most))
            .run();
    }
};

/** From the rows themselves: after rows were dropped or written twice. */
void recomputeSummary(const Database &database, JobId run, std::int64_t key)
{
    // Infinities are numbers to SQLite and to nobody who reads a table of results.
    Statement rows(database, "SELECT step, value FROM metrics WHERE job_id = ? AND key_id = ? AND value IS NOT NULL AND abs(value) < 9e999 ORDER BY step");
    rows.bind(run, key);
    Figures figures;
    while (rows.step())
        figures.add(rows.integer(0), rows.real(1));
    figures.replace(database, run, key);
}

/** The last step that a key has a row at; -1 for none. */
std::int64_t lastStepOf(const Database &database, JobId run, std::int64_t key)
{
    Statement last(database, "SELECT max(step) FROM metrics WHERE job_id = ? AND key_id = ?");
    last.bind(run, key).step();
    return last.optionalInteger(0).value_or(-1);
}

} // namespace

MetricWriter::MetricWriter(const std::filesystem::path &projectFolder, JobId run)
    : m_run(run), m_database(projectFolder / "project.sqlite", OpenMode::existing), m_start(std::chrono::steady_clock::now())
{
    m_thread = std::thread([this] { writeBehind(); });
}

MetricWriter::~MetricWriter()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
    }
    m_wake.notify_all();
    m_thread.join();
    try {
        flush();
    } catch (const std::exception &) {
        // Nobody is left to tell; a checkpoint's mark() would have.
    }
}

void MetricWriter::throwIfBroken()
{
    if (m_failure)
        std::rethrow_exception(std::exchange(m_failure, nullptr));
}

void MetricWriter::addLocked(std::int64_t step, std::int64_t epoch, std::string_view key, double value)
{
    auto found = m_places.find(key);
    if (found == m_places.end()) {
        found = m_places.emplace(std::string(key), static_cast<std::int64_t>(m_names.size())).first;
        m_names.emplace_back(key);
    }
    if (step > m_lastStep) {
        m_lastStep = step;
        m_lastKeys.clear();
    }
    if (step == m_lastStep)
        m_lastKeys.push_back(found->second);
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - m_start).count();
    m_pending.push_back({found->second, step, epoch, m_baseMs + elapsed, value});
}

void MetricWriter::add(std::int64_t step, std::int64_t epoch, std::string_view key, double value)
{
    const MetricRow row{step, epoch, key, value};
    add({&row, 1});
}

void MetricWriter::add(std::span<const MetricRow> rows)
{
    bool isFull = false;
    {
        const std::lock_guard lock(m_mutex);
        throwIfBroken();
        for (const MetricRow &row : rows)
            addLocked(row.step, row.epoch, row.key, row.value);
        isFull = m_pending.size() > kMostPending;
    }
    if (isFull)
        flush();
}

void MetricWriter::flush(Durability durability)
{
    const std::lock_guard writing(m_writing);
    std::vector<Pending> rows;
    {
        const std::lock_guard lock(m_mutex);
        throwIfBroken();
        rows.swap(m_pending);
    }
    write(std::move(rows), durability);
}

void MetricWriter::writeBehind()
{
    std::unique_lock lock(m_mutex);
    while (!m_isEnding) {
        m_wake.wait_for(lock, kPause, [this] { return m_isEnding; });
        if (m_isEnding || m_pending.empty() || m_failure)
            continue;
        lock.unlock();
        std::exception_ptr failure;
        try {
            flush();
        } catch (const Unavailable &) {
            // Locked or full for the moment: what was taken is pending again, for the next time. mark() says so where it lasts.
        } catch (...) {
            failure = std::current_exception();
        }
        lock.lock();
        m_failure = failure;
    }
}

std::int64_t MetricWriter::keyId(std::int64_t name)
{
    const auto place = static_cast<std::size_t>(name);
    std::string key;
    {
        const std::lock_guard lock(m_mutex);
        m_keyIds.resize(m_names.size());
        if (m_keyIds[place] != 0)
            return m_keyIds[place];
        key = m_names[place];
    }
    return metricKeyId(m_database, key);
}

void MetricWriter::write(std::vector<Pending> rows, Durability durability)
{
    if (rows.empty() && durability == Durability::normal)
        return;
    // Neighbours in the table are neighbours in the batch; of equal steps the last that was added counts.
    std::ranges::stable_sort(rows, {}, [](const Pending &row) { return std::pair(row.key, row.step); });
    std::vector<std::pair<std::int64_t, std::int64_t>> known;
    try {
        Transaction transaction(m_database, durability);
        Statement insert(m_database, "INSERT INTO metrics (job_id, key_id, step, epoch, ms, value) VALUES (?, ?, ?, ?, ?, ?) "
                                     "ON CONFLICT (job_id, key_id, step) DO UPDATE SET epoch = excluded.epoch, ms = excluded.ms, value = excluded.value");
        for (std::size_t first = 0; first < rows.size();) {
            std::size_t last = first;
            const std::int64_t key = keyId(rows[first].key);
            known.emplace_back(rows[first].key, key);
            const std::int64_t before = lastStepOf(m_database, m_run, key);
            bool isTwice = rows[first].step <= before;
            Figures figures;
            for (; last < rows.size() && rows[last].key == rows[first].key; ++last) {
                const Pending &row = rows[last];
                isTwice |= last > first && row.step == rows[last - 1].step;
                insert.bind(m_run, key, row.step, row.epoch, row.ms, finiteOrNull(row.value)).run();
                figures.add(row.step, row.value);
            }
            if (isTwice)
                recomputeSummary(m_database, m_run, key);
            else
                figures.merge(m_database, m_run, key);
            first = last;
        }
        if (!rows.empty())
            Statement(m_database, "UPDATE jobs SET revision = revision WHERE id = ?").bind(m_run).run();
        else // so that there is something to sync
            Statement(m_database, "UPDATE jobs SET losses = losses WHERE id = ?").bind(m_run).run();
        transaction.commit();
    } catch (...) {
        const std::lock_guard lock(m_mutex);
        rows.insert(rows.end(), m_pending.begin(), m_pending.end());
        m_pending = std::move(rows);
        throw;
    }
    const std::lock_guard lock(m_mutex);
    for (const auto &[name, id] : known)
        m_keyIds[static_cast<std::size_t>(name)] = id;
}

nlohmann::json MetricWriter::mark()
{
    nlohmann::json keys = nlohmann::json::array();
    std::int64_t step = 0;
    {
        const std::lock_guard lock(m_mutex);
        step = m_lastStep;
        for (const std::int64_t key : m_lastKeys)
            keys.push_back(m_names[static_cast<std::size_t>(key)]);
    }
    flush(Durability::full);
    return {{"step", step}, {"keys", std::move(keys)}};
}

void MetricWriter::rewind(const nlohmann::json &mark)
{
    flush();
    const std::lock_guard writing(m_writing);
    const std::int64_t step = mark.is_object() ? mark.value("step", std::int64_t{-1}) : -1;
    std::vector<std::string> kept;
    if (mark.is_object() && mark.contains("keys"))
        kept = mark.at("keys").get<std::vector<std::string>>();
    std::int64_t ms = 0;
    Transaction transaction(m_database, Durability::full);
    std::vector<std::pair<std::int64_t, std::string>> keys;
    {
        Statement all(m_database, "SELECT k.id, k.key FROM metric_summaries s JOIN metric_keys k ON k.id = s.key_id WHERE s.job_id = ?");
        all.bind(m_run);
        while (all.step())
            keys.emplace_back(all.integer(0), all.text(1));
    }
    std::int64_t dropped = 0;
    for (const auto &[id, key] : keys) {
        const bool keepsLast = std::ranges::find(kept, key) != kept.end();
        Statement(m_database, "DELETE FROM metrics WHERE job_id = ? AND key_id = ? AND step > ?").bind(m_run, id, keepsLast ? step : step - 1).run();
        const std::int64_t rows = m_database.changes();
        dropped += rows;
        Statement last(m_database, "SELECT ms FROM metrics WHERE job_id = ? AND key_id = ? ORDER BY step DESC LIMIT 1");
        if (last.bind(m_run, id).step())
            ms = std::max(ms, last.integer(0));
        else
            Statement(m_database, "DELETE FROM metric_summaries WHERE job_id = ? AND key_id = ?").bind(m_run, id).run();
        last.reset();
        if (rows > 0 && lastStepOf(m_database, m_run, id) >= 0)
            recomputeSummary(m_database, m_run, id);
    }
    if (dropped > 0)
        Statement(m_database, "UPDATE jobs SET metrics_generation = metrics_generation + 1 WHERE id = ?").bind(m_run).run();
    transaction.commit();
    const std::lock_guard lock(m_mutex);
    m_baseMs = ms;
    m_start = std::chrono::steady_clock::now();
    m_lastStep = step;
    m_lastKeys.clear();
    for (const std::string &key : kept) {
        auto found = m_places.find(key);
        if (found == m_places.end()) {
            found = m_places.emplace(key, static_cast<std::int64_t>(m_names.size())).first;
            m_names.push_back(key);
        }
        m_lastKeys.push_back(found->second);
    }
}

} // namespace kino
