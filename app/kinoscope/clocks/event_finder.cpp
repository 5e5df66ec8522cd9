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
    connect(&session, &Session::recordingChanged, this, &EventFinder::find);
    connect(&session, &Session::videoChanged, this, &EventFinder::showVideo);
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
    take({});
    const std::shared_ptr<const Recording> recording = m_session.open().recording;
    if (!m_isWanted || !recording)
        return;
    m_line.ask<Found>(
        [recording](const TaskContext &context, const std::function<void(Found)> &publish) {
            Found found;
            for (const Device &device : recording->devices) {
                const ImuStream *stream = accelerometerOf(device);
                if (!stream)
                    continue;
                found.shocks[QString::fromStdString(streamName(device, *stream))] = std::make_shared<const std::vector<MotionEvent>>(findShocks(*stream, EventSelection::outstanding, context.cancel));
                publish(found);
            }
            for (const VideoTrack &video : recording->videos) {
                if (!video.hasAudio)
                    continue;
                try {
                    found.sounds[video.name] = std::make_shared<const std::vector<MotionEvent>>(findSounds(video, EventSelection::outstanding, context.cancel));
                    publish(found);
                } catch (const Error &) {
                    // The sound's own lane says why it cannot be read.
                }
            }
            return found;
        },
        [this](const Found &found) { take(found); });
}

void EventFinder::take(const Found &found)
{
    if (found == m_found)
        return;
    m_found = found;
    m_events.clear();
    showVideo();
    if (m_events.empty()) // of a video that is not shown, or none any more
        Q_EMIT changed();
}

/** Of the sounds, the lane has those of the video that is shown. */
void EventFinder::showVideo()
{
    EventsByLane events = m_found.shocks;
    const Recording *recording = m_session.recording();
    if (recording && m_session.video() < recording->videos.size()) {
        if (const auto sound = m_found.sounds.find(recording->videos[m_session.video()].name); sound != m_found.sounds.end())
            events[kSoundLaneId] = sound->second;
    }
    if (events == m_events)
        return;
    m_events = std::move(events);
    Q_EMIT changed();
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
