#include "core/data/stream_summary.h"

#include "core/signal/quality.h"

#include <limits>

namespace kino {

StreamSummary summariseStream(const ImuStream &stream)
{
    StreamSummary summary;
    summary.timing = summariseTiming(stream.timesNs);

    constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
    std::vector<std::span<const float>> axes;
    for (const Column<float> &column : stream.values) {
        const AxisStatistics statistics = computeAxisStatistics(column);
        summary.nanValues += statistics.nan;
        summary.min.push_back(statistics.min);
        summary.max.push_back(statistics.max);
        summary.mean.push_back(statistics.mean);
        summary.first.push_back(column.empty() ? kNan : static_cast<double>(column.front()));
        summary.last.push_back(column.empty() ? kNan : static_cast<double>(column.back()));
        axes.push_back(column.values());
    }
    summary.clippedSamples = streamKindCanClip(stream.kind) ? countClippedSamples(axes, stream.fullScale) : 0;
    summary.repeatedSamples = countRepeatedSamples(axes);
    summary.magnitudeAtRest = stream.kind == StreamKind::accelerometer
        ? computeMagnitudeAtRest(stream.timesNs, axes, summary.timing.medianPeriodNs)
        : kNan;
    return summary;
}

} // namespace kino
