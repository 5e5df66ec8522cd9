// Signals, labels and overview of one recording under one ruler. It shows what it is given and asks for changes by
// signals; whoever owns the clock decides. GUI thread.
#pragma once

#include "widgets/style/plot_figure.h"
#include "widgets/timeline/canvas.h"

#include <QWidget>

#include <map>
#include <optional>

class QMenu;
class QScrollBar;

namespace kino {

/** A small picture of the film for a place of the overview. */
struct OverviewPicture {
    RecordingTime at;   // the middle of the stretch it stands for
    RecordingTime time; // of the frame that it shows
    QImage image;
};

class EdgeScroller;
class TierEditor;

/** An instant that is marked through all rows. */
struct TimelinePin {
    RecordingTime time;
    QString text;
    friend bool operator==(const TimelinePin &, const TimelinePin &) = default;
};

class TimelineView : public QWidget {
    Q_OBJECT

public:
    explicit TimelineView(QWidget *parent = nullptr);

    void setBounds(TimeRange bounds);
    void setVisibleRange(TimeRange visible);
    void setPlayhead(std::optional<RecordingTime> playhead);
    void setSelection(std::optional<TimeRange> selection);
    /** `folded` ones are shown below the others while the fold is open. How a lane looks is kept by its id. */
    void setLanes(std::vector<std::shared_ptr<const LaneData>> lanes, std::vector<std::shared_ptr<const LaneData>> folded = {});
    void setFoldOpen(bool open);
    void setAutoScale(bool on);
    /** Sharp moments of lanes; a click near one on its lane goes to it. */
    void setEvents(EventsByLane events);
    void setPins(std::vector<TimelinePin> pins);
    /** Nothing: the recording has no video. */
    void setFootage(std::optional<FootageSpans> footage);
    /** A and B as far as they are set. */
    void setLoop(std::optional<RecordingTime> start, std::optional<RecordingTime> end);
    /** Ascending by `at`; shown over the overview under the mouse. */
    void setOverviewPictures(std::vector<OverviewPicture> pictures);
    /** The picture that is shown now. */
    const OverviewPicture *shownPicture() const;
    /** Forgets magnification, locked scales and hidden axes of all lanes. */
    void resetLooks();
    void setTiers(std::vector<std::shared_ptr<const TierData>> tiers);
    /** Rows of windows below the tiers; nullptr: none. */
    void setWindows(std::shared_ptr<const WindowRows> windows);
    void setLabelColours(const LabelColours &colours);
    /** Annotations that are shown elsewhere for now (tier_editor.h). */
    void setHiddenItems(QSet<AnnotationId> hidden);
    /** What can be done to annotations in the rows of the tiers. */
    TierEditor &tierEditor() { return *m_tierEditor; }
    /** Parts of a context menu that others offer, too: the tier into a file, the plot copied or saved. */
    void addTierSaveAction(QMenu &menu, const QString &tier);
    void addPlotActions(QMenu &menu);
    /** Shown in the middle while there are no rows: what would be here, or what is being read. */
    void setMessage(const QString &message);

    const TimelineContent &content() const { return m_content; }
    TimelineLayout layoutNow() const;
    /** The mapping that everything under the ruler shares, in logical pixels of this widget. */
    TimeAxis axis() const;
    /** What the header of a lane says its axis is worth under the cursor, or at the playhead; "–" where nothing is. */
    QString readout(std::size_t lane, std::size_t axis) const;
    /** What the mouse would be told about this place: a gap, clipping, a label; empty where there is nothing to say. */
    QString tipAt(QPoint position) const;
    std::optional<RecordingTime> cursorTime() const { return m_cursor; }
    std::optional<RecordingTime> playhead() const { return m_playhead; }
    /**
     * What is in view, for a file: without playhead, cursor and what they read off. Its numbers are the samples of the shown
     * lanes and axes, one table a stream at its own times, and the labels that touch the range, whole.
     */
    PlotFigure figure() const;
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
    void foldToggleRequested(bool open);
    void laneShownRequested(const QString &id, bool shown);
    /** Before the `position`th of the other shown lanes. */
    void laneMoveRequested(const QString &id, std::size_t position);
    void autoScaleRequested(bool on);
    /** From the menu: figure() is to be saved. */
    void saveRequested(kino::PlotFormat format, double pixelRatio);
    /** From a menu: this tier is to be written to a file of its own. */
    void tierSaveRequested(const QString &tier);

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
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    enum class Gesture { none, scrub, pressedOnLane, select, pan, overviewMove, overviewLeft, overviewRight, pressedOnHeader, moveLane };

