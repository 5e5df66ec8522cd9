#include "core/media/video_writer.h"

#include "core/media/ffmpeg.h"

#include <deque>
#include <unistd.h>

extern "C" {
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/opt.h>
}

namespace kino {
namespace {

using ffmpeg::check;

struct MuxerDeleter {
    void operator()(AVFormatContext *context) const
    {
        avio_closep(&context->pb);
        avformat_free_context(context);
    }
};

std::filesystem::path temporaryBeside(const std::filesystem::path &path)
{
    return path.parent_path() / ("." + path.filename().string() + "." + std::to_string(::getpid()) + ".part");
}

void requireSensible(const std::filesystem::path &path, const VideoWriterOptions &options)
{
    if (options.width < 2 || options.height < 2 || options.width % 2 || options.height % 2)
        throw Error(path, "H.264 video needs an even width and height of at least 2 pixels, not "
                        + std::to_string(options.width) + " x " + std::to_string(options.height));
    if (options.timescale < 1 || options.gop < 1 || options.bFrames < 0 || options.bFrames > 16)
        throw Error(path, "video needs a time scale and a keyframe distance of at least 1 and 0 to 16 B-frames");
    if (options.rotationDegrees % 90)
        throw Error(path, "video can be turned by 0, 90, 180 or 270 degrees only");
    if (options.audio != AudioCoding::none && options.audioRateHz < 1)
        throw Error(path, "sound needs a sample rate above 0 Hz");
}

} // namespace

class VideoWriter::Impl {
public:
    Impl(const std::filesystem::path &path, const VideoWriterOptions &options);
    ~Impl();

    void addFrame(const Image &image, Nanos ptsNs);
    void addAudio(std::span<const float> samples);
    void finish();

private:
    void openVideo();
    void openAudio();
    void encode(AVCodecContext *codec, const AVFrame *frame);
    void takePackets(AVCodecContext *codec);
    enum class Held { untilNextFrame, none };
    void writeHeldVideo(Held held);
    void write(AVPacket *packet, const AVCodecContext *codec, AVStream *stream);
    void encodeAudioBlock(std::span<const float> samples);
    std::int64_t durationTicks(std::int64_t ptsTicks) const;

