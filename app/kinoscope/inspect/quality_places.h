// Where in a recording the things are that its quality says: from one to the next, and round. Pure functions.
#pragma once

#include "app/kinoscope/lane_arrangement.h"

#include <optional>

namespace kino {

enum class QualityMark { gaps, clipping, duplicates };

/** "gaps", "clipping", "duplicates"; nothing for anything else. */
std::optional<QualityMark> qualityMarkFromName(const QString &name);
QString qualityMarkName(QualityMark mark);

/**
 * The first such place of any lane that is no side stream that begins after `after`, else the first of all; nothing without one. A time
 * that comes twice has no length.
 * Costs the logarithm of what there is.
 */
std::optional<TimeRange> nextPlace(const Lanes &lanes, QualityMark mark, RecordingTime after);

} // namespace kino
