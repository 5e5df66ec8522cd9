// The chosen runs side by side: parameters that differ first, and their final numbers with the spread over seeds. GUI thread.
#pragma once

#include "app/kinoscope/experiments/job_feed.h"
#include "widgets/runs/comparison_view.h"

#include <QWidget>

namespace kino {

class ChoiceBox;
class PanelHead;

class ComparePanel : public QWidget {
    Q_OBJECT

public:
    explicit ComparePanel(JobFeed &feed, QWidget *parent = nullptr);

    void fillHead(PanelHead &head);
    void setRuns(const std::vector<ChosenRun> &runs, const QHash<qint64, QString> &names, const QHash<qint64, QString> &repeatedNames);
    ComparisonView &parameters() { return *m_parameters; }
    SpreadView &spread() { return *m_spread; }
    ChoiceBox &metric() { return *m_metric; }

private:
    void showRuns();
    void showSpread();

    JobFeed &m_feed;
    std::vector<ChosenRun> m_runs;
    QHash<qint64, QString> m_names, m_repeatedNames;
    std::vector<ComparedRun> m_compared;
    ComparisonView *m_parameters;
    SpreadView *m_spread;
    ChoiceBox *m_metric;
};

} // namespace kino
