#include "app/kinoscope/experiments/job_feed.h"

#include "app/kinoscope/experiments/job_words.h"
#include "core/base/error.h"
#include "core/jobs/queue/worker_lock.h"

#include <QElapsedTimer>
#include <QTimer>

#include <utility>

namespace kino {

/** Lives on the feed's thread. */
class JobFeed::Worker : public QObject {
public:
    explicit Worker(JobFeed &feed) : m_feed(feed), m_poll(new QTimer(this))
    {
        m_poll->setInterval(kPollMs);
        connect(m_poll, &QTimer::timeout, this, &Worker::poll);
    }

    void open(const std::filesystem::path &folder, quint64 epoch)
    {
        m_epoch = epoch;
        m_poll->stop();
        m_store.reset();
        m_reader.reset();
        m_revision = 0;
        m_standings.clear();
        m_queue.reset();
        m_table.reset();
        m_parameters.clear();
        m_marks.clear();
        m_points.clear();
        m_runs.clear();
        m_keys.clear();
        m_detail = 0;
        if (folder.empty())
            return;
        guarded([&] {
            m_store = std::make_unique<JobStore>(folder);
            m_reader = std::make_unique<MetricReader>(folder);
        });
        if (!m_store)
            return;
        m_store->hasChanged();
        guarded([&] { noteChanges(); });
        readAll();
        m_poll->start();
    }

    void setTableQuery(const RunTableQuery &query)
    {
        m_query = query;
        readTable();
    }

    void setCurves(const std::vector<JobId> &runs, const std::vector<std::string> &keys)
    {
        m_runs = runs;
        m_keys = keys;
        std::erase_if(m_points, [&](const auto &each) { return std::ranges::find(runs, each.first.first) == runs.end(); });
        std::erase_if(m_marks, [&](const auto &each) { return std::ranges::find(runs, each.first.first) == runs.end(); });
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
        guarded([&] { action(*m_store); });
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

    void poll()
    {
        bool isChanged = false, isOther = false, hasWorker = m_hasWorker;
        guarded([&] {
            isChanged = m_store->hasChanged();
            isOther = isChanged && noteChanges();
            hasWorker = isWorkerThere(m_store->folder());
        });
        if (isOther) {
            readAll();
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
            state->queue = m_store->queue();
            // Runs of a study are told by the study.
            std::erase_if(state->queue, [](const JobRow &job) { return job.study.has_value(); });
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
            if (!m_runs.empty())
                state->keys = m_reader->keys(m_runs);
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
            deliver([state](JobFeed &feed) {
                feed.m_curves = state;
                Q_EMIT feed.curvesChanged();
            });
        });
    }

    /** Only what is new is read; what is shown is never changed. */
    std::shared_ptr<const CurveSeries> seriesOf(JobId run, const std::string &key)
    {
        std::shared_ptr<const CurveSeries> &known = m_points[{run, key}];
        CurveMark &mark = m_marks[{run, key}];
        CurveChange change = m_reader->changes(run, key, mark);
        mark = change.mark;
        if (known && !change.isAnew && change.points.empty())
            return known;
        auto series = known && !change.isAnew ? std::make_shared<CurveSeries>(*known) : std::make_shared<CurveSeries>();
        for (const CurvePoint &point : change.points) {
            series->steps.push_back(point.step);
            series->epochs.push_back(static_cast<double>(point.epoch));
            series->seconds.push_back(point.seconds);
            series->values.push_back(point.value);
        }
        known = std::move(series);
        return known;
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
    void guarded(const std::function<void()> &work)
    {
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

    static constexpr qint64 kTableMs = 2000;

    JobFeed &m_feed;
    QTimer *m_poll;
    JobRevision m_revision = 0;
    std::map<JobId, Standing> m_standings;
    std::shared_ptr<const QueueState> m_queue;
    QElapsedTimer m_sinceTable;
    qint64 m_tableMs = 0;
    quint64 m_epoch = 0;
    std::unique_ptr<JobStore> m_store;
    std::unique_ptr<MetricReader> m_reader;
    RunTableQuery m_query;
    std::shared_ptr<const RunTableData> m_table;
    std::vector<JobId> m_runs;
    std::vector<std::string> m_keys;
    std::map<JobId, std::vector<std::pair<std::string, ParameterValue>>> m_parameters;
    JobId m_detail = 0;
    bool m_hasWorker = false;
    std::map<std::pair<JobId, std::string>, std::shared_ptr<const CurveSeries>> m_points;
    std::map<std::pair<JobId, std::string>, CurveMark> m_marks;
    QString m_trouble;
};

JobFeed::JobFeed(QObject *parent) : QObject(parent), m_worker(new Worker(*this))
{
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.setObjectName(QStringLiteral("jobs"));
    m_thread.start();
}

JobFeed::~JobFeed()
{
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

void JobFeed::setCurves(const std::vector<JobId> &runs, const std::vector<std::string> &keys)
{
    post([runs, keys](Worker &worker) { worker.setCurves(runs, keys); });
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
