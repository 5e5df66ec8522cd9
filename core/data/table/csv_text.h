// Fields of comma-separated text as RFC 4180 quotes them; for the small tables that Kinoscope itself writes and reads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kino {

/** The field as it stands in a file: quoted where it has to be. */
std::string csvField(std::string_view text);

struct CsvRow {
    std::int64_t line = 0; // on which it begins, counted from 1
    std::vector<std::string> fields;
};

/** Rows of the text; empty lines are left out. Quoted fields may hold line ends. Never throws. */
std::vector<CsvRow> parseCsv(std::string_view text);

} // namespace kino
