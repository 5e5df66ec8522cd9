// What mouse, wheel and keys do on the timeline, but for the rows of tiers (tier_editor.h).
#include "widgets/timeline/view.h"

#include "widgets/timeline/edge_scroller.h"
#include "widgets/timeline/tier_editor.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QWheelEvent>

#include <cmath>

namespace kino {
namespace {

/** A press that moves less than this is a click. */
constexpr double kClickPixels = 3;
constexpr double kZoomPerStep = 0.8;
constexpr double kScrollPerStep = 0.12;
constexpr int kHandleGrip = 6;

} // namespace

bool TimelineView::isPlotAt(QPoint position) const
{
    const TimelineLayout layout = layoutNow();
    return position.x() >= layout.plotLeft && position.x() < layout.plotLeft + layout.plotWidth && !m_content.visible.isEmpty();
}

std::optional<std::size_t> TimelineView::laneAt(QPoint position) const
{
    const TimelineLayout layout = layoutNow();
    for (const TimelineRow &row : layout.rows) {
        if (row.kind == TimelineRowKind::lane && layout.body.contains(position) && row.rect.contains(position))
            return row.index;
    }
    return std::nullopt;
}

void TimelineView::wheelEvent(QWheelEvent *event)
{
    // Some systems turn Shift+wheel into a horizontal one.
    const QPoint angle = event->angleDelta();
    const double steps = (angle.y() != 0 ? angle.y() : angle.x()) / 120.0;
    if (steps == 0 || m_content.visible.isEmpty())
        return;
    event->accept();
    const QPoint position = event->position().toPoint();
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        if (const auto lane = laneAt(position)) {
            LaneLook &look = lookOf(*lane);
            // A locked scale may be widened too: it need not have been the whole.
            look.magnification = std::clamp(look.magnification * std::pow(1 / kZoomPerStep, steps), look.locked ? 1e-3 : 1.0, 1e4);
            gatherLanes();
        }
        return;
    }
    if (!isPlotAt(position)) {
        m_scrollBar->setValue(m_scrollBar->value() - static_cast<int>(steps * 3 * m_scrollBar->singleStep()));
        return;
    }
    const TimeRange range = m_content.visible;
    if (event->modifiers().testFlag(Qt::ShiftModifier) || angle.y() == 0) {
        const Nanos shift = -std::llround(steps * kScrollPerStep * static_cast<double>(range.duration()));
        Q_EMIT visibleRangeRequested(movedInto({range.start + shift, range.end + shift}, m_content.bounds));
        return;
    }
    if (layoutNow().overview.contains(position)) {
        const RecordingTime middle = range.start + range.duration() / 2;
        Q_EMIT visibleRangeRequested(scaledAbout(range, middle, std::pow(kZoomPerStep, steps)));
        return;
    }
    Q_EMIT visibleRangeRequested(scaledAbout(range, axis().timeAt(event->position().x()), std::pow(kZoomPerStep, steps)));
}

TimelineView::Gesture TimelineView::overviewGestureAt(QPoint position) const
{
    if (!layoutNow().overview.contains(position) || !isPlotAt(position))
        return Gesture::none;
    const TimeAxis whole = overviewAxis();
    const double left = whole.xOf(m_content.visible.start);
    const double right = whole.xOf(m_content.visible.end);
    if (std::abs(position.x() - left) <= kHandleGrip)
        return Gesture::overviewLeft;
    if (std::abs(position.x() - right) <= kHandleGrip)
        return Gesture::overviewRight;
    return Gesture::overviewMove;
}

void TimelineView::mousePressEvent(QMouseEvent *event)
{
    const QPoint position = event->position().toPoint();
    if (m_gesture != Gesture::none || m_tierEditor->isBusy())
        return;
    if (const std::optional<TimelineRow> row = event->button() == Qt::LeftButton ? rowAt(position) : std::nullopt) {
        if (row->kind == TimelineRowKind::fold) {
            Q_EMIT foldToggleRequested(!m_content.isFoldOpen);
            return;
        }
        if (row->kind == TimelineRowKind::tier && !m_spaceHeld && m_tierEditor->press(*event))
            return;
        if (row->kind == TimelineRowKind::lane && position.x() < TimelineLayout::kHeaderWidth) {
            m_gesture = Gesture::pressedOnHeader;
            m_pressedAt = event->position();
            m_pressedLane = row->index;
            return;
        }
    }
    if (!isPlotAt(position))
        return;
    const bool pans = event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && m_spaceHeld);
    if (!pans && event->button() != Qt::LeftButton)
        return;
    m_pressedAt = event->position();
    m_pressedTime = axis().timeAt(event->position().x());
    m_pressedRange = m_content.visible;
    const TimelineLayout layout = layoutNow();
    if (pans) {
        m_gesture = Gesture::pan;
        m_spacePanned = m_spaceHeld;
        setCursor(Qt::ClosedHandCursor);
    } else if (layout.overview.contains(position)) {
        m_gesture = overviewGestureAt(position);
        const RecordingTime at = overviewAxis().timeAt(event->position().x());
        if (m_gesture == Gesture::overviewMove && !m_content.visible.contains(at)) {
            const Nanos length = m_content.visible.duration();
            m_pressedRange = movedInto({at - length / 2, at - length / 2 + length}, m_content.bounds);
            Q_EMIT visibleRangeRequested(m_pressedRange);
        }
    } else if (layout.ruler.contains(position)) {
        m_gesture = Gesture::scrub;
        Q_EMIT playheadRequested(m_pressedTime);
    } else {
        m_gesture = Gesture::pressedOnLane;
    }
}

