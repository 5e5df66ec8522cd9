#include "widgets/timeline/lane_painter.h"

#include <QPainter>
#include <QPolygonF>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace kino {
namespace {

/** Samples further apart than this many pixels each get a dot. */
constexpr double kDotSpacing = 7;
constexpr double kLineThickness = 1.25;
constexpr double kHeightPerTick = 26;
/** Low lanes have their numbers closer together: one or two would be no scale. */
constexpr double kLeastHeightPerTick = 14;
constexpr int kFewTicks = 6;
/** As vectors, a line goes through every sample up to so many a pixel. */
constexpr std::size_t kSamplesPerPixel = 4;

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
        const QPointF place(plot.axis.xOf(lane.timeOf(sample)), yOf(plot, value));
        if (std::isfinite(value) && QRectF(plot.area).adjusted(-radius, -radius, radius, radius).contains(place))
            painter.drawEllipse(place, radius, radius);
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

/** The part of a line inside the area; nothing where none is (Liang and Barsky). */
std::optional<QLineF> insideOf(const QRectF &area, const QLineF &line)
{
    double from = 0;
    double to = 1;
    const auto cut = [&](double step, double room) { // step * t <= room
        if (step == 0)
            return room >= 0;
        const double at = room / step;
        (step > 0 ? to : from) = step > 0 ? std::min(to, at) : std::max(from, at);
        return from <= to;
    };
    if (!cut(-line.dx(), line.x1() - area.left()) || !cut(line.dx(), area.right() - line.x1()) || !cut(-line.dy(), line.y1() - area.top()) || !cut(line.dy(), area.bottom() - line.y1()))
        return std::nullopt;
    return QLineF(line.pointAt(from), line.pointAt(to));
}

/** A curve that is drawn piece by piece as it enters and leaves the area. */
class CurvePainter {
public:
    CurvePainter(QPainter &painter, const QRectF &area) : m_painter(painter), m_area(area) { }
    ~CurvePainter() { lift(); }

    void lineTo(QPointF point)
    {
        const std::optional<QPointF> before = std::exchange(m_at, point);
        if (!before) {
            if (m_area.contains(point))
                m_piece << point;
            return;
        }
        const std::optional<QLineF> inside = insideOf(m_area, {*before, point});
        if (!inside) {
            flush();
            return;
        }
        if (m_piece.isEmpty() || m_piece.last() != inside->p1()) {
            flush();
            m_piece << inside->p1();
        }
        m_piece << inside->p2();
        if (inside->p2() != point)
            flush();
    }
    /** What comes next is joined to nothing. */
    void lift()
    {
        flush();
        m_at.reset();
    }

private:
    void flush()
    {
        if (m_piece.size() == 1)
            m_piece << m_piece.first(); // a sample by itself: round ends make a dot of it
        if (!m_piece.isEmpty())
            m_painter.drawPolyline(m_piece);
        m_piece.clear();
    }

    QPainter &m_painter;
    QRectF m_area;
    QPolygonF m_piece;
    std::optional<QPointF> m_at;
};

void paintSamples(QPainter &painter, const LanePlot &plot, const LaneData &lane, std::size_t axis, SampleSpan visible)
{
    CurvePainter curve(painter, plot.area.toRectF());
    for (std::size_t sample = visible.begin; sample < visible.end; ++sample) {
        const float value = lane.values[axis][sample];
        if (std::isfinite(value))
            curve.lineTo({plot.axis.xOf(lane.timeOf(sample)), yOf(plot, value)});
        if (!std::isfinite(value) || !lane.isJoined(sample))
            curve.lift();
    }
}

QPen curvePen(const QColor &colour, double thickness) { return {colour, thickness, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin}; }

QColor curveColour(const LaneData &lane, std::size_t axis, const Theme &theme)
{
    const int place = static_cast<int>(axis);
    return lane.kind == LaneKind::sound ? theme.dim : axisColour(theme, lane.axes.value(place), place);
}

} // namespace

int laneTickCount(double height)
{
    const int few = std::min(kFewTicks, static_cast<int>(height / kLeastHeightPerTick));
    return std::max({2, few, static_cast<int>(height / kHeightPerTick)});
}

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
        const QColor colour = curveColour(lane, axis, theme);
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

void paintColumns(QPainter &painter, const QRect &area, std::span<const ColumnSpan> spans, ValueRange values, const QColor &colour, double thickness)
{
    painter.setPen(curvePen(colour, thickness));
    painter.setBrush(Qt::NoBrush);
    CurvePainter curve(painter, area.toRectF());
    bool isUp = false;
    for (std::size_t column = 0; column < spans.size(); ++column) {
        const ColumnSpan &span = spans[column];
        if (span.isBlank()) {
            curve.lift();
            continue;
        }
        // Up in one column and down in the next, so that the line goes on where it is.
        const double x = area.left() + static_cast<double>(column) + 0.5;
        const auto place = [&](float value) { return QPointF(x, area.top() + (values.high - value) / values.span() * area.height()); };
        curve.lineTo(place(isUp ? span.high : span.low));
        if (span.low < span.high)
            curve.lineTo(place(isUp ? span.low : span.high));
        isUp = !isUp;
    }
}

void paintLaneVectors(QPainter &painter, const LanePlot &plot, const LaneData &lane, const Theme &theme)
{
    painter.save();
    painter.fillRect(plot.area, theme.plot);
    paintGrid(painter, plot, theme);
    paintGaps(painter, plot, lane, theme);
    const SampleSpan visible = visibleSamples(plot, lane);
    const auto columns = static_cast<std::size_t>(plot.area.width());
    const bool isEachDrawn = visible.end - visible.begin <= kSamplesPerPixel * columns;
    const ColumnEdges edges = isEachDrawn ? ColumnEdges() : computeColumnEdges(lane, plot.axis, columns);
    painter.setRenderHint(QPainter::Antialiasing);
    for (std::size_t axis = 0; axis < lane.values.size(); ++axis) {
        if (axis < plot.shownAxes.size() && !plot.shownAxes[axis])
            continue;
        const QColor colour = curveColour(lane, axis, theme);
        if (isEachDrawn) {
            painter.setPen(curvePen(colour, kLineThickness));
            painter.setBrush(Qt::NoBrush);
            paintSamples(painter, plot, lane, axis, visible);
        } else {
            paintColumns(painter, plot.area, computeColumnSpans(lane, axis, edges), plot.values, colour, kLineThickness);
        }
        paintDots(painter, plot, lane, axis, colour);
    }
    paintClipping(painter, plot, lane, theme);
    paintDuplicates(painter, plot, lane, theme);
    painter.restore();
}

} // namespace kino
