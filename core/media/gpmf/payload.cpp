#include "core/media/gpmf/payload.h"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace kino {
namespace {

// A payload of a second has some 30 streams of 2 devices; a header of 8 bytes must not buy kilobytes without end.
constexpr std::size_t kMaxDevices = 64;
constexpr std::size_t kMaxStreams = 512;
constexpr std::size_t kMaxFaults = 16;
constexpr std::size_t kMaxListValues = 256;
constexpr std::size_t kHeaderBytes = 8; // of an item: key, type, row size, rows

constexpr GpmfKey kDevice = gpmfKey("DEVC");
constexpr GpmfKey kStream = gpmfKey("STRM");

std::uint64_t deviceId(const GpmfItem &item)
{
    std::uint64_t id = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(item.data.size(), 8); ++i)
        id = id << 8 | std::to_integer<std::uint64_t>(item.data[i]);
    return id;
}

class PayloadParser {
public:
    explicit PayloadParser(std::span<const std::byte> bytes) : m_bytes(bytes) {}

    GpmfPayload parse()
    {
        std::size_t position = 0;
        while (position < m_bytes.size()) {
            GpmfCursor cursor(m_bytes, position);
            const std::optional<GpmfItem> item = cursor.next();
            if (!item && cursor.stop() == GpmfCursor::Stop::end)
                break;
            if (item && item->key == kDevice && item->isNested()) {
                position = parseDevice(*item, cursor.position());
                continue;
            }
            if (item && !item->cut) {
                addFault(position, "item " + gpmfKeyText(item->key) + " lies outside any device");
                position = cursor.position();
                continue;
            }
            addFault(position, "no telemetry item can begin here");
            position = findDevice(position + 1);
        }
        return std::move(m_payload);
    }

private:
    void addFault(std::size_t offset, std::string message)
    {
        if (m_payload.faults.size() < kMaxFaults)
            m_payload.faults.push_back({offset, std::move(message)});
        else
            ++m_payload.furtherFaults;
    }

    std::size_t findDevice(std::size_t from) const
    {
        constexpr std::byte kText[] = {std::byte{'D'}, std::byte{'E'}, std::byte{'V'}, std::byte{'C'}};
        const auto found = std::search(m_bytes.begin() + static_cast<std::ptrdiff_t>(from), m_bytes.end(),
            std::begin(kText), std::end(kText));
        return static_cast<std::size_t>(found - m_bytes.begin());
    }

    void addOverrun(const GpmfItem &item)
    {
        addFault(item.offset, "item " + gpmfKeyText(item.key) + " says " + std::to_string(item.rowBytes * item.rows)
                + " bytes where " + std::to_string(item.data.size()) + " are left");
    }

    /**
     * Calls take(item, its position, the position behind it) for what a container holds; it gives where to go on, or nothing
     * to stop. Calls stopped(position) where no item can begin.
     */
    template <class Stopped, class Take>
    void walk(const GpmfItem &container, const Stopped &stopped, const Take &take)
    {
        const std::size_t begin = container.offset + kHeaderBytes;
        const std::size_t end = begin + container.data.size();
        std::optional<std::size_t> position = begin;
        while (position && *position < end) {
            GpmfCursor cursor(m_bytes.first(end), *position);
            const std::optional<GpmfItem> item = cursor.next();
            if (!item) {
                if (cursor.stop() != GpmfCursor::Stop::end)
                    stopped(*position);
                return;
            }
            position = take(*item, *position, cursor.position());
        }
    }

    /** Parses what a DEVC holds and gives where to go on: behind it, or where the next device begins inside it. */
    std::size_t parseDevice(const GpmfItem &container, std::size_t behind)
    {
        if (container.cut)
            addOverrun(container);
        if (m_payload.devices.size() >= kMaxDevices) {
            addFault(container.offset, "more devices than a payload can have");
            return behind;
        }
        GpmfDevice device;
        const auto stopped = [&](std::size_t position) {
            addFault(position, "no item can begin here inside a device");
            behind = std::min(behind, findDevice(position + 1));
        };
        walk(container, stopped, [&](const GpmfItem &item, std::size_t position, std::size_t next) -> std::optional<std::size_t> {
            if (item.key == kDevice && item.isNested()) {
                addFault(position, "a device begins inside another, whose size is wrong");
                behind = position;
                return std::nullopt;
            }
            if (item.key == kStream && item.isNested())
                return parseStream(item, next, device);
            if (item.cut) {
                addOverrun(item);
                behind = std::min(behind, findDevice(position + 1));
                return std::nullopt;
            }
            if (item.key == gpmfKey("DVID"))
                device.id = deviceId(item);
            else if (item.key == gpmfKey("DVNM"))
                device.name = gpmfText(item);
            return next;
        });
        m_payload.devices.push_back(std::move(device));
        return behind;
    }

