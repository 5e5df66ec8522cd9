// Which column of an unknown table is its time, and what it counts. Used by guess.cpp.
#pragma once

#include "core/data/profile/guess_table.h"

namespace kino {

struct GuessedTime {
    nlohmann::json json; // "time" of the profile
    /** Columns that are times: the one taken, and others that were left out. */
    std::vector<std::size_t> columns;
    std::vector<GuessAssumption> assumptions;
};

/**
 * A wall clock that moves from row to row is taken before a count of seconds, a column named as a time before one that
 * only rises. Columns that are called a time and cannot be one are named with the reason.
 */
GuessedTime guessTime(const SniffedTable &table);

} // namespace kino
