#include "core/media/gpmf/telemetry.h"

#include "core/media/gpmf/clock.h"
#include "core/media/gpmf/gathered_stream.h"
#include "core/media/gpmf/telemetry_notes.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <set>
#include <tuple>

namespace kino {
namespace {

constexpr std::size_t kMaxDevices = 64;
constexpr std::size_t kMaxStreams = 512; // of all devices
constexpr std::size_t kMaxFaultNotes = 20;

class Assembler {
public:
    Assembler(std::span<const TelemetryPacket> packets, const CancelToken &cancel) : m_packets(packets), m_cancel(cancel) {}

    Telemetry assemble()
    {
        m_telemetry.payloads = m_packets.size();
        for (std::size_t i = 0; i < m_packets.size(); ++i) {
            if (i % 64 == 0)
                m_cancel.throwIfCancelled();
            takePayload(i, parseGpmfPayload(m_packets[i].bytes));
        }
        if (m_faultyPayloads > kMaxFaultNotes) {
            addNote(TelemetrySeverity::warning, "corrupt-payload", 0, m_faultyPayloads - kMaxFaultNotes,
                std::to_string(m_faultyPayloads - kMaxFaultNotes) + " further payloads are damaged");
        }
        writeTimes();
        noteStreams();
        handOverStreams();
        return std::move(m_telemetry);
    }

private:
    void addNote(TelemetrySeverity severity, std::string code, std::size_t payload, std::size_t count, std::string message)
    {
        m_telemetry.notes.push_back(telemetryNote(severity, std::move(code), payload, count, std::move(message)));
    }

    void addNotes(std::vector<TelemetryNote> notes)
    {
        m_telemetry.notes.insert(m_telemetry.notes.end(), std::make_move_iterator(notes.begin()),
            std::make_move_iterator(notes.end()));
    }

    void takePayload(std::size_t payload, const GpmfPayload &parsed)
    {
        if (!parsed.faults.empty() && ++m_faultyPayloads <= kMaxFaultNotes)
            m_telemetry.notes.push_back(damagedPayloadNote(payload, parsed));
        for (const GpmfDevice &device : parsed.devices) {
            std::map<GpmfKey, std::size_t> occurrences;
            const std::optional<std::size_t> index = deviceIndex(device);
            if (!index) {
                ++m_devicesBeyond;
                continue;
            }
            for (const GpmfStrm &strm : device.streams) {
                if (strm.key == 0) {
                    if (m_headersOnly.size() < kMaxStreams)
                        m_headersOnly.insert({*index, strm.name});
                    continue;
                }
                const std::size_t occurrence = occurrences[strm.key]++;
                takeStream(payload, *index, strm, occurrence);
            }
        }
    }

    std::optional<std::size_t> deviceIndex(const GpmfDevice &device)
    {
        for (std::size_t i = 0; i < m_telemetry.devices.size(); ++i) {
            if (m_telemetry.devices[i].id == device.id) {
                if (m_telemetry.devices[i].name.empty())
                    m_telemetry.devices[i].name = device.name;
                return i;
            }
        }
        if (m_telemetry.devices.size() >= kMaxDevices)
            return std::nullopt;
        m_telemetry.devices.push_back({device.id, device.name, {}});
        return m_telemetry.devices.size() - 1;
    }

    void takeStream(std::size_t payload, std::size_t device, const GpmfStrm &strm, std::size_t occurrence)
    {
        const std::tuple id{device, strm.key, occurrence};
        auto found = m_byId.find(id);
        if (found == m_byId.end()) {
            if (m_gathered.size() >= kMaxStreams) {
                ++m_streamsBeyond;
                return;
            }
            found = m_byId.emplace(id, m_gathered.size()).first;
            GatheredStream &created = m_gathered.emplace_back();
            created.device = device;
            created.stream.key = strm.key;
        }
        GatheredStream &gathered = m_gathered[found->second];
        takeGpsTime(payload, found->second, strm);

        StreamBlock block;
        block.payload = payload;
        block.totalAfter = strm.totalSamples;
        block.stampUs = strm.stampUs;
        block.tickMs = strm.tickMs;
        if (strm.delayS && std::isfinite(*strm.delayS) && std::abs(*strm.delayS) < 3600)
            block.delayS = *strm.delayS;
        for (const GpmfItem &item : strm.data)
            gathered.take(strm, item, m_telemetry.devices[device].name, block);
        if (block.rows == 0)
            ++gathered.emptyPayloads;
        gathered.blocks.push_back(block);
        if (strm.temperatureC && std::isfinite(*strm.temperatureC) && block.rows > 0) {
            gathered.temperatureBlocks.push_back(block);
            gathered.temperatures.push_back(static_cast<float>(*strm.temperatureC));
        }
    }

