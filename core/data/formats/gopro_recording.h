// Telemetry as devices, streams and report rows of a recording.
#pragma once

#include "core/data/recording.h"
#include "core/media/gpmf/telemetry.h"

#include <filesystem>
#include <string>

namespace kino {

/** What a file says of its camera beside the telemetry; empty where it says nothing. */
struct CameraNames {
    std::string model;    // "GoPro Max"
    std::string firmware; // "HD5.02.02.00.00"
};

/** A device's name from DVNM, or where that is only "Camera" or nothing, from what else the file says. */
std::string cameraName(const std::string &deviceName, const CameraNames &names);

/**
 * Takes the telemetry's streams into `recording`, in SI units, zero at the first accelerometer or gyroscope sample, and its
 * notes into the report. Videos already in the recording get their clock.
 */
void addTelemetry(Recording &recording, Telemetry telemetry, const CameraNames &names);

} // namespace kino
