#include "core/data/formats/gopro_reader.h"

#include "core/base/error.h"
#include "core/base/mapped_file.h"
#include "core/data/formats/gopro_recording.h"
#include "core/data/formats/video_reader.h"
#include "core/media/telemetry_track.h"

#include <algorithm>
#include <fstream>

namespace kino {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kContainerEndings[] = {"mp4", "m4v", "mov", "360", "lrv"};
constexpr std::string_view kBareEndings[] = {"raw", "bin", "gpmf", "gpmd"};

const std::vector<fs::path> &candidatesOf(const FileScan &scan) { return scan.asked.empty() ? scan.files : scan.asked; }

Recording startRecording(const FileGroup &group, const FormatInfo &format)
{
    Recording recording;
    recording.path = group.files.front();
    recording.files = group.files;
    recording.name = recording.path.stem().string();
    recording.format = format.name;
    recording.confidence = group.confidence;
    return recording;
}

void addRow(Recording &recording, Severity severity, std::string code, std::string message, std::int64_t count = 1)
{
    ReportRow row;
    row.severity = severity;
    row.file = recording.path;
    row.code = std::move(code);
    row.count = count;
    row.message = std::move(message);
    recording.report.push_back(std::move(row));
}

bool hasStreams(const Recording &recording)
{
    return std::any_of(recording.devices.begin(), recording.devices.end(),
        [](const Device &device) { return !device.streams.empty(); });
}

/** GoPro's names of files: GH010123.MP4 is chapter 01 of recording 0123. */
void reportChapter(Recording &recording)
{
    const std::string stem = recording.path.stem().string();
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    constexpr std::size_t kLength = 8;
    if (stem.size() != kLength || stem[0] != 'G' || std::string_view("HXLS").find(stem[1]) == std::string_view::npos
        || !std::all_of(stem.begin() + 2, stem.end(), isDigit))
        return;
    const int chapter = (stem[2] - '0') * 10 + (stem[3] - '0');
    std::string next = stem;
    next[2] = static_cast<char>('0' + (chapter + 1) / 10 % 10);
    next[3] = static_cast<char>('0' + (chapter + 1) % 10);
    std::error_code ignored;
    const bool hasNext = fs::exists(recording.path.parent_path() / (next + recording.path.extension().string()), ignored);
    if (chapter < 2 && !hasNext)
        return;
    addRow(recording, Severity::info, "chapter",
        "By its name this is chapter " + std::to_string(chapter) + " of recording " + stem.substr(4)
            + "; each chapter is a recording of its own");
}

class GoproReader : public Reader {
public:
    FormatInfo format() const override
    {
        return {"gopro-mp4", "GoPro video with telemetry (MP4, MOV, 360)",
            std::vector<std::string>(std::begin(kContainerEndings), std::end(kContainerEndings)), true};
    }

    std::vector<FileGroup> claim(const FileScan &scan) const override
    {
        std::vector<FileGroup> groups;
        for (const fs::path &file : candidatesOf(scan)) {
            if (hasEnding(file, kContainerEndings) && hasTelemetryTrack(file))
                groups.push_back({{file}, 1, nullptr});
        }
        return groups;
    }

    Recording read(const FileGroup &group, const ImportOptions &options) const override
    {
        Recording recording = startRecording(group, format());
        options.progress(0, "Reading the video's index");
        std::string videoFault;
        try {
            addVideo(recording, recording.path, options.cancel);
        } catch (const Error &error) {
            videoFault = error.sentence();
            addRow(recording, Severity::error, "video", "The video cannot be read: it " + videoFault);
        }
        options.progress(0.3, "Reading the telemetry");
        try {
            readTelemetryInto(recording, options);
        } catch (const Error &error) {
            if (recording.videos.empty())
                throw;
            addRow(recording, Severity::error, "telemetry", "The telemetry cannot be read: it " + error.sentence());
        }
        if (recording.videos.empty() && !hasStreams(recording))
            throw Error(recording.path, "holds neither a video nor telemetry that can be read: " + videoFault);
        reportChapter(recording);
        options.progress(1);
        return recording;
    }

private:
    static void readTelemetryInto(Recording &recording, const ImportOptions &options)
    {
        const TelemetryTrack track = readTelemetryTrack(recording.path, options.cancel);
        options.progress(0.7, "Reading the telemetry");
        addTelemetry(recording, readTelemetry(track.packets(), options.cancel), {track.model, track.firmware});
        if (track.missingSamples > 0) {
            addRow(recording, Severity::warning, "corrupt-payload",
                std::to_string(track.missingSamples)
                    + " payloads that the index lists could not be read: the copy was cut off or is damaged",
                static_cast<std::int64_t>(track.missingSamples));
        }
        if (track.otherTracks > 0) {
            addRow(recording, Severity::warning, "left-out",
                "Left out further telemetry tracks: only the first is read", static_cast<std::int64_t>(track.otherTracks));
        }
        if (!recording.epochNs && !track.creationTime.empty()) {
            addRow(recording, Severity::info, "wall-clock",
                "The file was made at " + track.creationTime
                    + " by the camera's clock, which states no zone: not used as the wall clock");
        }
        if (!hasStreams(recording))
            addRow(recording, Severity::warning, "no-samples", "The telemetry track has no stream that can be loaded");
    }
};

class RawGpmfReader : public Reader {
public:
    FormatInfo format() const override
    {
        return {"gpmf-raw", "GPMF telemetry without a video", std::vector<std::string>(std::begin(kBareEndings), std::end(kBareEndings)),
            true};
    }

    std::vector<FileGroup> claim(const FileScan &scan) const override
    {
        std::vector<FileGroup> groups;
        for (const fs::path &file : candidatesOf(scan)) {
            if ((hasEnding(file, kBareEndings) || !scan.asked.empty()) && beginsWithDevice(file))
                groups.push_back({{file}, 1, nullptr});
        }
        return groups;
    }

    Recording read(const FileGroup &group, const ImportOptions &options) const override
    {
        Recording recording = startRecording(group, format());
        const auto file = MappedFile::open(recording.path);
        const std::vector<std::span<const std::byte>> payloads = splitGpmfFile(file->bytes());
        std::vector<TelemetryPacket> packets;
        for (const std::span<const std::byte> payload : payloads)
            packets.push_back({payload, std::nullopt, 0});
        Telemetry telemetry = readTelemetry(packets, options.cancel);
        file->checkWhole();
        const std::vector<TelemetryNote> notes = telemetry.notes;
        addTelemetry(recording, std::move(telemetry), {});
        if (!hasStreams(recording)) {
            const std::string first = notes.empty() ? "it has no payloads" : notes.front().message;
            throw Error(recording.path, "holds no GPMF stream that can be loaded: " + first);
        }
        return recording;
    }

private:
    static bool beginsWithDevice(const fs::path &path)
    {
        char begin[5] = {};
        std::ifstream stream(path, std::ios::binary);
        return stream.read(begin, sizeof begin) && std::string_view(begin, 5) == std::string_view("DEVC\0", 5);
    }
};

} // namespace

std::unique_ptr<Reader> makeGoproReader() { return std::make_unique<GoproReader>(); }

std::unique_ptr<Reader> makeRawGpmfReader() { return std::make_unique<RawGpmfReader>(); }

} // namespace kino
