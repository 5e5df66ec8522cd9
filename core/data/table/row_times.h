// From what a table's time column holds to nanoseconds, and what is to be said about it.
#pragma once

#include "core/base/column.h"
#include "core/data/import_report.h"
#include "core/data/profile/import_profile.h"
#include "core/data/table/reader.h"

#include <optional>
#include <string>

namespace kino {

/** Counters are read with three decimals: whole numbers of thousandths. */
inline constexpr int kTickDecimals = 3;

struct RowTimeInput {
    const Table *table = nullptr;
    std::optional<std::size_t> cell; // of the time column
    std::size_t samplesBefore = 0;
};

struct RowTimes {
    Column<Nanos> timesNs; // on the file's own clock, in the file's order
    std::optional<Nanos> toUnixNs;
    ImportReport report; // without the file's name
};

/** Rows of a table without times are spaced evenly, a row that could not be read keeping its place. */
RowTimes computeRowTimes(const RowTimeInput &input, const TimeSpec &spec, const Captures &captures);

struct GapsText {
    std::size_t count = 0;
    std::string text;
};

/** What to say about gaps in ascending times; nothing where there are none. */
std::optional<GapsText> describeGaps(std::span<const Nanos> timesNs);

/** "1 row", "12 rows". */
std::string counted(std::size_t count, const std::string &what);

/** "12.37 s", independent of locale. */
std::string secondsText(Nanos ns);

} // namespace kino
