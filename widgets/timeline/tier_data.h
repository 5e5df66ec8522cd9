// One annotation tier made ready to be drawn and searched. Immutable once built; any thread.
#pragma once

#include "core/data/annotations/annotation_set.h"
#include "widgets/timeline/time_axis.h"

#include <QString>

#include <memory>
#include <optional>
#include <vector>

namespace kino {

struct TierItem {
    TimeRange range;
    QString label;
    AnnotationId id = 0; // 0: it cannot be edited
};

struct TierData {
    TierId id = 0; // 0: it cannot be edited
    QString name;
    TierKind kind = TierKind::label;
    std::vector<TierItem> items; // by start
    /** The latest end of items [0, i]: finds what reaches into a range without looking at all. */
    std::vector<RecordingTime> latestEnd;

    /** Indices [first, last) of the items that may touch the range. */
    std::pair<std::size_t, std::size_t> touching(TimeRange range) const;
    /** The last begun item that holds at this time. */
    std::optional<std::size_t> itemAt(RecordingTime time) const;
};

std::shared_ptr<const TierData> buildTier(const AnnotationTier &tier);
std::shared_ptr<const TierData> buildTier(const StoredTier &tier);

} // namespace kino
