// Fields of comma-separated text as RFC 4180 quotes them, numbers as every program reads them: for the tables that
// Kinoscope itself writes, and the small ones that it reads. No locale has a say.
#pragma once

#include "core/base/time.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kino {

/** The field as it stands in a file: quoted where it has to be. */
std::string csvField(std::string_view text);

/** Seconds with all nine digits, made of integers: a double would lose some of an epoch-sized time. */
void appendSeconds(std::string &text, Nanos ns);
/** The shortest text that reads back as the same number; nothing for what is none. */
void appendNumber(std::string &text, float value);
void appendNumber(std::string &text, double value);
/** "x (m/s^2)"; the name alone where there is no unit, or it is one of a direction of length 1. */
std::string columnTitle(const std::string &name, const std::string &unit);

struct CsvRow {
    std::int64_t line = 0; // on which it begins, counted from 1
    std::vector<std::string> fields;
};

/** Rows of the text; empty lines are left out. Quoted fields may hold line ends. Never throws. */
std::vector<CsvRow> parseCsv(std::string_view text);

} // namespace kino
