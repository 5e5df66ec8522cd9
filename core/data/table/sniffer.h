// Looks at the first rows of an unknown text table: separator, decimal sign, header, and what the columns hold.
#pragma once

#include "core/data/table/layout.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kino {

struct SniffedColumn {
    std::string name; // from the header; empty without one
    bool isNumber = false;
    bool isWhole = false; // every number without a fraction
    bool isIsoTime = false;
    std::vector<double> values; // numbers of the first rows, NaN where missing
    std::vector<std::string> texts; // distinct texts, a few
};

struct SniffedTable {
    TableLayout layout;
    std::vector<SniffedColumn> columns;
    std::vector<std::vector<std::string>> rows; // the first ones
    std::size_t rowsSeen = 0;
    double alike = 1; // share of the first rows that come apart into as many fields as there are columns
};

/**
 * Throws Error, saying why, where the text is no table with a number in it. A `layout` that is given is taken as it is, and
 * only what the columns hold is looked at.
 */
SniffedTable sniffTable(const std::filesystem::path &path, std::string_view head, const std::optional<TableLayout> &layout = {});

} // namespace kino