    void takeGpsTime(std::size_t payload, std::size_t stream, const GpmfStrm &strm)
    {
        std::optional<Nanos> utc = strm.utcNs;
        bool hasFix = strm.gpsFix.value_or(0) >= 2;
        if (!utc && strm.key == gpmfKey("GPS9") && strm.typedefText == "lllllllSS" && !strm.data.empty())
            std::tie(utc, hasFix) = gps9Time(strm);
        if (utc)
            m_gpsTimes.push_back({payload, stream, *utc, hasFix});
    }

    /** Day since 2000, milliseconds of the day and fix of the first row of a GPS9. */
    static std::pair<std::optional<Nanos>, bool> gps9Time(const GpmfStrm &strm)
    {
        constexpr std::size_t kRowBytes = 32, kDayAt = 20, kMillisecondsAt = 24, kFixAt = 30;
        constexpr std::size_t kMillisecondsScale = 6;
        constexpr Nanos kDay2000 = 10957;
        const GpmfItem &item = strm.data.front();
        if (item.rowBytes != kRowBytes || item.data.size() < kRowBytes || strm.scale.size() <= kMillisecondsScale
            || strm.scale[kMillisecondsScale] != 1000)
            return {std::nullopt, false};
        const auto whole = [&](std::size_t at, std::size_t bytes) {
            GpmfItem field = item;
            field.type = bytes == 4 ? 'l' : 'S';
            field.data = item.data.subspan(at, bytes);
            return static_cast<std::int64_t>(gpmfNumbers(field).front());
        };
        const std::int64_t day = whole(kDayAt, 4);
        const std::int64_t milliseconds = whole(kMillisecondsAt, 4);
        if (day <= 0 || day > 36525 || milliseconds < 0 || milliseconds > 86'401'000)
            return {std::nullopt, false};
        return {(kDay2000 + day) * 86400 * kNanosPerSecond + milliseconds * kNanosPerMillisecond, whole(kFixAt, 2) >= 2};
    }

    std::size_t primaryDevice() const
    {
        for (const GpmfKey key : {gpmfKey("ACCL"), gpmfKey("GYRO")}) {
            for (const GatheredStream &gathered : m_gathered) {
                if (gathered.stream.key == key && gathered.reason == Left::loaded)
                    return gathered.device;
            }
        }
        for (const GatheredStream &gathered : m_gathered) {
            if (gathered.reason == Left::loaded)
                return gathered.device;
        }
        return 0;
    }

    void writeTimes()
    {
        std::vector<ClockStream> streams;
        for (const GatheredStream &gathered : m_gathered)
            streams.push_back({gathered.device, gathered.stream.key, gathered.blocks});
        const TelemetryClock clock(m_packets, streams, m_gpsTimes, primaryDevice());
        m_telemetry.containerRate = clock.containerRate();
        m_telemetry.containerOffsetNs = clock.containerOffsetNs();
        m_telemetry.utcOfZeroNs = clock.utcOfZeroNs();
        m_telemetry.notes.insert(m_telemetry.notes.end(), clock.notes().begin(), clock.notes().end());
        std::vector<std::string> assumed;
        for (std::size_t i = 0; i < m_gathered.size(); ++i) {
            GatheredStream &gathered = m_gathered[i];
            if (gathered.reason != Left::loaded)
                continue;
            m_cancel.throwIfCancelled();
            SampleTimes times = clock.timesOf(i);
            gathered.stream.timesNs = std::move(times.timesNs);
            if (times.periodAssumed)
                assumed.push_back(gathered.label());
            addNotes(findingNotes(gathered.label(), times.findings));
            takeTemperature(i, clock);
        }
        if (!assumed.empty() && m_packets.size() == 1) {
            addNote(TelemetrySeverity::warning, "assumed-rate", 1, assumed.size(),
                "A single payload tells no rate: its samples (" + commaList(assumed)
                    + ") were assumed to fill 1.001 s evenly");
        }
    }

