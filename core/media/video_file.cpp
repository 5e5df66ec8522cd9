// VideoSource over a container: an exact frame by its presentation time, and a keyframe alone.
#include "core/media/packet_table.h"
#include "core/media/picture_converter.h"
#include "core/media/picture_size.h"
#include "core/media/video_source.h"

#include "core/base/parallel.h"

#include <limits>
#include <optional>

namespace kino {
namespace {

using namespace ffmpeg;

constexpr int kMostDecoderThreads = 8;
constexpr std::int64_t kMostPixels = 16384LL * 8192;
constexpr int kLongestSide = 16384;
// A seek costs about as much as decoding so many frames: the decoder's threads and reordering fill again.
constexpr std::size_t kSeekCostFrames = 4;

/** One demuxer and one decoder on the file, and where they stand. */
class FrameDecoder {
public:
    FrameDecoder(const std::filesystem::path &path, const Mp4Layout &layout, int streamIndex, int threads);

    Input &input() { return m_input; }
    const AVStream *stream() const { return m_input.stream(m_streamIndex); }

    /** Puts the demuxer at the key packet `decodePosition`; false when it did not land there or before. */
    bool seekTo(const PacketTable &table, std::size_t decodePosition);
    /** Place in decoding order of the packet read last; nothing where a seek must come first. */
    std::optional<std::size_t> position() const { return m_position; }
    /** Whether decoding on gives every frame from `pts` on: it lies ahead, and was not skipped for a later target. */
    bool isAhead(std::int64_t pts) const { return m_hasCurrent && pts > m_currentPts && pts >= m_skippedBelow; }

    enum class Found { yes, passed, damaged };
    /**
     * Decodes on until the frame of time `pts` is current(). `passed`: a later one came, or the end. Frames on the way
     * that nothing refers to are not decoded at all; of the others each is current() while `onTheWay` is called.
     */
    Found runTo(const PacketTable &table, std::int64_t pts, const CancelToken &cancel, const std::function<void()> &onTheWay = {});
    /** Decodes the key packet at the present position alone; false when that gives no picture. */
    bool decodeSingle(std::int64_t pts, const CancelToken &cancel);

    bool hasCurrent() const { return m_hasCurrent; }
    std::int64_t currentPts() const { return m_currentPts; }
    bool currentIsDamaged() const { return m_currentIsDamaged; }
    const AVFrame &current() const { return *m_current; }
    /** Whether the last runTo() saw a frame before its target: then decoding began early enough. */
    bool sawEarlierFrame() const { return m_sawEarlierFrame; }

private:
    enum class Fed { packet, nothing };
    Fed feed(const PacketTable &table, std::int64_t target);
    bool receive();

