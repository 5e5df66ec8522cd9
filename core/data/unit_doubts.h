// What the numbers of a stream say against the unit that a file gives them. Nothing is ever converted because of it. Pure
// functions.
#pragma once

#include "core/data/recording.h"

#include <string>

namespace kino {

/**
 * Of the magnitude that an accelerometer shows at rest, in m/s² as it was imported from `unitFound`: "at rest 1 m/s² instead of
 * 9.81: the numbers look like g, but were taken for m/s²". Empty where it is gravity, or nothing that a mistaken unit explains.
 */
std::string gravityDoubt(double magnitudeAtRest, const std::string &unitFound);

/** The doubt about an accelerometer or gyroscope; empty for all others, and where there is none. */
std::string unitDoubt(const ImuStream &stream);
/** A warning "unit-doubt" for each stream that there is a doubt about. Walks over their samples. */
ImportReport unitDoubts(const Recording &recording);

} // namespace kino
