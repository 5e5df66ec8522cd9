#include "core/data/formats/gopro_recording.h"

#include "core/data/table/units.h"
#include "core/media/gpmf/spikes.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace kino {
namespace {

struct FirmwareName {
    std::string_view prefix;
    std::string_view name;
};

/** Cameras that call themselves "Camera"; later ones give their name. Spelled as GoPro's next cameras spell theirs. */
constexpr FirmwareName kFirmwareNames[] = {
    {"HD4.01", "Hero4 Silver"},
    {"HD4.02", "Hero4 Black"},
    {"HD5.02", "Hero5 Black"},
    {"HD5.03", "Hero5 Session"},
};

StreamKind kindOf(TelemetryRole role)
{
    switch (role) {
    case TelemetryRole::accelerometer:
        return StreamKind::accelerometer;
    case TelemetryRole::gyroscope:
        return StreamKind::gyroscope;
    case TelemetryRole::magnetometer:
        return StreamKind::magnetometer;
    case TelemetryRole::gravity:
        return StreamKind::gravity;
    case TelemetryRole::orientation:
        return StreamKind::orientation;
    case TelemetryRole::temperature:
        return StreamKind::temperature;
    case TelemetryRole::other:
        break;
    }
    return StreamKind::other;
}

std::string lowered(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(),
        [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

/** Tells streams of one kind apart; empty for the one that needs no telling. */
std::string variantOf(const TelemetryStream &stream)
{
    switch (stream.key) {
    case gpmfKey("ACCL"):
    case gpmfKey("GYRO"):
    case gpmfKey("MAGN"):
    case gpmfKey("GRAV"):
        return {};
    case gpmfKey("CORI"):
        return "camera";
    case gpmfKey("IORI"):
        return "image";
    case gpmfKey("TMPC"):
        return stream.name == "GYRO" ? "gyroscope" : lowered(stream.name);
    default:
        return lowered(gpmfKeyText(stream.key));
    }
}

Severity severityOf(TelemetrySeverity severity)
{
    switch (severity) {
    case TelemetrySeverity::info:
        return Severity::info;
    case TelemetrySeverity::warning:
        return Severity::warning;
    case TelemetrySeverity::error:
        break;
    }
    return Severity::error;
}

class RecordingBuilder {
public:
    RecordingBuilder(Recording &recording, Telemetry telemetry, const CameraNames &names)
        : m_recording(recording), m_telemetry(std::move(telemetry)), m_names(names)
    {
    }

    void build()
    {
        for (const TelemetryNote &note : m_telemetry.notes)
            addRow(severityOf(note.severity), note.code, note.count, note.message, note.payload);
        m_zeroNs = findZero();
        std::set<std::string> deviceNames;
        for (TelemetryDevice &source : m_telemetry.devices) {
            Device device;
            device.name = uniqueName(deviceNames, cameraName(source.name, m_names));
            if (device.name != source.name) {
                addRow(Severity::info, "device-name", 1,
                    "The telemetry calls this device \"" + source.name + "\"; it was named \"" + device.name
                        + "\" by what else the file says of its camera");
            }
            for (TelemetryStream &stream : source.streams)
                addStream(device, stream);
            m_recording.devices.push_back(std::move(device));
        }
        for (VideoTrack &video : m_recording.videos) {
            // The whole rate, not its sum with 1, keeps a time lapse's factor exact.
            video.clock.driftPpm = (m_telemetry.containerRate - 1) * 1e6;
            video.clock.offsetNs = m_telemetry.containerOffsetNs - m_zeroNs;
        }
        if (m_telemetry.utcOfZeroNs)
            m_recording.epochNs = *m_telemetry.utcOfZeroNs + m_zeroNs;
    }

private:
    void addRow(Severity severity, std::string code, std::int64_t count, std::string message, std::size_t payload = 0)
    {
        ReportRow row;
        row.severity = severity;
        row.file = m_recording.path;
        row.line = static_cast<std::int64_t>(payload);
        row.code = std::move(code);
        row.count = count;
        row.message = std::move(message);
        m_recording.report.push_back(std::move(row));
    }

    /** First accelerometer or gyroscope sample; without them the first video frame, else the first sample of anything. */
    Nanos findZero() const
    {
        std::optional<Nanos> motion;
        std::optional<Nanos> any;
        const auto lower = [](std::optional<Nanos> &least, Nanos time) { least = std::min(least.value_or(time), time); };
        for (const TelemetryDevice &device : m_telemetry.devices) {
            for (const TelemetryStream &stream : device.streams) {
                if (stream.timesNs.empty())
                    continue;
                lower(any, stream.timesNs.front());
                if (stream.role == TelemetryRole::accelerometer || stream.role == TelemetryRole::gyroscope)
                    lower(motion, stream.timesNs.front());
            }
        }
        if (motion)
            return *motion;
        if (!m_recording.videos.empty()) {
            const double start = static_cast<double>(m_recording.videos.front().start.ns) * m_telemetry.containerRate;
            return static_cast<Nanos>(std::llround(start)) + m_telemetry.containerOffsetNs;
        }
        return any.value_or(0);
    }

    static std::string uniqueName(std::set<std::string> &taken, const std::string &wanted)
    {
        std::string name = wanted;
        for (int number = 2; !taken.insert(name).second; ++number)
            name = wanted + " " + std::to_string(number);
        return name;
    }

    void addStream(Device &device, TelemetryStream &source)
    {
        ImuStream stream;
        stream.kind = kindOf(source.role);
        stream.variant = variantOf(source);
        const auto isTaken = [&] {
            return std::any_of(device.streams.begin(), device.streams.end(),
                [&](const ImuStream &other) { return other.name() == stream.name(); });
        };
        for (int number = 2; isTaken(); ++number)
            stream.variant = lowered(gpmfKeyText(source.key)) + "-" + std::to_string(number);
        stream.axes = source.columnNames;
        stream.unitFound = source.unit;
        convertUnit(source, stream);
        reportSpikes(source, device.name + "/" + stream.name());
        for (Nanos &time : source.timesNs)
            time -= m_zeroNs;
        stream.timesNs = std::move(source.timesNs);
        for (std::vector<float> &column : source.columns)
            stream.values.emplace_back(std::move(column));
        device.streams.push_back(std::move(stream));
    }

    void convertUnit(TelemetryStream &source, ImuStream &stream)
    {
        const std::string name = gpmfKeyText(source.key);
        const std::string_view inside = streamKindUnit(stream.kind);
        if (source.role == TelemetryRole::gravity) {
            stream.unit = source.unit.empty() ? "1" : source.unit;
            addRow(Severity::info, "unit", 1, name + " is a direction of length 1, not an acceleration");
            return;
        }
        if (inside.empty()) {
            stream.unit = source.unit;
            return;
        }
        if (source.unit.empty()) {
            stream.unit = inside;
            addRow(Severity::warning, "unit", 1,
                name + " states no unit: taken as " + stream.unit + ", which GPMF defines for it");
            return;
        }
        const std::optional<UnitConversion> conversion = unitConversion(stream.kind, source.unit);
        if (!conversion) {
            stream.unit = source.unit;
            addRow(Severity::warning, "unit", 1,
                name + " is in \"" + source.unit + "\", which is no unit of " + std::string(streamKindName(stream.kind))
                    + " known here: values were left as they are");
            return;
        }
        stream.unit = conversion->unit;
        if (conversion->scale == 1 && conversion->offset == 0)
            return;
        for (std::vector<float> &column : source.columns) {
            for (float &value : column)
                value = static_cast<float>(value * conversion->scale + conversion->offset);
        }
        addRow(Severity::info, "unit", 1, name + " was converted from " + source.unit + " to " + stream.unit);
    }

    void reportSpikes(const TelemetryStream &source, const std::string &name)
    {
        constexpr double kGyroscopeSpike = 2;      // rad/s off the calm around it
        constexpr double kAccelerometerSpike = 20; // m/s²
        const bool isGyroscope = source.role == TelemetryRole::gyroscope;
        if (!isGyroscope && source.role != TelemetryRole::accelerometer)
            return;
        const std::vector<SpikeRun> runs
            = findSpikes(source.columns, isGyroscope ? kGyroscopeSpike : kAccelerometerSpike);
        if (runs.empty())
            return;
        std::size_t samples = 0;
        double farthest = 0;
        for (const SpikeRun &run : runs) {
            samples += run.count;
            farthest = std::max(farthest, run.distance);
        }
        addRow(Severity::warning, "spike", static_cast<std::int64_t>(samples),
            name + ": " + std::to_string(samples) + (samples == 1 ? " sample stands" : " samples stand") + " up to "
                + std::to_string(std::llround(farthest)) + (isGyroscope ? " rad/s" : " m/s²")
                + " off the calm around, the first at sample " + std::to_string(runs.front().first + 1)
                + ": no motion does that. They were kept");
    }

    Recording &m_recording;
    Telemetry m_telemetry;
    const CameraNames &m_names;
    Nanos m_zeroNs = 0;
};

} // namespace

std::string cameraName(const std::string &deviceName, const CameraNames &names)
{
    if (!deviceName.empty() && deviceName != "Camera")
        return deviceName;
    if (!names.model.empty())
        return names.model;
    for (const FirmwareName &row : kFirmwareNames) {
        if (names.firmware.starts_with(row.prefix))
            return std::string(row.name);
    }
    return deviceName.empty() ? "Device" : deviceName;
}

void addTelemetry(Recording &recording, Telemetry telemetry, const CameraNames &names)
{
    RecordingBuilder(recording, std::move(telemetry), names).build();
}

} // namespace kino