    std::size_t parseStream(const GpmfItem &container, std::size_t behind, GpmfDevice &device)
    {
        if (container.cut)
            addOverrun(container);
        if (device.streams.size() >= kMaxStreams) {
            addFault(container.offset, "more streams than a device can have");
            return behind;
        }
        GpmfStrm stream;
        const auto stopped = [&](std::size_t position) {
            addFault(position, "no item can begin here inside stream " + streamLabel(stream));
        };
        walk(container, stopped, [&](const GpmfItem &item, std::size_t position, std::size_t next) -> std::optional<std::size_t> {
            if (item.isNested() && (item.key == kStream || item.key == kDevice)) {
                addFault(position, "stream " + streamLabel(stream) + " reaches into the next one: its size is wrong");
                behind = position;
                return std::nullopt;
            }
            if (item.cut) {
                addOverrun(item);
                return std::nullopt;
            }
            if (!takeDescription(item, stream))
                takeData(item, stream);
            return next;
        });
        device.streams.push_back(std::move(stream));
        return behind;
    }

    static std::string streamLabel(const GpmfStrm &stream)
    {
        if (stream.key != 0)
            return gpmfKeyText(stream.key);
        return stream.name.empty() ? "without a name" : '"' + stream.name + '"';
    }

    static std::optional<double> firstNumber(const GpmfItem &item)
    {
        const std::size_t bytes = gpmfNumberBytes(item.type);
        if (bytes == 0 || item.data.size() < bytes)
            return std::nullopt;
        GpmfItem first = item;
        first.data = item.data.first(bytes);
        return gpmfNumbers(first).front();
    }

    static std::vector<double> shortList(const GpmfItem &item)
    {
        GpmfItem list = item;
        const std::size_t bytes = gpmfNumberBytes(item.type);
        list.data = item.data.first(std::min(item.data.size(), bytes * kMaxListValues));
        return gpmfNumbers(list);
    }

    /** Whether the item describes the samples that follow instead of being them. */
    static bool takeDescription(const GpmfItem &item, GpmfStrm &stream)
    {
        switch (item.key) {
        case gpmfKey("STNM"):
            stream.name = gpmfText(item);
            return true;
        case gpmfKey("SIUN"):
        case gpmfKey("UNIT"):
            if (item.data.size() <= 4 * kMaxListValues)
                stream.units = gpmfTexts(item);
            return true;
        case gpmfKey("SCAL"):
            stream.scale = shortList(item);
            return true;
        case gpmfKey("TYPE"):
            stream.typedefText = gpmfText(item);
            return true;
        case gpmfKey("TSMP"):
            stream.totalSamples = gpmfUnsigned(item);
            return true;
        case gpmfKey("STMP"):
            stream.stampUs = gpmfUnsigned(item);
            return true;
        case gpmfKey("TICK"):
            stream.tickMs = gpmfUnsigned(item);
            return true;
        case gpmfKey("EMPT"):
            stream.emptyPayloads = gpmfUnsigned(item);
            return true;
        case gpmfKey("TMPC"):
            stream.temperatureC = firstNumber(item);
            return true;
        case gpmfKey("TIMO"):
            stream.delayS = firstNumber(item);
            return true;
        case gpmfKey("ORIN"):
            stream.orientationIn = gpmfText(item);
            return true;
        case gpmfKey("ORIO"):
            stream.orientationOut = gpmfText(item);
            return true;
        case gpmfKey("MTRX"):
            stream.matrix = shortList(item);
            return true;
        case gpmfKey("GPSU"):
            stream.utcNs = parseGpmfUtc(gpmfText(item));
            return true;
        case gpmfKey("GPSF"):
            stream.gpsFix = gpmfUnsigned(item);
            return true;
        case gpmfKey("GPSP"):
        case gpmfKey("GPSA"):
        case gpmfKey("RMRK"):
        case gpmfKey("TOCK"):
        case gpmfKey("VPTS"):
        case gpmfKey("DVID"):
        case gpmfKey("DVNM"):
            return true;
        default:
            return false;
        }
    }

    /** The samples are the last item of a stream, so a later key replaces an earlier one that nobody knows. */
    static void takeData(const GpmfItem &item, GpmfStrm &stream)
    {
        if (item.key != stream.key) {
            stream.key = item.key;
            stream.data.clear();
            stream.nestedData = false;
        }
        stream.nestedData = stream.nestedData || item.isNested();
        stream.data.push_back(item);
    }

