// Sharp moments and pins of the timeline: what lies under a place, and how a pin is drawn.
#include "widgets/timeline/view.h"

#include "widgets/style/text_painting.h"

#include <QPainter>

#include <cmath>

namespace kino {
namespace {

/** How near a click must be to an event to mean it, pixels. */
constexpr double kEventGrip = 6;

} // namespace

void TimelineView::setEvents(EventsByLane events)
{
    if (m_content.events == events)
        return;
    m_content.events = std::move(events);
    updateScrollBar(); // the legend may come or go
    invalidate();
}

void TimelineView::setPins(std::vector<TimelinePin> pins)
{
    if (m_pins == pins)
        return;
    m_pins = std::move(pins);
    update();
}

const MotionEvent *TimelineView::eventAt(QPoint position) const
{
    const std::optional<std::size_t> lane = laneAt(position);
    if (!lane || !isPlotAt(position))
        return nullptr;
    const LaneData &data = *m_content.lanes[*lane];
    const auto found = m_content.events.find(data.id);
    if (found == m_content.events.end())
        return nullptr;
    const std::vector<MotionEvent> &events = *found->second;
    const TimeAxis now = axis();
    const auto distance = [&](const MotionEvent &event) { return std::abs(now.xOf(data.clock.toRecording({event.ownNs})) - position.x()); };
    const MotionEvent *nearest = nullptr;
    auto event = std::ranges::lower_bound(events, data.clock.toOwn(now.timeAt(position.x() - kEventGrip)).ns, {}, &MotionEvent::ownNs);
    for (; event != events.end() && distance(*event) <= kEventGrip; ++event) {
        if (!nearest || distance(*event) < distance(*nearest))
            nearest = &*event;
    }
    return nearest;
}

RecordingTime TimelineView::clickedTime(QPoint position) const
{
    const MotionEvent *event = eventAt(position);
    return event ? m_content.lanes[*laneAt(position)]->clock.toRecording({event->ownNs}) : m_pressedTime;
}

/** Dashed through all rows, with its word at the foot of the ruler. */
void TimelineView::paintPins(QPainter &painter, const TimelineLayout &layout)
{
    if (m_pins.empty())
        return;
    const Theme &theme = themeOf(palette());
    const TimeAxis now = axis();
    painter.save();
    painter.setClipRect(QRect(layout.plotLeft, layout.ruler.top(), layout.plotWidth + 1, layout.rowsBottom - layout.ruler.top()), Qt::IntersectClip);
    painter.setFont(smallFont(font()));
    for (const TimelinePin &pin : m_pins) {
        const double x = std::floor(now.xOf(pin.time)) + 0.5;
        const double width = painter.fontMetrics().horizontalAdvance(pin.text) + 10;
        if (x < layout.plotLeft - width || x > layout.plotLeft + layout.plotWidth + width)
            continue;
        painter.setPen(QPen(theme.good, 1, Qt::DashLine));
        painter.drawLine(QPointF(x, layout.middle.top()), QPointF(x, layout.rowsBottom));
        const QRectF chip(x, layout.middle.top() + 2, width, 16);
        painter.fillRect(chip, theme.good);
        painter.setPen(theme.onAccent);
        painter.drawText(chip, Qt::AlignCenter, pin.text);
    }
    painter.restore();
}

} // namespace kino
