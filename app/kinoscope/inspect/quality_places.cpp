#include "app/kinoscope/inspect/quality_places.h"

#include <algorithm>

namespace kino {
namespace {

/** The first item that begins later than `after`, and the first of all, into `next` and `first`. */
template <class Items, class RangeOf>
void collect(const Items &items, const RangeOf &rangeOf, RecordingTime after, std::optional<TimeRange> &next, std::optional<TimeRange> &first)
{
    if (items.empty())
        return;
    const auto take = [](std::optional<TimeRange> &earliest, TimeRange range) {
        if (!earliest || range.start < earliest->start)
            earliest = range;
    };
    take(first, rangeOf(items.front()));
    const auto found = std::ranges::upper_bound(items, after, {}, [&](const auto &item) { return rangeOf(item).start; });
    if (found != items.end())
        take(next, rangeOf(*found));
}

} // namespace

std::optional<QualityMark> qualityMarkFromName(const QString &name)
{
    for (const QualityMark mark : {QualityMark::gaps, QualityMark::clipping, QualityMark::duplicates}) {
        if (qualityMarkName(mark) == name)
            return mark;
    }
    return std::nullopt;
}

QString qualityMarkName(QualityMark mark)
{
    switch (mark) {
    case QualityMark::gaps: return QStringLiteral("gaps");
    case QualityMark::clipping: return QStringLiteral("clipping");
    case QualityMark::duplicates: return QStringLiteral("duplicates");
    }
    return {};
}

std::optional<TimeRange> nextPlace(const Lanes &lanes, QualityMark mark, RecordingTime after)
{
    std::optional<TimeRange> next, first;
    for (const auto &lane : lanes) {
        if (lane->isSide)
            continue;
        switch (mark) {
        case QualityMark::gaps: collect(lane->timing.gaps, [&](const TimeGap &gap) { return TimeRange{lane->clock.toRecording({gap.fromNs}), lane->clock.toRecording({gap.toNs})}; }, after, next, first); break;
        case QualityMark::clipping: collect(lane->clipped, [&](const SampleSpan &span) { return TimeRange{lane->timeOf(span.begin), lane->timeOf(span.end - 1)}; }, after, next, first); break;
        case QualityMark::duplicates: collect(lane->duplicates, [&](std::size_t sample) { return TimeRange{lane->timeOf(sample), lane->timeOf(sample)}; }, after, next, first); break;
        }
    }
    return next ? next : first;
}

} // namespace kino
