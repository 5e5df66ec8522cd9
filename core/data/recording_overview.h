// The numbers about every stream of a recording that stay useful without its samples: what `kino inspect` prints, what
// a project keeps and lists.
#pragma once

#include "core/data/recording.h"
#include "core/data/stream_summary.h"

#include <vector>

namespace kino {

struct StreamOverview {
    StreamSummary summary;
    /** First and last sample on the device's own clock; 0 where there is none. */
    Nanos firstOwnNs = 0;
    Nanos lastOwnNs = 0;
};

/** [device][stream] */
using RecordingOverview = std::vector<std::vector<StreamOverview>>;

RecordingOverview computeOverview(const Recording &recording);

} // namespace kino