    std::filesystem::path m_path;
    Input m_input;
    int m_streamIndex;
    CodecContextPtr m_codec;
    PacketPtr m_packet = makePacket();
    bool m_packetWaits = false;
    FramePtr m_current = makeFrame();
    std::int64_t m_currentPts = 0;
    bool m_hasCurrent = false;
    bool m_currentIsDamaged = false;
    bool m_sawEarlierFrame = false;
    bool m_isDraining = false;
    std::int64_t m_skippedBelow = std::numeric_limits<std::int64_t>::min();
    std::optional<std::size_t> m_position;
};

FrameDecoder::FrameDecoder(const std::filesystem::path &path, const Mp4Layout &layout, int streamIndex, int threads)
    : m_path(path), m_input(path, layout, Payload::read), m_streamIndex(streamIndex)
{
    m_input.keepOnly(streamIndex);
    const AVCodecParameters *parameters = stream()->codecpar;
    const AVCodec *decoder = avcodec_find_decoder(parameters->codec_id);
    if (!decoder)
        throw Error(path, std::string("this FFmpeg has no decoder for ") + avcodec_get_name(parameters->codec_id)
                        + " video");
    m_codec.reset(avcodec_alloc_context3(decoder));
    if (!m_codec)
        throw std::bad_alloc();
    check(avcodec_parameters_to_context(m_codec.get(), parameters), path, "its video cannot be decoded");
    m_codec->pkt_timebase = stream()->time_base;
    m_codec->thread_count = threads;
    m_codec->max_pixels = kMostPixels;
    check(avcodec_open2(m_codec.get(), decoder, nullptr), path, "its video cannot be decoded");
}

bool FrameDecoder::seekTo(const PacketTable &table, std::size_t decodePosition)
{
    avcodec_flush_buffers(m_codec.get());
    av_packet_unref(m_packet.get());
    m_packetWaits = false;
    m_isDraining = false;
    m_hasCurrent = false;
    m_sawEarlierFrame = false;
    m_skippedBelow = std::numeric_limits<std::int64_t>::min();
    m_position.reset();
    const PacketEntry &entry = table.packet(decodePosition);
    const std::int64_t time = m_input.seeksByPresentationTime() ? entry.pts : entry.dts;
    if (av_seek_frame(m_input.context(), m_streamIndex, time, AVSEEK_FLAG_BACKWARD) < 0
        && (decodePosition > 0 || av_seek_frame(m_input.context(), -1, 0, AVSEEK_FLAG_BYTE) < 0))
        return false;

    while (av_read_frame(m_input.context(), m_packet.get()) >= 0) {
        if (m_packet->stream_index == m_streamIndex) {
            const std::int64_t pts = m_packet->pts != AV_NOPTS_VALUE ? m_packet->pts : m_packet->dts;
            const auto landed = table.decodePositionAt(pts);
            if (landed && *landed > decodePosition)
                return false;
            if (landed) {
                m_position = landed;
                m_packetWaits = true;
                return true;
            }
        }
        av_packet_unref(m_packet.get());
    }
    return false;
}

FrameDecoder::Fed FrameDecoder::feed(const PacketTable &table, std::int64_t target)
{
    if (m_isDraining)
        return Fed::nothing;
    while (!m_packetWaits) {
        av_packet_unref(m_packet.get());
        const int code = av_read_frame(m_input.context(), m_packet.get());
        if (code == AVERROR_EOF || (code < 0 && m_position && *m_position >= table.packetCount())) {
            m_isDraining = true;
            avcodec_send_packet(m_codec.get(), nullptr);
            return Fed::packet;
        }
        if (m_position)
            ++*m_position;
        m_packetWaits = code >= 0 && m_packet->stream_index == m_streamIndex;
    }
    const std::int64_t pts = m_packet->pts != AV_NOPTS_VALUE ? m_packet->pts : m_packet->dts;
    if (const auto position = table.decodePositionAt(pts))
        m_position = *position;
    m_codec->skip_frame = pts < target ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
    // A damaged packet is refused here; the frames behind it may still be good.
    if (avcodec_send_packet(m_codec.get(), m_packet.get()) != AVERROR(EAGAIN))
        m_packetWaits = false;
    return Fed::packet;
}

bool FrameDecoder::receive()
{
    FramePtr frame = makeFrame();
    while (true) {
        const int code = avcodec_receive_frame(m_codec.get(), frame.get());
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF)
            return false;
        if (code < 0)
            continue;
        m_currentPts = frame->pts != AV_NOPTS_VALUE ? frame->pts : frame->best_effort_timestamp;
        m_currentIsDamaged = (frame->flags & AV_FRAME_FLAG_CORRUPT) || frame->decode_error_flags;
        m_current.swap(frame);
        m_hasCurrent = true;
        return true;
    }
}

FrameDecoder::Found FrameDecoder::runTo(const PacketTable &table, std::int64_t pts, const CancelToken &cancel, const std::function<void()> &onTheWay)
{
    m_sawEarlierFrame = m_hasCurrent && m_currentPts < pts;
    m_skippedBelow = std::max(m_skippedBelow, pts);
    while (true) {
        while (receive()) {
            if (m_currentPts == pts)
                return m_currentIsDamaged ? Found::damaged : Found::yes;
            if (m_currentPts > pts)
                return Found::passed;
            m_sawEarlierFrame = true;
            if (onTheWay)
                onTheWay();
        }
        cancel.throwIfCancelled();
        if (feed(table, pts) == Fed::nothing)
            return Found::passed;
    }
}

bool FrameDecoder::decodeSingle(std::int64_t pts, const CancelToken &cancel)
{
    m_codec->skip_frame = AVDISCARD_DEFAULT;
    while (m_packetWaits && m_packet->pts != pts && m_packet->dts != pts) {
        cancel.throwIfCancelled();
        av_packet_unref(m_packet.get());
        m_packetWaits = av_read_frame(m_input.context(), m_packet.get()) >= 0;
    }
    if (!m_packetWaits || avcodec_send_packet(m_codec.get(), m_packet.get()) < 0)
        return false;
    m_packetWaits = false;
    avcodec_send_packet(m_codec.get(), nullptr);
    const bool found = receive() && m_currentPts == pts && !m_currentIsDamaged;
    m_position.reset();
    return found;
}

class VideoFile final : public VideoSource {
public:
    explicit VideoFile(const std::filesystem::path &path);

