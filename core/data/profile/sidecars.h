// Files beside the tables that a profile speaks of: metadata to look up, label lists, times of images.
#pragma once

#include "core/data/import_report.h"
#include "core/data/profile/import_profile.h"

#include <functional>
#include <optional>

namespace kino {

/** The first of the templates that names an existing file below (or beside) `base`. */
std::optional<std::filesystem::path> findSidecar(const std::filesystem::path &base,
                                                 std::span<const std::string> templates, const Captures &captures);

/** Column `ref` of a header with these names, from 0. Nothing where the header has no such name. */
std::optional<std::size_t> resolveColumn(const ColumnRef &ref, std::span<const std::string> names);

/** Whether a field has one of the filter's values: equal as text, or as numbers ("01" is 1). */
bool passesFilter(std::string_view field, const RowFilter &filter, const Captures &captures);

/** `captures` and what the profile's lookups add to them. Files that are missing or broken add nothing. */
Captures withLookups(const ImportProfile &profile, const std::filesystem::path &base, Captures captures,
                     std::vector<std::filesystem::path> *filesRead = nullptr, ImportReport *report = nullptr);

/** The captures with values replaced as the profile's "names" say: what templates for people are filled from. */
Captures withNames(const ImportProfile &profile, Captures captures);

/**
 * A time in text by its unit: nanoseconds (samples: of `unit.rateHz`). Nothing where it is no time.
 */
std::optional<Nanos> parseTime(std::string_view text, const TimeUnit &unit, Nanos utcOffsetNs = 0, char decimal = '.');

/** One row of a table or one object of a JSON list, seen the same way. */
using RowField = std::function<std::optional<std::string>(const ColumnRef &)>;

/** Calls `row(line, field)` for every row of a table that passes the filters; throws Error as forEachRow does. */
void forEachSidecarRow(const std::filesystem::path &path, const TableSpec &table, std::span<const RowFilter> filters,
                       const Captures &captures, const std::function<void(std::int64_t, const RowField &)> &row);

/** The same for the objects of a JSON list at one of the places `items` ("a/{b}/c"). The line is the object's number. */
void forEachJsonItem(const std::filesystem::path &path, std::span<const std::string> items,
                     std::span<const RowFilter> filters, const Captures &captures,
                     const std::function<void(std::int64_t, const RowField &)> &row);

} // namespace kino
