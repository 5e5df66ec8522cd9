// Studies: is every cell of the grid a sound specification. Internal to the specification; expanding them is the jobs'.
#pragma once

#include "core/jobs/specification/check.h"

namespace kino::specification {

/**
 * Of a study whose own keys have been checked: mistakes that all cells share are the base's, "base.train.batch"; others name the
 * first cell that has them. Up to 256 cells are all judged; of more, every value beside the first ones of the others.
 */
void addStudyProblems(Checked &checked, const nlohmann::json &study, const std::filesystem::path &folder);

/** One choice of the grid's values. */
struct StudyCell {
    /** "encoder.name mw2, objective.name simclr"; empty where there is no grid. */
    std::string words;
    /** Of kind train, not completed: seed and split as the base has them. */
    nlohmann::json specification;
};
/** All cells of a sound study as it was given, by the grid's paths in bytewise order, the last fastest. */
std::vector<StudyCell> studyCells(const nlohmann::json &study);

/** How many runs it is: cells × folds × seeds. */
double countRuns(const nlohmann::json &study);

} // namespace kino::specification
