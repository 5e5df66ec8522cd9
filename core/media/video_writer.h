// Writes H.264 video with a presentation time for each frame, and sound beside it: the simulator's clips and the
// tests' clips. The same input gives the same bytes.
#pragma once

#include "core/base/time.h"
#include "core/media/image.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace kino {

/** pcm (16-bit) needs a QuickTime file: its samples are exact, aac's are not. */
enum class AudioCoding { none, aac, pcm };

/** Where an MP4 keeps the index of its frames. At the beginning, a file that is cut off can still be read. */
enum class IndexPlace { end, beginning };

struct VideoWriterOptions {
    /** Of the pictures given; both even. */
    int width = 0;
    int height = 0;
    /** Presentation times are rounded to 1/timescale s. 90000 holds 24, 25, 30, 50, 60 and 30000/1001 fps exactly. */
    int timescale = 90'000;
    /** Frames between keyframes, at most; 1 makes every frame a keyframe. */
    int gop = 30;
    /** B-frames in a row, 0 to 16: frames are then stored in another order than shown. */
    int bFrames = 0;
    /** Lets B-frames refer across a keyframe (its leading frames then need the GOP before it). */
    bool openGop = false;
    /** x264's constant rate factor: 0 without loss, 18 hardly visible, 23 usual. */
    int quality = 20;
    std::string preset = "veryfast";
    /** By how many degrees clockwise a player turns the stored picture: 0, 90, 180, 270. */
    int rotationDegrees = 0;
    IndexPlace index = IndexPlace::end;
    /** How long the last frame is shown; 0 repeats the step before it (1/30 s for a single frame). */
    Nanos lastFrameNs = 0;

    AudioCoding audio = AudioCoding::none;
    int audioRateHz = 48'000;
    /** When the first sample sounds, on the clock of the frames. */
    Nanos audioStartNs = 0;
};

/**
 * MP4 (QuickTime with pcm sound). Time zero of the frames is time zero of the file: a first frame after zero is written
 * as an empty edit (footage starts late), frames before zero stay in the file but an edit list hides them.
 * One thread at a time. The file appears under its name when finish() returns; without finish() nothing remains.
 * Encodes on one thread, so that the result does not depend on the machine's number of cores.
 */
class VideoWriter {
public:
    VideoWriter(const std::filesystem::path &path, const VideoWriterOptions &options);
    ~VideoWriter();
    VideoWriter(const VideoWriter &) = delete;
    VideoWriter &operator=(const VideoWriter &) = delete;

    /** Times must rise by a tick of the timescale at least. */
    void addFrame(const Image &image, Nanos ptsNs);
    /** Mono samples in [-1, 1] that follow those given before. */
    void addAudio(std::span<const float> samples);
    void finish();

private:
    class Impl;
    std::unique_ptr<Impl> m_impl;
};

} // namespace kino
