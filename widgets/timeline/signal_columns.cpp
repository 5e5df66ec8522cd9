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

/** Of each time, ascending, the first bin that begins at or after it; nothing where the lane has no times of bins. */
std::vector<std::size_t> firstBinsFrom(const LaneData &lane, std::span<const Nanos> timesNs)
{
    std::vector<std::size_t> bins;
    const std::span<const Nanos> begins = lane.binTimesNs;
    if (begins.empty())
        return bins;
    bins.reserve(timesNs.size());
    std::size_t from = 0;
    std::size_t step = 0; // the next column holds about as many bins as this one
    for (const Nanos ns : timesNs) {
        std::size_t reach = std::max<std::size_t>(1, step);
        while (from + reach < begins.size() && begins[from + reach] < ns)
            reach *= 2;
        const auto ahead = begins.subspan(from, std::min(reach, begins.size() - from));
        step = static_cast<std::size_t>(std::ranges::lower_bound(ahead, ns) - ahead.begin());
        from += step;
        bins.push_back(from);
    }
    return bins;
}

bool isBetweenDenseColumns(std::span<const std::size_t> bins, std::size_t edge)
{
    if (bins.empty())
        return false;
    const bool isDenseBefore = edge == 0 || bins[edge] - bins[edge - 1] >= ColumnEdges::kDenseBins;
    const bool isDenseAfter = edge + 1 == bins.size() || bins[edge + 1] - bins[edge] >= ColumnEdges::kDenseBins;
    return isDenseBefore && isDenseAfter;
}

/** The samples from the bin's beginning before the time to its end after it; what a gap parts is not among them. */
SampleSpan binAbout(const LaneData &lane, std::size_t firstBinAfter, Nanos ns)
{
    constexpr std::size_t kBinSamples = MinMaxPyramid::kBaseSamples;
    SampleSpan span{firstBinAfter == 0 ? 0 : (firstBinAfter - 1) * kBinSamples, std::min(firstBinAfter * kBinSamples, lane.samples())};
    const std::vector<TimeGap> &gaps = lane.timing.gaps;
    const auto next = std::ranges::lower_bound(gaps, ns, {}, &TimeGap::toNs);
    if (next != gaps.begin())
        span.begin = std::max(span.begin, std::prev(next)->sampleBefore + 1);
    if (next != gaps.end() && next->sampleBefore + 1 <= span.end) {
        span.end = next->sampleBefore + 1;
        if (next->fromNs < ns)
            span.begin = span.end; // inside the gap
    }
    return span;
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
    edges.starts.reserve(columns + 1);
    edges.shares.reserve(columns + 1);
    for (std::size_t column = 0; column <= columns; ++column) {
        const double x = axis.left + axis.width * static_cast<double>(column) / static_cast<double>(columns);
        edges.timesNs.push_back(lane.clock.toOwn(axis.timeAt(x)).ns);
    }
    const std::vector<std::size_t> bins = firstBinsFrom(lane, edges.timesNs);
    std::size_t from = 0;
    for (std::size_t edge = 0; edge <= columns; ++edge) {
        const Nanos own = edges.timesNs[edge];
        if (isBetweenDenseColumns(bins, edge)) {
            const SampleSpan around = binAbout(lane, bins[edge], own);
            edges.samples.push_back(std::max(from, around.end));
            edges.starts.push_back(std::max(from, around.begin));
            edges.shares.push_back(std::numeric_limits<double>::quiet_NaN());
        } else {
            const std::size_t sample = lane.firstFrom(own, from);
            edges.samples.push_back(sample);
            edges.starts.push_back(sample);
            edges.shares.push_back(shareOf(lane, sample, own));
        }
        from = edges.samples.back();
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
        const std::size_t begin = edges.starts[column];
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
