// What is said about a simulated recording: narrations in Ego4D's manner, labels as a tier file.
#pragma once

#include "core/data/annotation.h"
#include "core/data/simulator/schedule.h"

#include <string>
#include <vector>

namespace kino::simulator {

struct Narration {
    double time = 0; // seconds on the recording's clock
    std::string text; // "#C C walks across the square"
};

/** At moments when it is true; in order of time. */
std::vector<Narration> narrate(const Schedule &schedule, RandomStream stream);

/** Half-open, one for each segment with an activity. */
AnnotationTier activityTier(const Schedule &schedule);

} // namespace kino::simulator
