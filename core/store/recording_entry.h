// What a project knows of a recording without opening its samples.
#pragma once

#include "core/data/recording_overview.h"

#include <cstdint>
#include <string>
#include <vector>

namespace kino {

using RecordingId = std::int64_t;
using TierId = std::int64_t;
using AnnotationId = std::int64_t;

struct RecordingEntry {
    RecordingId id = 0;
    /** All but the samples: columns are empty, image series and clip times are too. Clocks as set, tiers as stored. */
    Recording recording;
    RecordingOverview overview;
    std::vector<std::string> tags; // sorted
};

struct StoredAnnotation {
    AnnotationId id = 0;
    Annotation annotation;
};

struct StoredTier {
    TierId id = 0;
    std::string name;
    TierKind kind = TierKind::label;
    std::vector<StoredAnnotation> annotations; // by start, then id
};

} // namespace kino
