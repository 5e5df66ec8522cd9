#include "core/media/gpmf/telemetry.h"

#include "core/media/gpmf/clock.h"

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
constexpr std::size_t kMaxColumns = 64;
constexpr std::size_t kMostByteColumns = 4;
constexpr std::size_t kMaxFaultNotes = 20;

constexpr GpmfKey kAccelerometer = gpmfKey("ACCL");
constexpr GpmfKey kGyroscope = gpmfKey("GYRO");
constexpr GpmfKey kMagnetometer = gpmfKey("MAGN");
constexpr GpmfKey kGravity = gpmfKey("GRAV");
constexpr GpmfKey kCameraOrientation = gpmfKey("CORI");
constexpr GpmfKey kImageOrientation = gpmfKey("IORI");

enum class Left { loaded, noSamples, gps, complex, nested, text, undescribed, badShape, tooMany };

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
    case Left::tooMany:
        return "more streams than one recording can hold";
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
    case Left::tooMany:
    case Left::loaded:
        break;
    }
    return "left-out";
}

/** A stream while it is gathered. */
struct Gathered {
    std::size_t device = 0;
    TelemetryStream stream;
    std::size_t fileColumns = 0;
    std::vector<StreamBlock> blocks;
    std::vector<StreamBlock> temperatureBlocks;
    std::vector<float> temperatures;
    Left reason = Left::noSamples;
    std::size_t rowsLeftOut = 0;
    std::size_t emptyPayloads = 0;
    std::size_t badScalePayloads = 0;
    std::size_t otherShapePayloads = 0;
    std::size_t axesChanges = 0;
    std::size_t droppedColumns = 0;
};

bool isGpsKey(GpmfKey key)
{
    const std::string text = gpmfKeyText(key);
    return text.starts_with("GPS") || text == "GPRI" || text == "GLPI" || text == "BPOS";
}

