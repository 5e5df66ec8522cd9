// Why a clock lies where it lies: who set it, when, and by which instants. Values.
#pragma once

#include "core/base/time.h"

#include <string_view>
#include <vector>

namespace kino {

/** "This instant on its own clock is that instant of the recording." */
struct ClockPoint {
    Nanos ownNs = 0;
    RecordingTime recording;
    friend bool operator==(const ClockPoint &, const ClockPoint &) = default;
};

enum class ClockMethod {
    typed, // offset and drift given as numbers (`kino sync`)
    nudged, // moved by steps
    onePoint, // one instant matched; the drift stayed as it was
    twoPoints // two instants matched
};

/** "typed", "nudged", "one-point", "two-points", as databases and files hold it; throws Error for others. */
std::string_view clockMethodName(ClockMethod method);
ClockMethod clockMethodFromName(std::string_view name);

/** Of a clock that was set by hand. What an import decided has none. */
struct ClockEvidence {
    ClockMethod method = ClockMethod::typed;
    /** Nanoseconds since 1970 UTC. */
    Nanos setAtNs = 0;
    /** What was matched; empty for numbers and nudges. */
    std::vector<ClockPoint> points;
    friend bool operator==(const ClockEvidence &, const ClockEvidence &) = default;
};

} // namespace kino
