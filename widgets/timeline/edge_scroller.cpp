#include "widgets/timeline/edge_scroller.h"

#include "widgets/timeline/view.h"

#include <cmath>

namespace kino {
namespace {

constexpr int kStepMs = 16;
/** After a step that came late the view goes on from where it is seen, it does not leap. */
constexpr double kLongestStepSeconds = 0.05;
constexpr double kLeastSpeed = 200;
constexpr double kSpeedPerPixel = 12;
constexpr double kMostSpeed = 6000;

} // namespace

EdgeScroller::EdgeScroller(TimelineView &view) : QObject(&view), m_view(view)
{
    m_timer.setInterval(kStepMs);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &EdgeScroller::step);
}

double EdgeScroller::speedAt(double pixelsBeyond) { return std::min(kMostSpeed, kLeastSpeed + kSpeedPerPixel * pixelsBeyond); }

/** Below 0 to the left. */
double EdgeScroller::pixelsBeyond() const
{
    const TimeAxis axis = m_view.axis();
    const double x = m_position.x();
    return x < axis.left ? x - axis.left : std::max(0.0, x - (axis.left + axis.width));
}

void EdgeScroller::follow(QPointF position, Qt::KeyboardModifiers modifiers)
{
    m_position = position;
    m_modifiers = modifiers;
    if (pixelsBeyond() == 0) {
        stop();
    } else if (!isScrolling()) {
        m_sinceStep.start();
        m_timer.start();
    }
}

void EdgeScroller::stop() { m_timer.stop(); }

void EdgeScroller::step()
{
    const double seconds = std::min(kLongestStepSeconds, static_cast<double>(m_sinceStep.nsecsElapsed()) * 1e-9);
    m_sinceStep.start();
    const double beyond = pixelsBeyond();
    const double pixels = std::copysign(speedAt(std::abs(beyond)) * seconds, beyond);
    const TimeRange range = m_view.content().visible;
    const Nanos shift = std::llround(pixels * m_view.axis().nanosPerPixel());
    const TimeRange wanted = movedInto({range.start + shift, range.end + shift}, m_view.content().bounds);
    if (wanted == range)
        stop(); // the end of the recording
    else
        Q_EMIT stepped(wanted, m_position, m_modifiers);
}

} // namespace kino
