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

/**
 * Where columns begin on the device's clock and among the samples: shared by all axes of a stream. An edge between columns of
 * at least kDenseBins bins of the pyramid is moved to the end of the bin that it falls into, less than a sixteenth of a column
 * away: a day is so drawn from memory alone, though its samples lie in a mapped file.
 */
struct ColumnEdges {
    static constexpr std::size_t kDenseBins = 16;

    std::vector<Nanos> timesNs; // columns + 1
    /** The first sample at or after each edge; of a moved one the end of its bin, or of what lies before a gap in it. */
    std::vector<std::size_t> samples; // columns + 1
    /** The first sample that counts for the column that begins here: samples, of a moved edge the beginning of its bin. */
    std::vector<std::size_t> starts; // columns + 1
    /** How far each edge lies on the way to its sample from the one before, 0 to 1; NaN where no line joins them, or moved. */
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

/**
 * Minimum and maximum of the samples of each column and of the straight lines that join neighbours: exact, but for a bin's
 * samples at moved edges, which count for the columns on both sides.
 */
std::vector<ColumnSpan> computeColumnSpans(const LaneData &lane, std::size_t axis, const ColumnEdges &edges);

/**
 * Draws the spans into `image` (Format_RGB32), one pixel column each from plot.left() on, smoothed vertically, at least
 * `thickness` pixels high. Values map linearly from `range` onto the plot's height and are cut at its edges.
 */
void drawColumns(QImage &image, QRect plot, std::span<const ColumnSpan> spans, ValueRange range, QColor colour, double thickness);

} // namespace kino
