// What the report says of a telemetry recording: the sentences, apart from the reading. Internal to core/media/gpmf. Any thread.
#pragma once

#include "core/media/gpmf/gathered_stream.h"
#include "core/media/gpmf/timing.h"

namespace kino {

/** "1 row", "2 rows". */
std::string plural(std::size_t count, std::string_view one, std::string_view many);
std::string commaList(const std::vector<std::string> &words);

TelemetryNote telemetryNote(TelemetrySeverity severity, std::string code, std::size_t payload, std::size_t count, std::string message);
/** Of a payload that has faults; counted from 0. */
TelemetryNote damagedPayloadNote(std::size_t payload, const GpmfPayload &parsed);
/** Of streams of one device that were left out for one reason. */
TelemetryNote leftOutNote(const std::string &device, Left reason, const std::vector<std::string> &streams);
/** What the times of a stream showed. */
std::vector<TelemetryNote> findingNotes(const std::string &label, const std::vector<TimingFinding> &findings);
/** Axes, scales, shapes and delays of a stream that was loaded. */
std::vector<TelemetryNote> loadedStreamNotes(const GatheredStream &gathered);

} // namespace kino