    void handOverStreams()
    {
        for (GatheredStream &gathered : m_gathered) {
            if (gathered.reason == Left::loaded)
                m_telemetry.devices[gathered.device].streams.push_back(std::move(gathered.stream));
        }
        for (auto &[device, temperatures] : m_temperatures) {
            for (TelemetryStream &stream : temperatures)
                m_telemetry.devices[device].streams.push_back(std::move(stream));
        }
    }

    /** The sensors' temperature comes once a payload; both sensors usually say the same. */
    void takeTemperature(std::size_t index, const TelemetryClock &clock)
    {
        const GatheredStream &gathered = m_gathered[index];
        if (gathered.temperatures.empty())
            return;
        std::vector<TelemetryStream> &known = m_temperatures[gathered.device];
        const bool isRepeated = std::any_of(known.begin(), known.end(),
            [&](const TelemetryStream &stream) { return stream.columns.front() == gathered.temperatures; });
        if (isRepeated)
            return;
        TelemetryStream stream;
        stream.key = gpmfKey("TMPC");
        stream.role = TelemetryRole::temperature;
        stream.name = known.empty() ? "" : gathered.label();
        stream.unit = "°C";
        stream.columnNames = {"value"};
        stream.columns = {gathered.temperatures};
        stream.timesNs = clock.timesOfSingles(index, gathered.temperatureBlocks).timesNs;
        known.push_back(std::move(stream));
    }

    void noteStreams()
    {
        std::map<std::pair<std::size_t, Left>, std::set<std::string>> leftOut;
        for (const GatheredStream &gathered : m_gathered) {
            if (gathered.reason != Left::loaded) {
                const std::string rows = gathered.rowsLeftOut > 0 ? " (" + plural(gathered.rowsLeftOut, "row", "rows") + ")" : "";
                leftOut[{gathered.device, gathered.reason}].insert(gathered.label() + rows);
                continue;
            }
            addNotes(loadedStreamNotes(gathered));
        }
        for (const auto &[device, name] : m_headersOnly)
            leftOut[{device, Left::noSamples}].insert(name.empty() ? "a stream without a name" : '"' + name + '"');
        for (const auto &[where, keys] : leftOut) {
            const auto &[device, reason] = where;
            m_telemetry.notes.push_back(
                leftOutNote(deviceLabel(device), reason, std::vector<std::string>(keys.begin(), keys.end())));
        }
        if (m_streamsBeyond > 0)
            addNote(TelemetrySeverity::warning, "left-out", 0, m_streamsBeyond,
                "Left out more streams than one recording can hold");
        if (m_devicesBeyond > 0)
            addNote(TelemetrySeverity::warning, "left-out", 0, m_devicesBeyond, "Left out more devices than a recording can hold");
    }

    std::string deviceLabel(std::size_t device) const
    {
        const std::string &name = m_telemetry.devices[device].name;
        return name.empty() ? "Device " + std::to_string(device + 1) : name;
    }

    std::span<const TelemetryPacket> m_packets;
    CancelToken m_cancel;
    Telemetry m_telemetry;
    std::deque<GatheredStream> m_gathered;
    std::map<std::tuple<std::size_t, GpmfKey, std::size_t>, std::size_t> m_byId;
    std::set<std::pair<std::size_t, std::string>> m_headersOnly;
    std::map<std::size_t, std::vector<TelemetryStream>> m_temperatures;
    std::vector<GpsTime> m_gpsTimes;
    std::size_t m_faultyPayloads = 0;
    std::size_t m_streamsBeyond = 0;
    std::size_t m_devicesBeyond = 0;
};

} // namespace

Telemetry readTelemetry(std::span<const TelemetryPacket> packets, const CancelToken &cancel)
{
    return Assembler(packets, cancel).assemble();
}

} // namespace kino
