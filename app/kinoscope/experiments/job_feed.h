// What the window knows of a project's jobs: read by a thread of its own that looks every quarter of a second whether anyone wrote,
// and reads only then. What a person decides is written there too, and that a worker ended without a word. The GUI thread never waits for the
// database.
#pragma once

#include "core/base/cancel.h"
#include "core/jobs/queue/lost_jobs.h"
#include "core/store/jobs/metrics.h"
#include "core/store/jobs/run_table.h"
#include "widgets/charts/curve_series.h"
#include "widgets/runs/run_table_data.h"

#include <QObject>
#include <QThread>

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>

namespace kino {

/** What waits and runs, and what ended last. Immutable. */
struct QueueState {
    std::vector<JobRow> queue;
    struct Finished {
        JobRow job;
        std::optional<double> value; // its test score, where it has one
    };
    std::vector<Finished> finished; // newest first
    /** A worker is there, at work or about to be. */
    bool hasWorker = false;
    /** That are interrupted, runs of studies too. */
    std::vector<LostJob> lost;
    ResumePolicy afterCrash = ResumePolicy::always;
    /** The project may be looked at, but not written to. */
    bool isReadOnly = false;
};

/** The table as it was asked for, and what could be asked. Immutable. */
struct RunTableState {
    RunTableQuery query;
    std::shared_ptr<const RunTableData> table;
    std::vector<ParameterColumn> parameters;
    std::vector<std::string> metrics;
    double milliseconds = 0;
    /** Of a filter that is none: the sentence; the table is the last one then. */
    QString fault;
};

/** Of a study. */
struct StudyCellId {
    JobId study = 0;
    std::int64_t cell = 0;
    friend auto operator<=>(const StudyCellId &, const StudyCellId &) = default;
};

/** A metric of all runs of a cell as one curve. */
struct CellCurve {
    std::shared_ptr<const CurveSeries> mean;
    /** Nothing of a single run. */
    std::shared_ptr<const CurveBand> range, standardError;
    std::vector<CurveDrop> drops;
    /** That have it. */
    std::size_t runs = 0;
};

/** Of the chosen runs. Immutable. */
struct CurvesState {
    /** As asked for, studies too; these have cells in place of curves. */
    std::vector<JobId> runs;
    struct Cell {
        StudyCellId id;
        std::string name; // empty where the study has but one
        std::vector<JobId> runs;
        std::map<std::string, CellCurve> curves; // by metric
    };
    std::vector<Cell> cells;
    /** Of chosen studies: more than can be told apart. */
    std::size_t cellsLeftOut = 0;
    std::vector<std::string> keys; // that any of them has
    std::map<std::pair<JobId, std::string>, std::shared_ptr<const CurveSeries>> series; // of the keys that were asked for
    struct Run {
        std::vector<std::pair<std::string, ParameterValue>> parameters;
        std::map<std::string, double> finals;
    };
    std::map<JobId, Run> details;
};

struct RunDetailState {
    JobDetail detail;
    std::vector<JobLogLine> log;
};

class JobFeed : public QObject {
    Q_OBJECT

public:
    static constexpr int kPollMs = 250;
    static constexpr std::size_t kMostFinished = 30;
    static constexpr std::size_t kMostCells = 24, kMostRunsOfCells = 600;

    explicit JobFeed(QObject *parent = nullptr);
    ~JobFeed() override;

    /** Empty: none. What was known of another project is forgotten. */
    void setProject(const std::filesystem::path &folder);
    const std::filesystem::path &project() const { return m_project; }

    void setTableQuery(const RunTableQuery &query);
    /** Curves of these keys in these runs, from now on as they grow; of studies cell by cell. With `cell`, of that one alone. */
    void setCurves(const std::vector<JobId> &runs, const std::vector<std::string> &keys, std::optional<StudyCellId> cell = {});
    /** 0: of none. */
    void setDetail(JobId id);

    /** On the feed's thread, behind all asked before; what it changed is read at once. `then` is called here when it is done. */
    void act(std::function<void(JobStore &)> action, std::function<void()> then = {});

    const std::shared_ptr<const QueueState> &queue() const { return m_queue; }
    const std::shared_ptr<const RunTableState> &table() const { return m_table; }
    const std::shared_ptr<const CurvesState> &curves() const { return m_curves; }
    const std::shared_ptr<const RunDetailState> &detail() const { return m_detail; }
    /** All that was asked for has been answered. */
    bool isSettled() const { return m_asked == m_answered; }

Q_SIGNALS:
    void queueChanged();
    void tableChanged();
    void curvesChanged();
    void detailChanged();
    /** Their worker ended without a word, and by the project's setting they wait again or are interrupted. Behind the queue that shows it. */
    void workerLost(const std::vector<kino::LostJob> &jobs);
    void settledChanged();
    void failed(const QString &sentence, const QString &details);

private:
    class Worker;
    void post(std::function<void(Worker &)> work);
    void answered(quint64 asked);

    std::filesystem::path m_project;
    std::shared_ptr<const QueueState> m_queue;
    std::shared_ptr<const RunTableState> m_table;
    std::shared_ptr<const CurvesState> m_curves;
    std::shared_ptr<const RunDetailState> m_detail;
    quint64 m_asked = 0, m_answered = 0;
    quint64 m_epoch = 0; // of the project
    CancelToken m_closing;
    QThread m_thread;
    Worker *m_worker;
};

} // namespace kino
