// A recording: devices with streams, videos, annotations, one subject, one clock.
#pragma once

#include "core/data/annotation.h"
#include "core/data/clocks/clock_evidence.h"
#include "core/data/import_report.h"
#include "core/data/stream.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kino {

class VideoSource;

struct Device {
    std::string name;
    ClockMap<DeviceClock> clock;
    std::vector<ImuStream> streams;
    /** Where a person set the clock; empty where it is as the import gave it. */
    std::optional<ClockEvidence> clockEvidence = std::nullopt;
};

/** A numbered series of images with a time for each. */
struct ImageSeries {
    std::vector<std::filesystem::path> images;
    std::vector<Nanos> timesNs;
};

enum class VideoStorage { container, images, depthClip };

/** A video beside the signals. What it shows is read through openVideo(), never copied. */
struct VideoTrack {
    std::string name;
    /** The container, the folder of the images or the .mat file. */
    std::filesystem::path path;
    VideoStorage storage = VideoStorage::container;
    ImageSeries series;             // storage == images
    std::vector<Nanos> clipTimesNs; // storage == depthClip
    ClockMap<VideoClock> clock;
    /** As in Device. */
    std::optional<ClockEvidence> clockEvidence = std::nullopt;
    std::size_t frames = 0;
    int width = 0;
    int height = 0;
    double rateHz = 0;
    bool variableRate = false;
    bool hasAudio = false;
    VideoTime start; // of the first frame
    VideoTime end;   // where the last frame stops being shown
};

/** Opens the frames of a track. Throws Error when files have gone or cannot be decoded. */
std::unique_ptr<VideoSource> openVideo(const VideoTrack &track);

/**
 * Zero of the recording's clock is the first accelerometer or gyroscope sample at import (without IMU the first frame)
 * and never moves afterwards: importers subtract it once, from every own clock, so that offsets begin at 0.
 */
struct Recording {
    std::string name;
    /** The file that stands for it; the others are in `files`. */
    std::filesystem::path path;
    std::vector<std::filesystem::path> files;
    std::string format; // the reader's or profile's name
    double confidence = 1;
    std::string subject; // empty where unknown
    /** Wall clock of zero, nanoseconds since 1970 UTC, where the recording has one. */
    std::optional<Nanos> epochNs;
    std::vector<Device> devices;
    std::vector<VideoTrack> videos;
    std::vector<AnnotationTier> tiers;
    ImportReport report;

    /** Earliest and latest instant of anything in it, on the recording's clock; {0, 0} when there is nothing. */
    RecordingTime start() const;
    RecordingTime end() const;

    /** By "device/stream" as `kino inspect` names it; nullptr where there is none. */
    const ImuStream *findStream(const std::string &name) const;
    const Device *findDevice(const std::string &name) const;
};

/** "device/stream". */
std::string streamName(const Device &device, const ImuStream &stream);

} // namespace kino
