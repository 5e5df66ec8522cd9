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
 * The first such place of any lane that is no side stream after `after`, else the first of all; nothing without one.
 * Costs the logarithm of what there is.
 */
std::optional<RecordingTime> nextPlace(const Lanes &lanes, QualityMark mark, RecordingTime after);

} // namespace kino
