#include "widgets/timeline/signal_columns.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/** The straight line between two samples at a time between them; NaN where none is drawn. */
float joinedValue(const LaneData &lane, std::span<const float> values, std::size_t after, Nanos timeNs)
{
    if (after == 0 || after >= values.size() || !lane.isJoined(after - 1))
        return kNan;
    const Nanos from = lane.ownNs(after - 1);
    const Nanos to = lane.ownNs(after);
    const double share = to > from ? static_cast<double>(timeNs - from) / static_cast<double>(to - from) : 0.0;
    return static_cast<float>(values[after - 1] + share * (static_cast<double>(values[after]) - values[after - 1]));
}

void include(ColumnSpan &span, float value)
{
    if (std::isnan(value))
        return;
    if (span.isBlank()) {
        span = {value, value};
        return;
    }
    span.low = std::min(span.low, value);
    span.high = std::max(span.high, value);
}

QRgb mixed(QRgb ground, QRgb ink, int alpha)
{
    const auto channel = [alpha](int from, int to) { return from + ((to - from) * alpha + 127) / 255; };
    return qRgb(channel(qRed(ground), qRed(ink)), channel(qGreen(ground), qGreen(ink)), channel(qBlue(ground), qBlue(ink)));
}

} // namespace

ColumnEdges computeColumnEdges(const LaneData &lane, const TimeAxis &axis, std::size_t columns)
{
    ColumnEdges edges;
    edges.timesNs.reserve(columns + 1);
    edges.samples.reserve(columns + 1);
    std::size_t from = 0;
    for (std::size_t column = 0; column <= columns; ++column) {
        const double x = axis.left + axis.width * static_cast<double>(column) / static_cast<double>(columns);
        const Nanos own = lane.clock.toOwn(axis.timeAt(x)).ns;
        from = lane.firstFrom(own, from);
        edges.timesNs.push_back(own);
        edges.samples.push_back(from);
    }
    return edges;
}

std::vector<ColumnSpan> computeColumnSpans(const LaneData &lane, std::size_t axis, const ColumnEdges &edges)
{
    std::vector<ColumnSpan> spans(edges.columns(), ColumnSpan{kNan, kNan});
    const std::span<const float> values = lane.values[axis];
    if (values.empty())
        return spans;
    float entering = joinedValue(lane, values, edges.samples[0], edges.timesNs[0]);
    for (std::size_t column = 0; column < spans.size(); ++column) {
        const std::size_t begin = edges.samples[column];
        const std::size_t end = edges.samples[column + 1];
        const float leaving = joinedValue(lane, values, end, edges.timesNs[column + 1]);
        ColumnSpan &span = spans[column];
        if (end > begin) {
            const MinMax inside = lane.pyramids[axis].range(values, begin, end);
            span = {inside.min, inside.max};
        }
        include(span, entering);
        include(span, leaving);
        entering = leaving;
    }
    return spans;
}

void drawColumns(QImage &image, QRect plot, std::span<const ColumnSpan> spans, ValueRange range, QColor colour, double thickness)
{
    Q_ASSERT(image.format() == QImage::Format_RGB32);
    const QRect inside = plot & image.rect();
    if (inside.isEmpty() || !(range.span() > 0))
        return;
    const QRgb ink = colour.rgb();
    const double scale = plot.height() / range.span();
    const double top = inside.top();
    const double bottom = inside.bottom() + 1;
    const auto lineLength = static_cast<std::size_t>(image.bytesPerLine()) / sizeof(QRgb);
    QRgb *pixels = reinterpret_cast<QRgb *>(image.bits());
    for (std::size_t column = 0; column < spans.size(); ++column) {
        const int x = plot.left() + static_cast<int>(column);
        if (spans[column].isBlank() || x < inside.left() || x > inside.right())
            continue;
        double high = plot.top() + (range.high - spans[column].high) * scale;
        double low = plot.top() + (range.high - spans[column].low) * scale;
        // Half the stroke on either side, as a line of this thickness would have.
        high -= thickness / 2;
        low += thickness / 2;
        high = std::clamp(high, top, bottom);
        low = std::clamp(low, top, bottom);
        const int first = static_cast<int>(std::floor(high));
        const int last = std::min(static_cast<int>(std::ceil(low)), inside.bottom() + 1);
        for (int y = first; y < last; ++y) {
            const double cover = std::min(low, y + 1.0) - std::max(high, static_cast<double>(y));
            QRgb &pixel = pixels[static_cast<std::size_t>(y) * lineLength + static_cast<std::size_t>(x)];
            pixel = cover >= 1 ? ink : mixed(pixel, ink, static_cast<int>(cover * 255));
        }
    }
}

} // namespace kino
