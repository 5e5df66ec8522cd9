// Large tables of numbers in text, read in parallel chunks straight into their columns.
#pragma once

#include "core/base/cancel.h"
#include "core/base/column.h"
#include "core/base/progress.h"
#include "core/data/table/layout.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace kino {

enum class CellKind {
    number,   // float, after value · scale + offset; NaN where the field is missing
    whole,    // int64 = value · 10^exponent, exact for every digit; a row without it is left out
    wallTime, // date and time as nanoseconds since 1970 UTC; a row without it is left out
    text      // a code into Table::words
};

struct CellRequest {
    std::size_t column = 0; // from 0
    CellKind kind = CellKind::number;
    double scale = 1;
    double offset = 0;
    int exponent = 0;                            // whole
    std::string pattern;                         // wallTime: as wall_time.h has it; empty: ISO 8601
};

struct TableRequest {
    TableLayout layout;
    std::vector<CellRequest> cells;
    /** Fields a row may have at most, a trailing empty one not counted; 0: any. A row with more is bad. */
    std::size_t width = 0;
    /** Fields that mean "no value" besides the usual ones (isMissingWord). */
    std::vector<std::string> missing;
    std::size_t threads = 1;
    CancelToken cancel;
    Progress progress;
};

/** Rows of the file that are not in the table, in runs: `count` of them just before table row `row`. */
struct SkippedRows {
    std::size_t row = 0;
    std::size_t count = 0;
};

/** Rows left out for one reason. */
struct LeftOut {
    std::size_t count = 0;
    std::int64_t firstLine = 0;
    std::string example; // what was wrong with the first
};

struct Table {
    std::size_t rows = 0;
    /** One entry a request, in the order of the requests; which of the three holds depends on its kind. */
    std::vector<Column<float>> numbers;
    std::vector<Column<std::int64_t>> wholes; // whole and wallTime
    std::vector<Column<std::int32_t>> codes;  // text
    std::vector<std::vector<std::string>> words;
    std::vector<std::size_t> missing;         // number: fields without one, by request
    std::size_t zonelessTimes = 0; // wallTime fields that named no zone
    LeftOut badRows;     // too few fields, or a field that is not what it should be
    LeftOut missingTime; // rows whose whole or wallTime cell is missing

    /** Line of the file (from 1) a row came from. */
    std::int64_t lineOf(std::size_t row) const;
    /** Which sample of the file a row is: bad rows count, comments and blank lines do not. */
    std::size_t sampleOf(std::size_t row) const;

    std::int64_t firstLine = 1;
    std::vector<SkippedRows> skippedLines; // all lines that gave no row
    std::vector<SkippedRows> lostSamples;  // those of them that should have given one
};

/**
 * Reads the rows below `header`. Bad rows are counted, not thrown. Memory is bounded by the size of the text and the
 * number of requests. Throws Cancelled.
 */
Table readTable(std::string_view text, const TableHeader &header, const TableRequest &request);

} // namespace kino
