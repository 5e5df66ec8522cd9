#include "core/data/annotations/snapping.h"

#include <algorithm>
#include <unordered_set>

namespace kino {
namespace {

/** Without overflow for instants ages apart. */
std::uint64_t distance(RecordingTime a, RecordingTime b)
{
    const auto [early, late] = std::minmax(a.ns, b.ns);
    return static_cast<std::uint64_t>(late) - static_cast<std::uint64_t>(early);
}

class Nearest {
public:
    Nearest(RecordingTime time, Nanos tolerance)
        : m_time(time), m_reach(tolerance < 0 ? 0 : static_cast<std::uint64_t>(tolerance))
    {
    }

    void offer(RecordingTime candidate, SnapKind kind)
    {
        const std::uint64_t away = distance(m_time, candidate);
        if (away <= m_reach && (!m_best || away < distance(m_time, m_best->time)))
            m_best = SnapPoint{candidate, kind};
    }
    void offer(std::span<const RecordingTime> ascending, SnapKind kind)
    {
        const auto after = std::ranges::lower_bound(ascending, m_time);
        if (after != ascending.begin())
            offer(*(after - 1), kind);
        if (after != ascending.end())
            offer(*after, kind);
    }
    const std::optional<SnapPoint> &best() const { return m_best; }

private:
    RecordingTime m_time;
    std::uint64_t m_reach;
    std::optional<SnapPoint> m_best;
};

} // namespace

std::vector<RecordingTime> snapEdges(const AnnotationSet &set, std::span<const AnnotationId> moving)
{
    const std::unordered_set<AnnotationId> left(moving.begin(), moving.end());
    std::vector<RecordingTime> edges;
    for (const StoredTier &tier : set.tiers()) {
        for (const StoredAnnotation &row : tier.annotations) {
            if (!left.contains(row.id))
                edges.insert(edges.end(), {row.annotation.start, row.annotation.end});
        }
    }
    std::ranges::sort(edges);
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    return edges;
}

std::optional<SnapPoint> snap(RecordingTime time, Nanos tolerance, const SnapTargets &targets)
{
    Nearest nearest(time, tolerance);
    if (targets.playhead)
        nearest.offer(*targets.playhead, SnapKind::playhead);
    nearest.offer(targets.edges, SnapKind::edge);
    nearest.offer(targets.events, SnapKind::event);
    if (!nearest.best())
        nearest.offer(targets.frames, SnapKind::frame);
    return nearest.best();
}

std::optional<Nanos> snapMove(RecordingTime start, RecordingTime end, Nanos by, Nanos tolerance,
                              const SnapTargets &targets)
{
    const auto atStart = snap(start + by, tolerance, targets);
    const auto atEnd = snap(end + by, tolerance, targets);
    const auto rank = [&](const std::optional<SnapPoint> &point, RecordingTime border) {
        return std::pair(point->kind == SnapKind::frame, distance(border + by, point->time));
    };
    if (atStart && (!atEnd || rank(atStart, start) <= rank(atEnd, end)))
        return atStart->time - start;
    if (atEnd)
        return atEnd->time - end;
    return std::nullopt;
}

} // namespace kino
