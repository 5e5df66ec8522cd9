#include "core/media/packet_table.h"

#include <climits>
#include <cstdint>
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

PacketTable::PacketTable(Input &input, int streamIndex, const std::filesystem::path &path, const Mp4Layout &layout,
                         const CancelToken &cancel)
{
    input.keepOnly(streamIndex);
    read(input, streamIndex, cancel);
    if (input.isMp4())
        m_missing = countBeyondEnd(input, streamIndex);
    if (m_packets.empty())
        throw Error(path, m_missing > 0 ? "its index lists frames, but the file ends before the first of them; copy it again"
                                        : "holds no frame that can be read; it is damaged or was never finished");
    const AVStream *stream = input.stream(streamIndex);
    // AVI has decoding times only. Guessed presentation times would name wrong frames, and nobody would notice.
    const bool hasTimes = std::string_view(input.context()->iformat->name) != "avi" && !m_lacksPts;
    if (!hasTimes && stream->codecpar->video_delay > 0)
        throw Error(path, "stores its frames out of order (B-frames) without saying when each is shown, so that no frame "
                          "could be named for sure; convert it to MP4 or MKV and open that");
    order();
    const auto edits = layout.editsOf(static_cast<std::uint32_t>(stream->id));
    if (edits.empty())
        showAsStored(stream, input.isMp4());
    else
        showByEdits(stream, edits, layout.movieTimescale, path);
    if (m_shown.empty())
        throw Error(path, "its edit list shows no frame at all; the file is damaged");
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
            m_lacksPts = m_lacksPts || packet->pts == AV_NOPTS_VALUE;
            const std::int64_t dts = packet->dts != AV_NOPTS_VALUE ? packet->dts : pts;
            const bool isKey = (packet->flags & AV_PKT_FLAG_KEY) != 0;
            const bool hasLength = isUsableTime(packet->duration, stream->time_base);
            m_packets.push_back({pts, dts, hasLength ? packet->duration : 0, isKey});
        }
        av_packet_unref(packet.get());
    }
}

void PacketTable::order()
{
    m_byPts.resize(m_packets.size());
    for (std::uint32_t i = 0; i < m_byPts.size(); ++i) {
        m_byPts[i] = i;
        if (m_packets[i].isKey)
            m_keys.push_back(i);
    }
    const auto timeOf = [this](std::uint32_t i) { return m_packets[i].pts; };
    m_isReordered = !std::ranges::is_sorted(m_byPts, {}, timeOf);
    std::ranges::stable_sort(m_byPts, {}, timeOf);
}

void PacketTable::show(std::uint32_t position, Nanos ns)
{
    // Two packets of one time (the fields of a picture, or damage) are one frame to whoever asks by time.
    if (!m_frames.ptsNs.empty() && ns <= m_frames.ptsNs.back())
        return;
    m_shown.push_back(position);
    m_frames.ptsNs.push_back(ns);
    m_frames.keyframe.push_back(m_packets[position].isKey);
}

/** Where the frame that is shown last stops, on the media's own timeline. */
Nanos PacketTable::mediaEndNs(const AVStream *stream, bool isMp4) const
{
    const PacketEntry &last = m_packets[m_byPts.back()];
    const Nanos lastNs = toNanos(last.pts, stream->time_base);
    // Where frames are reordered a packet's length is the step to the packet stored next, but the track's length is sure.
    if (isMp4 && m_missing == 0 && isUsableTime(stream->duration, stream->time_base)) {
        const Nanos end = toNanos(m_packets[m_byPts.front()].pts + stream->duration, stream->time_base);
        if (end > lastNs)
            return end;
    }
    if (!m_isReordered && last.durationTicks > 0)
        return lastNs + toNanos(last.durationTicks, stream->time_base);
    std::vector<Nanos> times;
    for (const std::uint32_t position : m_byPts)
        times.push_back(toNanos(m_packets[position].pts, stream->time_base));
    return lastNs + std::max<Nanos>(1, medianStepNs(times));
}

