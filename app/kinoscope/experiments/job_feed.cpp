#include "app/kinoscope/experiments/job_feed.h"

#include "app/kinoscope/experiments/job_words.h"
#include "core/base/error.h"
#include "core/insight/curve_spread.h"
#include "core/jobs/queue/worker_lock.h"

#include <QElapsedTimer>
#include <QTimer>

#include <cmath>
#include <set>
#include <utility>

namespace kino {
namespace {

CellCurve cellCurveOf(const std::vector<std::shared_ptr<const CurveSeries>> &members)
{
    std::vector<RunCurve> runs;
    for (const std::shared_ptr<const CurveSeries> &each : members)
        runs.push_back({each->steps, each->epochs, each->seconds, each->values});
    CurveSpread spread = spreadCurves(runs);
    CellCurve curve;
    curve.runs = spread.runs;
    for (const CurveSpread::Drop &drop : spread.drops)
        curve.drops.push_back({drop.step, drop.epoch, drop.seconds, drop.runs});
    if (spread.runs > 1) {
        auto error = std::make_shared<CurveBand>();
        for (std::size_t index = 0; index < spread.mean.size(); ++index) {
            error->low.push_back(spread.mean[index] - spread.standardError[index]);
            error->high.push_back(spread.mean[index] + spread.standardError[index]);
        }
        curve.standardError = std::move(error);
        curve.range = std::make_shared<const CurveBand>(CurveBand{std::move(spread.least), std::move(spread.most)});
    }
    curve.mean = std::make_shared<const CurveSeries>(CurveColumns{std::move(spread.steps), std::move(spread.epochs), std::move(spread.seconds), std::move(spread.mean)});
    return curve;
}

} // namespace

/** Lives on the feed's thread. */
class JobFeed::Worker : public QObject {
public:
    Worker(JobFeed &feed, const CancelToken &closing) : m_feed(feed), m_poll(new QTimer(this)), m_closing(closing)
    {
        m_poll->setInterval(kPollMs);
        connect(m_poll, &QTimer::timeout, this, &Worker::poll);
    }

    void open(const std::filesystem::path &folder, quint64 epoch)
    {
        if (!m_waiting)
            m_waiting.emplace(m_closing);
        m_epoch = epoch;
        m_poll->stop();
        m_store.reset();
        m_reader.reset();
        m_revision = 0;
        m_standings.clear();
        m_queue.reset();
        m_table.reset();
        m_parameters.clear();
        m_points.clear();
        m_runs.clear();
        m_cells.clear();
        m_keys.clear();
        m_detail = 0;
        m_sinceInVain.invalidate();
        if (folder.empty())
            return;
        guarded([&] {
            m_store = std::make_unique<JobStore>(folder);
            m_reader = std::make_unique<MetricReader>(folder);
        });
        if (!m_store)
            return;
        m_store->hasChanged();
        readQueue();
        const std::vector<LostJob> lost = takeLost();
        guarded([&] { noteChanges(); });
        readAll();
        tellLost(lost);
        m_poll->start();
    }

    void setTableQuery(const RunTableQuery &query)
    {
        m_query = query;
        readTable();
    }

    void setCurves(const std::vector<JobId> &runs, const std::vector<std::string> &keys, const std::optional<StudyCellId> &cell)
    {
        m_runs = runs;
        m_keys = keys;
        m_cells.clear();
        m_cellsLeftOut = 0;
        if (m_store)
            guarded([&] { findCells(cell); });
        std::set<JobId> wanted(runs.begin(), runs.end());
        for (const CellRuns &each : m_cells)
            wanted.insert(each.state.runs.begin(), each.state.runs.end());
        std::erase_if(m_points, [&](const auto &each) { return !wanted.contains(each.first.first); });
        readCurves();
    }

    void setDetail(JobId id)
    {
        m_detail = id;
        readDetail();
    }

    void act(const std::function<void(JobStore &)> &action)
    {
        if (!m_store)
            return;
        guarded([&] { action(*m_store); }, WhenClosing::act);
        guarded([&] { noteChanges(); });
        readAll();
    }

private:
    /** What of a job makes other lists of jobs, as opposed to its heartbeat. */
    struct Standing {
        JobState state;
        JobRequest request;
        std::int64_t priority, place;
        std::string name, notes;
        std::vector<std::string> tags;
        bool isStarred, isDeleted;
        std::int64_t metricsGeneration;
        friend bool operator==(const Standing &, const Standing &) = default;
    };

    struct KnownCurve {
        GrowingCurve growing;
        CurveMark mark;
        std::shared_ptr<const CurveSeries> shown;
    };
    /** A cell whose curves are asked for, and from which series they were made. */
    struct CellRuns {
        CurvesState::Cell state;
        std::map<std::string, std::vector<std::shared_ptr<const CurveSeries>>> madeOf;
    };

