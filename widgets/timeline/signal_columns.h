// From samples to pixel columns: for every column of the screen the span of values that the curve covers in it. Work
// and result are proportional to the columns, not to the samples. Pure functions, any thread.
#pragma once

#include "widgets/timeline/lane_data.h"

#include <QColor>
#include <QImage>
#include <QRect>

#include <span>
#include <vector>

namespace kino {

/** Where columns begin on the device's clock, and the first sample at or after: shared by all axes of a stream. */
struct ColumnEdges {
    std::vector<Nanos> timesNs;       // columns + 1
    std::vector<std::size_t> samples; // columns + 1
    /** How far each edge lies on the way to its sample from the one before, 0 to 1; NaN where no line joins them. */
    std::vector<double> shares; // columns + 1
    std::size_t columns() const { return samples.empty() ? 0 : samples.size() - 1; }
};

ColumnEdges computeColumnEdges(const LaneData &lane, const TimeAxis &axis, std::size_t columns);

/** Values between which the curve runs inside a column; NaN where it does not: in gaps, at NaN, beyond the ends. */
struct ColumnSpan {
    float low = 0;
    float high = 0;
    bool isBlank() const { return !(low <= high); }
};

/** Exact minimum and maximum of the samples of each column and of the straight lines that join neighbours. */
std::vector<ColumnSpan> computeColumnSpans(const LaneData &lane, std::size_t axis, const ColumnEdges &edges);

/**
 * Draws the spans into `image` (Format_RGB32), one pixel column each from plot.left() on, smoothed vertically, at least
 * `thickness` pixels high. Values map linearly from `range` onto the plot's height and are cut at its edges.
 */
void drawColumns(QImage &image, QRect plot, std::span<const ColumnSpan> spans, ValueRange range, QColor colour, double thickness);

} // namespace kino