void TimelineView::dragOverview(double x)
{
    const TimeAxis whole = overviewAxis();
    const Nanos shift = whole.timeAt(x) - whole.timeAt(m_pressedAt.x());
    TimeRange range = m_pressedRange;
    if (m_gesture == Gesture::overviewMove) {
        Q_EMIT visibleRangeRequested(movedInto({range.start + shift, range.end + shift}, m_content.bounds));
        return;
    }
    // An edge stays a few pixels from the other, or the handle could not be grasped again.
    const Nanos least = std::llround(whole.nanosPerPixel() * 2 * kHandleGrip);
    if (m_gesture == Gesture::overviewLeft)
        range.start = std::clamp(range.start + shift, m_content.bounds.start, std::max(m_content.bounds.start, range.end - least));
    else
        range.end = std::clamp(range.end + shift, std::min(m_content.bounds.end, range.start + least), m_content.bounds.end);
    Q_EMIT visibleRangeRequested(range);
}

void TimelineView::mouseMoveEvent(QMouseEvent *event)
{
    const double x = event->position().x();
    const TimeAxis now = axis();
    const bool overOverview = layoutNow().overview.contains(event->position().toPoint());
    const bool hovers = isPlotAt(event->position().toPoint()) && !overOverview;
    const bool hadPicture = m_overviewHover.has_value();
    m_overviewHover = overOverview && isPlotAt(event->position().toPoint()) ? std::optional(x) : std::nullopt;
    if ((m_overviewHover || hadPicture) && !m_pictures.empty())
        update();
    if (m_gesture == Gesture::pressedOnLane && std::abs(x - m_pressedAt.x()) > kClickPixels)
        m_gesture = Gesture::select;
    if (m_gesture != Gesture::select)
        setCursorTime(hovers ? std::optional(now.timeAt(x)) : std::nullopt);
    if (m_tierEditor->isBusy() || m_gesture == Gesture::scrub || m_gesture == Gesture::select) {
        dragTo(event->position(), event->modifiers());
        if (dragsTimes())
            m_edgeScroller->follow(event->position(), event->modifiers());
        return;
    }
    switch (m_gesture) {
    case Gesture::pressedOnHeader:
        if (std::abs(event->position().y() - m_pressedAt.y()) <= 2 * kClickPixels || m_pressedLane >= m_content.lanesBeforeFold)
            break;
        m_gesture = Gesture::moveLane;
        setCursor(Qt::ClosedHandCursor);
        [[fallthrough]];
    case Gesture::moveLane:
        m_dragY = event->position().toPoint().y();
        update();
        break;
    case Gesture::none: setCursorShapeAt(event->position().toPoint()); break;
    case Gesture::pressedOnLane:
    case Gesture::scrub:
    case Gesture::select: break;
    case Gesture::pan: {
        const Nanos shift = -std::llround((x - m_pressedAt.x()) * now.nanosPerPixel());
        Q_EMIT visibleRangeRequested(movedInto({m_pressedRange.start + shift, m_pressedRange.end + shift}, m_content.bounds));
        break;
    }
    case Gesture::overviewMove:
    case Gesture::overviewLeft:
    case Gesture::overviewRight: dragOverview(x); break;
    }
}

bool TimelineView::dragsTimes() const { return m_gesture == Gesture::scrub || m_gesture == Gesture::select || m_tierEditor->isDragging(); }

void TimelineView::dragTo(QPointF position, Qt::KeyboardModifiers modifiers)
{
    if (m_tierEditor->isBusy()) {
        m_tierEditor->move(position, modifiers);
        return;
    }
    const RecordingTime at = std::clamp(axis().timeAt(position.x()), m_content.visible.start, m_content.visible.end);
    if (m_gesture == Gesture::scrub) {
        Q_EMIT playheadRequested(at);
    } else if (m_gesture == Gesture::select) {
        setCursorTime(at);
        Q_EMIT selectionRequested(TimeRange{std::min(m_pressedTime, at), std::max(m_pressedTime, at)});
    }
}

