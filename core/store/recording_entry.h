// What a project knows of a recording without opening its samples.
#pragma once

#include "core/data/annotations/annotation_set.h"
#include "core/data/recording_overview.h"

#include <cstdint>
#include <string>
#include <vector>

namespace kino {

using RecordingId = std::int64_t;

struct RecordingEntry {
    RecordingId id = 0;
    /** All but the samples: columns are empty, image series and clip times are too. Clocks as set, tiers as stored. */
    Recording recording;
    RecordingOverview overview;
    std::vector<std::string> tags; // sorted
};

} // namespace kino