    int width() const override { return m_orientation.swapsSides ? m_unturnedHeight : m_unturnedWidth; }
    int height() const override { return m_orientation.swapsSides ? m_unturnedWidth : m_unturnedHeight; }
    const FrameTable &frames() const override { return m_table->frames(); }
    Image frame(std::size_t index, const CancelToken &cancel) override { return find(index, cancel, {}); }
    Image keyframeBefore(std::size_t index, const CancelToken &cancel) override;
    Image frameByKeyframe(std::size_t index, const OnKeyframe &onKeyframe, const CancelToken &cancel) override;
    void setOutputSize(int maxWidth, int maxHeight) override;

private:
    using OnTheWay = std::function<void()>;
    void requireFrame(std::size_t index) const;
    bool shouldSeek(std::size_t index, std::size_t entry) const;
    Image find(std::size_t index, const CancelToken &cancel, const OnTheWay &onTheWay);
    bool decodeFrom(std::size_t entry, std::size_t index, const CancelToken &cancel, const OnTheWay &onTheWay);
    void markUndecodable(std::size_t index);
    [[noreturn]] void throwUndecodable(std::size_t index) const;
    Image convert(const AVFrame &frame, std::size_t index);

    std::filesystem::path m_path;
    Mp4Layout m_layout;
    int m_streamIndex = -1;
    std::optional<PacketTable> m_table;
    Orientation m_orientation;
    // As shown but for the turning: of square pixels.
    int m_unturnedWidth = 0;
    int m_unturnedHeight = 0;
    int m_maxWidth = 0;
    int m_maxHeight = 0;
    std::vector<std::uint8_t> m_undecodable; // by frame, empty until one was found
    std::unique_ptr<FrameDecoder> m_decoder;
    // Of its own, so that a preview does not lose the place from which the exact frame is near.
    std::unique_ptr<FrameDecoder> m_keyframeDecoder;
    std::optional<PictureConverter> m_converter;
};

VideoFile::VideoFile(const std::filesystem::path &path) : m_path(path), m_layout(readMp4Layout(path))
{
    Input index(path, m_layout, Payload::skipped);
    m_streamIndex = index.videoStream();
    if (m_streamIndex < 0)
        throw Error(path, "holds no video that can be decoded here");
    m_table.emplace(index, m_streamIndex, path, m_layout);
    const AVStream *stream = index.stream(m_streamIndex);
    const auto refuseBeyond = [&path](int width, int height) {
        if (width < 1 || height < 1 || width > kLongestSide || height > kLongestSide || std::int64_t{width} * height > kMostPixels)
            throw Error(path, "claims pictures of " + std::to_string(width) + " x " + std::to_string(height)
                            + " pixels; it is damaged or beyond what is supported (16384 x 8192)");
    };
    refuseBeyond(stream->codecpar->width, stream->codecpar->height);
    const std::array<int, 2> shown = index.shownSize(m_streamIndex);
    m_unturnedWidth = shown[0];
    m_unturnedHeight = shown[1];
    refuseBeyond(m_unturnedWidth, m_unturnedHeight);
    m_orientation = Orientation::of(stream);
    m_converter.emplace(m_orientation);
    const int threads = static_cast<int>(std::min<std::size_t>(usableThreads(), kMostDecoderThreads));
    m_decoder = std::make_unique<FrameDecoder>(path, m_layout, m_streamIndex, threads);
}

void VideoFile::setOutputSize(int maxWidth, int maxHeight)
{
    m_maxWidth = std::max(0, maxWidth);
    m_maxHeight = std::max(0, maxHeight);
}

void VideoFile::requireFrame(std::size_t index) const
{
    if (index >= frames().size())
        throw Error(m_path, "has " + std::to_string(frames().size()) + " frames; there is no frame "
                        + std::to_string(index));
}

void VideoFile::throwUndecodable(std::size_t index) const
{
    const double seconds = toSeconds(frames().ptsNs[index]);
    char time[32];
    std::snprintf(time, sizeof time, "%.3f", seconds);
    throw Error(m_path, "frame " + std::to_string(index) + " at " + time + " s is damaged and cannot be shown");
}

bool VideoFile::shouldSeek(std::size_t index, std::size_t entry) const
{
    const auto position = m_decoder->position();
    return !position || !m_decoder->isAhead(m_table->ptsOf(index)) || entry > *position + kSeekCostFrames;
}

/**
 * Seeks to `entry` and decodes to the frame. Goes further back where the container lands too late or the decoder shows
 * nothing in time (an entry that was none); a frame that is missing although others before it came out is damaged, which
 * one more try from the GOP before makes sure of.
 */
bool VideoFile::decodeFrom(std::size_t entry, std::size_t index, const CancelToken &cancel, const OnTheWay &onTheWay)
{
    const std::int64_t pts = m_table->ptsOf(index);
    int triesWithFootage = 0;
    for (std::size_t stepsBack = 1;; stepsBack *= 2) {
        if (m_decoder->seekTo(*m_table, entry)) {
            const FrameDecoder::Found found = m_decoder->runTo(*m_table, pts, cancel, onTheWay);
            if (found == FrameDecoder::Found::yes)
                return true;
            if (found == FrameDecoder::Found::damaged || m_decoder->sawEarlierFrame())
                ++triesWithFootage;
        }
        if (entry == 0 || triesWithFootage > 1)
            return false;
        for (std::size_t i = 0; i < stepsBack && entry > 0; ++i)
            entry = m_table->entryBefore(entry);
    }
}

/** After a failed search for `index`: it and all up to the frame that came out instead. */
void VideoFile::markUndecodable(std::size_t index)
{
    m_undecodable.resize(frames().size());
    m_undecodable[index] = 1;
    if (!m_decoder->hasCurrent() || m_decoder->currentPts() <= m_table->ptsOf(index))
        return;
    for (std::size_t i = index + 1; i < frames().size() && m_table->ptsOf(i) > m_table->ptsOf(index)
         && m_table->ptsOf(i) < m_decoder->currentPts(); ++i)
        m_undecodable[i] = 1;
}

Image VideoFile::find(std::size_t index, const CancelToken &cancel, const OnTheWay &onTheWay)
{
    requireFrame(index);
    const std::int64_t pts = m_table->ptsOf(index);
    if (m_decoder->hasCurrent() && m_decoder->currentPts() == pts && !m_decoder->currentIsDamaged())
        return convert(m_decoder->current(), index);

    if (index < m_undecodable.size() && m_undecodable[index])
        throwUndecodable(index);
    const std::size_t entry = m_table->entryFor(index);
    if (!shouldSeek(index, entry) && m_decoder->runTo(*m_table, pts, cancel, onTheWay) == FrameDecoder::Found::yes)
        return convert(m_decoder->current(), index);
    if (!decodeFrom(entry, index, cancel, onTheWay)) {
        markUndecodable(index);
        throwUndecodable(index);
    }
    return convert(m_decoder->current(), index);
}

Image VideoFile::keyframeBefore(std::size_t index, const CancelToken &cancel)
{
    requireFrame(index);
    const std::size_t key = frames().keyframeBefore(index);
    const std::int64_t pts = m_table->ptsOf(key);
    if (m_decoder->hasCurrent() && m_decoder->currentPts() == pts && !m_decoder->currentIsDamaged())
        return convert(m_decoder->current(), key);
    if (!m_keyframeDecoder)
        m_keyframeDecoder = std::make_unique<FrameDecoder>(m_path, m_layout, m_streamIndex, 1);
    if (m_keyframeDecoder->seekTo(*m_table, m_table->decodePositionOf(key))
        && m_keyframeDecoder->decodeSingle(pts, cancel))
        return convert(m_keyframeDecoder->current(), key);
    return frame(key, cancel);
}

Image VideoFile::frameByKeyframe(std::size_t index, const OnKeyframe &onKeyframe, const CancelToken &cancel)
{
    requireFrame(index);
    // From where it stands the decoder does not come by the keyframe any more.
    if (!shouldSeek(index, m_table->entryFor(index)))
        return VideoSource::frameByKeyframe(index, onKeyframe, cancel);
    const std::size_t key = frames().keyframeBefore(index);
    const std::int64_t keyPts = m_table->ptsOf(key);
    bool isShown = false;
    return find(index, cancel, [&] {
        if (!isShown && m_decoder->currentPts() == keyPts && !m_decoder->currentIsDamaged()) {
            isShown = true;
            onKeyframe(convert(m_decoder->current(), key));
        }
    });
}

Image VideoFile::convert(const AVFrame &frame, std::size_t index)
{
    if (frame.width < 1 || frame.height < 1)
        throwUndecodable(index);
    const bool swaps = m_orientation.swapsSides;
    const auto size = fittedSize(m_unturnedWidth, m_unturnedHeight, swaps ? m_maxHeight : m_maxWidth,
                                 swaps ? m_maxWidth : m_maxHeight);
    return m_converter->convert(frame, size[0], size[1]);
}

} // namespace

std::unique_ptr<VideoSource> openVideoFile(const std::filesystem::path &path)
{
    return std::make_unique<VideoFile>(path);
}

} // namespace kino
