// All payloads of one recording put together: devices, streams with values in the file's own units and axes turned into the
// camera's frame (axes.h), a time for each sample (timing.h, clock.h). What was left out, damaged or assumed
// is in the notes. Nothing is invented: what has a structure that cannot be understood for certain is reported, not guessed.
// Any thread.
#pragma once

#include "core/base/cancel.h"
#include "core/base/time.h"
#include "core/media/gpmf/axes.h"
#include "core/media/gpmf/payload.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kino {

enum class TelemetrySeverity { info, warning, error };

struct TelemetryNote {
    TelemetrySeverity severity = TelemetrySeverity::info;
    std::string code;
    /** The first payload it concerns, counted from 1; 0 where none applies. */
    std::size_t payload = 0;
    std::int64_t count = 1;
    std::string message;
};

enum class TelemetryRole { accelerometer, gyroscope, magnetometer, gravity, orientation, temperature, other };

struct TelemetryStream {
    GpmfKey key = 0;
    TelemetryRole role = TelemetryRole::other;
    std::string name; // STNM
    std::string unit; // SIUN or UNIT in UTF-8; empty where the file has none
    /** Names of the columns: x, y, z; w, x, y, z; value; or 1, 2, 3, … */
    std::vector<std::string> columnNames;
    /** Divided by SCAL, in `unit`; NaN where the file has no finite number. */
    std::vector<std::vector<float>> columns;
    /** On the telemetry clock, ascending. */
    std::vector<Nanos> timesNs;
    /** accelerometer and gyroscope: how their columns became x, y, z. */
    std::optional<GpmfAxes> axes;
};

struct TelemetryDevice {
    std::uint64_t id = 0;
    std::string name; // DVNM
    std::vector<TelemetryStream> streams;
};

/**
 * The telemetry clock is the camera's own where the file has its stamps (STMP, else TICK), counted from the first sample of
 * the first accelerometer; else the container's; else payloads at assumed even steps.
 */
struct Telemetry {
    std::vector<TelemetryDevice> devices;
    std::vector<TelemetryNote> notes;
    std::size_t payloads = 0;
    /** A time of the container (video, audio) on the telemetry clock: `container * containerRate + containerOffsetNs`. */
    Nanos containerOffsetNs = 0;
    /** 1 unless video time runs differently, as in a time lapse. */
    double containerRate = 1;
    /** UTC of the telemetry clock's zero as nanoseconds since 1970, from GPS with a fix. */
    std::optional<Nanos> utcOfZeroNs;
};

/** One payload and when the container shows it, where there is one. */
struct TelemetryPacket {
    std::span<const std::byte> bytes;
    std::optional<Nanos> startNs;
    Nanos durationNs = 0;
};

/** Throws nothing but Cancelled for what the packets hold. */
Telemetry readTelemetry(std::span<const TelemetryPacket> packets, const CancelToken &cancel = {});

} // namespace kino
