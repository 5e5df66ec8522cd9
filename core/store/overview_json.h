// A stream's numbers and a clock's points as they lie in a project's database.
#pragma once

#include "core/base/utf8.h"
#include "core/data/recording_overview.h"

#include <nlohmann/json.hpp>
#include <string>

namespace kino {

std::string summaryToJson(const StreamSummary &summary);
/** Throws Error for text that summaryToJson() did not write. */
StreamSummary summaryFromJson(const std::string &text);

/** [[own_ns, recording_ns], …] */
std::string pointsToJson(const std::vector<ClockPoint> &points);
/** Throws Error for text that pointsToJson() did not write. */
std::vector<ClockPoint> pointsFromJson(const std::string &text);

} // namespace kino