    void findCells(const std::optional<StudyCellId> &only)
    {
        std::size_t all = 0;
        const auto add = [&](JobId study, const std::optional<StudyCellId> &wanted) {
            std::map<std::int64_t, CurvesState::Cell> cells;
            for (const JobRow &run : m_store->runsOf(study)) {
                const std::int64_t cell = run.cell.value_or(0);
                if (wanted && wanted->cell != cell)
                    continue;
                CurvesState::Cell &made = cells[cell];
                made.id = {study, cell};
                made.name = run.cellName;
                made.runs.push_back(run.id);
            }
            for (auto &[number, cell] : cells) {
                all += cell.runs.size();
                if (m_cells.size() < kMostCells && (all <= kMostRunsOfCells || m_cells.empty()))
                    m_cells.push_back({std::move(cell), {}});
                else
                    ++m_cellsLeftOut;
            }
        };
        if (only) {
            add(only->study, only);
            return;
        }
        for (const JobId run : m_runs) {
            if (m_store->row(run).kind == "study")
                add(run, {});
        }
    }

    /** Anew only where one of its runs has new numbers. */
    void readCell(CellRuns &cell, CurvesState &state)
    {
        for (const std::string &key : m_keys) {
            std::vector<std::shared_ptr<const CurveSeries>> members;
            for (const JobId run : cell.state.runs) {
                members.push_back(seriesOf(run, key));
                state.series[{run, key}] = members.back();
            }
            if (std::vector<std::shared_ptr<const CurveSeries>> &made = cell.madeOf[key]; made != members) {
                cell.state.curves[key] = cellCurveOf(members);
                made = std::move(members);
            }
        }
        std::erase_if(cell.state.curves, [this](const auto &each) { return std::ranges::find(m_keys, each.first) == m_keys.end(); });
        state.cells.push_back(cell.state);
    }

    /** Whether anything but heartbeats and numbers is new. */
    bool noteChanges()
    {
        const JobChanges changes = m_store->changesSince(m_revision);
        m_revision = changes.revision;
        bool isOther = false;
        for (const JobRow &row : changes.rows) {
            Standing standing{row.state, row.request, row.priority, row.place, row.name, row.notes, row.tags, row.isStarred, row.deletedAtNs.has_value(), row.metricsGeneration};
            const auto found = m_standings.find(row.id);
            if (found != m_standings.end() && found->second == standing)
                continue;
            isOther = true;
            m_standings.insert_or_assign(row.id, std::move(standing));
        }
        return isOther;
    }

    /** Where jobs are at work and no worker is: they lost theirs. */
    std::vector<LostJob> takeLost()
    {
        std::vector<LostJob> lost;
        const bool isTriedAnew = !m_sinceInVain.isValid() || m_sinceInVain.elapsed() >= kInVainMs;
        if (!m_queue || !isTriedAnew || std::ranges::none_of(m_queue->queue, [](const JobRow &job) { return isActive(job.state); }))
            return lost;
        guarded([&] {
            if (isWorkerThere(m_store->folder()))
                return;
            m_sinceInVain.start();
            lost = lostJobs(*m_store, *m_reader, settleAbandonedJobs(m_store->folder()));
        });
        if (!lost.empty())
            m_sinceInVain.invalidate();
        return lost;
    }

    void tellLost(const std::vector<LostJob> &lost)
    {
        if (!lost.empty())
            deliver([lost](JobFeed &feed) { Q_EMIT feed.workerLost(lost); });
    }

    void poll()
    {
        bool isChanged = false, isOther = false, hasWorker = m_hasWorker;
        guarded([&] {
            isChanged = m_store->hasChanged();
            isOther = isChanged && noteChanges();
            hasWorker = isWorkerThere(m_store->folder());
        });
        const std::vector<LostJob> lost = hasWorker ? std::vector<LostJob>() : takeLost();
        if (!lost.empty())
            guarded([&] { noteChanges(); });
        if (isOther || !lost.empty()) {
            readAll();
            tellLost(lost);
            return;
        }
        if (isChanged || hasWorker != m_hasWorker)
            readQueue(Part::waiting);
        if (!isChanged)
            return;
        readCurves();
        readDetail();
        // The job at work gets other numbers all the time: its row may lag behind, and a large table must not cost a core.
        if (m_sinceTable.elapsed() >= std::max<qint64>(kTableMs, 30 * m_tableMs))
            readTable();
    }

    void readAll()
    {
        readQueue();
        readTable();
        readCurves();
        readDetail();
    }

