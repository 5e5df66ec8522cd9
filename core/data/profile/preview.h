// The first rows of a text table twice: as they stand in the file, and as a profile reads them. For a person who checks
// a guess before importing with it.
#pragma once

#include "core/data/profile/import_profile.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace kino {

enum class PreviewRowKind {
    above, // skipped, a comment, a header row: no samples
    data,
    leftOut // should be data but cannot be read
};

struct PreviewRow {
    std::int64_t line = 0; // counted from 1
    PreviewRowKind kind = PreviewRowKind::data;
    /** As in the file: the fields; of a row above the data the whole line, uncut. */
    std::vector<std::string> fields;
    /** As read, by column: numbers in SI units, times in seconds from the first row or as date and time, labels. Empty where a
     * column is not used, "–" where a number is missing. */
    std::vector<std::string> values;
    /** Why it is left out. */
    std::string problem;
};

struct TablePreview {
    std::string encoding; // "UTF-8", …
    std::uintmax_t sizeBytes = 0;
    std::vector<std::string> names; // of the header
    std::size_t columns = 0;        // the most that any row has
    std::vector<PreviewRow> rows;
};

/** Rows that stand above the data are shown up to this many, the last ones. */
inline constexpr std::size_t kMostRowsAbove = 20;

/**
 * Reads the first bytes only; rows pass through the same reader as an import's. `spec` may be without streams: then
 * nothing is read and only fields are given. Throws Error, saying why, for what is no text.
 */
TablePreview previewTable(const std::filesystem::path &path, const FileSpec &spec, std::size_t mostRows = 200);

} // namespace kino