/** GoPro reserves keys in capitals for itself; others are of third parties' sensors. */
bool isThirdPartyKey(GpmfKey key)
{
    const std::string text = gpmfKeyText(key);
    return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::string joinedUnit(const std::vector<std::string> &units)
{
    if (units.empty())
        return {};
    const bool areEqual = std::all_of(units.begin(), units.end(), [&](const std::string &u) { return u == units.front(); });
    if (areEqual)
        return units.front();
    std::string joined;
    for (const std::string &unit : units)
        joined += (joined.empty() ? "" : ", ") + unit;
    return joined;
}

bool isOneOf(std::string_view text, std::initializer_list<std::string_view> texts)
{
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

TelemetryRole roleOf(const GpmfStrm &strm, std::size_t columns, const std::string &unit)
{
    if (strm.key == kAccelerometer && columns == 3)
        return TelemetryRole::accelerometer;
    if (strm.key == kGyroscope && columns == 3)
        return TelemetryRole::gyroscope;
    if (strm.key == kMagnetometer && columns >= 3)
        return TelemetryRole::magnetometer;
    if (strm.key == kGravity && columns == 3)
        return TelemetryRole::gravity;
    if ((strm.key == kCameraOrientation || strm.key == kImageOrientation) && columns == 4)
        return TelemetryRole::orientation;
    // Sensors of third parties have keys of their own choice: three axes in a unit that only one kind has say what they are.
    if (columns == 3 && isOneOf(unit, {"m/s²", "m/s^2", "m/s2", "g"}))
        return TelemetryRole::accelerometer;
    if (columns == 3 && isOneOf(unit, {"rad/s", "deg/s", "°/s", "dps"}))
        return TelemetryRole::gyroscope;
    if (columns == 3 && isOneOf(unit, {"µT", "uT", "mT", "T"}))
        return TelemetryRole::magnetometer;
    return TelemetryRole::other;
}

std::vector<std::string> namesOf(TelemetryRole role, std::size_t columns)
{
    if (role == TelemetryRole::orientation)
        return {"w", "x", "y", "z"};
    if (role != TelemetryRole::other)
        return {"x", "y", "z"};
    if (columns == 1)
        return {"value"};
    std::vector<std::string> names;
    for (std::size_t i = 0; i < columns; ++i)
        names.push_back(std::to_string(i + 1));
    return names;
}

/** Where x, y, z (w, x, y, z) lie among the columns of GRAV, CORI and IORI, which have x, z, y: see gopro_reader.h. */
std::vector<std::size_t> columnOrder(GpmfKey key, std::size_t kept)
{
    if (key == kGravity && kept == 3)
        return {0, 2, 1};
    if ((key == kCameraOrientation || key == kImageOrientation) && kept == 4)
        return {0, 1, 3, 2};
    std::vector<std::size_t> order(kept);
    for (std::size_t i = 0; i < kept; ++i)
        order[i] = i;
    return order;
}

std::string quotedList(const std::vector<std::string> &words)
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
        m_telemetry.notes.push_back(
            {severity, std::move(code), payload, static_cast<std::int64_t>(count), std::move(message)});
    }

    void takePayload(std::size_t payload, const GpmfPayload &parsed)
    {
        if (!parsed.faults.empty() && ++m_faultyPayloads <= kMaxFaultNotes) {
            const std::size_t further = parsed.faults.size() - 1 + parsed.furtherFaults;
            addNote(TelemetrySeverity::warning, "corrupt-payload", payload + 1, 1 + further,
                "Payload " + std::to_string(payload + 1) + " is damaged at its byte "
                    + std::to_string(parsed.faults.front().offset) + ": " + parsed.faults.front().message
                    + (further > 0 ? " (and " + plural(further, "fault", "faults") + " more)" : "")
                    + "; what is sound in it was kept");
        }
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
            Gathered &created = m_gathered.emplace_back();
            created.device = device;
            created.stream.key = strm.key;
        }
        Gathered &gathered = m_gathered[found->second];
        takeGpsTime(payload, found->second, strm);

        StreamBlock block;
        block.payload = payload;
        block.totalAfter = strm.totalSamples;
        block.stampUs = strm.stampUs;
        block.tickMs = strm.tickMs;
        if (strm.delayS && std::isfinite(*strm.delayS) && std::abs(*strm.delayS) < 3600)
            block.delayS = *strm.delayS;
        for (const GpmfItem &item : strm.data)
            takeSamples(strm, item, gathered, block);
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

    static Left classify(const GpmfStrm &strm, const GpmfItem &item)
    {
        if (isGpsKey(strm.key))
            return Left::gps;
        if (strm.nestedData || item.isNested())
            return Left::nested;
        if (item.isComplex())
            return Left::complex;
        const std::size_t bytes = gpmfNumberBytes(item.type);
        if (bytes == 0)
            return Left::text;
        const bool isKnown = strm.key == kAccelerometer || strm.key == kGyroscope || strm.key == kMagnetometer
            || strm.key == kGravity || strm.key == kCameraOrientation || strm.key == kImageOrientation;
        // Keys of third parties are loaded undescribed, but rows of many bytes are their packets: SENSORB6's acc1 holds the
        // digits of a counter, not an acceleration.
        const bool isPacket = bytes == 1 && item.rowBytes > kMostByteColumns;
        if (!isKnown && strm.name.empty() && strm.units.empty() && (isPacket || !isThirdPartyKey(strm.key)))
            return Left::undescribed;
        if (item.rows > 0 && (item.rowBytes == 0 || item.rowBytes % bytes != 0 || item.rowBytes / bytes > kMaxColumns))
            return Left::badShape;
        return Left::loaded;
    }

    void takeSamples(const GpmfStrm &strm, const GpmfItem &item, Gathered &gathered, StreamBlock &block)
    {
        const Left reason = classify(strm, item);
        if (reason != Left::loaded) {
            gathered.rowsLeftOut += item.rows;
            if (item.rows > 0 && gathered.reason == Left::noSamples)
                gathered.reason = reason;
            return;
        }
        if (item.rows == 0)
            return;
        const std::size_t columns = item.rowBytes / gpmfNumberBytes(item.type);
        if (gathered.stream.columns.empty())
            describe(strm, columns, gathered);
        if (columns != gathered.fileColumns) {
            ++gathered.otherShapePayloads;
            return;
        }
        const std::optional<std::vector<double>> scale = divisors(strm, columns);
        if (!scale) {
            ++gathered.badScalePayloads;
            return;
        }
        gathered.reason = Left::loaded;
        if (gathered.stream.axes) {
            const GpmfAxes axes = findGpmfAxes(strm, m_telemetry.devices[gathered.device].name);
            if (!(axes == *gathered.stream.axes)) {
                ++gathered.axesChanges;
                appendMapped(gpmfNumbers(item), *scale, axes, gathered);
            } else {
                appendMapped(gpmfNumbers(item), *scale, *gathered.stream.axes, gathered);
            }
        } else {
            append(gpmfNumbers(item), *scale, gathered);
        }
        block.rows += item.rows;
    }

    void describe(const GpmfStrm &strm, std::size_t columns, Gathered &gathered) const
    {
        TelemetryStream &stream = gathered.stream;
        stream.name = strm.name;
        stream.unit = joinedUnit(strm.units);
        stream.role = roleOf(strm, columns, stream.unit);
        gathered.fileColumns = columns;
        const std::size_t kept = stream.role == TelemetryRole::magnetometer ? 3 : columns;
        gathered.droppedColumns = columns - kept;
        stream.columnNames = namesOf(stream.role, kept);
        stream.columns.resize(kept);
        if (stream.role == TelemetryRole::accelerometer || stream.role == TelemetryRole::gyroscope)
            stream.axes = findGpmfAxes(strm, m_telemetry.devices[gathered.device].name);
    }

    /** One divisor per column; none where SCAL is 0, not finite or of another number of values. */
    static std::optional<std::vector<double>> divisors(const GpmfStrm &strm, std::size_t columns)
    {
        std::vector<double> scale = strm.scale;
        if (scale.empty())
            scale.push_back(1);
        if (scale.size() == 1)
            scale.resize(columns, scale.front());
        const bool isSound = scale.size() == columns
            && std::all_of(scale.begin(), scale.end(), [](double s) { return std::isfinite(s) && s != 0; });
        return isSound ? std::optional(std::move(scale)) : std::nullopt;
    }

    static float toSample(double value)
    {
        const auto sample = static_cast<float>(value);
        return std::isfinite(sample) ? sample : std::numeric_limits<float>::quiet_NaN();
    }

    static void append(const std::vector<double> &numbers, const std::vector<double> &scale, Gathered &gathered)
    {
        const std::size_t columns = gathered.fileColumns;
        const std::vector<std::size_t> order = columnOrder(gathered.stream.key, gathered.stream.columns.size());
        for (std::size_t row = 0; row + columns <= numbers.size(); row += columns) {
            for (std::size_t i = 0; i < order.size(); ++i)
                gathered.stream.columns[i].push_back(toSample(numbers[row + order[i]] / scale[order[i]]));
        }
    }

    static void appendMapped(const std::vector<double> &numbers, const std::vector<double> &scale, const GpmfAxes &axes,
        Gathered &gathered)
    {
        for (std::size_t row = 0; row + 3 <= numbers.size(); row += 3) {
            for (std::size_t axis = 0; axis < 3; ++axis) {
                double value = 0;
                for (std::size_t column = 0; column < 3; ++column) {
                    const double factor = axes.matrix[axis * 3 + column];
                    if (factor != 0) // a NaN of another column is not this axis's
                        value += factor * numbers[row + column] / scale[column];
                }
                gathered.stream.columns[axis].push_back(toSample(value));
            }
        }
    }

    std::size_t primaryDevice() const
    {
        for (const GpmfKey key : {kAccelerometer, kGyroscope}) {
            for (const Gathered &gathered : m_gathered) {
                if (gathered.stream.key == key && gathered.reason == Left::loaded)
                    return gathered.device;
            }
        }
        for (const Gathered &gathered : m_gathered) {
            if (gathered.reason == Left::loaded)
                return gathered.device;
        }
        return 0;
    }

    void writeTimes()
    {
        std::vector<ClockStream> streams;
        for (const Gathered &gathered : m_gathered)
            streams.push_back({gathered.device, gathered.stream.key, gathered.blocks});
        const TelemetryClock clock(m_packets, streams, m_gpsTimes, primaryDevice());
        m_telemetry.containerRate = clock.containerRate();
        m_telemetry.containerOffsetNs = clock.containerOffsetNs();
        m_telemetry.utcOfZeroNs = clock.utcOfZeroNs();
        m_telemetry.notes.insert(m_telemetry.notes.end(), clock.notes().begin(), clock.notes().end());
        std::vector<std::string> assumed;
        for (std::size_t i = 0; i < m_gathered.size(); ++i) {
            Gathered &gathered = m_gathered[i];
            if (gathered.reason != Left::loaded)
                continue;
            m_cancel.throwIfCancelled();
            SampleTimes times = clock.timesOf(i);
            gathered.stream.timesNs = std::move(times.timesNs);
            if (times.periodAssumed)
                assumed.push_back(label(gathered));
            noteFindings(gathered, times.findings);
            takeTemperature(i, clock);
        }
        if (!assumed.empty() && m_packets.size() == 1) {
            addNote(TelemetrySeverity::warning, "assumed-rate", 1, assumed.size(),
                "A single payload tells no rate: its samples (" + quotedList(assumed)
                    + ") were assumed to fill 1.001 s evenly");
        }
    }

    void handOverStreams()
    {
        for (Gathered &gathered : m_gathered) {
            if (gathered.reason == Left::loaded)
                m_telemetry.devices[gathered.device].streams.push_back(std::move(gathered.stream));
        }
        for (auto &[device, temperatures] : m_temperatures) {
            for (TelemetryStream &stream : temperatures)
                m_telemetry.devices[device].streams.push_back(std::move(stream));
        }
    }

    static std::string label(const Gathered &gathered) { return gpmfKeyText(gathered.stream.key); }

    void noteFindings(const Gathered &gathered, const std::vector<TimingFinding> &findings)
    {
        constexpr std::size_t kListed = 5;
        std::map<std::string, std::size_t> seen;
        for (const TimingFinding &finding : findings) {
            if (++seen[finding.code] > kListed)
                continue;
            const std::string where = " before payload " + std::to_string(finding.block + 1);
            const auto milliseconds = std::to_string(std::llround(std::abs(finding.seconds) * 1000)) + " ms";
            if (finding.code == "missing-samples") {
                addNote(TelemetrySeverity::warning, finding.code, finding.block + 1,
                    static_cast<std::size_t>(finding.count),
                    label(gathered) + ": " + std::to_string(finding.count) + " samples are missing" + where + " ("
                        + milliseconds + " by the file's own count)");
            } else if (finding.code == "sample-count") {
                addNote(TelemetrySeverity::warning, finding.code, finding.block + 1, 1,
                    label(gathered) + ": the file's own count of samples (TSMP) steps by "
                        + std::to_string(finding.count) + " more than there are" + where
                        + ", which the times contradict; samples were counted instead");
            } else if (finding.code == "clock-jump") {
                addNote(TelemetrySeverity::warning, finding.code, finding.block + 1, 1,
                    label(gathered) + ": no samples for " + milliseconds + where);
            } else {
                addNote(TelemetrySeverity::warning, finding.code, finding.block + 1, 1,
                    label(gathered) + ": the clock goes back by " + milliseconds + where
                        + "; what follows was placed right after what came before");
            }
        }
        for (const auto &[code, count] : seen) {
            if (count > kListed) {
                addNote(TelemetrySeverity::warning, code, 0, count - kListed,
                    label(gathered) + ": the same " + std::to_string(count - kListed) + " times more");
            }
        }
    }

    /** The sensors' temperature comes once a payload; both sensors usually say the same. */
    void takeTemperature(std::size_t index, const TelemetryClock &clock)
    {
        const Gathered &gathered = m_gathered[index];
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
        stream.name = known.empty() ? "" : label(gathered);
        stream.unit = "°C";
        stream.columnNames = {"value"};
        stream.columns = {gathered.temperatures};
        stream.timesNs = clock.timesOfSingles(index, gathered.temperatureBlocks).timesNs;
        known.push_back(std::move(stream));
    }

    void noteStreams()
    {
        std::map<std::pair<std::size_t, Left>, std::set<std::string>> leftOut;
        for (const Gathered &gathered : m_gathered) {
            if (gathered.reason != Left::loaded) {
                const std::string rows = gathered.rowsLeftOut > 0 ? " (" + plural(gathered.rowsLeftOut, "row", "rows") + ")" : "";
                leftOut[{gathered.device, gathered.reason}].insert(label(gathered) + rows);
                continue;
            }
            noteLoaded(gathered);
        }
        for (const auto &[device, name] : m_headersOnly)
            leftOut[{device, Left::noSamples}].insert(name.empty() ? "a stream without a name" : '"' + name + '"');
        for (const auto &[where, keys] : leftOut) {
            const auto &[device, reason] = where;
            addNote(TelemetrySeverity::info, std::string(reasonCode(reason)), 0, keys.size(),
                deviceLabel(device) + ": left out " + plural(keys.size(), "stream of ", "streams of ")
                    + std::string(reasonText(reason)) + ": "
                    + quotedList(std::vector<std::string>(keys.begin(), keys.end())));
        }
        if (m_streamsBeyond > 0)
            addNote(TelemetrySeverity::warning, "left-out", 0, m_streamsBeyond,
                std::string("Left out ") + std::string(reasonText(Left::tooMany)));
        if (m_devicesBeyond > 0)
            addNote(TelemetrySeverity::warning, "left-out", 0, m_devicesBeyond, "Left out more devices than a recording can hold");
    }

    std::string deviceLabel(std::size_t device) const
    {
        const std::string &name = m_telemetry.devices[device].name;
        return name.empty() ? "Device " + std::to_string(device + 1) : name;
    }

    void noteLoaded(const Gathered &gathered)
    {
        const std::string name = label(gathered);
        if (gathered.stream.axes) {
            const GpmfAxes &axes = *gathered.stream.axes;
            addNote(axes.source == GpmfAxesSource::none ? TelemetrySeverity::warning : TelemetrySeverity::info, "axes", 0, 1,
                name + ": " + axes.formula + ", from " + axes.evidence);
            if (!axes.complaint.empty())
                addNote(TelemetrySeverity::warning, "axes", 0, 1, name + ": " + axes.complaint);
            if (!axes.rightHanded)
                addNote(TelemetrySeverity::warning, "axes", 0, 1, name + ": its axes form a left-handed frame");
        } else if (gathered.stream.role == TelemetryRole::magnetometer) {
            addNote(TelemetrySeverity::info, "axes", 0, 1,
                name + ": the file does not say how its axes lie on the camera; columns are kept in the file's order");
        } else if (gathered.stream.role == TelemetryRole::gravity || gathered.stream.role == TelemetryRole::orientation) {
            addNote(TelemetrySeverity::info, "axes", 0, 1,
                name + ": the file's order x, z, y became x, y, z, the accelerometer's frame");
        }
        if (gathered.droppedColumns > 0) {
            addNote(TelemetrySeverity::info, "extra-channel", 0, gathered.droppedColumns,
                name + ": its columns after the third are no component of the field and were left out");
        }
        if (gathered.emptyPayloads > 0) {
            addNote(TelemetrySeverity::info, "no-samples", 0, gathered.emptyPayloads,
                name + ": " + plural(gathered.emptyPayloads, "payload has", "payloads have") + " its header and no samples");
        }
        if (gathered.badScalePayloads > 0) {
            addNote(TelemetrySeverity::error, "bad-scale", 0, gathered.badScalePayloads,
                name + ": " + plural(gathered.badScalePayloads, "payload has", "payloads have")
                    + " a scale (SCAL) of 0, not a number, or not one per column; their samples were left out");
        }
        if (gathered.otherShapePayloads > 0) {
            addNote(TelemetrySeverity::warning, "bad-shape", 0, gathered.otherShapePayloads,
                name + ": " + plural(gathered.otherShapePayloads, "payload has", "payloads have")
                    + " another number of columns; their samples were left out");
        }
        if (gathered.axesChanges > 0) {
            addNote(TelemetrySeverity::info, "axes", 0, gathered.axesChanges,
                name + ": " + plural(gathered.axesChanges, "payload states", "payloads state")
                    + " other axes than the first; each was turned by its own");
        }
        const bool isDelayed = std::any_of(
            gathered.blocks.begin(), gathered.blocks.end(), [](const StreamBlock &block) { return block.delayS.value_or(0) != 0; });
        if (isDelayed)
            addNote(TelemetrySeverity::info, "delay", 0, 1, name + ": its stated delay (TIMO) was taken off its times");
    }

    std::span<const TelemetryPacket> m_packets;
    CancelToken m_cancel;
    Telemetry m_telemetry;
    std::deque<Gathered> m_gathered;
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