    void invalidate();
    void gatherLanes();
    LaneLook &lookOf(std::size_t lane);
    /** Of the header's axis names: which one lies here. */
    std::optional<std::size_t> axisNameAt(std::size_t lane, QPoint position) const;
    QRectF axisNameRect(std::size_t lane, std::size_t axis, const QRect &row, bool &isStacked) const;
    /** Where a lane that is let go of at this height would stand among the other shown lanes. */
    std::size_t dropPositionAt(int y) const;
    std::optional<TimelineRow> rowAt(QPoint position) const;
    /** Of the rows of windows: which window lies here. */
    std::optional<std::size_t> windowAt(QPoint position) const;
    void fillLaneMenu(QMenu &menu, std::size_t lane);
    void updateScrollBar();
    void updatePlayheadStrip(std::optional<RecordingTime> time);
    void updateHeaders();
    void setCursorTime(std::optional<RecordingTime> time);
    void setCursorShapeAt(QPoint position);
    Gesture overviewGestureAt(QPoint position) const;
    TimeAxis overviewAxis() const;
    void dragOverview(double x);
    /** Goes on with a drag that means times under the ruler: scrubbing, selecting, and what is done in the rows of tiers. */
    void dragTo(QPointF position, Qt::KeyboardModifiers modifiers);
    bool dragsTimes() const;
    bool isPlotAt(QPoint position) const;
    std::optional<std::size_t> laneAt(QPoint position) const;
    /** The event of the lane at this place whose mark lies there. */
    const MotionEvent *eventAt(QPoint position) const;
    RecordingTime clickedTime(QPoint position) const;

    void paintHeaders(QPainter &painter, const TimelineLayout &layout);
    void paintReadouts(QPainter &painter, const TimelineLayout &layout);
    bool saysValuesInHeader(const TimelineRow &row) const;
    /** When the read-outs beside the cursor are of; nothing where there are none. */
    std::optional<RecordingTime> readoutTime() const;
    void paintSelection(QPainter &painter, const TimelineLayout &layout);
    void paintPlayhead(QPainter &painter, const TimelineLayout &layout);
    void paintCursor(QPainter &painter, const TimelineLayout &layout);
    void paintOverviewHandle(QPainter &painter, const TimelineLayout &layout);
    void paintLoop(QPainter &painter, const TimelineLayout &layout);
    void paintLaneDrop(QPainter &painter, const TimelineLayout &layout);
    void paintOverviewPicture(QPainter &painter, const TimelineLayout &layout);
    void paintPins(QPainter &painter, const TimelineLayout &layout);

    TimelineContent m_content;
    TimelineCanvas m_canvas;
    bool m_isStale = true;
    bool m_areTiersStale = false;
    double m_lastPaintMs = 0;
    QString m_message;
    std::optional<RecordingTime> m_playhead;
    std::optional<RecordingTime> m_cursor;
    std::optional<TimeRange> m_selection;
    QScrollBar *m_scrollBar;
    std::vector<std::shared_ptr<const LaneData>> m_shown;
    std::vector<std::shared_ptr<const LaneData>> m_folded;
    std::map<QString, LaneLook> m_looks; // by lane id
    std::vector<OverviewPicture> m_pictures;
    std::vector<TimelinePin> m_pins;
    std::optional<double> m_overviewHover; // x
    std::optional<RecordingTime> m_loopStart;
    std::optional<RecordingTime> m_loopEnd;

    TierEditor *m_tierEditor;
    EdgeScroller *m_edgeScroller;
    Gesture m_gesture = Gesture::none;
    QPointF m_pressedAt;
    std::size_t m_pressedLane = 0;
    int m_dragY = 0;
    RecordingTime m_pressedTime;
    TimeRange m_pressedRange;
    bool m_showsFocus = false;
    bool m_spaceHeld = false;
    bool m_spacePanned = false;
};

} // namespace kino
