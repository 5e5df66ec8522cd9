// One GPMF payload: devices (DEVC) with streams (STRM), each a few describing items and its samples. Structure only; what
// the numbers mean is telemetry.h's business. Nesting is walked to a fixed depth, without recursion. Any thread.
#pragma once

#include "core/media/gpmf/klv.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kino {

/** What was wrong with the structure of a payload. The sound rest of it is kept. */
struct GpmfFault {
    std::size_t offset = 0; // in the payload
    std::string message;    // "item ACCL says 65535 bytes where 120 are left"
};

/** One STRM. Items point into the payload's bytes. */
struct GpmfStrm {
    /** The samples' key; 0 where a stream has a header and no samples' item at all. */
    GpmfKey key = 0;
    /** Usually one item; some streams repeat their key once per instant. */
    std::vector<GpmfItem> data;
    bool nestedData = false; // samples lie in items of their own
    std::string name;        // STNM
    std::string typedefText; // TYPE
    std::vector<std::string> units;
    std::vector<double> scale;
    std::optional<std::uint64_t> totalSamples; // TSMP: delivered since the start, this payload's included
    std::optional<std::uint64_t> stampUs;      // STMP: of the first sample
    std::optional<std::uint64_t> tickMs;       // TICK: likewise, coarser
    std::optional<std::uint64_t> emptyPayloads;
    std::optional<double> temperatureC;
    std::optional<double> delayS; // TIMO
    std::string orientationIn;    // ORIN
    std::string orientationOut;   // ORIO
    std::vector<double> matrix;   // MTRX
    /** GPS streams only: GPSU as nanoseconds since 1970 UTC, GPSF. */
    std::optional<std::int64_t> utcNs;
    std::optional<std::uint64_t> gpsFix;
};

struct GpmfDevice {
    std::uint64_t id = 0;
    std::string name; // DVNM
    std::vector<GpmfStrm> streams;
};

struct GpmfPayload {
    std::vector<GpmfDevice> devices;
    std::vector<GpmfFault> faults;
    /** Faults beyond those listed. */
    std::size_t furtherFaults = 0;
};

/** Never throws for what the bytes hold. */
GpmfPayload parseGpmfPayload(std::span<const std::byte> bytes);

/**
 * Cuts a file of GPMF without MP4 around it into payloads: a new one begins where a device's id comes again. Bytes that are
 * no DEVC stay with the payload before them, where parseGpmfPayload() reports them.
 */
std::vector<std::span<const std::byte>> splitGpmfFile(std::span<const std::byte> bytes);

/** The model's name of a camera's settings (the GPMF box of an MP4's user data, item MINF); empty where there is none. */
std::string gpmfModelName(std::span<const std::byte> settings);

/** GPMF's "yymmddhhmmss.sss" as nanoseconds since 1970 UTC. */
std::optional<std::int64_t> parseGpmfUtc(std::string_view text);

} // namespace kino
