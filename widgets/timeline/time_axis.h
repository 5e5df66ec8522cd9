// How instants lie on pixels. Everything under one ruler shares one TimeAxis, so that it lines up pixel for pixel.
#pragma once

#include "core/base/time.h"

#include <QString>

#include <vector>

namespace kino {

/** Half-open [start, end) on the recording's clock. */
struct TimeRange {
    RecordingTime start;
    RecordingTime end;

    Nanos duration() const { return end - start; }
    bool isEmpty() const { return end <= start; }
    bool contains(RecordingTime time) const { return start <= time && time < end; }
    friend bool operator==(const TimeRange &, const TimeRange &) = default;
};

/** `range` moved, without changing its length where it fits, into `bounds`. */
TimeRange movedInto(TimeRange range, TimeRange bounds);
/** `range` scaled by `factor` (below 1 zooms in) so that `fixed` keeps its place in it. */
TimeRange scaledAbout(TimeRange range, RecordingTime fixed, double factor);

struct TimeAxis {
    TimeRange range;
    double left = 0;
    double width = 1;

    /** In pixels; may lie far outside the axis. */
    double xOf(RecordingTime time) const
    {
        return left + static_cast<double>(time - range.start) / static_cast<double>(range.duration()) * width;
    }
    RecordingTime timeAt(double x) const;
    double nanosPerPixel() const { return static_cast<double>(range.duration()) / width; }
};

struct TimeTick {
    RecordingTime time;
    bool isMajor = false;
    QString label; // of major ticks
};

/** Ticks at round times, whose labels have at least `labelSpacing` pixels each. */
std::vector<TimeTick> computeTimeTicks(const TimeAxis &axis, double labelSpacing);

/** "00:12.345", "1:02:03.456", "−00:00.500": the reading of a clock. */
QString clockText(RecordingTime time);
/** "0:12", "1:02:03": a length as lists show it. */
QString minutesText(Nanos duration);
/** "7:24", "20.50 s", "3.2 ms": a length, with as many digits as are of use. */
QString durationText(Nanos duration);

} // namespace kino
