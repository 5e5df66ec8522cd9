#include "tests/support/libav_clip.h"

#include "core/media/ffmpeg.h"
#include "tests/support/numbered_clip.h"

#include <limits>

extern "C" {
#include <libavutil/opt.h>
}

namespace kino::test {
namespace {

using namespace ffmpeg;

constexpr AVRational kTicks = {1, 90'000};

class ClipWriter {
public:
    ClipWriter(const std::filesystem::path &path, const LibavClipOptions &options, Nanos stepNs) : m_path(path)
    {
        check(avformat_alloc_output_context2(&m_muxer, nullptr, nullptr, path.c_str()), path, "no such container");
        const AVCodec *encoder = avcodec_find_encoder_by_name(options.encoder.c_str());
        if (!encoder)
            throw Error(path, "no encoder " + options.encoder);
        m_codec.reset(avcodec_alloc_context3(encoder));
        m_codec->width = options.width;
        m_codec->height = options.height;
        m_codec->pix_fmt = AV_PIX_FMT_YUV420P;
        // AVI knows a constant rate only, and its coder counts frames.
        m_countsFrames = std::string_view(m_muxer->oformat->name) == "avi";
        const auto rate = static_cast<int>((kNanosPerSecond + stepNs / 2) / stepNs);
        m_codec->time_base = m_countsFrames ? AVRational{1, rate} : kTicks;
        m_codec->framerate = {rate, 1};
        m_codec->gop_size = options.gop;
        m_codec->max_b_frames = options.bFrames;
        m_codec->thread_count = 1;
        m_codec->bit_rate = 2'000'000;
        m_codec->sample_aspect_ratio = {options.pixelShape[0], options.pixelShape[1]};
        if (m_muxer->oformat->flags & AVFMT_GLOBALHEADER)
            m_codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
        AVDictionary *settings = nullptr;
        av_dict_set(&settings, "preset", "ultrafast", 0);
        av_dict_set(&settings, "crf", "14", 0);
        av_dict_set(&settings, "x265-params", ("log-level=none:bframes=" + std::to_string(options.bFrames) + ":pools=1:frame-threads=1").c_str(), 0);
        const int opened = avcodec_open2(m_codec.get(), encoder, &settings);
        av_dict_free(&settings);
        check(opened, path, "the encoder does not open");
        m_stream = avformat_new_stream(m_muxer, nullptr);
        m_stream->time_base = m_codec->time_base;
        m_stream->avg_frame_rate = m_codec->framerate;
        m_stream->sample_aspect_ratio = m_codec->sample_aspect_ratio;
        check(avcodec_parameters_from_context(m_stream->codecpar, m_codec.get()), path, "no parameters");
        check(avio_open(&m_muxer->pb, path.c_str(), AVIO_FLAG_WRITE), path, "cannot be written");
        check(avformat_write_header(m_muxer, nullptr), path, "no header");
        m_scaler.reset(sws_getContext(options.width, options.height, AV_PIX_FMT_BGRA, options.width, options.height,
                                      AV_PIX_FMT_YUV420P, SWS_POINT, nullptr, nullptr, nullptr));
    }
    ~ClipWriter()
    {
        avio_closep(&m_muxer->pb);
        avformat_free_context(m_muxer);
    }
    ClipWriter(const ClipWriter &) = delete;
    ClipWriter &operator=(const ClipWriter &) = delete;

    void add(const Image &image, std::size_t index, Nanos ptsNs)
    {
        const FramePtr frame = makeFrame();
        frame->width = image.width;
        frame->height = image.height;
        frame->format = AV_PIX_FMT_YUV420P;
        check(av_frame_get_buffer(frame.get(), 0), m_path, "no memory");
        const std::uint8_t *source[] = {image.bgra.data()};
        const int stride[] = {image.width * 4};
        sws_scale(m_scaler.get(), source, stride, 0, image.height, frame->data, frame->linesize);
        frame->pts = m_countsFrames ? static_cast<std::int64_t>(index) : fromNanos(ptsNs, kTicks);
        encode(frame.get());
    }
    void finish()
    {
        encode(nullptr);
        check(av_write_trailer(m_muxer), m_path, "no end");
    }

private:
    void encode(const AVFrame *frame)
    {
        check(avcodec_send_frame(m_codec.get(), frame), m_path, "does not encode");
        const PacketPtr packet = makePacket();
        while (avcodec_receive_packet(m_codec.get(), packet.get()) >= 0) {
            av_packet_rescale_ts(packet.get(), m_codec->time_base, m_stream->time_base);
            packet->stream_index = m_stream->index;
            check(av_interleaved_write_frame(m_muxer, packet.get()), m_path, "does not take a frame");
        }
    }

    std::filesystem::path m_path;
    AVFormatContext *m_muxer = nullptr;
    AVStream *m_stream = nullptr;
    CodecContextPtr m_codec;
    SwsPtr m_scaler;
    bool m_countsFrames = false;
};

} // namespace

bool hasEncoder(const std::string &name) { return avcodec_find_encoder_by_name(name.c_str()) != nullptr; }

void writeLibavClip(const std::filesystem::path &path, const LibavClipOptions &options, std::span<const Nanos> ptsNs)
{
    ClipWriter writer(path, options, ptsNs.size() > 1 ? ptsNs[1] - ptsNs[0] : kNanosPerSecond / 30);
    for (std::size_t i = 0; i < ptsNs.size(); ++i)
        writer.add(numberedImage(options.width, options.height, static_cast<std::uint32_t>(i)), i, ptsNs[i]);
    writer.finish();
}

} // namespace kino::test
