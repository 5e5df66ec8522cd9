// FFmpeg's C structures as owned objects, and its failures as Error. Internal to core/media: no public header includes it.
#pragma once

#include "core/base/error.h"

#include <filesystem>
#include <memory>
#include <string>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libswscale/swscale.h>
}

namespace kino::ffmpeg {

struct Deleter {
    void operator()(AVCodecContext *context) const { avcodec_free_context(&context); }
    void operator()(AVFrame *frame) const { av_frame_free(&frame); }
    void operator()(AVPacket *packet) const { av_packet_free(&packet); }
    void operator()(SwsContext *context) const { sws_freeContext(context); }
    void operator()(AVCodecParserContext *parser) const { av_parser_close(parser); }
};

using CodecContextPtr = std::unique_ptr<AVCodecContext, Deleter>;
using FramePtr = std::unique_ptr<AVFrame, Deleter>;
using PacketPtr = std::unique_ptr<AVPacket, Deleter>;
using SwsPtr = std::unique_ptr<SwsContext, Deleter>;
using ParserPtr = std::unique_ptr<AVCodecParserContext, Deleter>;

FramePtr makeFrame();
PacketPtr makePacket();

/** FFmpeg's own words for an error code. */
std::string errorText(int code);

/** Gives `code` back when it is not negative; else throws Error(path, "sentence: FFmpeg's words"). */
int check(int code, const std::filesystem::path &path, const std::string &sentence);

/** Sends FFmpeg's messages to the program's log at debug level instead of stderr. Any thread, any number of times. */
void quietLog();

/** Rescales ticks of `base` to nanoseconds, rounding to nearest. AV_NOPTS_VALUE is not allowed. */
std::int64_t toNanos(std::int64_t ticks, AVRational base);
std::int64_t fromNanos(std::int64_t ns, AVRational base);

} // namespace kino::ffmpeg
