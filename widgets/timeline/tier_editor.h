// What mouse and keys do to annotations in the rows of the timeline: drawing, moving, dragging borders, selecting,
// editing a text in place. It changes nothing itself: whoever owns the annotations is told of a gesture while it goes on
// (and answers with what it would lead to, which is then shown) and when it ends. GUI thread.
#pragma once

#include "core/data/annotations/annotation_edits.h"
#include "core/data/annotations/snapping.h"
#include "widgets/timeline/layout.h"
#include "widgets/timeline/tier_data.h"

#include <QObject>
#include <QPointF>
#include <QSet>
#include <QStringList>

#include <functional>
#include <optional>

class QContextMenuEvent;
class QLineEdit;
class QMouseEvent;
class QPainter;

namespace kino {

class TimelineView;

struct TierGesture {
    enum class Kind { draw, move, moveEdge, moveSharedBorder };
    Kind kind = Kind::draw;
    TierId tier = 0;
    /** move: all that move, the grasped one first; moveEdge: one; moveSharedBorder: the one that ends there and the one
     * that starts there. */
    std::vector<AnnotationId> ids;
    AnnotationEdge edge = AnnotationEdge::start; // moveEdge
    TimeRange range;                             // draw
    RecordingTime to;                            // moveEdge, moveSharedBorder
    Nanos by = 0;                                // move
};

/** An annotation as it would be if the gesture ended here. */
struct TierGhost {
    TierId tier = 0;
    TimeRange range;
    QString label;
};

/** A label that was begun and not ended: it reaches from its start to the playhead. */
struct OpenTierLabel {
    TierId tier = 0;
    RecordingTime start;
    QString label;
    friend bool operator==(const OpenTierLabel &, const OpenTierLabel &) = default;
};

class TierEditor : public QObject {
    Q_OBJECT

public:
    /** Borders this near are snapped to. */
    static constexpr double kSnapPixels = 6;
    static constexpr double kGripPixels = 5;

    explicit TierEditor(TimelineView &view);

    void setSelection(const std::vector<AnnotationId> &ids);
    const std::vector<AnnotationId> &selection() const { return m_selection; }
    /** The tier that labels go to; its header is marked. 0: none. */
    void setCurrentTier(TierId tier);
    void setOpenLabel(std::optional<OpenTierLabel> open);
    const std::optional<OpenTierLabel> &openLabel() const { return m_open; }
    /** Offered while a label is typed. */
    void setChoices(const QStringList &labels) { m_choices = labels; }
    /** When the frames of the video begin that lie in a range, on the recording's clock, ascending. */
    void setFrameTimes(std::function<std::vector<RecordingTime>(TimeRange)> frameTimes) { m_frameTimes = std::move(frameTimes); }
    /** The answer to gestureMoved(): what is shown instead of `hidden`. The first one's times are read out. */
    void showGhosts(std::vector<TierGhost> ghosts, QSet<AnnotationId> hidden);
    const std::vector<TierGhost> &ghosts() const { return m_ghosts; }
    /** Opens the editor over this annotation, where it is in view. */
    void editText(AnnotationId id);
    QLineEdit *textEditor() const { return m_textEditor; }
    /** After the view has moved: the editor stays over its annotation. */
    void placeTextEditor();

    // What the timeline hands on; true: it was for a tier.
    bool press(const QMouseEvent &event);
    bool isBusy() const { return m_gesture != Gesture::none; }
    /** Busy, and no click any more. */
    bool isDragging() const { return m_gesture == Gesture::draw || m_gesture == Gesture::move || m_gesture == Gesture::edge; }
    /** The mouse is here, or the view has moved under it. */
    void move(QPointF position, Qt::KeyboardModifiers modifiers);
    void release(const QMouseEvent &event);
    bool doubleClick(const QMouseEvent &event);
    bool contextMenu(const QContextMenuEvent &event);
    /** Ends a gesture without a trace. */
    bool cancel();
    std::optional<Qt::CursorShape> cursorAt(QPoint position) const;
    void paint(QPainter &painter, const TimelineLayout &layout) const;

Q_SIGNALS:
    void gestureMoved(const kino::TierGesture &gesture);
    void gestureEnded(const kino::TierGesture &gesture);
    void gestureCancelled();
    void selectionRequested(const std::vector<kino::AnnotationId> &ids);
    /** A click on an empty place. */
    void playheadRequested(kino::RecordingTime time);
    void tierChosen(kino::TierId tier);
    void textEdited(kino::AnnotationId id, const QString &text);
    /** Escape. */
    void textAbandoned(kino::AnnotationId id);
    /** An instant on a text tier: double click on an empty place. */
    void remarkRequested(kino::TierId tier, kino::RecordingTime at);
    /** id 0: beside all annotations, or on the header. */
    void menuRequested(QPoint global, kino::TierId tier, kino::AnnotationId id, kino::RecordingTime at);

private:
    enum class Gesture { none, pressedOnEmpty, pressedOnItem, pressedOnEdge, draw, move, edge };
    enum class Part { body, start, end };
    struct Hit {
        std::size_t tier = 0; // among the shown ones
        QRect row;
        std::optional<std::size_t> item;
        Part part = Part::body;
        RecordingTime time;
    };
    std::optional<Hit> hitAt(QPoint position) const;
    const TierData &tierData(std::size_t tier) const;
    void pressItem(const Hit &hit, Qt::KeyboardModifiers modifiers);
    void pressEdge(const Hit &hit, Qt::KeyboardModifiers modifiers);
    void gatherSnapTargets(const std::vector<AnnotationId> &moving);
    RecordingTime snapped(RecordingTime time, Qt::KeyboardModifiers modifiers);
    TimeRange freeRoom(const TierData &tier, RecordingTime at) const;
    void updateGesture(RecordingTime time, Qt::KeyboardModifiers modifiers);
    void end();
    void closeTextEditor(bool keep);
    void paintRowOverlay(QPainter &painter, const TimelineLayout &layout, const TimelineRow &row) const;
    void paintReadout(QPainter &painter, const TimelineLayout &layout) const;

    TimelineView &m_view;
    std::vector<AnnotationId> m_selection;
    QSet<AnnotationId> m_selected;
    TierId m_currentTier = 0;
    std::optional<OpenTierLabel> m_open;
    QStringList m_choices;
    std::function<std::vector<RecordingTime>(TimeRange)> m_frameTimes;
    std::vector<TierGhost> m_ghosts;

    Gesture m_gesture = Gesture::none;
    QPointF m_pressedAt;
    RecordingTime m_pressedTime;
    TierGesture m_asked;
    /** As it was when it was grasped. */
    TimeRange m_grasped;
    TimeRange m_room;
    bool m_selectsAloneOnRelease = false;
    SnapTargets m_targets;
    TimeRange m_targetsIn;
    std::vector<RecordingTime> m_targetFrames;
    std::optional<RecordingTime> m_snappedTo;

    QLineEdit *m_textEditor = nullptr;
    AnnotationId m_edited = 0;
};

} // namespace kino
