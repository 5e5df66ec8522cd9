// Curves of the chosen runs, a chart for each metric, and how they are drawn; of a study, or of one of its cells, the mean of each cell's runs
// with its spread. GUI thread.
#pragma once

#include "app/kinoscope/experiments/job_feed.h"
#include "widgets/charts/curve_chart.h"
#include "widgets/runs/run_table_view.h"

#include <QWidget>

class QGridLayout;
class QMenu;
class QSlider;
class QToolButton;

namespace kino {

class ChoiceBox;
class PanelHead;

class CurvesPanel : public QWidget {
    Q_OBJECT

public:
    static constexpr std::size_t kMostCharts = 6;

    explicit CurvesPanel(JobFeed &feed, QWidget *parent = nullptr);

    /** Its controls stand in the panel's head. */
    void fillHead(PanelHead &head);
    /** With the names by which they are drawn. */
    void setRuns(const std::vector<ChosenRun> &runs, const QHash<qint64, QString> &names);

    /** The runs of a cell as one, until other runs are chosen. */
    void showCell(const StudyCellId &cell);

    const std::vector<CurveChart *> &charts() const { return m_charts; }
    QSlider &smoothing() { return *m_smoothing; }
    QToolButton &logarithmic() { return *m_logarithmic; }
    ChoiceBox &axis() { return *m_axis; }
    /** What a cell's band is: "range", "error". Seen where there are cells. */
    ChoiceBox &band() { return *m_band; }
    /** The runs behind a mean, faint. Seen where there are cells. */
    QToolButton &members() { return *m_members; }
    QMenu &metrics() { return *m_metrics; }
    /** Of the metrics that are drawn where runs have them. */
    void setKeys(const QStringList &keys);
    QStringList keys() const { return m_keys; }

Q_SIGNALS:
    void failed(const QString &sentence);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void ask();
    void showCurves();
    std::vector<Curve> curvesOf(const CurvesState &state, const std::string &key) const;
    void addCell(std::vector<Curve> &curves, const CurvesState &state, const CurvesState::Cell &cell, const std::string &key, int place) const;
    QString legendNote(const CurvesState &state, const std::string &key) const;
    void showMetrics();
    void takeSettings();
    void keepSettings() const;
    void placeCharts();

    JobFeed &m_feed;
    std::vector<ChosenRun> m_runs;
    std::optional<StudyCellId> m_cell;
    QHash<qint64, QString> m_names;
    QStringList m_keys;
    std::vector<CurveChart *> m_charts;
    QGridLayout *m_grid;
    CurveChart *m_empty;
    QSlider *m_smoothing;
    QToolButton *m_logarithmic;
    ChoiceBox *m_axis;
    ChoiceBox *m_band;
    QToolButton *m_members;
    QToolButton *m_metricsButton;
    QMenu *m_metrics;
    int m_columns = 0;
};

} // namespace kino
