// What the parts of a guess have in common: a look at the table's first rows, and what is said of it. Used by guess.cpp
// and guess_time.cpp.
#pragma once

#include "core/data/profile/assumptions.h"
#include "core/data/table/sniffer.h"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace kino {

/** Something that was assumed rather than read; the confidence is multiplied by `factor`, 0 to 1. */
struct GuessAssumption {
    double factor = 1;
    std::string what;
    GuessField field = GuessField::timeColumn;
};

/** Percentile of finite values, `part` from 0 to 1; NaN for none. */
double quantileOfFinite(std::vector<double> values, double part);

/** The column's name, or "column 3". */
std::string columnTitle(const SniffedTable &table, std::size_t column);

/** How a profile names the column: by its name where that is the only one of the kind, else by its position. */
nlohmann::json columnJson(const SniffedTable &table, std::size_t column);

} // namespace kino