    enum class Part { waiting, all };
    void readQueue(Part part = Part::all)
    {
        if (!m_store)
            return;
        guarded([&] {
            auto state = std::make_shared<QueueState>();
            state->hasWorker = m_hasWorker = isWorkerThere(m_store->folder());
            state->queue = m_store->queue(StudyRuns::left); // a study tells of its runs
            state->afterCrash = m_store->resumePolicy();
            state->isReadOnly = m_store->database().isReadOnly();
            state->lost = interruptedJobs(*m_store, *m_reader);
            if (part == Part::waiting && m_queue) {
                state->finished = m_queue->finished;
                tellQueue(state);
                return;
            }
            std::vector<RunTableRow> over = readRunTable(*m_store, {.metrics = {{"test.macro_f1"}}, .where = "state = done or state = failed or state = cancelled"});
            std::ranges::stable_sort(over, std::greater<>{}, [](const RunTableRow &row) { return row.job.finishedAtNs.value_or(0); });
            for (std::size_t row = 0; row < std::min(over.size(), kMostFinished); ++row)
                state->finished.push_back({std::move(over[row].job), over[row].metrics.front()});
            tellQueue(state);
        });
    }

    void tellQueue(const std::shared_ptr<const QueueState> &state)
    {
        m_queue = state;
        deliver([state](JobFeed &feed) {
            feed.m_queue = state;
            Q_EMIT feed.queueChanged();
        });
    }

    void readTable()
    {
        if (!m_store)
            return;
        auto state = std::make_shared<RunTableState>();
        guarded([&] {
            QElapsedTimer since;
            since.start();
            state->query = m_query;
            state->parameters = parameterColumns(*m_store);
            state->metrics = m_reader->keys(std::span<const JobId>{});
            try {
                m_table = std::make_shared<const RunTableData>(tableOf(readRunTable(*m_store, m_query), m_query));
            } catch (const Error &error) {
                // While a filter is typed it often is none; whatever else is wrong comes again without one.
                if (m_query.where.empty())
                    throw;
                state->fault = QString::fromStdString(error.what());
            }
            state->table = m_table ? m_table : std::make_shared<const RunTableData>();
            state->milliseconds = static_cast<double>(since.nsecsElapsed()) * 1e-6;
            m_tableMs = since.elapsed();
            m_sinceTable.start();
            deliver([state](JobFeed &feed) {
                const std::shared_ptr<const RunTableState> old = std::exchange(feed.m_table, state);
                Q_EMIT feed.tableChanged();
                // Ten thousand rows take a while to go: not here.
                QMetaObject::invokeMethod(feed.m_worker, [old] {}, Qt::QueuedConnection);
            });
        });
    }

    void readCurves()
    {
        if (!m_store)
            return;
        guarded([&] {
            auto state = std::make_shared<CurvesState>();
            state->runs = m_runs;
            std::vector<JobId> all = m_runs;
            for (const CellRuns &cell : m_cells)
                all.insert(all.end(), cell.state.runs.begin(), cell.state.runs.end());
            if (!all.empty())
                state->keys = m_reader->keys(all);
            for (const JobId run : m_runs) {
                CurvesState::Run &detail = state->details[run];
                // What a run was asked never changes.
                const auto known = m_parameters.find(run);
                detail.parameters = known != m_parameters.end() ? known->second : m_parameters.emplace(run, parametersOf(*m_store, run)).first->second;
                for (const MetricSummary &summary : m_reader->summaries(run)) {
                    if (summary.final || summary.count > 0)
                        detail.finals[summary.key] = summary.final.value_or(summary.last);
                }
                for (const std::string &key : m_keys)
                    state->series[{run, key}] = seriesOf(run, key);
            }
            for (CellRuns &cell : m_cells)
                readCell(cell, *state);
            state->cellsLeftOut = m_cellsLeftOut;
            deliver([state](JobFeed &feed) {
                feed.m_curves = state;
                Q_EMIT feed.curvesChanged();
            });
        });
    }

    /** Only what is new is read; what is shown is never changed. */
    std::shared_ptr<const CurveSeries> seriesOf(JobId run, const std::string &key)
    {
        KnownCurve &known = m_points[{run, key}];
        CurveChange change = m_reader->changes(run, key, known.mark);
        known.mark = change.mark;
        if (known.shown && !change.isAnew && change.points.empty())
            return known.shown;
        if (change.isAnew)
            known.growing = GrowingCurve();
        for (const CurvePoint &point : change.points)
            known.growing.add(point.step, static_cast<double>(point.epoch), point.seconds, point.value);
        known.shown = known.growing.series();
        return known.shown;
    }

    void readDetail()
    {
        if (!m_store)
            return;
        guarded([&] {
            std::shared_ptr<RunDetailState> state;
            if (m_detail != 0) {
                state = std::make_shared<RunDetailState>();
                state->detail = m_store->detail(m_detail);
                state->log = m_store->log(m_detail);
            }
            deliver([state](JobFeed &feed) {
                feed.m_detail = state;
                Q_EMIT feed.detailChanged();
            });
        });
    }

