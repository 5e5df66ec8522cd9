// The sound of a container: as a waveform that can be drawn at any zoom, and as samples.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/base/time.h"
#include "core/signal/pyramid.h"

#include <cstddef>
#include <filesystem>
#include <vector>

namespace kino {

/**
 * Mono (the mean of the channels), in [-1, 1] as a rule. Memory does not grow with the length: up to kMostValues samples
 * are kept as they are; of longer sound each bin of `samplesPerBin` keeps its minimum and its maximum, one after the
 * other. Either way `values` is an even series whose envelope is the sound's, and `pyramid` is built from it.
 */
struct Waveform {
    static constexpr std::size_t kMostValues = std::size_t{1} << 23;

    /** Of the first value, on the clock of the same file's video. */
    VideoTime start;
    double valueRateHz = 0;
    /** 0: every sample is there. */
    std::size_t samplesPerBin = 0;
    /** NaN where the container has no sound (a gap). */
    std::vector<float> values;
    MinMaxPyramid pyramid;

    int sampleRateHz = 0;
    std::size_t samples = 0;
    int channels = 0;
    /** Damaged packets, left out as gaps. */
    std::size_t damagedPackets = 0;

    VideoTime end() const;
};

/** Decodes all of the sound. Any thread. Throws Error where the file has none or cannot be read, Cancelled. */
Waveform readWaveform(const std::filesystem::path &path, const CancelToken &cancel = {}, const Progress &progress = {});

struct AudioSamples {
    VideoTime start;
    int sampleRateHz = 0;
    std::vector<float> mono;
};

/** Every sample of [from, to), at most ten minutes of them; shorter where the sound begins later or ends. */
AudioSamples readAudio(const std::filesystem::path &path, VideoTime from, VideoTime to, const CancelToken &cancel = {});

} // namespace kino
