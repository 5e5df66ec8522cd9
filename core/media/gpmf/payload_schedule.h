// When payloads begin in a file that has neither stamps nor a container: a bare stream of a Hero6 or Hero7. In this order:
//   - GPS times (GPSU), where they tell a payload's length to 1 % (two standard errors, from what is left between them and
//     their line, and from the grid of 55 ms on which they lie), and are better than 0.2 % or disprove the usual length.
//   - Where GPS disproves the usual length and is too coarse itself: video frames, counted by a stream with a row a frame
//     (SHUT, ISOE, ISOG, CORI, GRAV), if just one usual frame rate fits both GPS and the accelerometer, which runs at 195 to
//     206 Hz in every Hero of known time here. Frames tell the end of the last payload too.
//   - Else payloads of the usual 1.001 s, one after another.
// Any thread.
#pragma once

#include "core/media/gpmf/clock.h"

namespace kino {

/** How long a payload lasts in all cameras known here, whatever their frame rate but for 25 Hz. */
inline constexpr double kUsualPayloadS = 1.001;

/** Streams that have one sample a video frame. */
inline constexpr GpmfKey kFrameStreams[] = {
    gpmfKey("SHUT"), gpmfKey("ISOE"), gpmfKey("ISOG"), gpmfKey("CORI"), gpmfKey("GRAV")};

struct PayloadSchedule {
    enum class Clock { gps, frames, usual };

    Clock clock = Clock::usual;
    /** Seconds from the first payload's beginning, one per payload. */
    std::vector<double> startsS;
    /** When the last payload ends, where the clock knows. */
    std::optional<double> endS;
    /** Mean length of a payload. */
    double stepS = kUsualPayloadS;
    /** Which clock it is and how good. */
    TelemetryNote note;
};

/** `primary`: the device whose frames and accelerometer are looked at. */
PayloadSchedule computePayloadSchedule(std::size_t payloads, std::span<const ClockStream> streams,
    std::span<const GpsTime> gpsTimes, std::size_t primary);

} // namespace kino
