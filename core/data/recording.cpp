#include "core/data/recording.h"

namespace kino {
namespace {

/** Calls `visit(start, end)` for everything in the recording that has an extent. */
template <class Visit>
void forEachExtent(const Recording &recording, const Visit &visit)
{
    for (const Device &device : recording.devices) {
        for (const ImuStream &stream : device.streams) {
            if (!stream.timesNs.empty()) {
                visit(device.clock.toRecording({stream.timesNs.front()}),
                      device.clock.toRecording({stream.timesNs.back()}));
            }
        }
    }
    for (const VideoTrack &video : recording.videos) {
        if (video.frames > 0)
            visit(video.clock.toRecording(video.start), video.clock.toRecording(video.end));
    }
    for (const AnnotationTier &tier : recording.tiers) {
        for (const Annotation &annotation : tier.annotations)
            visit(annotation.start, annotation.end);
    }
}

} // namespace

std::string_view severityName(Severity severity)
{
    switch (severity) {
    case Severity::info: return "info";
    case Severity::warning: return "warning";
    case Severity::error: return "error";
    }
    return "error";
}

RecordingTime Recording::start() const
{
    std::optional<RecordingTime> earliest;
    forEachExtent(*this, [&](RecordingTime from, RecordingTime) { earliest = std::min(earliest.value_or(from), from); });
    return earliest.value_or(RecordingTime{});
}

RecordingTime Recording::end() const
{
    std::optional<RecordingTime> latest;
    forEachExtent(*this, [&](RecordingTime, RecordingTime to) { latest = std::max(latest.value_or(to), to); });
    return latest.value_or(RecordingTime{});
}

std::string streamName(const Device &device, const ImuStream &stream) { return device.name + "/" + stream.name(); }

const ImuStream *Recording::findStream(const std::string &name) const
{
    for (const Device &device : devices) {
        for (const ImuStream &stream : device.streams) {
            if (streamName(device, stream) == name)
                return &stream;
        }
    }
    return nullptr;
}

const Device *Recording::findDevice(const std::string &name) const
{
    const auto found = std::ranges::find(devices, name, &Device::name);
    return found == devices.end() ? nullptr : &*found;
}

} // namespace kino