    std::filesystem::path m_path;
    std::filesystem::path m_temporary;
    VideoWriterOptions m_options;
    std::unique_ptr<AVFormatContext, MuxerDeleter> m_muxer;
    ffmpeg::CodecContextPtr m_video;
    ffmpeg::CodecContextPtr m_audio;
    AVStream *m_videoStream = nullptr;
    AVStream *m_audioStream = nullptr;
    ffmpeg::SwsPtr m_toYuv;
    ffmpeg::FramePtr m_frame = ffmpeg::makeFrame();
    std::vector<std::int64_t> m_ptsTicks;
    // A packet's duration is known once the next frame's time is: the encoder's newest packet waits here for it.
    std::deque<ffmpeg::PacketPtr> m_heldVideo;
    std::vector<float> m_pendingAudio;
    std::int64_t m_audioTicks = 0;
    bool m_finished = false;
};

VideoWriter::Impl::Impl(const std::filesystem::path &path, const VideoWriterOptions &options)
    : m_path(path), m_temporary(temporaryBeside(path)), m_options(options)
{
    ffmpeg::quietLog();
    requireSensible(path, options);
    AVFormatContext *muxer = nullptr;
    const char *format = options.audio == AudioCoding::pcm ? "mov" : "mp4";
    check(avformat_alloc_output_context2(&muxer, nullptr, format, nullptr), path, "no MP4 writer in this FFmpeg");
    m_muxer.reset(muxer);
    m_muxer->flags |= AVFMT_FLAG_BITEXACT;
    openVideo();
    if (options.audio != AudioCoding::none)
        openAudio();

    m_muxer->url = av_strdup(("file:" + m_temporary.string()).c_str()); // read again when the index moves to the front
    check(avio_open(&m_muxer->pb, m_muxer->url, AVIO_FLAG_WRITE), path, "cannot be written");
    AVDictionary *muxerOptions = nullptr;
    av_dict_set_int(&muxerOptions, "video_track_timescale", options.timescale, 0);
    // Edit lists count in this; FFmpeg's own milliseconds would cut the last frame short or let it stand too long.
    av_dict_set_int(&muxerOptions, "movie_timescale", options.timescale, 0);
    if (options.index == IndexPlace::beginning)
        av_dict_set(&muxerOptions, "movflags", "+faststart", 0);
    const int code = avformat_write_header(m_muxer.get(), &muxerOptions);
    av_dict_free(&muxerOptions);
    check(code, path, "the video's header could not be written");
}

VideoWriter::Impl::~Impl()
{
    m_muxer.reset();
    if (!m_finished) {
        std::error_code ignored;
        std::filesystem::remove(m_temporary, ignored);
    }
}

void VideoWriter::Impl::openVideo()
{
    const AVCodec *coder = avcodec_find_encoder_by_name("libx264");
    if (!coder)
        throw Error(m_path, "this FFmpeg has no x264 encoder, so video cannot be written; install one with libx264");
    m_video.reset(avcodec_alloc_context3(coder));
    m_video->width = m_options.width;
    m_video->height = m_options.height;
    m_video->pix_fmt = AV_PIX_FMT_YUV420P;
    m_video->time_base = {1, m_options.timescale};
    m_video->gop_size = m_options.gop;
    m_video->keyint_min = std::min(m_options.gop, 25);
    m_video->max_b_frames = m_options.bFrames;
    m_video->thread_count = 1;
    m_video->flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_GLOBAL_HEADER;
    if (!m_options.openGop)
        m_video->flags |= AV_CODEC_FLAG_CLOSED_GOP;
    m_video->color_range = AVCOL_RANGE_MPEG;
    m_video->colorspace = AVCOL_SPC_BT709;
    m_video->color_primaries = AVCOL_PRI_BT709;
    m_video->color_trc = AVCOL_TRC_BT709;

    // No keyframes at changes of scene: where they lie is the caller's choice.
    const std::string x264 = "scenecut=0:b-adapt=0:open-gop=" + std::string(m_options.openGop ? "1" : "0");
    AVDictionary *coderOptions = nullptr;
    av_dict_set(&coderOptions, "preset", m_options.preset.c_str(), 0);
    av_dict_set_int(&coderOptions, "crf", m_options.quality, 0);
    av_dict_set(&coderOptions, "x264-params", x264.c_str(), 0);
    const int code = avcodec_open2(m_video.get(), coder, &coderOptions);
    av_dict_free(&coderOptions);
    check(code, m_path, "the H.264 encoder does not start");

    m_videoStream = avformat_new_stream(m_muxer.get(), nullptr);
    check(avcodec_parameters_from_context(m_videoStream->codecpar, m_video.get()), m_path, "no memory for the video");
    m_videoStream->time_base = m_video->time_base;
    if (m_options.rotationDegrees % 360 != 0) {
        auto *matrix = reinterpret_cast<std::int32_t *>(
            av_stream_new_side_data(m_videoStream, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(std::int32_t)));
        if (!matrix)
            throw std::bad_alloc();
        // FFmpeg calls the direction counterclockwise; with rows counted downwards, as pictures are, it is clockwise.
        av_display_rotation_set(matrix, m_options.rotationDegrees);
    }

    m_frame->format = AV_PIX_FMT_YUV420P;
    m_frame->width = m_options.width;
    m_frame->height = m_options.height;
    check(av_frame_get_buffer(m_frame.get(), 0), m_path, "no memory for a picture");
    m_frame->color_range = m_video->color_range;
    m_frame->colorspace = m_video->colorspace;
    m_toYuv.reset(sws_getContext(m_options.width, m_options.height, AV_PIX_FMT_BGRA, m_options.width, m_options.height,
                                 AV_PIX_FMT_YUV420P, SWS_BILINEAR | SWS_ACCURATE_RND, nullptr, nullptr, nullptr));
    if (!m_toYuv)
        throw Error(m_path, "pictures of this size cannot be converted for H.264");
    const int *bt709 = sws_getCoefficients(SWS_CS_ITU709);
    const int fullRange = 1;
    const int tvRange = 0;
    sws_setColorspaceDetails(m_toYuv.get(), bt709, fullRange, bt709, tvRange, 0, 1 << 16, 1 << 16);
}

void VideoWriter::Impl::openAudio()
{
    const bool pcm = m_options.audio == AudioCoding::pcm;
    const AVCodec *coder = avcodec_find_encoder(pcm ? AV_CODEC_ID_PCM_S16LE : AV_CODEC_ID_AAC);
    if (!coder)
        throw Error(m_path, "this FFmpeg has no encoder for the sound");
    m_audio.reset(avcodec_alloc_context3(coder));
    m_audio->sample_fmt = pcm ? AV_SAMPLE_FMT_S16 : AV_SAMPLE_FMT_FLTP;
    m_audio->sample_rate = m_options.audioRateHz;
    m_audio->time_base = {1, m_options.audioRateHz};
    m_audio->bit_rate = pcm ? 0 : 128'000;
    m_audio->flags |= AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_GLOBAL_HEADER;
    av_channel_layout_default(&m_audio->ch_layout, 1);
    check(avcodec_open2(m_audio.get(), coder, nullptr), m_path,
          "sound at " + std::to_string(m_options.audioRateHz) + " Hz cannot be encoded");
    m_audioStream = avformat_new_stream(m_muxer.get(), nullptr);
    check(avcodec_parameters_from_context(m_audioStream->codecpar, m_audio.get()), m_path, "no memory for the sound");
    m_audioStream->time_base = m_audio->time_base;
    m_audioTicks = ffmpeg::fromNanos(m_options.audioStartNs, m_audio->time_base);
}

void VideoWriter::Impl::addFrame(const Image &image, Nanos ptsNs)
{
    if (image.width != m_options.width || image.height != m_options.height
        || image.bgra.size() != static_cast<std::size_t>(image.width) * image.height * 4)
        throw Error(m_path, "frame " + std::to_string(m_ptsTicks.size()) + " is not of the video's size");
    const std::int64_t ticks = ffmpeg::fromNanos(ptsNs, m_video->time_base);
    if (!m_ptsTicks.empty() && ticks <= m_ptsTicks.back())
        throw Error(m_path, "frame " + std::to_string(m_ptsTicks.size()) + " is not later than the frame before it");

    check(av_frame_make_writable(m_frame.get()), m_path, "no memory for a picture");
    const std::uint8_t *source[] = {image.bgra.data()};
    const int sourceStride[] = {image.width * 4};
    sws_scale(m_toYuv.get(), source, sourceStride, 0, image.height, m_frame->data, m_frame->linesize);
    m_frame->pts = ticks;
    m_ptsTicks.push_back(ticks);
    encode(m_video.get(), m_frame.get());
}

void VideoWriter::Impl::addAudio(std::span<const float> samples)
{
    if (!m_audio)
        throw Error(m_path, "sound was given to a video that was begun without sound");
    m_pendingAudio.insert(m_pendingAudio.end(), samples.begin(), samples.end());
    const std::size_t block = m_audio->frame_size > 0 ? static_cast<std::size_t>(m_audio->frame_size) : 1024;
    std::size_t begin = 0;
    for (; begin + block <= m_pendingAudio.size(); begin += block)
        encodeAudioBlock(std::span(m_pendingAudio).subspan(begin, block));
    m_pendingAudio.erase(m_pendingAudio.begin(), m_pendingAudio.begin() + static_cast<std::ptrdiff_t>(begin));
}

void VideoWriter::Impl::encodeAudioBlock(std::span<const float> samples)
{
    const ffmpeg::FramePtr frame = ffmpeg::makeFrame();
    frame->format = m_audio->sample_fmt;
    frame->nb_samples = static_cast<int>(samples.size());
    frame->sample_rate = m_audio->sample_rate;
    check(av_channel_layout_copy(&frame->ch_layout, &m_audio->ch_layout), m_path, "no memory for the sound");
    check(av_frame_get_buffer(frame.get(), 0), m_path, "no memory for the sound");
    if (m_audio->sample_fmt == AV_SAMPLE_FMT_S16) {
        auto *target = reinterpret_cast<std::int16_t *>(frame->data[0]);
        std::ranges::transform(samples, target, [](float value) {
            return static_cast<std::int16_t>(std::lround(std::clamp(value, -1.0f, 1.0f) * 32767.0f));
        });
    } else {
        std::ranges::copy(samples, reinterpret_cast<float *>(frame->data[0]));
    }
    frame->pts = m_audioTicks;
    m_audioTicks += frame->nb_samples;
    encode(m_audio.get(), frame.get());
}

void VideoWriter::Impl::encode(AVCodecContext *codec, const AVFrame *frame)
{
    check(avcodec_send_frame(codec, frame), m_path, "could not be encoded");
    takePackets(codec);
}

void VideoWriter::Impl::takePackets(AVCodecContext *codec)
{
    while (true) {
        ffmpeg::PacketPtr packet = ffmpeg::makePacket();
        const int code = avcodec_receive_packet(codec, packet.get());
        if (code == AVERROR(EAGAIN) || code == AVERROR_EOF)
            break;
        check(code, m_path, "could not be encoded");
        if (codec == m_video.get())
            m_heldVideo.push_back(std::move(packet));
        else
            write(packet.get(), codec, m_audioStream);
    }
    writeHeldVideo(Held::untilNextFrame);
}

void VideoWriter::Impl::writeHeldVideo(Held held)
{
    while (!m_heldVideo.empty()) {
        AVPacket *packet = m_heldVideo.front().get();
        if (held == Held::untilNextFrame && packet->pts == m_ptsTicks.back())
            return;
        packet->duration = durationTicks(packet->pts);
        write(packet, m_video.get(), m_videoStream);
        m_heldVideo.pop_front();
    }
}

std::int64_t VideoWriter::Impl::durationTicks(std::int64_t ptsTicks) const
{
    const auto next = std::upper_bound(m_ptsTicks.begin(), m_ptsTicks.end(), ptsTicks);
    if (next != m_ptsTicks.end())
        return *next - ptsTicks;
    if (m_options.lastFrameNs > 0)
        return std::max<std::int64_t>(1, ffmpeg::fromNanos(m_options.lastFrameNs, m_video->time_base));
    if (m_ptsTicks.size() > 1)
        return m_ptsTicks.back() - m_ptsTicks[m_ptsTicks.size() - 2];
    return std::max(1, m_options.timescale / 30);
}

void VideoWriter::Impl::write(AVPacket *packet, const AVCodecContext *codec, AVStream *stream)
{
    packet->stream_index = stream->index;
    av_packet_rescale_ts(packet, codec->time_base, stream->time_base);
    check(av_interleaved_write_frame(m_muxer.get(), packet), m_path, "could not be written; is the disk full?");
}

void VideoWriter::Impl::finish()
{
    if (m_ptsTicks.empty())
        throw Error(m_path, "a video without a frame cannot be written");
    if (m_audio) {
        if (!m_pendingAudio.empty())
            encodeAudioBlock(m_pendingAudio);
        encode(m_audio.get(), nullptr);
    }
    encode(m_video.get(), nullptr);
    writeHeldVideo(Held::none);
    check(av_write_trailer(m_muxer.get()), m_path, "the index of frames could not be written; is the disk full?");
    check(avio_closep(&m_muxer->pb), m_path, "could not be written completely; is the disk full?");
    std::error_code failure;
    std::filesystem::rename(m_temporary, m_path, failure);
    if (failure)
        throw Error(m_path, "cannot be written: " + failure.message());
    m_finished = true;
}

VideoWriter::VideoWriter(const std::filesystem::path &path, const VideoWriterOptions &options)
    : m_impl(std::make_unique<Impl>(path, options))
{
}

VideoWriter::~VideoWriter() = default;

void VideoWriter::addFrame(const Image &image, Nanos ptsNs) { m_impl->addFrame(image, ptsNs); }

void VideoWriter::addAudio(std::span<const float> samples) { m_impl->addAudio(samples); }

void VideoWriter::finish() { m_impl->finish(); }

} // namespace kino