    void deliver(std::function<void(JobFeed &)> take)
    {
        QMetaObject::invokeMethod(&m_feed, [&feed = m_feed, epoch = m_epoch, take = std::move(take)] {
            if (epoch == feed.m_epoch)
                take(feed);
        }, Qt::QueuedConnection);
    }

    /** What goes wrong is told once, not four times a second. */
    enum class WhenClosing { leave, act };
    void guarded(const std::function<void()> &work, WhenClosing whenClosing = WhenClosing::leave)
    {
        if (m_closing.isCancelled() && whenClosing == WhenClosing::leave)
            return; // nobody will see it
        QString sentence;
        try {
            work();
        } catch (const std::exception &error) {
            sentence = QString::fromStdString(error.what());
        }
        if (sentence.isEmpty()) {
            m_trouble.clear();
            return;
        }
        if (sentence == m_trouble)
            return;
        m_trouble = sentence;
        deliver([sentence](JobFeed &feed) { Q_EMIT feed.failed(sentence, sentence); });
    }

    static constexpr qint64 kTableMs = 2000, kInVainMs = 5000;

    JobFeed &m_feed;
    QTimer *m_poll;
    CancelToken m_closing;
    std::optional<ShortWaits> m_waiting; // of the feed's thread
    JobRevision m_revision = 0;
    std::map<JobId, Standing> m_standings;
    std::shared_ptr<const QueueState> m_queue;
    QElapsedTimer m_sinceTable;
    QElapsedTimer m_sinceInVain; // of a look for lost jobs that found none: a project that cannot be written has them for ever
    qint64 m_tableMs = 0;
    quint64 m_epoch = 0;
    std::unique_ptr<JobStore> m_store;
    std::unique_ptr<MetricReader> m_reader;
    RunTableQuery m_query;
    std::shared_ptr<const RunTableData> m_table;
    std::vector<JobId> m_runs;
    std::vector<std::string> m_keys;
    std::vector<CellRuns> m_cells;
    std::size_t m_cellsLeftOut = 0;
    std::map<JobId, std::vector<std::pair<std::string, ParameterValue>>> m_parameters;
    JobId m_detail = 0;
    bool m_hasWorker = false;
    std::map<std::pair<JobId, std::string>, KnownCurve> m_points;
    QString m_trouble;
};

JobFeed::JobFeed(QObject *parent) : QObject(parent), m_worker(new Worker(*this, m_closing))
{
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.setObjectName(QStringLiteral("jobs"));
    m_thread.start();
}

JobFeed::~JobFeed()
{
    // Another program may hold the database: what a person decided is tried once more, all else is left.
    m_closing.cancel();
    m_thread.quit();
    m_thread.wait();
}

void JobFeed::post(std::function<void(Worker &)> work)
{
    const quint64 asked = ++m_asked;
    QMetaObject::invokeMethod(m_worker, [this, worker = m_worker, work = std::move(work), asked] {
        work(*worker);
        QMetaObject::invokeMethod(this, [this, asked] { answered(asked); }, Qt::QueuedConnection);
    }, Qt::QueuedConnection);
    Q_EMIT settledChanged();
}

void JobFeed::answered(quint64 asked)
{
    m_answered = asked;
    if (isSettled())
        Q_EMIT settledChanged();
}

void JobFeed::setProject(const std::filesystem::path &folder)
{
    if (folder == m_project)
        return;
    m_project = folder;
    const quint64 epoch = ++m_epoch;
    m_queue.reset();
    m_table.reset();
    m_curves.reset();
    m_detail.reset();
    post([folder, epoch](Worker &worker) { worker.open(folder, epoch); });
    Q_EMIT queueChanged();
    Q_EMIT tableChanged();
    Q_EMIT curvesChanged();
    Q_EMIT detailChanged();
}

void JobFeed::setTableQuery(const RunTableQuery &query)
{
    post([query](Worker &worker) { worker.setTableQuery(query); });
}

void JobFeed::setCurves(const std::vector<JobId> &runs, const std::vector<std::string> &keys, std::optional<StudyCellId> cell)
{
    post([runs, keys, cell](Worker &worker) { worker.setCurves(runs, keys, cell); });
}

void JobFeed::setDetail(JobId id)
{
    post([id](Worker &worker) { worker.setDetail(id); });
}

void JobFeed::act(std::function<void(JobStore &)> action, std::function<void()> then)
{
    post([action = std::move(action)](Worker &worker) { worker.act(action); });
    if (then)
        QMetaObject::invokeMethod(m_worker, [this, then = std::move(then)] { QMetaObject::invokeMethod(this, then, Qt::QueuedConnection); }, Qt::QueuedConnection);
}

} // namespace kino
