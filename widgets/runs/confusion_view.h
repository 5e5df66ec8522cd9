// A confusion matrix to look at and to ask: a cell, a row's or a column's name is chosen by a click or with the keys. GUI thread.
#pragma once

#include "widgets/runs/confusion_painter.h"

#include <QWidget>

namespace kino {

class ConfusionView : public QWidget {
    Q_OBJECT

public:
    explicit ConfusionView(QWidget *parent = nullptr);

    /** nullptr: nothing. Nothing is chosen in it. */
    void setData(std::shared_ptr<const ConfusionData> data);
    const std::shared_ptr<const ConfusionData> &data() const { return m_data; }
    /** ConfusionCell{}: nothing is. */
    void choose(ConfusionCell cell);
    ConfusionCell chosen() const { return m_chosen; }
    /** Where the cell is drawn. */
    QRectF placeOf(ConfusionCell cell) const { return m_layout.cell(cell.label, cell.predicted); }
    PlotFigure figure() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /** By the person; ConfusionCell{} where the chosen one was let go. */
    void cellChosen(ConfusionCell cell);
    void saveRequested(PlotFormat format, double pixelRatio);

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void layOut();
    void take(ConfusionCell cell);
    void moveFocus(int rows, int columns);
    void tellFocus();

    std::shared_ptr<const ConfusionData> m_data;
    ConfusionLayout m_layout{ConfusionData{}, QFont(), {}};
    ConfusionCell m_chosen;
    ConfusionCell m_focused{0, 0};
    std::optional<ConfusionCell> m_hovered;
};

} // namespace kino
