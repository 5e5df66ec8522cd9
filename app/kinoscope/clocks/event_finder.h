// Claps, taps, shocks and landings of the open recording, found on workers while somebody wants to see them. GUI thread.
#pragma once

#include "app/kinoscope/task_runner.h"
#include "core/data/events/event.h"
#include "widgets/timeline/event_marks.h"

#include <QObject>

#include <memory>

namespace kino {

class Session;

using EventsByVideo = std::map<std::string, std::shared_ptr<const std::vector<MotionEvent>>>;

class EventFinder : public QObject {
    Q_OBJECT

public:
    EventFinder(Session &session, TaskRunner &runner, QObject *parent = nullptr);

    /** Nothing is computed, and events() is empty, until somebody wants them. */
    void setWanted(bool wanted);
    bool isWanted() const { return m_isWanted; }
    /** By the lane's id: of each device's accelerometer, and "sound" of the video that is shown. */
    const EventsByLane &events() const { return m_events; }
    /** By name: of every video that has sound, shown or not, on its own clock. */
    const EventsByVideo &sounds() const { return m_found.sounds; }
    bool isBusy() const { return m_line.isBusy(); }
    /** The next (+1) or previous (-1) event of any lane, on the recording's clock; nothing where there is none. */
    std::optional<RecordingTime> neighbour(RecordingTime of, int direction) const;

Q_SIGNALS:
    void changed();
    void busyChanged(bool busy);

private:
    struct Found {
        EventsByLane shocks;
        EventsByVideo sounds;
        friend bool operator==(const Found &, const Found &) = default;
    };

    void find();
    void take(const Found &found);
    void showVideo();

    Session &m_session;
    TaskLine m_line;
    bool m_isWanted = false;
    Found m_found;
    EventsByLane m_events;
};

} // namespace kino
