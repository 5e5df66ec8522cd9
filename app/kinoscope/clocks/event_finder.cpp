#include "app/kinoscope/clocks/event_finder.h"

#include "app/kinoscope/session.h"
#include "core/base/error.h"

#include <algorithm>

namespace kino {
namespace {

/** With gravity where there is one: free fall before a landing is only seen there. */
const ImuStream *accelerometerOf(const Device &device)
{
    for (const StreamKind kind : {StreamKind::accelerometer, StreamKind::linearAcceleration}) {
        const auto found = std::ranges::find(device.streams, kind, &ImuStream::kind);
        if (found != device.streams.end())
            return &*found;
    }
    return nullptr;
}

} // namespace

EventFinder::EventFinder(Session &session, TaskRunner &runner, QObject *parent) : QObject(parent), m_session(session), m_line(runner, this)
{
    connect(&session, &Session::videoChanged, this, &EventFinder::find); // with every recording, too
    connect(&m_line, &TaskLine::busyChanged, this, &EventFinder::busyChanged);
}

void EventFinder::setWanted(bool wanted)
{
    if (wanted == m_isWanted)
        return;
    m_isWanted = wanted;
    find();
}

void EventFinder::find()
{
    m_line.drop();
    if (!m_events.empty()) {
        m_events.clear();
        Q_EMIT changed();
    }
    const std::shared_ptr<const Recording> recording = m_session.open().recording;
    if (!m_isWanted || !recording)
        return;
    m_line.ask<EventsByLane>(
        [recording, video = m_session.video()](const TaskContext &context, const std::function<void(EventsByLane)> &publish) {
            EventsByLane events;
            for (const Device &device : recording->devices) {
                const ImuStream *stream = accelerometerOf(device);
                if (!stream)
                    continue;
                events[QString::fromStdString(streamName(device, *stream))] = std::make_shared<const std::vector<MotionEvent>>(findShocks(*stream, EventSelection::outstanding, context.cancel));
                publish(events);
            }
            if (video < recording->videos.size() && recording->videos[video].hasAudio) {
                try {
                    events[kSoundLaneId] = std::make_shared<const std::vector<MotionEvent>>(findSounds(recording->videos[video], EventSelection::outstanding, context.cancel));
                } catch (const Error &) {
                    // The sound's own lane says why it cannot be read.
                }
            }
            return events;
        },
        [this](const EventsByLane &events) {
            m_events = events;
            Q_EMIT changed();
        });
}

std::optional<RecordingTime> EventFinder::neighbour(RecordingTime of, int direction) const
{
    std::optional<RecordingTime> nearest;
    for (const auto &lane : m_session.lanes()) {
        const auto found = m_events.find(lane->id);
        if (found == m_events.end())
            continue;
        for (const MotionEvent &event : *found->second) {
            const RecordingTime time = lane->clock.toRecording({event.ownNs});
            if (direction > 0 ? time > of && (!nearest || time < *nearest) : time < of && (!nearest || time > *nearest))
                nearest = time;
        }
    }
    return nearest;
}

} // namespace kino
