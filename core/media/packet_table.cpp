#include "core/media/packet_table.h"

#include <limits>

namespace kino::ffmpeg {
namespace {

// Times beyond (146 years) are damage: they would overflow when clocks are mapped.
constexpr Nanos kLatestNs = std::numeric_limits<Nanos>::max() / 2;

bool isUsableTime(std::int64_t ticks, AVRational base)
{
    if (ticks == AV_NOPTS_VALUE || base.num <= 0 || base.den <= 0)
        return false;
    const Nanos ns = toNanos(ticks, base);
    return ns > -kLatestNs && ns < kLatestNs;
}

/** Entries of the stream's index whose data the file does not hold any more. */
std::size_t countBeyondEnd(Input &input, int streamIndex)
{
    AVStream *stream = input.stream(streamIndex);
    const std::int64_t size = avio_size(input.context()->pb);
    std::size_t missing = 0;
    for (int i = 0; i < avformat_index_get_entries_count(stream); ++i) {
        const AVIndexEntry *entry = avformat_index_get_entry(stream, i);
        if (!(entry->flags & AVINDEX_DISCARD_FRAME) && entry->pos + entry->size > size)
            ++missing;
    }
    return missing;
}

} // namespace

PacketTable::PacketTable(Input &input, int streamIndex, const std::filesystem::path &path, const CancelToken &cancel)
{
    input.keepOnly(streamIndex);
    read(input, streamIndex, cancel);
    if (input.isMp4())
        m_missing = countBeyondEnd(input, streamIndex);
    order(input.stream(streamIndex), path, input.isMp4());
}

void PacketTable::read(Input &input, int streamIndex, const CancelToken &cancel)
{
    const AVStream *stream = input.stream(streamIndex);
    const PacketPtr packet = makePacket();
    // Damaged places give an error each and reading goes on behind them; so many in a row mean that nothing follows.
    constexpr int kMostErrorsInARow = 1000;
    for (int errors = 0; errors < kMostErrorsInARow;) {
        cancel.throwIfCancelled();
        const int code = av_read_frame(input.context(), packet.get());
        if (code == AVERROR_EOF)
            return;
        if (code < 0) {
            ++errors;
            continue;
        }
        errors = 0;
        const bool isWhole = !(packet->flags & AV_PKT_FLAG_CORRUPT) && packet->size > 0;
        const std::int64_t pts = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
        if (packet->stream_index == streamIndex && isWhole && isUsableTime(pts, stream->time_base)
            && m_packets.size() < std::numeric_limits<std::uint32_t>::max()) {
            const std::int64_t dts = packet->dts != AV_NOPTS_VALUE ? packet->dts : pts;
            const bool isKey = (packet->flags & AV_PKT_FLAG_KEY) != 0;
            const bool hasLength = isUsableTime(packet->duration, stream->time_base);
            m_packets.push_back({pts, dts, hasLength ? packet->duration : 0, isKey});
            m_isHidden.push_back((packet->flags & AV_PKT_FLAG_DISCARD) != 0);
        }
        av_packet_unref(packet.get());
    }
}

void PacketTable::order(const AVStream *stream, const std::filesystem::path &path, bool isMp4)
{
    m_byPts.resize(m_packets.size());
    for (std::uint32_t i = 0; i < m_byPts.size(); ++i) {
        m_byPts[i] = i;
        if (m_packets[i].isKey)
            m_keys.push_back(i);
    }
    std::ranges::stable_sort(m_byPts, {}, [this](std::uint32_t i) { return m_packets[i].pts; });

    for (const std::uint32_t position : m_byPts) {
        const Nanos ns = toNanos(m_packets[position].pts, stream->time_base);
        // Two packets of one time (the fields of a picture, or damage) are one frame to whoever asks by time.
        if (m_isHidden[position] || (!m_frames.ptsNs.empty() && ns == m_frames.ptsNs.back()))
            continue;
        m_shown.push_back(position);
        m_frames.ptsNs.push_back(ns);
        m_frames.keyframe.push_back(m_packets[position].isKey);
    }
    if (m_shown.empty())
        throw Error(path, m_missing > 0 ? "its index lists frames, but the file ends before the first of them; copy it again"
                                        : "holds no frame with a time");

    m_frames.endNs = m_frames.ptsNs.back() + medianStepNs(m_frames.ptsNs);
    if (m_packets[m_shown.back()].durationTicks > 0)
        m_frames.endNs = m_frames.ptsNs.back() + toNanos(m_packets[m_shown.back()].durationTicks, stream->time_base);
    // MP4 does not give a packet's time on screen where frames are reordered; the track's whole length is sure.
    if (isMp4 && m_missing == 0 && isUsableTime(stream->duration, stream->time_base)) {
        const Nanos claimed = m_frames.ptsNs.front() + toNanos(stream->duration, stream->time_base);
        if (claimed > m_frames.ptsNs.back())
            m_frames.endNs = claimed;
    }
}

std::optional<std::size_t> PacketTable::decodePositionAt(std::int64_t pts) const
{
    const auto timeOf = [this](std::uint32_t i) { return m_packets[i].pts; };
    const auto found = std::ranges::lower_bound(m_byPts, pts, {}, timeOf);
    if (found == m_byPts.end() || timeOf(*found) != pts)
        return std::nullopt;
    return *found;
}

std::size_t PacketTable::entryFor(std::size_t frame) const
{
    const std::size_t target = m_shown[frame];
    auto after = std::ranges::upper_bound(m_keys, target);
    // A frame that is stored after a keyframe but shown before it needs what lies before that keyframe (open GOP).
    while (after != m_keys.begin()) {
        --after;
        if (m_packets[*after].pts <= m_packets[target].pts)
            return *after;
    }
    return 0;
}

std::size_t PacketTable::entryBefore(std::size_t decodePosition) const
{
    const auto at = std::ranges::lower_bound(m_keys, decodePosition);
    return at == m_keys.begin() ? 0 : *(at - 1);
}

} // namespace kino::ffmpeg
