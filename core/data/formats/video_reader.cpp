#include "core/data/formats/video_reader.h"

#include "core/base/error.h"
#include "core/media/video_info.h"

#include <algorithm>

namespace kino {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEndings[] = {"mp4", "m4v", "mov", "qt", "360", "lrv", "3gp", "3g2", "mkv", "webm", "avi", "mpg",
    "mpeg", "ts", "mts", "m2ts", "flv", "wmv", "asf", "ogv", "mxf", "insv"};

class VideoReader : public Reader {
public:
    FormatInfo format() const override
    {
        return {"video", "Video without sensors (MP4, MOV, MKV, AVI, MPEG, …)",
            std::vector<std::string>(std::begin(kEndings), std::end(kEndings)), true};
    }

    std::vector<FileGroup> claim(const FileScan &scan) const override
    {
        std::vector<FileGroup> groups;
        for (const fs::path &file : scan.asked.empty() ? scan.files : scan.asked) {
            if (hasEnding(file, kEndings))
                groups.push_back({{file}, 1, nullptr});
        }
        return groups;
    }

    Recording read(const FileGroup &group, const ImportOptions &options) const override
    {
        Recording recording;
        recording.path = group.files.front();
        recording.files = group.files;
        recording.name = recording.path.stem().string();
        recording.format = format().name;
        recording.confidence = group.confidence;
        addVideo(recording, recording.path, options.cancel);
        VideoTrack &video = recording.videos.front();
        video.clock.offsetNs = -video.start.ns;
        return recording;
    }
};

} // namespace

std::unique_ptr<Reader> makeVideoReader() { return std::make_unique<VideoReader>(); }

void addVideo(Recording &recording, const fs::path &path, const CancelToken &cancel)
{
    const VideoInfo info = describeVideo(path, cancel);
    VideoTrack track;
    track.name = "video";
    track.path = path;
    track.storage = VideoStorage::container;
    track.frames = info.frames;
    track.width = info.width;
    track.height = info.height;
    track.rateHz = info.rateHz;
    track.variableRate = info.variableRate;
    track.hasAudio = info.hasAudio;
    track.start = info.start;
    track.end = info.end;
    recording.videos.push_back(std::move(track));
    if (info.missingFrames == 0)
        return;
    ReportRow row;
    row.severity = Severity::warning;
    row.file = path;
    row.code = "missing-frames";
    row.count = static_cast<std::int64_t>(info.missingFrames);
    row.message = "The file ends before the last " + std::to_string(info.missingFrames)
        + " frames that its index lists: the copy was cut off";
    recording.report.push_back(std::move(row));
}

bool hasEnding(const fs::path &path, std::span<const std::string_view> endings)
{
    std::string ending = path.extension().string();
    if (ending.empty())
        return false;
    ending.erase(0, 1);
    std::transform(ending.begin(), ending.end(), ending.begin(),
        [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

} // namespace kino
