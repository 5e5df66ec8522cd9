// Time inside Kinoscope: int64 nanoseconds, and one type per clock so that times of different clocks cannot be mixed.
#pragma once

#include <cmath>
#include <compare>
#include <cstdint>

namespace kino {

/** A duration, or a bare count of nanoseconds where a file or a column of times is meant. */
using Nanos = std::int64_t;

inline constexpr Nanos kNanosPerMicrosecond = 1'000;
inline constexpr Nanos kNanosPerMillisecond = 1'000'000;
inline constexpr Nanos kNanosPerSecond = 1'000'000'000;

inline constexpr double toSeconds(Nanos ns) { return static_cast<double>(ns) * 1e-9; }
inline Nanos fromSeconds(double seconds) { return static_cast<Nanos>(std::llround(seconds * 1e9)); }

/** A point in time on one clock. */
template <class Clock>
struct Instant {
    Nanos ns = 0;

    friend auto operator<=>(const Instant &, const Instant &) = default;
    friend Instant operator+(Instant instant, Nanos duration) { return {instant.ns + duration}; }
    friend Instant operator-(Instant instant, Nanos duration) { return {instant.ns - duration}; }
    friend Nanos operator-(Instant later, Instant earlier) { return later.ns - earlier.ns; }
};

/** The recording's clock: zero is the first IMU sample at import (without IMU the first frame) and never moves. */
struct RecordingClock;
/** A sensor device's own clock. */
struct DeviceClock;
/** A video's own clock: its presentation times. */
struct VideoClock;

using RecordingTime = Instant<RecordingClock>;
using DeviceTime = Instant<DeviceClock>;
using VideoTime = Instant<VideoClock>;

/** How an own clock lies on the recording's: `t = own * (1 + driftPpm * 1e-6) + offset`. Forth and back agree to 1 ns. */
template <class Own>
struct ClockMap {
    Nanos offsetNs = 0;
    double driftPpm = 0;

    RecordingTime toRecording(Instant<Own> own) const
    {
        // The drift is added as a correction: own * 1.00004 would lose nanoseconds of an epoch-sized time in a double.
        const long double correction = static_cast<long double>(own.ns) * driftPpm * 1e-6L;
        return {own.ns + static_cast<Nanos>(std::llroundl(correction)) + offsetNs};
    }

    Instant<Own> toOwn(RecordingTime time) const
    {
        const long double shifted = static_cast<long double>(time.ns - offsetNs);
        const long double factor = driftPpm * 1e-6L;
        return {time.ns - offsetNs - static_cast<Nanos>(std::llroundl(shifted * factor / (1.0L + factor)))};
    }

    friend bool operator==(const ClockMap &, const ClockMap &) = default;
};

} // namespace kino