void PacketTable::showAsStored(const AVStream *stream, bool isMp4)
{
    for (const std::uint32_t position : m_byPts)
        show(position, toNanos(m_packets[position].pts, stream->time_base));
    m_frames.endNs = mediaEndNs(stream, isMp4);
}

/** ISO 14496-12, 8.6.6: each entry shows media from its media time on, one after the other from the movie's zero. */
void PacketTable::showByEdits(const AVStream *stream, const std::vector<Mp4Edit> &edits, std::uint32_t movieTimescale,
                              const std::filesystem::path &path)
{
    const AVRational movieBase = {1, static_cast<int>(std::min<std::uint32_t>(movieTimescale, INT32_MAX))};
    const std::size_t mostFrames = 4 * m_packets.size() + 100'000;
    const auto timeOf = [this](std::uint32_t i) { return m_packets[i].pts; };
    const Nanos mediaEnd = mediaEndNs(stream, true);
    std::int64_t movieTicks = 0;
    for (std::size_t i = 0; i < edits.size(); ++i) {
        const Mp4Edit &edit = edits[i];
        const bool isOpenEnded = edit.movieTicks == 0 && i + 1 == edits.size();
        const auto length = static_cast<std::int64_t>(std::min<std::uint64_t>(edit.movieTicks, INT64_MAX));
        if (!isUsableTime(movieTicks, movieBase) || !isUsableTime(length, movieBase)
            || !isUsableTime(edit.mediaTime, stream->time_base))
            throw Error(path, "its edit list holds times beyond reason; the file is damaged");
        const Nanos fromNs = toNanos(movieTicks, movieBase);
        // Beginning and distance are rounded together: rounded apart, a frame would be a nanosecond off its own time.
        const long double fromExact = static_cast<long double>(movieTicks) * 1e9L / movieBase.den;
        movieTicks += length;
        Nanos toNs = isOpenEnded ? kLatestNs : toNanos(movieTicks, movieBase);
        if (edit.mediaTime < 0) {
            if (!m_shown.empty() && toNs > fromNs)
                m_frames.gaps.push_back({fromNs, toNs});
            continue;
        }
        const Nanos mediaNs = toNanos(edit.mediaTime, stream->time_base);
        const double rate = edit.rate > 0 ? edit.rate : 1;
        if (edit.rate > 0) {
            // Edits count in ticks of a millisecond or so. Where the media ends within one, its own end is the exact one;
            // reordered media does not know its end that well.
            const Nanos ownEnd = fromNs + static_cast<Nanos>(std::llround(static_cast<double>(mediaEnd - mediaNs) / rate));
            const Nanos tickNs = toNanos(1, movieBase) + 1;
            const bool agree = ownEnd <= toNs + tickNs && ownEnd >= toNs - tickNs;
            if (isOpenEnded || agree || (!m_isReordered && ownEnd < toNs))
                toNs = ownEnd;
        }
        // The frame that is on when the edit begins is shown from there.
        auto first = std::ranges::upper_bound(m_byPts, edit.mediaTime, {}, timeOf);
        if (first != m_byPts.begin())
            --first;
        for (auto at = first; at != m_byPts.end() && m_shown.size() < mostFrames; ++at) {
            const auto ticksSinceEdit = static_cast<long double>(m_packets[*at].pts - edit.mediaTime);
            const long double sinceEdit = ticksSinceEdit * 1e9L * stream->time_base.num / stream->time_base.den;
            const auto ns = static_cast<Nanos>(std::llroundl(fromExact + sinceEdit / rate));
            if (ns >= toNs || (edit.rate <= 0 && at != first))
                break;
            show(*at, std::max(ns, fromNs));
        }
        m_frames.endNs = std::max(m_frames.endNs, toNs);
    }
    if (!m_shown.empty())
        m_frames.endNs = std::max(m_frames.endNs, m_frames.ptsNs.back() + 1);
    std::erase_if(m_frames.gaps, [this](const FrameTable::Gap &gap) { return gap.fromNs >= m_frames.endNs; });
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
