// How well a few typed letters fit a name: for the command palette. Pure functions, any thread.
#pragma once

#include <QString>

#include <optional>
#include <vector>

namespace kino {

struct FuzzyMatch {
    /** Higher is better; comparable between names for the same letters. */
    int score = 0;
    /** Positions in the name of the letters that were found, ascending. */
    std::vector<int> positions;
};

/**
 * The letters of `typed` (blanks left out, case ignored) must occur in `name` in their order. Letters at the beginning of
 * words and next to one another count more, long names a little less. Nothing where a letter is missing; an empty text
 * fits everything with score 0.
 */
std::optional<FuzzyMatch> fuzzyMatch(const QString &typed, const QString &name);

} // namespace kino
