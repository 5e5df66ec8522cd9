// What an importer met that a person should know: converted units, rows it could not read, times that repeat.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace kino {

enum class Severity { info, warning, error };

std::string_view severityName(Severity severity);

struct ReportRow {
    Severity severity = Severity::info;
    std::filesystem::path file;
    /** First line concerned, counted from 1; 0 where none applies. */
    std::int64_t line = 0;
    /** Stable word for programs: "duplicate-time", "bad-row", "unit", … */
    std::string code;
    /** How many rows, samples or payloads it concerns. */
    std::int64_t count = 1;
    /** A sentence for people. */
    std::string message;
};

using ImportReport = std::vector<ReportRow>;

} // namespace kino
