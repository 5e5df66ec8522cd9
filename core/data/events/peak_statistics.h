// What stands out among peaks. Internal to events.
#pragma once

#include "core/data/events/event.h"

namespace kino::events {

/** Reorders `values`. The middle one, of an even count the upper; 0 of none. */
float medianOf(std::span<float> values);

/** Those of kind landing, and outliers: modified z-score of strengthDb over 3.5; all of fewer than ten. */
std::vector<MotionEvent> outstandingOf(std::vector<MotionEvent> events);

} // namespace kino::events
