// Studies: is every cell of the grid a sound specification. Internal to the specification; expanding them is the jobs'.
#pragma once

#include "core/jobs/specification/check.h"

namespace kino::specification {

/**
 * Of a study whose own keys have been checked: mistakes that all cells share are the base's, "base.train.batch"; others name the
 * first cell that has them. Up to 256 cells are all judged; of more, every value beside the first ones of the others.
 */
void addStudyProblems(Checked &checked, const nlohmann::json &study, const std::filesystem::path &folder);

/** How many runs it is: cells × folds × seeds. */
double countRuns(const nlohmann::json &study);

} // namespace kino::specification
