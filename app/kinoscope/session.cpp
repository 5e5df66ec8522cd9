#include "app/kinoscope/session.h"

#include <algorithm>
#include <cmath>

namespace kino {

RecordingTime firstTimeAt(const ClockMap<VideoClock> &clock, VideoTime own)
{
    // Forth and back agree to a nanosecond only; a nanosecond too early would show the frame before.
    RecordingTime time = clock.toRecording(own);
    while (clock.toOwn(time) < own)
        time = time + 1;
    return time;
}

void Session::setRecording(const OpenRecording &open)
{
    setPlaying(false);
    m_open = open;
    takeBounds();
    m_streamLanes.clear();
    m_soundLane.reset();
    m_lanes.clear();
    m_arranged = {};
    m_loopStart.reset();
    m_loopEnd.reset();
    m_video = 0;
    m_clockwork.reset();
    m_playhead = m_bounds.start;
    m_visible = m_bounds;
    m_selection.reset();
    m_speed = 1;
    Q_EMIT recordingChanged();
    Q_EMIT lanesChanged();
    Q_EMIT lanesArranged();
    Q_EMIT videoChanged();
    Q_EMIT videoClockworkChanged();
    Q_EMIT visibleRangeChanged();
    Q_EMIT playheadChanged();
    Q_EMIT selectionChanged();
    Q_EMIT speedChanged();
    Q_EMIT loopChanged();
}

void Session::replaceRecording(std::shared_ptr<const Recording> recording, RecordingPart changed)
{
    m_open.recording = std::move(recording);
    if (changed == RecordingPart::labels) {
        Q_EMIT labelsChanged();
        return;
    }
    if (changed == RecordingPart::facts) {
        Q_EMIT factsChanged();
        return;
    }
    if (changed == RecordingPart::places) {
        // Videos are opened from where they are now.
        m_clockwork.reset();
        Q_EMIT factsChanged();
        Q_EMIT videoChanged();
        Q_EMIT videoClockworkChanged();
        return;
    }
    takeBounds();
    Q_EMIT clocksChanged();
    setVisibleRange(m_visible);
    setPlayhead(m_playhead);
}

void Session::takeBounds()
{
    m_bounds = {};
    if (!m_open.recording)
        return;
    m_bounds = {m_open.recording->start(), m_open.recording->end()};
    // A recording of a single instant still needs an axis to stand on.
    if (m_bounds.duration() < kLeastVisible)
        m_bounds.end = m_bounds.start + kLeastVisible;
}

void Session::setLanes(std::vector<std::shared_ptr<const LaneData>> lanes)
{
    m_streamLanes = std::move(lanes);
    gatherLanes();
}

void Session::setSoundLane(std::shared_ptr<const LaneData> lane)
{
    if (lane == m_soundLane)
        return;
    m_soundLane = std::move(lane);
    gatherLanes();
}

void Session::gatherLanes()
{
    // Sound belongs to the footage, which is the uppermost row.
    m_lanes.clear();
    if (m_soundLane)
        m_lanes.push_back(m_soundLane);
    m_lanes.insert(m_lanes.end(), m_streamLanes.begin(), m_streamLanes.end());
    Q_EMIT lanesChanged();
    arrangeLanes();
}

void Session::arrangeLanes()
{
    m_arranged = m_arrangement.arrange(m_lanes);
    Q_EMIT lanesArranged();
}

void Session::setLaneArrangement(const LaneArrangement &arrangement)
{
    m_arrangement = arrangement;
    arrangeLanes();
    Q_EMIT laneArrangementChanged();
}

void Session::setLaneShown(const QString &id, bool shown)
{
    m_arrangement.setShown(id, shown);
    arrangeLanes();
    Q_EMIT laneArrangementChanged();
}

void Session::moveLane(const QString &id, std::size_t position)
{
    m_arrangement.move(m_lanes, id, position);
    arrangeLanes();
    Q_EMIT laneArrangementChanged();
}

void Session::setFoldOpen(bool open)
{
    if (open == m_isFoldOpen)
        return;
    m_isFoldOpen = open;
    Q_EMIT lanesArranged();
}

void Session::setAutoScale(bool on)
{
    if (on == m_isAutoScale)
        return;
    m_isAutoScale = on;
    Q_EMIT autoScaleChanged();
}

void Session::setVideo(std::size_t index)
{
    if (index == m_video)
        return;
    m_video = index;
    m_clockwork.reset();
    Q_EMIT videoChanged();
    Q_EMIT videoClockworkChanged();
}

void Session::setVideoClockwork(std::shared_ptr<const VideoClockwork> clockwork)
{
    m_clockwork = std::move(clockwork);
    Q_EMIT videoClockworkChanged();
}

std::optional<std::size_t> Session::frameAtPlayhead() const
{
    return m_clockwork ? m_clockwork->frames.frameAt(m_clockwork->clock.toOwn(m_playhead)) : std::nullopt;
}

void Session::setPlayhead(RecordingTime time)
{
    if (!m_open.recording)
        return;
    time = std::clamp(time, m_bounds.start, m_bounds.end);
    if (time == m_playhead)
        return;
    m_playhead = time;
    Q_EMIT playheadChanged();
}

void Session::step(int frames)
{
    if (!m_open.recording)
        return;
    setPlaying(false);
    if (m_clockwork && m_clockwork->frames.size() > 0) {
        const FrameTable &table = m_clockwork->frames;
        const Nanos own = m_clockwork->clock.toOwn(m_playhead).ns;
        // Frames begun so far; one less is the frame in force, also where the footage is over.
        const auto begun = std::ranges::upper_bound(table.ptsNs, own) - table.ptsNs.begin();
        const auto target = begun - 1 + frames;
        if (target >= 0 && target < static_cast<std::ptrdiff_t>(table.size())) {
            setPlayhead(firstTimeAt(m_clockwork->clock, {table.ptsNs[static_cast<std::size_t>(target)]}));
            return;
        }
    }
    const Nanos period = m_streamLanes.empty() ? kNanosPerSecond / 30 : std::max<Nanos>(1, m_streamLanes.front()->timing.medianPeriodNs);
    seekBy(frames * period);
}

void Session::setVisibleRange(TimeRange range)
{
    if (m_bounds.isEmpty())
        return;
    if (range.duration() < kLeastVisible) {
        const RecordingTime middle = range.start + range.duration() / 2;
        range = {middle - kLeastVisible / 2, middle + kLeastVisible / 2};
    }
    range = movedInto(range, m_bounds);
    if (range == m_visible)
        return;
    m_visible = range;
    Q_EMIT visibleRangeChanged();
}

void Session::zoom(double factor)
{
    const RecordingTime middle = m_visible.start + m_visible.duration() / 2;
    setVisibleRange(scaledAbout(m_visible, m_visible.contains(m_playhead) ? m_playhead : middle, factor));
}

void Session::setSelection(std::optional<TimeRange> selection)
{
    if (selection) {
        selection->start = std::clamp(selection->start, m_bounds.start, m_bounds.end);
        selection->end = std::clamp(selection->end, m_bounds.start, m_bounds.end);
        if (selection->isEmpty())
            selection.reset();
    }
    if (selection == m_selection)
        return;
    m_selection = selection;
    Q_EMIT selectionChanged();
}

void Session::setPlaying(bool playing)
{
    if (playing == m_isPlaying || (playing && !m_open.recording))
        return;
    const TimeRange played = loop().value_or(m_bounds);
    if (playing && m_speed > 0 && m_playhead >= played.end) {
        setPlayhead(played.start);
        followPlayhead();
    }
    m_isPlaying = playing;
    Q_EMIT playingChanged();
}

void Session::setSpeed(double speed)
{
    const double size = std::clamp(std::abs(speed), kLeastSpeed, kMostSpeed);
    speed = std::copysign(size, speed);
    if (speed == m_speed)
        return;
    m_speed = speed;
    Q_EMIT speedChanged();
}

void Session::shuttle(int direction)
{
    const bool goesOn = m_isPlaying && (m_speed > 0) == (direction > 0);
    setSpeed(goesOn ? m_speed * 2 : direction);
    setPlaying(true);
}

std::optional<TimeRange> Session::loop() const
{
    if (!m_loopStart && !m_loopEnd)
        return std::nullopt;
    const TimeRange range{m_loopStart.value_or(m_bounds.start), m_loopEnd.value_or(m_bounds.end)};
    return range.duration() >= kLeastLoop ? std::optional(range) : std::nullopt;
}

void Session::setLoopStart(std::optional<RecordingTime> time)
{
    if (time)
        time = std::clamp(*time, m_bounds.start, m_bounds.end);
    m_loopStart = time;
    if (m_loopStart && m_loopEnd && *m_loopEnd - *m_loopStart < kLeastLoop)
        m_loopEnd.reset();
    Q_EMIT loopChanged();
}

void Session::setLoopEnd(std::optional<RecordingTime> time)
{
    if (time)
        time = std::clamp(*time, m_bounds.start, m_bounds.end);
    m_loopEnd = time;
    if (m_loopStart && m_loopEnd && *m_loopEnd - *m_loopStart < kLeastLoop)
        m_loopStart.reset();
    Q_EMIT loopChanged();
}

void Session::setLoop(std::optional<TimeRange> range)
{
    m_loopStart.reset();
    m_loopEnd.reset();
    if (range && range->duration() >= kLeastLoop) {
        m_loopStart = std::clamp(range->start, m_bounds.start, m_bounds.end);
        m_loopEnd = std::clamp(range->end, m_bounds.start, m_bounds.end);
    }
    Q_EMIT loopChanged();
}

void Session::setFollow(FollowMode mode)
{
    if (mode == m_follow)
        return;
    m_follow = mode;
    Q_EMIT followChanged();
}

void Session::followPlayhead()
{
    if (m_follow == FollowMode::off)
        return;
    const Nanos length = m_visible.duration();
    if (m_follow == FollowMode::scroll) {
        setVisibleRange({m_playhead - length / 2, m_playhead - length / 2 + length});
        return;
    }
    if (m_visible.contains(m_playhead))
        return;
    // A page keeps a twentieth of the last one, so that the eye finds its place again.
    const RecordingTime start = m_speed > 0 ? m_playhead - length / 20 : m_playhead - length + length / 20;
    setVisibleRange({start, start + length});
}

} // namespace kino
