// The one thing that panels share: what is open, where the playhead stands, what is in view, what is selected. Panels
// listen to it and ask it for changes; they never call one another. GUI thread.
#pragma once

#include "app/kinoscope/lane_arrangement.h"
#include "core/data/recording.h"
#include "core/data/recording_overview.h"
#include "core/media/frame_table.h"
#include "widgets/timeline/lane_data.h"
#include "widgets/timeline/time_axis.h"

#include <QObject>

#include <memory>
#include <optional>
#include <vector>

namespace kino {

/** A recording with the numbers that describe it, both computed off the GUI thread. */
struct OpenRecording {
    qint64 id = 0; // in the library
    std::shared_ptr<const Recording> recording;
    std::shared_ptr<const RecordingOverview> overview;
};

/** When the frames of the shown video are shown, on the recording's clock. */
struct VideoClockwork {
    VideoClockwork(std::shared_ptr<const FrameTable> frameTable, const ClockMap<VideoClock> &videoClock)
        : table(std::move(frameTable)), frames(*table), clock(videoClock)
    {
    }

    std::shared_ptr<const FrameTable> table; // shared by clockworks that differ by the clock alone
    const FrameTable &frames;
    ClockMap<VideoClock> clock;
};

/** What an edit of the open recording changed. */
enum class RecordingPart { labels, clocks, facts, places };

enum class FollowMode { page, scroll, off };

class Session : public QObject {
    Q_OBJECT

public:
    static constexpr Nanos kLeastVisible = 500 * kNanosPerMicrosecond;
    static constexpr double kLeastSpeed = 0.1;
    static constexpr double kMostSpeed = 4;
    static constexpr Nanos kLeastLoop = 50 * kNanosPerMillisecond;

    using QObject::QObject;

    /** Empty: nothing is open. All else starts anew: playhead at the start, everything in view. */
    void setRecording(const OpenRecording &open);
    /** The open recording after an edit; all that is shown of it stays where it is. */
    void replaceRecording(std::shared_ptr<const Recording> recording, RecordingPart changed);
    const OpenRecording &open() const { return m_open; }
    const Recording *recording() const { return m_open.recording.get(); }
    /** From the earliest to the latest instant of anything in the recording. */
    TimeRange bounds() const { return m_bounds; }

    /** The streams made ready to be drawn, as far as they are. */
    void setLanes(std::vector<std::shared_ptr<const LaneData>> lanes);
    /** The sound of the video that is shown; nullptr where it has none. */
    void setSoundLane(std::shared_ptr<const LaneData> lane);
    /** Of the streams alone. */
    const std::vector<std::shared_ptr<const LaneData>> &streamLanes() const { return m_streamLanes; }
    const std::shared_ptr<const LaneData> &soundLane() const { return m_soundLane; }
    /** The sound, then those of the streams. */
    const std::vector<std::shared_ptr<const LaneData>> &lanes() const { return m_lanes; }

    /** The lanes as the person has arranged them; the arrangement outlives the recording. */
    const ArrangedLanes &arrangedLanes() const { return m_arranged; }
    const LaneArrangement &laneArrangement() const { return m_arrangement; }
    void setLaneArrangement(const LaneArrangement &arrangement);
    void setLaneShown(const QString &id, bool shown);
    /** Before the `position`th of the shown lanes, counted without itself. */
    void moveLane(const QString &id, std::size_t position);
    /** Whether lanes that are folded away are shown below the others for now. */
    bool isFoldOpen() const { return m_isFoldOpen; }
    void setFoldOpen(bool open);
    /** Lanes fit what is in view rather than the whole recording. */
    bool isAutoScale() const { return m_isAutoScale; }
    void setAutoScale(bool on);

    /** Which of the recording's videos is shown. */
    void setVideo(std::size_t index);
    std::size_t video() const { return m_video; }
    void setVideoClockwork(std::shared_ptr<const VideoClockwork> clockwork);
    const std::shared_ptr<const VideoClockwork> &videoClockwork() const { return m_clockwork; }
    /** The frame at the playhead; nothing without a video and outside its footage. */
    std::optional<std::size_t> frameAtPlayhead() const;

