// Samples as a table: what `kino export` writes of a stream, and a plot of what it shows. Any thread.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/base/time.h"

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace kino {

struct SampleColumn {
    std::string title; // columnTitle()
    std::span<const float> values; // as many as there are rows
};

struct SampleTable {
    std::size_t rows = 0;
    /** On the recording's clock. */
    std::function<Nanos(std::size_t row)> timeNs;
    std::vector<SampleColumn> columns;
};

/**
 * `time_s,time_ns,x (m/s^2),…`: seconds from the recording's zero, the same in whole nanoseconds, the columns. NaN is an
 * empty field; where there is a gap, there are no rows. The file is written beside and then renamed. Throws Error, Cancelled.
 */
void writeSampleCsv(const std::filesystem::path &path, const SampleTable &table, const CancelToken &cancel = {}, const Progress &progress = {});

} // namespace kino
