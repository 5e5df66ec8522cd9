#include "core/media/audio_decoder.h"

#include <climits>
#include <limits>

extern "C" {
#include <libavutil/samplefmt.h>
}

namespace kino::ffmpeg {
namespace {

constexpr Nanos kNever = std::numeric_limits<Nanos>::max() / 2;
// A coder's first block after a jump is not yet whole.
constexpr Nanos kRunInNs = 200 * kNanosPerMillisecond;

template <class Sample>
void addChannel(const std::uint8_t *data, std::size_t step, float scale, float offset, std::vector<float> &sum)
{
    const auto *samples = reinterpret_cast<const Sample *>(data);
    for (std::size_t i = 0; i < sum.size(); ++i)
        sum[i] += (static_cast<float>(samples[i * step]) - offset) * scale;
}

void addChannel(AVSampleFormat format, const std::uint8_t *data, std::size_t step, std::vector<float> &sum)
{
    switch (av_get_packed_sample_fmt(format)) {
    case AV_SAMPLE_FMT_U8: return addChannel<std::uint8_t>(data, step, 1.0f / 128, 128, sum);
    case AV_SAMPLE_FMT_S16: return addChannel<std::int16_t>(data, step, 1.0f / 32768, 0, sum);
    case AV_SAMPLE_FMT_S32: return addChannel<std::int32_t>(data, step, 1.0f / 2147483648.0f, 0, sum);
    case AV_SAMPLE_FMT_S64: return addChannel<std::int64_t>(data, step, 1.0f / 9223372036854775808.0f, 0, sum);
    case AV_SAMPLE_FMT_FLT: return addChannel<float>(data, step, 1, 0, sum);
    case AV_SAMPLE_FMT_DBL: return addChannel<double>(data, step, 1, 0, sum);
    default: return;
    }
}

} // namespace

AudioDecoder::AudioDecoder(const std::filesystem::path &path)
    : m_path(path), m_layout(readMp4Layout(path)), m_input(path, m_layout, Payload::read)
{
    m_streamIndex = m_input.audioStream();
    if (m_streamIndex < 0)
        throw Error(path, "has no sound that can be decoded here");
    m_input.keepOnly(m_streamIndex);
    const AVStream *stream = m_input.stream(m_streamIndex);
    const AVCodec *decoder = avcodec_find_decoder(stream->codecpar->codec_id);
    m_codec.reset(avcodec_alloc_context3(decoder));
    if (!m_codec)
        throw std::bad_alloc();
    check(avcodec_parameters_to_context(m_codec.get(), stream->codecpar), path, "its sound cannot be decoded");
    m_codec->pkt_timebase = stream->time_base;
    check(avcodec_open2(m_codec.get(), decoder, nullptr), path, "its sound cannot be decoded");
    if (m_codec->sample_rate < 1)
        throw Error(path, "its sound has no sample rate; the file is damaged");
    m_channels = m_codec->ch_layout.nb_channels;

    applyEdits(m_layout.editsOf(static_cast<std::uint32_t>(stream->id)));
}

/** ISO 14496-12, 8.6.6, as PacketTable does for the pictures: each entry plays media from its media time on, in turn. */
void AudioDecoder::applyEdits(const std::vector<Mp4Edit> &edits)
{
    const AVRational movieBase = {1, static_cast<int>(std::min<std::uint32_t>(m_layout.movieTimescale, INT32_MAX))};
    const auto checked = [this](Nanos ns) {
        if (ns < 0 || ns > kNever)
            throw Error(m_path, "its edit list holds times beyond reason; the file is damaged");
        return ns;
    };
    std::uint64_t ticks = 0;
    for (std::size_t i = 0; i < edits.size(); ++i) {
        const Mp4Edit &edit = edits[i];
        const Nanos fromNs = checked(toNanos(static_cast<std::int64_t>(ticks), movieBase));
        const bool isOpenEnded = edit.movieTicks == 0 && i + 1 == edits.size();
        ticks += std::min<std::uint64_t>(edit.movieTicks, INT64_MAX / 2 - std::min<std::uint64_t>(ticks, INT64_MAX / 2));
        const Nanos toNs = isOpenEnded ? kNever : checked(toNanos(static_cast<std::int64_t>(ticks), movieBase));
        // An empty entry is silence, and so is one that holds a picture.
        if (edit.mediaTime < 0 || edit.rate <= 0)
            continue;
        const Nanos mediaNs = checked(toNanos(edit.mediaTime, m_input.stream(m_streamIndex)->time_base));
        if (toNs > fromNs)
            m_stretches.push_back({fromNs, toNs, fromNs - mediaNs});
    }
    if (m_stretches.empty())
        m_stretches.push_back({-kNever, kNever, 0});
}

void AudioDecoder::seekInMedia(Nanos movieNs)
{
    const AVStream *stream = m_input.stream(m_streamIndex);
    const Nanos mediaNs = movieNs - m_stretches[m_stretch].shiftNs;
    av_seek_frame(m_input.context(), m_streamIndex, fromNanos(mediaNs, stream->time_base), AVSEEK_FLAG_BACKWARD);
    avcodec_flush_buffers(m_codec.get());
    m_isDraining = false;
}

bool AudioDecoder::enterNextStretch()
{
    if (m_stretch + 1 >= m_stretches.size())
        return false;
    ++m_stretch;
    seekInMedia(m_stretches[m_stretch].fromNs - kRunInNs);
    return true;
}

Nanos AudioDecoder::claimedLengthNs() const
{
    const AVStream *stream = m_input.stream(m_streamIndex);
    if (stream->duration != AV_NOPTS_VALUE && stream->duration > 0)
        return toNanos(stream->duration, stream->time_base);
    const std::int64_t length = m_input.context()->duration; // microseconds
    return length > 0 && length < kNever / 1000 ? length * 1000 : 0;
}

Nanos AudioDecoder::movieTimeOf(std::int64_t pts) const
{
    return toNanos(pts, m_input.stream(m_streamIndex)->time_base) + m_stretches[m_stretch].shiftNs;
}

void AudioDecoder::seekTo(Nanos ns)
{
    m_stretch = 0;
    while (m_stretch + 1 < m_stretches.size() && m_stretches[m_stretch].toNs <= ns)
        ++m_stretch;
    seekInMedia(std::max(ns, m_stretches[m_stretch].fromNs) - kRunInNs);
}

bool AudioDecoder::next(const CancelToken &cancel)
{
    while (true) {
        cancel.throwIfCancelled();
        const int received = avcodec_receive_frame(m_codec.get(), m_frame.get());
        if (received == AVERROR_EOF) {
            if (!enterNextStretch())
                return false;
            continue;
        }
        if (received >= 0) {
            const std::int64_t pts = m_frame->pts != AV_NOPTS_VALUE ? m_frame->pts : m_frame->best_effort_timestamp;
            // Without a time of its own a block follows the one before.
            m_blockStartNs = pts != AV_NOPTS_VALUE
                ? movieTimeOf(pts)
                : m_blockStartNs + static_cast<Nanos>(m_mono.size()) * kNanosPerSecond / sampleRateHz();
            if (m_blockStartNs >= m_stretches[m_stretch].toNs) {
                if (!enterNextStretch())
                    return false;
                continue;
            }
            mix(*m_frame);
            if (!m_mono.empty())
                return true;
            continue;
        }
        if (received != AVERROR(EAGAIN)) {
            ++m_damaged;
            continue;
        }
        if (m_isDraining) {
            if (!enterNextStretch())
                return false;
            continue;
        }
        av_packet_unref(m_packet.get());
        const int code = av_read_frame(m_input.context(), m_packet.get());
        if (code < 0) {
            m_isDraining = true;
            avcodec_send_packet(m_codec.get(), nullptr);
        } else if (m_packet->stream_index == m_streamIndex && avcodec_send_packet(m_codec.get(), m_packet.get()) < 0) {
            ++m_damaged;
        }
    }
}

void AudioDecoder::mix(const AVFrame &frame)
{
    const int channels = frame.ch_layout.nb_channels;
    m_mono.assign(static_cast<std::size_t>(std::max(0, frame.nb_samples)), 0.0f);
    if (channels < 1 || frame.sample_rate != sampleRateHz()) {
        m_mono.clear(); // a rate that changes in the middle cannot be drawn on one axis
        ++m_damaged;
        return;
    }
    const auto format = static_cast<AVSampleFormat>(frame.format);
    for (int channel = 0; channel < channels; ++channel) {
        if (av_sample_fmt_is_planar(format))
            addChannel(format, frame.extended_data[channel], 1, m_mono);
        else
            addChannel(format, frame.data[0] + channel * av_get_bytes_per_sample(format),
                       static_cast<std::size_t>(channels), m_mono);
    }
    for (float &value : m_mono)
        value /= static_cast<float>(channels);

    // What an edit list hides at the beginning: the encoder's run-in, as a rule.
    const Stretch &stretch = m_stretches[m_stretch];
    if (m_blockStartNs < stretch.fromNs) {
        const auto hidden = static_cast<std::size_t>(
            std::llround(toSeconds(stretch.fromNs - m_blockStartNs) * sampleRateHz()));
        const std::size_t dropped = std::min(hidden, m_mono.size());
        m_mono.erase(m_mono.begin(), m_mono.begin() + static_cast<std::ptrdiff_t>(dropped));
        m_blockStartNs += static_cast<Nanos>(std::llround(static_cast<double>(dropped) * 1e9 / sampleRateHz()));
    }
    const double room = toSeconds(stretch.toNs - m_blockStartNs) * sampleRateHz();
    if (static_cast<double>(m_mono.size()) > room)
        m_mono.resize(static_cast<std::size_t>(std::max(0.0, std::round(room))));
}

} // namespace kino::ffmpeg
