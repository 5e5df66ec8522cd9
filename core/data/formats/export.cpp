#include "core/data/formats/export.h"

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/npy.h"
#include "core/data/clocks/clock_json.h"
#include "core/data/formats/annotation_file.h"
#include "core/data/formats/sample_csv.h"
#include "core/data/table/csv_text.h"

#include <set>

namespace kino {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/** A file name that every system takes, and that no other stream of this export has. */
std::string fileStem(const std::string &name, std::set<std::string> &taken)
{
    const std::string stem = plainFileName(name);
    std::string free = stem;
    for (int number = 2; !taken.insert(free).second; ++number)
        free = stem + "-" + std::to_string(number);
    return free;
}

std::vector<Nanos> timesOnRecording(const Device &device, const ImuStream &stream)
{
    std::vector<Nanos> times;
    times.reserve(stream.samples());
    for (const Nanos own : stream.timesNs)
        times.push_back(device.clock.toRecording({own}).ns);
    return times;
}

void writeStreamCsv(const fs::path &path, const ImuStream &stream, std::span<const Nanos> times, const CancelToken &cancel)
{
    SampleTable table{times.size(), [times](std::size_t row) { return times[row]; }, {}};
    for (std::size_t axis = 0; axis < stream.values.size(); ++axis)
        table.columns.push_back({columnTitle(stream.axes[axis], stream.unit), stream.values[axis]});
    writeSampleCsv(path, table, cancel);
}

void writeStreamNpy(const fs::path &path, const fs::path &timesPath, const ImuStream &stream, std::span<const Nanos> times)
{
    const std::size_t axes = stream.values.size();
    std::vector<float> rows(times.size() * axes);
    for (std::size_t axis = 0; axis < axes; ++axis) {
        for (std::size_t row = 0; row < times.size(); ++row)
            rows[row * axes + axis] = stream.values[axis][row];
    }
    const auto samples = static_cast<std::int64_t>(times.size());
    writeNpy<float>(path, rows, {samples, static_cast<std::int64_t>(axes)});
    writeNpy<Nanos>(timesPath, times, {samples});
}

/** Of a device or video: where its clock lies and why. */
template <class Owner> Json clockJson(const Owner &owner)
{
    Json json{{"offset_ns", owner.clock.offsetNs}, {"drift_ppm", owner.clock.driftPpm}};
    json.update(clockOriginJson(owner.clockEvidence));
    return json;
}

Json describe(const Recording &recording)
{
    Json videos = Json::array();
    for (const VideoTrack &video : recording.videos) {
        videos.push_back({{"name", video.name},
                          {"path", video.path.string()},
                          {"frames", video.frames},
                          {"rate_hz", video.rateHz > 0 ? Json(video.rateHz) : Json(nullptr)},
                          {"start_ns", video.clock.toRecording(video.start).ns},
                          {"clock", clockJson(video)}});
    }
    return {{"kinoscope_export", 1},
            {"name", recording.name},
            {"source", recording.path.string()},
            {"format", recording.format},
            {"subject", recording.subject.empty() ? Json(nullptr) : Json(recording.subject)},
            {"epoch_ns", recording.epochNs ? Json(*recording.epochNs) : Json(nullptr)},
            {"times", "nanoseconds on the recording's clock; t = own * (1 + drift_ppm * 1e-6) + offset_ns is applied already"},
            {"streams", Json::array()},
            {"videos", std::move(videos)}};
}

} // namespace

ExportFormat exportFormatFromName(std::string_view name)
{
    if (name == "csv")
        return ExportFormat::csv;
    if (name == "npy")
        return ExportFormat::npy;
    throw Error("\"" + std::string(name) + "\" is no export format; there is csv and npy");
}

ExportedFiles exportRecording(const Recording &recording, const fs::path &folder, ExportFormat format,
                              const CancelToken &cancel, const Progress &progress)
{
    std::error_code code;
    fs::create_directories(folder, code);
    if (code)
        throw Error(folder, "cannot be made (" + code.message() + "); choose a folder in which you may write");

    std::size_t total = 0;
    for (const Device &device : recording.devices)
        total += device.streams.size();
    ExportedFiles exported;
    Json description = describe(recording);
    std::set<std::string> taken{"recording", "annotations"};
    for (const Device &device : recording.devices) {
        for (const ImuStream &stream : device.streams) {
            cancel.throwIfCancelled();
            const std::string name = streamName(device, stream);
            progress(static_cast<double>(description["streams"].size()) / static_cast<double>(total), name);
            const std::string stem = fileStem(name, taken);
            const std::vector<Nanos> times = timesOnRecording(device, stream);
            Json entry{
                {"name", name},        {"kind", streamKindName(stream.kind)}, {"axes", stream.axes},
                {"unit", stream.unit}, {"samples", stream.samples()},         {"device_clock", clockJson(device)}};
            if (format == ExportFormat::csv) {
                const fs::path path = folder / (stem + ".csv");
                writeStreamCsv(path, stream, times, cancel);
                exported.files.push_back(path);
                entry["file"] = path.filename().string();
            } else {
                const fs::path path = folder / (stem + ".npy");
                const fs::path timesPath = folder / (stem + "-times.npy");
                writeStreamNpy(path, timesPath, stream, times);
                exported.files.insert(exported.files.end(), {path, timesPath});
                entry["file"] = path.filename().string();
                entry["times_file"] = timesPath.filename().string();
            }
            description["streams"].push_back(std::move(entry));
        }
    }
    if (!recording.tiers.empty()) {
        exported.files.push_back(folder / "annotations.csv");
        writeAnnotationCsv(exported.files.back(), recording.tiers);
        description["annotations_file"] = "annotations.csv";
    }
    exported.files.push_back(folder / "recording.json");
    writeFileAtomically(exported.files.back(), description.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    progress(1);
    return exported;
}

} // namespace kino
