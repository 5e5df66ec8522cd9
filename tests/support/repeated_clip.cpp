#include "tests/support/repeated_clip.h"

#include "core/media/ffmpeg.h"

#include <vector>

namespace kino::test {

using namespace ffmpeg;

void repeatClip(const std::filesystem::path &clip, const std::filesystem::path &path, int times)
{
    AVFormatContext *from = nullptr;
    check(avformat_open_input(&from, clip.c_str(), nullptr, nullptr), clip, "does not open");
    check(avformat_find_stream_info(from, nullptr), clip, "has no streams");
    const int video = av_find_best_stream(from, AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
    check(video, clip, "has no video");
    AVFormatContext *to = nullptr;
    check(avformat_alloc_output_context2(&to, nullptr, nullptr, path.c_str()), path, "no such container");
    AVStream *stream = avformat_new_stream(to, nullptr);
    check(avcodec_parameters_copy(stream->codecpar, from->streams[video]->codecpar), path, "no parameters");
    stream->time_base = from->streams[video]->time_base;
    check(avio_open(&to->pb, path.c_str(), AVIO_FLAG_WRITE), path, "cannot be written");
    check(avformat_write_header(to, nullptr), path, "no header");

    std::vector<PacketPtr> packets;
    std::int64_t length = 0; // in ticks of the source
    for (PacketPtr packet = makePacket(); av_read_frame(from, packet.get()) >= 0; packet = makePacket()) {
        if (packet->stream_index != video)
            continue;
        length = std::max(length, packet->pts + packet->duration);
        packets.push_back(std::move(packet));
    }
    for (int round = 0; round < times; ++round) {
        for (const PacketPtr &packet : packets) {
            const PacketPtr copy(av_packet_clone(packet.get()));
            copy->pts += round * length;
            copy->dts += round * length;
            av_packet_rescale_ts(copy.get(), from->streams[video]->time_base, stream->time_base);
            copy->stream_index = 0;
            copy->pos = -1;
            check(av_interleaved_write_frame(to, copy.get()), path, "does not take a frame");
        }
    }
    check(av_write_trailer(to), path, "no end");
    avio_closep(&to->pb);
    avformat_free_context(to);
    avformat_close_input(&from);
}

} // namespace kino::test
