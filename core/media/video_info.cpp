#include "core/media/video_info.h"

#include "core/media/packet_table.h"
#include "core/media/picture_converter.h"

namespace kino {

using namespace ffmpeg;

VideoInfo describeVideo(const std::filesystem::path &path, const CancelToken &cancel)
{
    const Mp4Layout layout = readMp4Layout(path);
    Input input(path, layout, Payload::skipped);
    const int streamIndex = input.videoStream();
    if (streamIndex < 0)
        throw Error(path, "holds no video that can be decoded here");
    VideoInfo info;
    info.hasAudio = input.audioStream() >= 0;
    const PacketTable table(input, streamIndex, path, layout, cancel);
    const AVStream *stream = input.stream(streamIndex);
    const FrameTable &frames = table.frames();
    info.frames = frames.size();
    const std::array<int, 2> shown = input.shownSize(streamIndex);
    info.width = shown[0];
    info.height = shown[1];
    if (Orientation::of(stream).swapsSides)
        std::swap(info.width, info.height);
    info.rateHz = frames.rateHz();
    info.variableRate = frames.isVariableRate();
    info.start = {frames.ptsNs.front()};
    info.end = {frames.endNs};
    info.missingFrames = table.missingFrames();
    return info;
}

} // namespace kino