    std::span<const std::byte> m_bytes;
    GpmfPayload m_payload;
};

/** The id in the first items of a device, where there is one. */
std::optional<std::uint64_t> peekDeviceId(std::span<const std::byte> content)
{
    GpmfCursor cursor(content);
    for (int i = 0; i < 3; ++i) {
        const std::optional<GpmfItem> item = cursor.next();
        if (!item || item->cut)
            return std::nullopt;
        if (item->key == gpmfKey("DVID"))
            return deviceId(*item);
    }
    return std::nullopt;
}

} // namespace

GpmfPayload parseGpmfPayload(std::span<const std::byte> bytes) { return PayloadParser(bytes).parse(); }

std::vector<std::span<const std::byte>> splitGpmfFile(std::span<const std::byte> bytes)
{
    constexpr std::string_view kDeviceText = "DEVC";
    const std::string_view text(reinterpret_cast<const char *>(bytes.data()), bytes.size());
    std::vector<std::size_t> starts;
    std::vector<std::uint64_t> ids; // of the payload that is being gathered
    std::size_t position = 0;
    while (position < bytes.size()) {
        const std::size_t found = text.find(kDeviceText, position);
        if (found == std::string_view::npos)
            break;
        GpmfCursor cursor(bytes, found);
        const std::optional<GpmfItem> item = cursor.next();
        if (!item || !item->isNested()) {
            position = found + 1;
            continue;
        }
        const std::uint64_t id = peekDeviceId(item->data).value_or(0);
        const bool isKnown = std::find(ids.begin(), ids.end(), id) != ids.end();
        if (starts.empty() || isKnown || ids.size() >= kMaxDevices) {
            starts.push_back(found);
            ids.clear();
        }
        ids.push_back(id);
        // A size that lies must not hide the devices behind it: what a DEVC holds is searched for a further DEVC, which
        // no sound one has. The next search begins inside for that reason.
        const std::size_t inside = text.substr(found + kHeaderBytes, item->data.size()).find(kDeviceText);
        position = inside == std::string_view::npos ? cursor.position() : found + kHeaderBytes + inside;
    }
    std::vector<std::span<const std::byte>> payloads;
    for (std::size_t i = 0; i < starts.size(); ++i) {
        const std::size_t begin = i == 0 ? 0 : starts[i];
        const std::size_t end = i + 1 < starts.size() ? starts[i + 1] : bytes.size();
        payloads.push_back(bytes.subspan(begin, end - begin));
    }
    return payloads;
}

std::string gpmfModelName(std::span<const std::byte> settings)
{
    GpmfCursor devices(settings);
    while (const std::optional<GpmfItem> device = devices.next()) {
        if (!device->isNested())
            continue;
        GpmfCursor items(device->data);
        while (const std::optional<GpmfItem> item = items.next()) {
            if (item->key == gpmfKey("MINF") && item->type == 'c' && !item->cut)
                return gpmfText(*item);
        }
    }
    return {};
}

std::optional<std::int64_t> parseGpmfUtc(std::string_view text)
{
    constexpr std::size_t kSecondsEnd = 12;
    if (text.size() < kSecondsEnd)
        return std::nullopt;
    const auto field = [&](std::size_t at, std::size_t length) -> std::optional<int> {
        int value = 0;
        const char *end = text.data() + at + length;
        const auto [stopped, error] = std::from_chars(text.data() + at, end, value);
        return error == std::errc() && stopped == end && value >= 0 ? std::optional(value) : std::nullopt;
    };
    const auto year = field(0, 2), month = field(2, 2), day = field(4, 2);
    const auto hour = field(6, 2), minute = field(8, 2), second = field(10, 2);
    if (!year || !month || !day || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
        return std::nullopt;
    int millisecond = 0;
    if (text.size() >= kSecondsEnd + 4 && text[kSecondsEnd] == '.') {
        const auto fraction = field(kSecondsEnd + 1, 3);
        if (!fraction)
            return std::nullopt;
        millisecond = *fraction;
    }
    const std::chrono::year_month_day date{std::chrono::year{2000 + *year},
        std::chrono::month{static_cast<unsigned>(*month)}, std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok())
        return std::nullopt;
    const std::chrono::sys_time<std::chrono::nanoseconds> instant = std::chrono::sys_days{date}
        + std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second}
        + std::chrono::milliseconds{millisecond};
    return instant.time_since_epoch().count();
}

} // namespace kino
