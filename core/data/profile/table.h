// One text table read as its profile says: samples by device and sensor, labels of rows, and a report of both.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/data/import_report.h"
#include "core/data/profile/row_labels.h"
#include "core/data/stream.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace kino {

struct LoadedStream {
    std::string device;
    ImuStream stream; // times on the file's own clock
};

/** What was done to a stream's numbers; alike ones of a recording become one row of its report. */
struct StreamConversion {
    std::string code;   // "unit", "scale", "derived"
    std::string what;   // "converted from g to m/s^2"
    std::string stream; // "device/accelerometer"
    std::size_t samples = 0;
};

struct LoadedTable {
    std::vector<LoadedStream> streams;
    std::vector<LoadedTier> tiers;
    std::vector<Nanos> rowTimesNs; // only where asked for: of every row, in the file's order
    std::size_t rows = 0;
    std::size_t samples = 0; // rows and those that could not be read
    Nanos firstRowNs = 0;    // of the row that stands first
    Nanos earliestNs = 0, latestNs = 0; // of all rows
    /** What makes own times nanoseconds since 1970 UTC, where that is known. */
    std::optional<Nanos> toUnixNs;
    std::vector<StreamConversion> conversions;
    ImportReport report; // of all else
};

struct LoadOptions {
    std::size_t threads = 1;
    bool keepRowTimes = false;
    /** The wall clock that the profile anchors the times to is another run's. */
    bool withoutWallClock = false;
    /** Number of samples before the first row: pieces of one table that has no times. */
    std::size_t samplesBefore = 0;
    CancelToken cancel;
    Progress progress;
};

/**
 * Throws Error when the file cannot be read at all: not there, not text, a column that does not exist, not one row that
 * can be read. `captures` fill the templates; `fallbackDevice` names a device that the profile leaves unnamed.
 */
LoadedTable loadTable(const std::filesystem::path &path, const FileSpec &spec, const Captures &captures,
                      const LoadOptions &options);

/** Whether the first bytes of a file look like what `spec` reads: its columns are there, its numbers are numbers. */
bool looksLike(const std::filesystem::path &path, std::string_view head, const FileSpec &spec);

} // namespace kino