    RecordingTime playhead() const { return m_playhead; }
    /** Held inside the bounds. */
    void setPlayhead(RecordingTime time);
    /** By frames of the video, without one by samples of the first lane. */
    void step(int frames);
    void seekBy(Nanos duration) { setPlayhead(m_playhead + duration); }

    TimeRange visibleRange() const { return m_visible; }
    /** Held inside the bounds, and no shorter than kLeastVisible. */
    void setVisibleRange(TimeRange range);
    /** Below 1 zooms in; about the playhead where it is in view, else about the middle. */
    void zoom(double factor);
    void fit() { setVisibleRange(m_bounds); }

    std::optional<TimeRange> selection() const { return m_selection; }
    void setSelection(std::optional<TimeRange> selection);

    bool isPlaying() const { return m_isPlaying; }
    /** From the end, playing begins anew. */
    void setPlaying(bool playing);
    /** Negative speeds play backwards. */
    double speed() const { return m_speed; }
    void setSpeed(double speed);
    /** J (-1) and L (+1): plays that way, then twice as fast with each further press. */
    void shuttle(int direction);

    /** A and B: what playing repeats. An end that is not set is the recording's own. */
    std::optional<RecordingTime> loopStart() const { return m_loopStart; }
    std::optional<RecordingTime> loopEnd() const { return m_loopEnd; }
    /** Nothing unless A or B is set. */
    std::optional<TimeRange> loop() const;
    /** An end that leaves less than kLeastLoop between the two lets go of the other. */
    void setLoopStart(std::optional<RecordingTime> time);
    void setLoopEnd(std::optional<RecordingTime> time);
    void setLoop(std::optional<TimeRange> range);

    FollowMode follow() const { return m_follow; }
    void setFollow(FollowMode mode);
    /** Brings the playhead into view as the follow mode says; called as time goes on, not when somebody scrubs. */
    void followPlayhead();

Q_SIGNALS:
    void recordingChanged();
    /** Tiers or annotations of the open recording were edited. */
    void labelsChanged();
    /** Its name, its subject or its place is another. */
    void factsChanged();
    /**
     * The clock of one of its devices or videos was set. Lanes, frame times and bounds follow within this signal; playhead
     * and view stay where they are, as far as the new bounds allow.
     */
    void clocksChanged();
    void lanesChanged();
    /** After lanesChanged() too. */
    void lanesArranged();
    /** By the person, not by another recording. */
    void laneArrangementChanged();
    void autoScaleChanged();
    void videoChanged();
    void videoClockworkChanged();
    void playheadChanged();
    void visibleRangeChanged();
    void selectionChanged();
    void playingChanged();
    void speedChanged();
    void followChanged();
    void loopChanged();

private:
    void gatherLanes();
    void arrangeLanes();
    void takeBounds();

    OpenRecording m_open;
    TimeRange m_bounds;
    std::vector<std::shared_ptr<const LaneData>> m_streamLanes;
    std::shared_ptr<const LaneData> m_soundLane;
    std::vector<std::shared_ptr<const LaneData>> m_lanes;
    std::size_t m_video = 0;
    std::shared_ptr<const VideoClockwork> m_clockwork;
    RecordingTime m_playhead;
    TimeRange m_visible;
    std::optional<TimeRange> m_selection;
    bool m_isPlaying = false;
    double m_speed = 1;
    FollowMode m_follow = FollowMode::page;
    LaneArrangement m_arrangement;
    ArrangedLanes m_arranged;
    bool m_isFoldOpen = false;
    bool m_isAutoScale = false;
    std::optional<RecordingTime> m_loopStart;
    std::optional<RecordingTime> m_loopEnd;
};

/** The earliest time on the recording's clock at which `own` has been reached on the video's. */
RecordingTime firstTimeAt(const ClockMap<VideoClock> &clock, VideoTime own);

} // namespace kino
