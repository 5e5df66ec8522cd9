// One sensor's samples as they were recorded: times that may be uneven, gaps that stay gaps, values in SI units.
#pragma once

#include "core/base/column.h"
#include "core/base/time.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kino {

enum class StreamKind {
    accelerometer,
    gyroscope,
    magnetometer,
    linearAcceleration,
    gravity,
    orientation,
    barometer,
    temperature,
    gps,
    other
};

/** "accelerometer", "linear-acceleration", … as cli.md spells them. */
std::string_view streamKindName(StreamKind kind);
std::optional<StreamKind> streamKindFromName(std::string_view name);
/** The unit a kind has inside Kinoscope: "m/s^2", "rad/s", "uT", …; empty where a kind has no fixed unit. */
std::string_view streamKindUnit(StreamKind kind);
/** Whether a kind is measured by a sensor that saturates; a quaternion or a camera's setting at an extreme is not clipped. */
bool streamKindCanClip(StreamKind kind);

/** Immutable once imported; copying is cheap (columns are shared). */
struct ImuStream {
    StreamKind kind = StreamKind::other;
    /** Tells streams of one kind on one device apart ("uncalibrated"); usually empty. */
    std::string variant;
    std::vector<std::string> axes; // "x", "y", "z", "w", …
    std::string unitFound;         // as the file gave it, before conversion
    std::string unit;              // as the values are here
    /** On the device's own clock, ascending (rows that went back in time were sorted and reported), N of them. */
    Column<Nanos> timesNs;
    /** One column of N values per axis. NaN where the file has no number. */
    std::vector<Column<float>> values;
    /** Rows that came with a time before the row above them, before sorting. */
    std::size_t backwardTimes = 0;
    /** The sensor's full scale in `unit` where the format states it; 0 where unknown. */
    double fullScale = 0;

    std::size_t samples() const { return timesNs.size(); }
    /** "accelerometer", or "accelerometer-uncalibrated" where there is a variant. */
    std::string name() const;
};

} // namespace kino
