// Files that lie in one folder but are of different runs. Used by claim.cpp.
#pragma once

#include "core/data/profile/reader.h"

namespace kino {

/** How far a file may reach out of the run it belongs to: apps write the run's end before the last samples come in. */
inline constexpr Nanos kRunToleranceNs = kNanosPerSecond;

/**
 * Where the profile says when a run began and ended ("epoch" with "until"), files that reach further cannot be of it:
 * they come back as plans of their own, without that wall clock, those that begin and end together as one. The first
 * plan is the run's; it may be missing. Remarks on both sides name the files. Reads the ends of the tables only; throws
 * nothing: a file that cannot be read stays where it is, for the reader to say why.
 */
std::vector<ProfilePlan> splitByRun(ProfilePlan plan);

} // namespace kino
