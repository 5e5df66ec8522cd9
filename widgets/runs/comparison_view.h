// What differs between chosen runs, as a table with a column for each; what is the same lies folded below. GUI thread.
#pragma once

#include "widgets/runs/comparison.h"

#include <QTreeWidget>
#include <QWidget>

namespace kino {

class ComparisonView : public QTreeWidget {
    Q_OBJECT

public:
    explicit ComparisonView(QWidget *parent = nullptr);

    void setRuns(const std::vector<ComparedRun> &runs);
    void setEmptyText(const QString &text);
    /** Tab between columns, as a spreadsheet takes it. */
    QString asText() const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void showColours();

    std::vector<ComparedRun> m_runs;
    QString m_emptyText;
};

/** Means as dots, deviations over repetitions as bars, single runs as small dots, on one axis. GUI thread. */
class SpreadView : public QWidget {
    Q_OBJECT

public:
    explicit SpreadView(QWidget *parent = nullptr);

    void setGroups(const QString &metric, std::vector<Repetitions> groups);
    const std::vector<Repetitions> &groups() const { return m_groups; }
    /** Where a value lies; of the row of a group. */
    QPointF positionOf(std::size_t group, double value) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {220, 80}; }

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    QRectF plot() const;

    QString m_metric;
    std::vector<Repetitions> m_groups;
    double m_low = 0, m_high = 1;
};

} // namespace kino
