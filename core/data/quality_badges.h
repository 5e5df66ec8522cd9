// What a library says about a recording at a glance: computed from its overview, once, and kept. Any thread.
#pragma once

#include "core/data/import_report.h"
#include "core/data/recording_overview.h"

#include <string>
#include <vector>

namespace kino {

/** To be raised whenever computeBadges() says something else of the same overview. */
inline constexpr int kBadgesVersion = 2;

/** One thing to know before using a recording. */
struct QualityBadge {
    /** "gaps", "clipped", …: see computeBadges(). */
    std::string code;
    Severity severity = Severity::warning;
    std::int64_t count = 0;
    /** For a tooltip: what, how much, worst where. */
    std::string message;
    friend bool operator==(const QualityBadge &, const QualityBadge &) = default;
};

/**
 * In this order, each at most once, over all streams of the recording (its samples are not needed). Streams of no known kind
 * say how a device worked (a camera's exposure) and count for nothing:
 *  - "no-motion" (error): neither accelerometer nor gyroscope has a sample;
 *  - "gaps": count of gaps (timing.h), their seconds, the longest and where; what streams of one device share counts
 *    once;
 *  - "missing-values": values without a number;
 *  - "clipped": samples at full scale (quality.h);
 *  - "repeated-samples": rows equal to the row before, in runs;
 *  - "duplicate-times", "backward-times": rows whose time repeats or went back, of each device the stream with most;
 *  - "uneven": streams whose jitter is over a tenth of their median period (count of streams);
 *  - "gravity": accelerometers whose magnitude at rest is more than 10 % from 9.81 m/s² (count of streams): wrong
 * units, or gravity taken out;
 *  - "import-errors" (error): errors in the import report.
 */
std::vector<QualityBadge> computeBadges(const Recording &recording, const RecordingOverview &overview);

} // namespace kino
