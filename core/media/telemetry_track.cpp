#include "core/media/telemetry_track.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/media/ffmpeg_input.h"
#include "core/media/mp4_layout.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <string_view>

namespace kino {
namespace {

constexpr std::size_t kMostBoxes = 100'000;
constexpr std::size_t kLargestSettings = std::size_t{4} << 20;
// A GPMF item holds 16.7 MB at most; payloads of a second are some kilobytes.
constexpr int kLargestSample = 64 << 20;
// Times beyond (146 years) are damage: they would overflow when clocks are mapped.
constexpr Nanos kLatestTime = Nanos{1} << 62;
constexpr Nanos kNoTime = std::numeric_limits<Nanos>::min();

struct Box {
    std::string_view type;
    std::span<const std::byte> content;
};

std::uint64_t bigEndian(std::span<const std::byte> bytes, std::size_t offset, std::size_t count)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
        value = value << 8 | std::to_integer<std::uint64_t>(bytes[offset + i]);
    return value;
}

/** Calls `visit` for each box on one level until it says stop (false). */
void forEachBox(std::span<const std::byte> bytes, std::size_t &budget, const std::function<bool(const Box &)> &visit)
{
    std::size_t position = 0;
    while (bytes.size() - position >= 8 && budget > 0) {
        --budget;
        std::uint64_t size = bigEndian(bytes, position, 4);
        std::size_t header = 8;
        if (size == 1) {
            if (bytes.size() - position < 16)
                return;
            size = bigEndian(bytes, position + 8, 8);
            header = 16;
        } else if (size == 0) {
            size = bytes.size() - position;
        }
        if (size < header || size > bytes.size() - position)
            return;
        const std::string_view type(reinterpret_cast<const char *>(bytes.data() + position + 4), 4);
        if (!visit({type, bytes.subspan(position + header, static_cast<std::size_t>(size) - header)}))
            return;
        position += static_cast<std::size_t>(size);
    }
}

/** The first box on this path of types, empty where there is none. */
std::span<const std::byte> findBox(
    std::span<const std::byte> bytes, std::initializer_list<std::string_view> path, std::size_t &budget)
{
    for (const std::string_view type : path) {
        std::span<const std::byte> found;
        forEachBox(bytes, budget, [&](const Box &box) {
            if (box.type != type)
                return true;
            found = box.content;
            return false;
        });
        bytes = found;
        if (bytes.empty())
            break;
    }
    return bytes;
}

bool hasTelemetryDescription(std::span<const std::byte> track, std::size_t &budget)
{
    constexpr std::size_t kFormatAt = 12; // behind version, count and the entry's size
    const std::span<const std::byte> description = findBox(track, {"mdia", "minf", "stbl", "stsd"}, budget);
    return description.size() >= kFormatAt + 4
        && std::string_view(reinterpret_cast<const char *>(description.data() + kFormatAt), 4) == "gpmd";
}

bool isTelemetryStream(const AVStream *stream)
{
    return stream->codecpar->codec_type == AVMEDIA_TYPE_DATA
        && stream->codecpar->codec_tag == MKTAG('g', 'p', 'm', 'd');
}

std::string metadataText(const AVDictionary *metadata, const char *key)
{
    const AVDictionaryEntry *entry = av_dict_get(metadata, key, nullptr, 0);
    return entry ? entry->value : "";
}

std::string modelOf(const std::filesystem::path &path)
{
    std::size_t budget = kMostBoxes;
    const auto file = MappedFile::open(path);
    const std::span<const std::byte> settings = findBox(file->bytes(), {"moov", "udta", "GPMF"}, budget);
    if (settings.size() > kLargestSettings)
        return {};
    return gpmfModelName(settings);
}

} // namespace

std::vector<TelemetryPacket> TelemetryTrack::packets() const
{
    std::vector<TelemetryPacket> result;
    result.reserve(samples.size());
    for (const Sample &sample : samples) {
        result.push_back(
            {std::span(bytes).subspan(sample.offset, sample.size), sample.startNs, sample.durationNs});
    }
    return result;
}

bool hasTelemetryTrack(const std::filesystem::path &path)
{
    try {
        const auto file = MappedFile::open(path);
        std::size_t budget = kMostBoxes;
        bool found = false;
        forEachBox(findBox(file->bytes(), {"moov"}, budget), budget, [&](const Box &box) {
            found = box.type == "trak" && hasTelemetryDescription(box.content, budget);
            return !found;
        });
        return found;
    } catch (const Error &) {
        return false;
    }
}

TelemetryTrack readTelemetryTrack(const std::filesystem::path &path, const CancelToken &cancel)
{
    const Mp4Layout layout = readMp4Layout(path);
    ffmpeg::Input input(path, layout, ffmpeg::Payload::read);
    TelemetryTrack track;
    int chosen = -1;
    for (unsigned i = 0; i < input.context()->nb_streams; ++i) {
        if (!isTelemetryStream(input.stream(static_cast<int>(i))))
            continue;
        if (chosen < 0)
            chosen = static_cast<int>(i);
        else
            ++track.otherTracks;
    }
    if (chosen < 0)
        throw Error(path, "has no telemetry track (gpmd)");
    input.keepOnly(chosen);
    const AVStream *stream = input.stream(chosen);
    track.firmware = metadataText(input.context()->metadata, "firmware");
    track.creationTime = metadataText(input.context()->metadata, "creation_time");
    track.model = modelOf(path);

    const ffmpeg::PacketPtr packet = ffmpeg::makePacket();
    std::size_t seen = 0;
    while (av_read_frame(input.context(), packet.get()) >= 0) {
        cancel.throwIfCancelled();
        if (packet->stream_index == chosen) {
            ++seen;
            const std::int64_t ticks = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
            const Nanos startNs = ticks == AV_NOPTS_VALUE ? kNoTime : ffmpeg::toNanos(ticks, stream->time_base);
            const bool hasTime = startNs > -kLatestTime && startNs < kLatestTime;
            if (packet->size > 0 && packet->size <= kLargestSample && hasTime) {
                const auto *data = reinterpret_cast<const std::byte *>(packet->data);
                const auto size = static_cast<std::size_t>(packet->size);
                const std::int64_t duration = std::max<std::int64_t>(packet->duration, 0);
                track.samples.push_back({track.bytes.size(), size, startNs,
                    std::clamp<Nanos>(ffmpeg::toNanos(duration, stream->time_base), 0, kLatestTime)});
                track.bytes.insert(track.bytes.end(), data, data + size);
            } else {
                ++track.missingSamples;
            }
        }
        av_packet_unref(packet.get());
    }
    const auto listed = static_cast<std::size_t>(std::max<std::int64_t>(stream->nb_frames, 0));
    if (listed > seen)
        track.missingSamples += listed - seen;
    return track;
}

} // namespace kino
