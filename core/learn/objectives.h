// Objectives made by their names (objective_infos.h).
#pragma once

#include "core/learn/objective.h"

namespace kino {

/** With torch's current random numbers for heads and queues. Throws Error for options with problems and for what does not fit. */
std::shared_ptr<Objective> makeObjective(const ObjectiveSetup &setup);

} // namespace kino
