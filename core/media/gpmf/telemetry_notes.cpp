#include "core/media/gpmf/telemetry_notes.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace kino {
namespace {

std::string_view reasonText(Left reason)
{
    switch (reason) {
    case Left::gps:
        return "positions, which 32-bit samples would round to a metre";
    case Left::complex:
        return "rows of a structure (complex TYPE)";
    case Left::nested:
        return "samples nested in items of their own";
    case Left::text:
        return "text, ids or dates";
    case Left::undescribed:
        return "numbers that no name, unit or documentation explains";
    case Left::badShape:
        return "rows whose size does not fit their type";
    case Left::noSamples:
        return "a header and no samples";
    case Left::loaded:
        break;
    }
    return "";
}

std::string_view reasonCode(Left reason)
{
    switch (reason) {
    case Left::gps:
        return "gps-left-out";
    case Left::complex:
        return "complex-left-out";
    case Left::nested:
        return "nested-left-out";
    case Left::noSamples:
        return "no-samples";
    case Left::badShape:
        return "bad-shape";
    case Left::text:
    case Left::undescribed:
    case Left::loaded:
        break;
    }
    return "left-out";
}

} // namespace

std::string commaList(const std::vector<std::string> &words)
{
    std::string text;
    for (const std::string &word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string plural(std::size_t count, std::string_view one, std::string_view many)
{
    return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

TelemetryNote telemetryNote(TelemetrySeverity severity, std::string code, std::size_t payload, std::size_t count, std::string message)
{
    return {severity, std::move(code), payload, static_cast<std::int64_t>(count), std::move(message)};
}

TelemetryNote damagedPayloadNote(std::size_t payload, const GpmfPayload &parsed)
{
    const std::size_t further = parsed.faults.size() - 1 + parsed.furtherFaults;
    return telemetryNote(TelemetrySeverity::warning, "corrupt-payload", payload + 1, 1 + further,
        "Payload " + std::to_string(payload + 1) + " is damaged at its byte " + std::to_string(parsed.faults.front().offset)
            + ": " + parsed.faults.front().message
            + (further > 0 ? " (and " + plural(further, "fault", "faults") + " more)" : "")
            + "; what is sound in it was kept");
}

TelemetryNote leftOutNote(const std::string &device, Left reason, const std::vector<std::string> &streams)
{
    return telemetryNote(TelemetrySeverity::info, std::string(reasonCode(reason)), 0, streams.size(),
        device + ": left out " + plural(streams.size(), "stream of ", "streams of ") + std::string(reasonText(reason)) + ": "
            + commaList(streams));
}

std::vector<TelemetryNote> findingNotes(const std::string &label, const std::vector<TimingFinding> &findings)
{
    std::vector<TelemetryNote> notes;
    constexpr std::size_t kListed = 5;
    std::map<std::string, std::size_t> seen;
    for (const TimingFinding &finding : findings) {
        if (++seen[finding.code] > kListed)
            continue;
        const std::string where = " before payload " + std::to_string(finding.block + 1);
        const auto milliseconds = std::to_string(std::llround(std::abs(finding.seconds) * 1000)) + " ms";
        if (finding.code == "missing-samples") {
            notes.push_back(telemetryNote(TelemetrySeverity::warning, finding.code, finding.block + 1,
                static_cast<std::size_t>(finding.count),
                label + ": " + std::to_string(finding.count) + " samples are missing" + where + " ("
                    + milliseconds + " by the file's own count)"));
        } else if (finding.code == "sample-count") {
            notes.push_back(telemetryNote(TelemetrySeverity::warning, finding.code, finding.block + 1, 1,
                label + ": the file's own count of samples (TSMP) steps by "
                    + std::to_string(finding.count) + " more than there are" + where
                    + ", which the times contradict; samples were counted instead"));
        } else if (finding.code == "clock-jump") {
            notes.push_back(telemetryNote(TelemetrySeverity::warning, finding.code, finding.block + 1, 1,
                label + ": no samples for " + milliseconds + where));
        } else {
            notes.push_back(telemetryNote(TelemetrySeverity::warning, finding.code, finding.block + 1, 1,
                label + ": the clock goes back by " + milliseconds + where
                    + "; what follows was placed right after what came before"));
        }
    }
    for (const auto &[code, count] : seen) {
        if (count > kListed) {
            notes.push_back(telemetryNote(TelemetrySeverity::warning, code, 0, count - kListed,
                label + ": the same " + std::to_string(count - kListed) + " times more"));
        }
    }
    return notes;
}

std::vector<TelemetryNote> loadedStreamNotes(const GatheredStream &gathered)
{
    std::vector<TelemetryNote> notes;
    const std::string name = gathered.label();
    if (gathered.stream.axes) {
        const GpmfAxes &axes = *gathered.stream.axes;
        notes.push_back(telemetryNote(axes.source == GpmfAxesSource::none ? TelemetrySeverity::warning : TelemetrySeverity::info, "axes", 0, 1,
            name + ": " + axes.formula + ", from " + axes.evidence));
        if (!axes.complaint.empty())
            notes.push_back(telemetryNote(TelemetrySeverity::warning, "axes", 0, 1, name + ": " + axes.complaint));
        if (!axes.rightHanded)
            notes.push_back(telemetryNote(TelemetrySeverity::warning, "axes", 0, 1, name + ": its axes form a left-handed frame"));
    } else if (gathered.stream.role == TelemetryRole::magnetometer) {
        notes.push_back(telemetryNote(TelemetrySeverity::info, "axes", 0, 1,
            name + ": the file does not say how its axes lie on the camera; columns are kept in the file's order"));
    } else if (gathered.stream.role == TelemetryRole::gravity || gathered.stream.role == TelemetryRole::orientation) {
        notes.push_back(telemetryNote(TelemetrySeverity::info, "axes", 0, 1,
            name + ": the file's order x, z, y became x, y, z, the accelerometer's frame"));
    }
    if (gathered.droppedColumns > 0) {
        notes.push_back(telemetryNote(TelemetrySeverity::info, "extra-channel", 0, gathered.droppedColumns,
            name + ": its columns after the third are no component of the field and were left out"));
    }
    if (gathered.emptyPayloads > 0) {
        notes.push_back(telemetryNote(TelemetrySeverity::info, "no-samples", 0, gathered.emptyPayloads,
            name + ": " + plural(gathered.emptyPayloads, "payload has", "payloads have") + " its header and no samples"));
    }
    if (gathered.badScalePayloads > 0) {
        notes.push_back(telemetryNote(TelemetrySeverity::error, "bad-scale", 0, gathered.badScalePayloads,
            name + ": " + plural(gathered.badScalePayloads, "payload has", "payloads have")
                + " a scale (SCAL) of 0, not a number, or not one per column; their samples were left out"));
    }
    if (gathered.otherShapePayloads > 0) {
        notes.push_back(telemetryNote(TelemetrySeverity::warning, "bad-shape", 0, gathered.otherShapePayloads,
            name + ": " + plural(gathered.otherShapePayloads, "payload has", "payloads have")
                + " another number of columns; their samples were left out"));
    }
    if (gathered.axesChanges > 0) {
        notes.push_back(telemetryNote(TelemetrySeverity::info, "axes", 0, gathered.axesChanges,
            name + ": " + plural(gathered.axesChanges, "payload states", "payloads state")
                + " other axes than the first; each was turned by its own"));
    }
    const bool isDelayed = std::any_of(
        gathered.blocks.begin(), gathered.blocks.end(), [](const StreamBlock &block) { return block.delayS.value_or(0) != 0; });
    if (isDelayed)
        notes.push_back(telemetryNote(TelemetrySeverity::info, "delay", 0, 1, name + ": its stated delay (TIMO) was taken off its times"));
    return notes;
}

} // namespace kino
