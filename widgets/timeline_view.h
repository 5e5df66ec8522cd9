// Signals, labels and overview of one recording under one ruler. It shows what it is given and asks for changes by
// signals; whoever owns the clock decides. GUI thread.
#pragma once

#include "widgets/timeline_canvas.h"

#include <QWidget>

#include <optional>

class QScrollBar;

namespace kino {

class TimelineView : public QWidget {
    Q_OBJECT

public:
    explicit TimelineView(QWidget *parent = nullptr);

    void setBounds(TimeRange bounds);
    void setVisibleRange(TimeRange visible);
    void setPlayhead(std::optional<RecordingTime> playhead);
    void setSelection(std::optional<TimeRange> selection);
    void setLanes(std::vector<std::shared_ptr<const LaneData>> lanes);
    void setTiers(std::vector<std::shared_ptr<const TierData>> tiers);
    /** Shown in the middle while there are no rows: what would be here, or what is being read. */
    void setMessage(const QString &message);

    const TimelineContent &content() const { return m_content; }
    TimelineLayout layoutNow() const;
    /** The mapping that everything under the ruler shares, in logical pixels of this widget. */
    TimeAxis axis() const;
    /** What the header of a lane says its axis is worth under the cursor, or at the playhead; "–" where nothing is. */
    QString readout(std::size_t lane, std::size_t axis) const;
    std::optional<RecordingTime> cursorTime() const { return m_cursor; }
    /** Milliseconds the last full repaint took. */
    double lastPaintMs() const { return m_lastPaintMs; }

    QSize sizeHint() const override { return {900, 480}; }
    QSize minimumSizeHint() const override { return {320, 200}; }

Q_SIGNALS:
    void visibleRangeRequested(kino::TimeRange range);
    void playheadRequested(kino::RecordingTime time);
    void selectionRequested(std::optional<kino::TimeRange> selection);
    void fitRequested();
    /** Space was pressed and let go without panning. */
    void playToggleRequested();
    void cursorChanged(std::optional<kino::RecordingTime> time);

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void keyReleaseEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    enum class Gesture { none, scrub, pressedOnLane, select, pan, overviewMove, overviewLeft, overviewRight };

    void invalidate();
    void updateScrollBar();
    void updatePlayheadStrip(std::optional<RecordingTime> time);
    void updateHeaders();
    void setCursorTime(std::optional<RecordingTime> time);
    void setCursorShapeAt(QPoint position);
    Gesture overviewGestureAt(QPoint position) const;
    TimeAxis overviewAxis() const;
    void dragOverview(double x);
    bool isPlotAt(QPoint position) const;
    std::optional<std::size_t> laneAt(QPoint position) const;

    void paintHeaders(QPainter &painter, const TimelineLayout &layout);
    void paintSelection(QPainter &painter, const TimelineLayout &layout);
    void paintPlayhead(QPainter &painter, const TimelineLayout &layout);
    void paintCursor(QPainter &painter, const TimelineLayout &layout);
    void paintOverviewHandle(QPainter &painter, const TimelineLayout &layout);

    TimelineContent m_content;
    TimelineCanvas m_canvas;
    bool m_isStale = true;
    double m_lastPaintMs = 0;
    QString m_message;
    std::optional<RecordingTime> m_playhead;
    std::optional<RecordingTime> m_cursor;
    std::optional<TimeRange> m_selection;
    QScrollBar *m_scrollBar;

    Gesture m_gesture = Gesture::none;
    QPointF m_pressedAt;
    RecordingTime m_pressedTime;
    TimeRange m_pressedRange;
    bool m_showsFocus = false;
    bool m_spaceHeld = false;
    bool m_spacePanned = false;
};

} // namespace kino
