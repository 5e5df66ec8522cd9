// A tier as stretches that do not overlap: what agreement, windows and bouts count. Values; any thread.
#pragma once

#include "core/data/annotation.h"

#include <span>
#include <vector>

namespace kino {

/** [start, end) in which one annotation says what is; `annotation` is its place in the list that was given. */
struct LabelStretch {
    RecordingTime start;
    RecordingTime end;
    std::size_t annotation = 0;
    friend bool operator==(const LabelStretch &, const LabelStretch &) = default;
};

/**
 * The stretches of annotations in any order, ascending; where several lie over one another the one that started last
 * counts, of equal starts the later in the list. Instants say nothing. O(n log n).
 */
std::vector<LabelStretch> flattened(std::span<const Annotation> annotations);

} // namespace kino
