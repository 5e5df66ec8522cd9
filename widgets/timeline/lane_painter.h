// Paints one lane's signals: onto a canvas of physical pixels, or as vectors. Nothing here knows a widget.
#pragma once

#include "widgets/timeline/lane_data.h"
#include "widgets/timeline/signal_columns.h"
#include "widgets/style/theme.h"

#include <QImage>
#include <QRect>

namespace kino {

struct LanePlot {
    QRect area;         // physical pixels; its left edge and width are the axis' own
    TimeAxis axis;      // left = area.left(), in physical pixels
    ValueRange values;  // bottom and top of the area
    double pixelRatio = 1;
    std::vector<bool> shownAxes; // empty: all
};

/** The range a lane is drawn with: all its values and a twentieth of air on either side. */
ValueRange paddedRange(ValueRange values);

/** How many grid lines a lane of this height, in logical pixels, may have at most. */
int laneTickCount(double height);

/** Ground, round grid lines, hatched gaps, signals, dots where samples lie far apart, marks of clipping and repeats. */
void paintLane(QImage &canvas, const LanePlot &plot, const LaneData &lane, const Theme &theme);

/**
 * The same as lines, for a painter that makes vectors: through every sample where there are at most a few in a pixel, else
 * through each column's least and greatest value. `plot` in the painter's pixels. Nothing needs to be cut off by the painter.
 */
void paintLaneVectors(QPainter &painter, const LanePlot &plot, const LaneData &lane, const Theme &theme);
/** As drawColumns() draws them, as lines. */
void paintColumns(QPainter &painter, const QRect &area, std::span<const ColumnSpan> spans, ValueRange values, const QColor &colour, double thickness);

} // namespace kino
