#include "core/media/ffmpeg.h"

#include "core/base/log.h"

#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <new>

extern "C" {
#include <libavutil/log.h>
#include <libavutil/mathematics.h>
}

namespace kino::ffmpeg {
namespace {

constexpr AVRational kNanoBase = {1, 1'000'000'000};

void forwardMessage(void *object, int level, const char *format, va_list arguments)
{
    if (level > AV_LOG_WARNING)
        return;
    char line[1024];
    int printPrefix = 1;
    av_log_format_line(object, level, format, arguments, line, sizeof line, &printPrefix);
    std::string text(line);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    if (!text.empty())
        log(LogLevel::debug, "FFmpeg: " + text);
}

} // namespace

FramePtr makeFrame()
{
    FramePtr frame(av_frame_alloc());
    if (!frame)
        throw std::bad_alloc();
    return frame;
}

PacketPtr makePacket()
{
    PacketPtr packet(av_packet_alloc());
    if (!packet)
        throw std::bad_alloc();
    return packet;
}

std::string errorText(int code)
{
    char text[AV_ERROR_MAX_STRING_SIZE] = {};
    if (av_strerror(code, text, sizeof text) < 0)
        return "error " + std::to_string(code);
    return text;
}

int check(int code, const std::filesystem::path &path, const std::string &sentence)
{
    if (code < 0)
        throw Error(path, sentence + ": " + errorText(code));
    return code;
}

void quietLog()
{
    static std::once_flag once;
    std::call_once(once, [] { av_log_set_callback(forwardMessage); });
}

std::int64_t toNanos(std::int64_t ticks, AVRational base) { return av_rescale_q(ticks, base, kNanoBase); }

std::int64_t fromNanos(std::int64_t ns, AVRational base) { return av_rescale_q(ns, kNanoBase, base); }

} // namespace kino::ffmpeg
