// Setting the clock of a device or video against its recording's, as edits that can be undone. Pure; any thread.
#pragma once

#include "core/data/recording.h"

namespace kino {

enum class ClockOwner { device, video };

/** Everything about a clock that an edit changes. The same for devices and videos: ClockMap's formula with these
 * numbers. */
struct ClockState {
    Nanos offsetNs = 0;
    double driftPpm = 0;
    std::optional<ClockEvidence> evidence;

    template <class Own> ClockMap<Own> map() const { return {offsetNs, driftPpm}; }
    friend bool operator==(const ClockState &, const ClockState &) = default;
};

/** One gesture: to be applied to a snapshot, written by Project::applyClockEdit and undone by its inverse. */
struct ClockEdit {
    std::string what; // "Move clock of phone by 1 ms"
    ClockOwner owner = ClockOwner::device;
    std::string name;
    ClockState before;
    ClockState after;
    friend bool operator==(const ClockEdit &, const ClockEdit &) = default;
};
ClockEdit inverseOf(ClockEdit edit);

/** Beyond this no two clocks drift apart that were matched by the right instants: quartz stays within 200 ppm. */
inline constexpr double kMostDriftPpm = 5000;
/** Two points nearer than this give no drift: a frame's error of 33 ms would be 3300 ppm and more. */
inline constexpr Nanos kLeastPointDistanceNs = 10 * kNanosPerSecond;

/**
 * Offset and drift with which both own instants lie on theirs of the recording, to the nanosecond. Of one point only
 * the offset is set and `present`'s drift kept, exact likewise. Throws Error with a sentence for the person who matched
 * them: no point or more than two, two of one instant, in opposite order, less than kLeastPointDistanceNs apart on
 * either clock, or with a drift beyond kMostDriftPpm.
 */
ClockState clockThroughPoints(const ClockState &present, std::span<const ClockPoint> points, Nanos nowNs);

/** Later on the recording's clock by `by` (earlier where negative). Throws Error where the offset leaves ±292 years. */
ClockState nudged(const ClockState &present, Nanos by, Nanos nowNs);

/** "What is shown at `shown` really happened at `truly`", as a point. */
ClockPoint pointShownAt(const ClockState &present, RecordingTime shown, RecordingTime truly);

/** The clock of a device or video of the recording. Throws Error naming what there is. */
ClockState clockOf(const Recording &recording, ClockOwner owner, const std::string &name);
ClockEdit editClock(const Recording &recording, ClockOwner owner, const std::string &name, ClockState after,
                    std::string what);
/** A copy of the recording (columns are shared) with the edit applied. Throws Error where the clock is not as `before`
 * says. */
Recording withClock(Recording recording, const ClockEdit &edit);

} // namespace kino
