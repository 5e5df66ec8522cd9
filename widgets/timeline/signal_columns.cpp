#include "widgets/timeline/signal_columns.h"

#include <algorithm>
#include <cmath>

namespace kino {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

/** Where a time lies on the straight line to the sample `after`; NaN where none is drawn. */
double shareOf(const LaneData &lane, std::size_t after, Nanos timeNs)
{
    if (after == 0 || after >= lane.samples() || !lane.isJoined(after - 1))
        return std::numeric_limits<double>::quiet_NaN();
    const Nanos from = lane.ownNs(after - 1);
    const Nanos to = lane.ownNs(after);
    return to > from ? static_cast<double>(timeNs - from) / static_cast<double>(to - from) : 0.0;
}

/** The straight line at an edge; NaN where none is drawn. */
float joinedValue(std::span<const float> values, std::size_t after, double share)
{
    if (std::isnan(share) || after >= values.size())
        return kNan;
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
    edges.shares.reserve(columns + 1);
    std::size_t from = 0;
    std::size_t step = 0;
    for (std::size_t column = 0; column <= columns; ++column) {
        const double x = axis.left + axis.width * static_cast<double>(column) / static_cast<double>(columns);
        const Nanos own = lane.clock.toOwn(axis.timeAt(x)).ns;
        // The next column holds about as many samples as this one.
        const std::size_t sample = lane.firstFrom(own, from, from + step);
        step = column == 0 ? 0 : sample - from;
        from = sample;
        edges.timesNs.push_back(own);
        edges.samples.push_back(sample);
        edges.shares.push_back(shareOf(lane, sample, own));
    }
    return edges;
}

std::vector<ColumnSpan> computeColumnSpans(const LaneData &lane, std::size_t axis, const ColumnEdges &edges)
{
    std::vector<ColumnSpan> spans(edges.columns(), ColumnSpan{kNan, kNan});
    const std::span<const float> values = lane.values[axis];
    if (values.empty())
        return spans;
    float entering = joinedValue(values, edges.samples[0], edges.shares[0]);
    for (std::size_t column = 0; column < spans.size(); ++column) {
        const std::size_t begin = edges.samples[column];
        const std::size_t end = edges.samples[column + 1];
        const float leaving = joinedValue(values, end, edges.shares[column + 1]);
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
