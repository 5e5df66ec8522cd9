#include "app/kinoscope/inspect/quality_places.h"

#include <algorithm>

namespace kino {
namespace {

/** The first item whose time is later than `after`, and the first of all, into `next` and `first`. */
template <class Items, class TimeOf>
void collect(const Items &items, const TimeOf &timeOf, RecordingTime after, std::optional<RecordingTime> &next, std::optional<RecordingTime> &first)
{
    if (items.empty())
        return;
    const auto earlier = [](std::optional<RecordingTime> a, RecordingTime b) { return a ? std::min(*a, b) : b; };
    first = earlier(first, timeOf(items.front()));
    const auto found = std::ranges::upper_bound(items, after, {}, timeOf);
    if (found != items.end())
        next = earlier(next, timeOf(*found));
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

std::optional<RecordingTime> nextPlace(const Lanes &lanes, QualityMark mark, RecordingTime after)
{
    std::optional<RecordingTime> next;
    std::optional<RecordingTime> first;
    for (const auto &lane : lanes) {
        if (lane->isSide)
            continue;
        switch (mark) {
        case QualityMark::gaps: collect(lane->timing.gaps, [&](const TimeGap &gap) { return lane->clock.toRecording({gap.fromNs}); }, after, next, first); break;
        case QualityMark::clipping: collect(lane->clipped, [&](const SampleSpan &span) { return lane->timeOf(span.begin); }, after, next, first); break;
        case QualityMark::duplicates: collect(lane->duplicates, [&](std::size_t sample) { return lane->timeOf(sample); }, after, next, first); break;
        }
    }
    return next ? next : first;
}

} // namespace kino
