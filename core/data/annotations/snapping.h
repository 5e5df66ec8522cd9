// Where a dragged border would rather be: borders of other annotations, events, the playhead, frames. Pure; any thread.
#pragma once

#include "core/data/annotations/annotation_set.h"

#include <functional>

namespace kino {

enum class SnapKind { edge, event, playhead, frame };

struct SnapPoint {
    RecordingTime time;
    SnapKind kind = SnapKind::edge;
    friend bool operator==(const SnapPoint &, const SnapPoint &) = default;
};

struct SnapTargets {
    /** Ascending. */
    std::vector<RecordingTime> edges;
    /** Ascending. */
    std::vector<RecordingTime> events;
    std::optional<RecordingTime> playhead;
    /** When frames begin, ascending; a view on what the caller keeps. */
    std::span<const RecordingTime> frames;
};

/** Borders of all annotations but those in `moving`, of all tiers, ascending and each once. */
std::vector<RecordingTime> snapEdges(const AnnotationSet &set, std::span<const AnnotationId> moving);

/**
 * The target nearest to `time`, not further than `tolerance`. Playhead, borders and events come before frames however
 * near a frame is: frames are everywhere, and a border that a person aims at would lose to them. Among targets equally
 * near the playhead wins, then a border, then an event; of two on either side the earlier.
 */
std::optional<SnapPoint> snap(RecordingTime time, Nanos tolerance, const SnapTargets &targets);

/**
 * For an interval moved as a whole: the shift, at most `tolerance` from `by`, with which its start or its end lies on a
 * target; the nearer of the two. Empty where neither finds one.
 */
std::optional<Nanos> snapMove(RecordingTime start, RecordingTime end, Nanos by, Nanos tolerance,
                              const SnapTargets &targets);

} // namespace kino
