// The telemetry track ("gpmd" samples: GoPro's GPMF) of an MP4 or QuickTime file, with the time the container gives each
// sample, and what the file says of its camera. Any thread.
#pragma once

#include "core/base/cancel.h"
#include "core/base/time.h"
#include "core/media/gpmf/telemetry.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kino {

struct TelemetryTrack {
    struct Sample {
        std::size_t offset = 0; // in `bytes`
        std::size_t size = 0;
        Nanos startNs = 0; // presentation time, edit lists applied: the clock of the file's video
        Nanos durationNs = 0;
    };

    /** All samples one after another, as the file holds them. */
    std::vector<std::byte> bytes;
    std::vector<Sample> samples;
    /** Samples that the container lists and that could not be read. */
    std::size_t missingSamples = 0;
    /** Further telemetry tracks, which are not read. */
    std::size_t otherTracks = 0;
    std::string firmware; // "HD5.02.02.00.00"; empty where the file has none
    /** As the container has it ("2017-04-17T19:27:57.000000Z"): cameras write their local time as if it were UTC. */
    std::string creationTime;
    std::string model;    // of the settings in the user data ("GoPro Max"); empty where the file has none

    /** Views into `bytes`: valid as long as this is neither moved nor changed. */
    std::vector<TelemetryPacket> packets() const;
};

/** Whether the file is an MP4 with a telemetry track. Reads box headers only; never throws. */
bool hasTelemetryTrack(const std::filesystem::path &path);

/** Throws Error where the file cannot be opened or has no telemetry track. */
TelemetryTrack readTelemetryTrack(const std::filesystem::path &path, const CancelToken &cancel = {});

} // namespace kino
