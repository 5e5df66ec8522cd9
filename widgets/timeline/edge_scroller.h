// While a drag is held beyond the left or the right edge of the timeline's plot: asks for a view further that way, again and
// again, the faster the further out, until the recording ends. GUI thread.
#pragma once

#include "widgets/timeline/time_axis.h"

#include <QElapsedTimer>
#include <QObject>
#include <QPointF>
#include <QTimer>

namespace kino {

class TimelineView;

class EdgeScroller : public QObject {
    Q_OBJECT

public:
    explicit EdgeScroller(TimelineView &view);

    /** The drag is here now. */
    void follow(QPointF position, Qt::KeyboardModifiers modifiers);
    /** The drag is over. */
    void stop();
    bool isScrolling() const { return m_timer.isActive(); }

    /** Pixels a second for a drag that is held this many pixels beyond the edge (more than 0). */
    static double speedAt(double pixelsBeyond);

Q_SIGNALS:
    /** The view to show next; the drag, which has not moved, then means another time. */
    void stepped(kino::TimeRange wanted, QPointF position, Qt::KeyboardModifiers modifiers);

private:
    double pixelsBeyond() const;
    void step();

    TimelineView &m_view;
    QTimer m_timer;
    QElapsedTimer m_sinceStep;
    QPointF m_position;
    Qt::KeyboardModifiers m_modifiers;
};

} // namespace kino