void TimelineView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->buttons() & (Qt::LeftButton | Qt::MiddleButton))
        return;
    m_edgeScroller->stop();
    if (m_tierEditor->isBusy()) {
        m_tierEditor->release(*event);
        setCursorShapeAt(event->position().toPoint());
        return;
    }
    const Gesture gesture = m_gesture;
    if (gesture == Gesture::pressedOnHeader) {
        if (const std::optional<std::size_t> axis = axisNameAt(m_pressedLane, event->position().toPoint())) {
            LaneLook &look = lookOf(m_pressedLane);
            look.shownAxes.resize(m_content.lanes[m_pressedLane]->values.size(), true);
            look.shownAxes[*axis] = !look.shownAxes[*axis];
            gatherLanes();
        }
    } else if (gesture == Gesture::moveLane) {
        Q_EMIT laneMoveRequested(m_content.lanes[m_pressedLane]->id, dropPositionAt(m_dragY));
        update();
    }
    if (const std::optional<std::size_t> window = gesture == Gesture::pressedOnLane ? windowAt(m_pressedAt.toPoint()) : std::nullopt) {
        Q_EMIT selectionRequested(m_content.windows->rangeOf(*window));
    } else if (gesture == Gesture::pressedOnLane) {
        Q_EMIT selectionRequested(std::nullopt);
        Q_EMIT playheadRequested(clickedTime(m_pressedAt.toPoint()));
    }
    m_gesture = Gesture::none;
    setCursorShapeAt(event->position().toPoint());
}

void TimelineView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const std::optional<TimelineRow> row = rowAt(event->position().toPoint());
    if (row && row->kind == TimelineRowKind::fold)
        mousePressEvent(event); // the second of two quick clicks
    else if (row && row->kind == TimelineRowKind::tier && m_tierEditor->doubleClick(*event))
        return;
    else if (event->button() == Qt::LeftButton && isPlotAt(event->position().toPoint()))
        Q_EMIT fitRequested();
}

void TimelineView::setCursorShapeAt(QPoint position)
{
    const Gesture overview = overviewGestureAt(position);
    if (m_spaceHeld)
        setCursor(Qt::OpenHandCursor);
    else if (overview == Gesture::overviewLeft || overview == Gesture::overviewRight)
        setCursor(Qt::SizeHorCursor);
    else if (overview == Gesture::overviewMove)
        setCursor(Qt::OpenHandCursor);
    else if (const std::optional<Qt::CursorShape> shape = m_tierEditor->cursorAt(position))
        setCursor(*shape);
    else
        unsetCursor();
}

void TimelineView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier) {
        if (!event->isAutoRepeat()) {
            m_spaceHeld = true;
            m_spacePanned = false;
            setCursor(Qt::OpenHandCursor);
        }
        return;
    }
    if (event->key() == Qt::Key_Escape && m_tierEditor->cancel()) {
        m_edgeScroller->stop();
        return;
    }
    if (event->key() == Qt::Key_Escape && m_selection) {
        Q_EMIT selectionRequested(std::nullopt);
        return;
    }
    QWidget::keyPressEvent(event);
}

void TimelineView::keyReleaseEvent(QKeyEvent *event)
{
    if (event->key() != Qt::Key_Space || event->isAutoRepeat() || !m_spaceHeld) {
        QWidget::keyReleaseEvent(event);
        return;
    }
    m_spaceHeld = false;
    unsetCursor();
    if (!m_spacePanned)
        Q_EMIT playToggleRequested();
}

void TimelineView::focusInEvent(QFocusEvent *event)
{
    // A frame around the plots helps who came by keyboard and is in the way of who clicked.
    m_showsFocus = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason;
    QWidget::focusInEvent(event);
    update();
}

void TimelineView::focusOutEvent(QFocusEvent *event)
{
    m_showsFocus = false;
    update();
    m_edgeScroller->stop(); // the button may be let go of elsewhere
    m_spaceHeld = false;
    unsetCursor();
    QWidget::focusOutEvent(event);
}

void TimelineView::leaveEvent(QEvent *event)
{
    setCursorTime(std::nullopt);
    m_overviewHover.reset();
    update();
    QWidget::leaveEvent(event);
}

std::optional<std::size_t> TimelineView::axisNameAt(std::size_t lane, QPoint position) const
{
    const std::optional<TimelineRow> row = rowAt(position);
    const std::size_t count = m_content.lanes[lane]->values.size();
    if (!row || row->kind != TimelineRowKind::lane || row->index != lane || count < 2)
        return std::nullopt;
    for (std::size_t axis = 0; axis < count; ++axis) {
        bool isStacked = false;
        const QRectF rect = axisNameRect(lane, axis, row->rect, isStacked);
        if (rect.contains(position) && rect.bottom() <= row->rect.bottom())
            return axis;
    }
    return std::nullopt;
}

std::optional<TimelineRow> TimelineView::rowAt(QPoint position) const
{
    const TimelineLayout layout = layoutNow();
    for (const TimelineRow &row : layout.rows) {
        // What scrolls may lie under the tiers.
        const QRect &inSight = row.kind == TimelineRowKind::tier || row.kind == TimelineRowKind::windows ? layout.middle : layout.body;
        if (row.rect.contains(position) && inSight.contains(position))
            return row;
    }
    return std::nullopt;
}

std::size_t TimelineView::dropPositionAt(int y) const
{
    std::size_t position = 0;
    for (const TimelineRow &row : layoutNow().rows) {
        if (row.kind == TimelineRowKind::lane && row.index < m_content.lanesBeforeFold && row.index != m_pressedLane && row.rect.center().y() < y)
            ++position;
    }
    return position;
}

} // namespace kino
