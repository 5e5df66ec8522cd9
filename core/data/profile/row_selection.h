// Which rows of a table are one sensor's, in the order of time. Used by table.cpp.
#pragma once

#include "core/base/time.h"
#include "core/data/table/reader.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace kino {

/** The rows of one sensor in ascending time, and what was odd about the order they came in. */
struct RowSelection {
    bool isAll = false;              // all rows, as they stand: `rows` is empty
    std::vector<std::uint32_t> rows; // of the table, where not all
    Column<Nanos> timesNs;
    std::size_t backward = 0; // rows with a time before the selected row above them, before sorting
    std::size_t duplicates = 0;
    std::int64_t backwardLine = 0; // of the first such row, from 1; 0 where there is none
    std::int64_t duplicateLine = 0;

    std::size_t size() const { return timesNs.size(); }
    std::size_t rowAt(std::size_t i) const { return isAll ? i : rows[i]; }
};

/** The rows that `isMeant` says, all without it. `timesNs` holds one time a row of the table. */
RowSelection selectRows(const Table &table, const Column<Nanos> &timesNs,
                        const std::function<bool(std::size_t row)> &isMeant = {});

} // namespace kino
