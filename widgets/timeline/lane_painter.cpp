#include "widgets/timeline/lane_painter.h"

#include "widgets/timeline/signal_columns.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

/** Samples further apart than this many pixels each get a dot. */
constexpr double kDotSpacing = 7;
constexpr double kLineThickness = 1.25;
constexpr double kHeightPerTick = 26;

double yOf(const LanePlot &plot, double value)
{
    return plot.area.top() + (plot.values.high - value) / plot.values.span() * plot.area.height();
}

void paintGrid(QPainter &painter, const LanePlot &plot, const Theme &theme)
{
    painter.setPen(QPen(theme.grid, 1));
    for (const ValueTick &tick : computeValueTicks(plot.values, laneTickCount(plot.area.height() / plot.pixelRatio))) {
        const int y = static_cast<int>(std::floor(yOf(plot, tick.value)));
        painter.drawLine(plot.area.left(), y, plot.area.right(), y);
    }
}

void paintGaps(QPainter &painter, const LanePlot &plot, const LaneData &lane, const Theme &theme)
{
    QBrush hatch(theme.line, Qt::BDiagPattern);
    hatch.setTransform(QTransform::fromScale(plot.pixelRatio, plot.pixelRatio));
    for (const TimeGap &gap : lane.timing.gaps) {
        const double from = plot.axis.xOf(lane.clock.toRecording({gap.fromNs}));
        const double to = plot.axis.xOf(lane.clock.toRecording({gap.toNs}));
        if (to < plot.area.left() || from > plot.area.right())
            continue;
        // Whole pixels that hold no part of the curve.
        const int left = std::max(plot.area.left(), static_cast<int>(std::floor(from)) + 1);
        const int right = std::min(plot.area.right() + 1, static_cast<int>(std::floor(to)));
        if (right > left)
            painter.fillRect(QRect(left, plot.area.top(), right - left, plot.area.height()), hatch);
    }
}

/** The samples that can be seen, and one on either side. */
SampleSpan visibleSamples(const LanePlot &plot, const LaneData &lane)
{
    const auto indexOf = [&](RecordingTime time) {
        const Nanos own = lane.clock.toOwn(time).ns;
        return lane.firstFrom(own);
    };
    const std::size_t begin = indexOf(plot.axis.range.start);
    const std::size_t end = indexOf(plot.axis.range.end);
    return {begin == 0 ? 0 : begin - 1, std::min(end + 1, lane.samples())};
}

void paintDots(QPainter &painter, const LanePlot &plot, const LaneData &lane, std::size_t axis, QColor colour)
{
    const SampleSpan visible = visibleSamples(plot, lane);
    const double spacing = plot.area.width() / std::max<double>(1, static_cast<double>(visible.end - visible.begin));
    if (spacing < kDotSpacing * plot.pixelRatio)
        return;
    const double radius = 1.75 * plot.pixelRatio;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    for (std::size_t sample = visible.begin; sample < visible.end; ++sample) {
        const float value = lane.values[axis][sample];
        if (std::isfinite(value))
            painter.drawEllipse(QPointF(plot.axis.xOf(lane.timeOf(sample)), yOf(plot, value)), radius, radius);
    }
}

/** A bar at the edge that the stream ran into, as wide as it stayed there. */
void paintClipping(QPainter &painter, const LanePlot &plot, const LaneData &lane, const Theme &theme)
{
    const SampleSpan visible = visibleSamples(plot, lane);
    const double height = 3 * plot.pixelRatio;
    const double middle = (lane.range.low + lane.range.high) / 2;
    const double half = lane.range.span() / 2;
    auto span = std::ranges::partition_point(lane.clipped, [&](const SampleSpan &each) { return each.end <= visible.begin; });
    double drawnTo = plot.area.left() - 1.0;
    for (; span != lane.clipped.end() && span->begin < visible.end; ++span) {
        const double from = std::max(plot.axis.xOf(lane.timeOf(span->begin)), static_cast<double>(plot.area.left()));
        const double to = std::min(plot.axis.xOf(lane.timeOf(span->end - 1)), plot.area.right() + 1.0);
        if (to <= drawnTo)
            continue;
        drawnTo = std::max(to, from + 2 * plot.pixelRatio);
        // Which edge: where an axis lies outermost in the span.
        double outermost = 0;
        for (const Column<float> &axis : lane.values) {
            const double offset = (axis[span->begin] - middle) / half;
            if (std::abs(offset) > std::abs(outermost))
                outermost = offset;
        }
        const double y = outermost > 0 ? plot.area.top() : plot.area.bottom() + 1 - height;
        painter.fillRect(QRectF(from, y, drawnTo - from, height), theme.bad);
    }
}

/** A tick at the lower edge wherever a time comes twice; one a pixel is enough. */
void paintDuplicates(QPainter &painter, const LanePlot &plot, const LaneData &lane, const Theme &theme)
{
    const SampleSpan visible = visibleSamples(plot, lane);
    auto sample = std::ranges::lower_bound(lane.duplicates, visible.begin);
    int drawn = plot.area.left() - 2;
    const int length = static_cast<int>(5 * plot.pixelRatio);
    const int shortLength = static_cast<int>(2 * plot.pixelRatio); // where they are so many that they make a band
    painter.setPen(QPen(theme.warning, 1));
    while (sample != lane.duplicates.end() && *sample < visible.end) {
        const RecordingTime time = lane.timeOf(*sample);
        const int x = static_cast<int>(std::floor(plot.axis.xOf(time)));
        if (x > drawn && x >= plot.area.left() && x <= plot.area.right())
            painter.drawLine(x, plot.area.bottom() - (x == drawn + 1 ? shortLength : length), x, plot.area.bottom());
        drawn = std::max(drawn, x);
        // A day of repeats must not be walked one by one: go on at the next pixel.
        const Nanos next = lane.clock.toOwn(plot.axis.timeAt(drawn + 1)).ns;
        const auto nextSample = lane.firstFrom(next);
        sample = std::lower_bound(std::next(sample), lane.duplicates.end(), nextSample);
    }
}

} // namespace

int laneTickCount(double height) { return std::max(2, static_cast<int>(height / kHeightPerTick)); }

ValueRange paddedRange(ValueRange values)
{
    const double air = values.span() * 0.06;
    return {values.low - air, values.high + air};
}

void paintLane(QImage &canvas, const LanePlot &plot, const LaneData &lane, const Theme &theme)
{
    {
        QPainter painter(&canvas);
        painter.setClipRect(plot.area);
        painter.fillRect(plot.area, theme.plot);
        paintGrid(painter, plot, theme);
        paintGaps(painter, plot, lane, theme);
    }
    const ColumnEdges edges = computeColumnEdges(lane, plot.axis, static_cast<std::size_t>(plot.area.width()));
    for (std::size_t axis = 0; axis < lane.values.size(); ++axis) {
        if (axis < plot.shownAxes.size() && !plot.shownAxes[axis])
            continue;
        const QColor colour = lane.kind == LaneKind::sound ? theme.dim : axisColour(theme, lane.axes.value(static_cast<int>(axis)), static_cast<int>(axis));
        drawColumns(canvas, plot.area, computeColumnSpans(lane, axis, edges), plot.values, colour, kLineThickness * plot.pixelRatio);
        QPainter painter(&canvas);
        painter.setClipRect(plot.area);
        painter.setRenderHint(QPainter::Antialiasing);
        paintDots(painter, plot, lane, axis, colour);
    }
    QPainter painter(&canvas);
    painter.setClipRect(plot.area);
    paintClipping(painter, plot, lane, theme);
    paintDuplicates(painter, plot, lane, theme);
}

} // namespace kino
