// When each sample of a telemetry stream was taken.
//
// What a file gives. GPMF states no rate. A camera empties its sensors' queues about once a second into a payload, so the
// numbers of samples of payloads differ (199, 203, 203, 200, …) although the sensor runs evenly. Known per payload are some
// of: the time of its first sample on the camera's clock (STMP, microseconds; TICK, milliseconds), the count of samples since
// the start (TSMP), and when the payload itself begins (the MP4's sample table). Durations say nothing: the last payload of
// a file lasts its nominal second and may hold 14 samples.
//
// The model. Samples are numbered, missing ones included (TSMP); each payload gives a point (number of its first sample, its
// time); a line through the points, fitted so that single wrong ones do not bend it, is the time of every sample:
//   - period = slope: median of slopes between points, then least squares over the points within 4 robust standard
//     deviations. Only beginnings of payloads are points, so a short last payload cannot bend the rate.
//   - samples before the first good point are counted back from it, so a long or short first payload makes no jump.
//   - over minutes a sensor's clock drifts against the camera's: from 90 payloads on, medians of the residuals of 30 payloads
//     each bend the line, where they exceed their own noise; joined linearly, so time stays continuous.
//   - samples that TSMP says are missing leave a hole of their length, where the clock does not contradict. A step of the
//     clock far over what the samples fill (a sensor that was away) is a hole too: the line starts anew behind it.
//   - streams of at most one sample a payload (time lapse, temperatures) have their own times: no line is drawn.
// gpmf-parser's GetGPMFSampleRate (first and last stamp, or least squares over all payloads) and gopro-telemetry (samples
// spread over each payload's duration) differ: the first is bent by an odd first payload and knows no holes, the second
// jumps at every uneven payload.
// Any thread.
#pragma once

#include "core/base/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kino {

/** A line y = intercept + slope * x that up to a third of the points may miss. */
struct RobustLine {
    double intercept = 0;
    double slope = 0;
    /** Robust standard deviation of the residuals (1.4826 * median of their magnitudes). */
    double spread = 0;
    /** Standard error of the slope. */
    double slopeError = 0;
};

/** At least two points of different x; x ascending. */
RobustLine fitRobustLine(std::span<const double> x, std::span<const double> y);

/** What is known of the samples that one payload brought. */
struct TimingBlock {
    std::size_t rows = 0;
    /** TSMP: samples delivered since the start, these included. */
    std::optional<std::uint64_t> totalAfter;
    /** Seconds on the telemetry clock. */
    std::optional<double> startS;
    /** When the payload ends, where more is known of it than its nominal length; of the last payload only. */
    std::optional<double> endS = std::nullopt;
};

enum class TimingEvidence {
    stamps,   // startS is the first sample's own time
    payloads, // startS is when the payload begins
    assumed   // startS is a guess: payloads at even steps
};

struct TimingFinding {
    std::string code; // "missing-samples", "sample-count", "clock-jump", "clock-back"
    std::size_t block = 0;
    std::int64_t count = 1;
    double seconds = 0;
};

struct SampleTimes {
    /** One per row, ascending, on the telemetry clock. */
    std::vector<Nanos> timesNs;
    double periodS = 0;
    /** The period is `assumedSpanS` divided by rows: nothing in the file tells it. */
    bool periodAssumed = false;
    std::vector<TimingFinding> findings;
};

/** `assumedSpanS`: how long a payload lasts, used only where a single payload gives no second point. */
SampleTimes computeSampleTimes(std::span<const TimingBlock> blocks, TimingEvidence evidence, double assumedSpanS);

} // namespace kino
