// What differs between chosen runs, as a table with a column for each; what is the same lies folded below. GUI thread.
#pragma once

#include "widgets/runs/comparison.h"
#include "widgets/style/plot_figure.h"
#include "widgets/style/theme.h"

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

/** What a SpreadView shows, in `size`. A value; painted on any thread. */
struct SpreadDrawing {
    QString metric;
    std::vector<Repetitions> groups;
    double low = 0, high = 1; // of the axis
    QSize size;

    QRectF plot() const;
    QPointF positionOf(std::size_t group, double value) const;
    void paint(QPainter &painter, const Theme &theme, const QFont &font) const;
    /** name,mean,deviation,standard_error,n and the runs' values; nothing where there is no such number. */
    std::string csv() const;
};

/** Means as dots, deviations over repetitions as bars, single runs as small dots, on one axis. GUI thread. */
class SpreadView : public QWidget {
    Q_OBJECT

public:
    explicit SpreadView(QWidget *parent = nullptr);

    void setGroups(const QString &metric, std::vector<Repetitions> groups);
    const std::vector<Repetitions> &groups() const { return m_drawing.groups; }
    /** Where a value lies; of the row of a group. */
    QPointF positionOf(std::size_t group, double value) const { return m_drawing.positionOf(group, value); }
    PlotFigure figure() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {220, 80}; }

Q_SIGNALS:
    void saveRequested(PlotFormat format, double pixelRatio);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool event(QEvent *event) override;

private:
    SpreadDrawing m_drawing;
};

} // namespace kino
