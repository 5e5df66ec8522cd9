// Dates and times of day as people and loggers write them.
#pragma once

#include "core/base/time.h"

#include <optional>
#include <string>
#include <string_view>

namespace kino {

struct WallTime {
    Nanos ns = 0; // since 1970 UTC
    /** Whether the text named its zone; without one it was taken as UTC. */
    bool zoned = false;
};

/** ISO 8601 with blank or T, any number of decimals (dot or comma), Z, ±hh:mm, ±hhmm or no zone; a date alone is midnight. */
std::optional<WallTime> parseIsoTime(std::string_view text);

/**
 * By a pattern of %Y %y %m %d %H %M %S %f (decimals of a second) %z and literal text, as strptime has them. %I with %p
 * reads twelve-hour clocks; %j is the day of the year.
 */
std::optional<WallTime> parseWallTime(std::string_view text, std::string_view pattern);

/** "2022-03-29T05:25:22.143Z", for reports. */
std::string isoText(Nanos epochNs);

/** "+09:00", "-0300", "Z" as nanoseconds east of UTC. */
std::optional<Nanos> parseUtcOffset(std::string_view text);

} // namespace kino
