// What the chosen run, or a cell of the chosen study, took for what, and the windows behind each number. GUI thread; files are read,
// windows counted, filtered and sorted on workers.
#pragma once

#include "app/kinoscope/experiments/job_feed.h"
#include "app/kinoscope/experiments/window_opener.h"
#include "app/kinoscope/task_runner.h"
#include "core/jobs/queue/tested_windows.h"
#include "widgets/runs/confusion_view.h"
#include "widgets/runs/window_list.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QSplitter;

namespace kino {

class ChoiceBox;
class PanelHead;
class PlotFiles;

class ConfusionPanel : public QWidget {
    Q_OBJECT

public:
    /** More rows than this nobody walks through. */
    static constexpr std::size_t kMostListed = 10'000;

    ConfusionPanel(JobFeed &feed, TaskRunner &runner, QWidget *parent = nullptr);

    void fillHead(PanelHead &head);
    /** That of the study whose detail is shown, or will be. */
    void showCell(JobId study, std::int64_t cell);

    ConfusionView &matrix() { return *m_matrix; }
    WindowListView &windows() { return *m_list; }
    ChoiceBox &cells() { return *m_cells; }
    ChoiceBox &seeds() { return *m_seeds; }
    /** What is listed, in a sentence. */
    const QLabel &about() const { return *m_about; }
    QPushButton &showButton() { return *m_show; }
    /** Where its matrix, and other figures of the page, are saved. */
    PlotFiles &plotFiles() { return *m_plotFiles; }
    /** What is said in the place of a matrix; empty where there is one. */
    QString emptyText() const;
    bool isSettled() const { return !m_reading.isBusy() && !m_listing.isBusy(); }

Q_SIGNALS:
    void windowWanted(const kino::WantedWindow &window);
    void settledChanged();

protected:
    void showEvent(QShowEvent *event) override;

private:
    /** Of what: where any of it changes, files are read again. */
    struct Subject {
        std::filesystem::path project;
        JobId job = 0;
        std::string kind;
        JobState state = JobState::queued;
        /** Of a study. */
        std::vector<std::pair<JobId, JobState>> runs;
        friend bool operator==(const Subject &, const Subject &) = default;
    };
    struct Outcome {
        std::vector<std::pair<std::int64_t, QString>> cells; // of a study
        std::int64_t cell = 0;
        std::shared_ptr<const TestedWindows> windows;
    };
    struct Listing {
        std::shared_ptr<const ConfusionData> confusion; // nullptr: as it was
        std::shared_ptr<const WindowListData> list;
        std::size_t found = 0;
        /** Macro-F1, of several seeds that are shown together. */
        std::optional<double> meanOfSeeds = {};
    };

    void follow();
    void read();
    void take(const Outcome &outcome);
    enum class Renew { list, all };
    void list(Renew what);
    void takeListing(const Listing &listing);
    void showNothing(const QString &sentence);
    void wantWindow(const WindowListRow &row);

    JobFeed &m_feed;
    QSplitter *m_parts;
    ConfusionView *m_matrix;
    WindowListView *m_list;
    QLabel *m_about;
    QPushButton *m_show;
    QLabel *m_empty;
    ChoiceBox *m_cells;
    ChoiceBox *m_seeds;
    PlotFiles *m_plotFiles;
    TaskLine m_reading;
    TaskLine m_listing;
    Subject m_subject;
    bool m_isStale = false; // not read while nobody looks
    std::optional<std::pair<JobId, std::int64_t>> m_wantedCell;
    QString m_name;
    std::optional<double> m_meanOfSeeds;
    bool m_isDivided = false; // the two parts have their first widths
    std::shared_ptr<const TestedWindows> m_windows;
};

} // namespace kino
