// Leads through setting a clock by points: "this instant here is that instant there", once for the offset, twice for the
// drift. Nothing is changed until apply(). GUI thread.
#pragma once

#include "app/kinoscope/clocks/clock_setter.h"
#include "widgets/timeline/view.h"

#include <QObject>

namespace kino {

class PointGuide : public QObject {
    Q_OBJECT

public:
    enum class Stage {
        off,
        shown, // where the thing that is moved shows the instant
        truly, // when it really happened, by anything else
        complete // two points: nothing more to pick
    };

    PointGuide(Session &session, ClockSetter &setter, QObject *parent = nullptr);

    Stage stage() const { return m_stage; }
    bool isOn() const { return m_stage != Stage::off; }
    /** A clock that was set by one point keeps it as the first, so that the next gives the drift. */
    void start();
    /** Takes the playhead's instant for the stage. */
    void take();
    /** Back by one instant. */
    void takeBack();
    void cancel();
    /** What the points make of the clock; nothing while there are none, or where they are impossible (see problem()). */
    std::optional<ClockState> result() const;
    /** A sentence where the points cannot be. */
    QString problem() const;
    /** One step of the history; the guide is off then. */
    void apply();

    /** As far as they are picked. */
    const std::vector<ClockPoint> &points() const { return m_points; }
    /** The instant of the point that is half picked, where it lies now. */
    std::optional<RecordingTime> pending() const;
    /** What to do next, in words. */
    QString instruction() const;
    /** The picked instants where they lie now. */
    std::vector<TimelinePin> pins() const;

Q_SIGNALS:
    void changed();

private:
    void setStage(Stage stage);

    Session &m_session;
    ClockSetter &m_setter;
    Stage m_stage = Stage::off;
    std::optional<ClockTarget> m_target;
    std::vector<ClockPoint> m_points;
    std::optional<DeviceTime> m_pending; // own time: it stays right when the clock is moved meanwhile
};

} // namespace kino
