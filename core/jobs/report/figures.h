// Numbers and times of a report as people read them: digits as the window has them, no locale. Any thread.
#pragma once

#include "core/base/time.h"
#include "core/insight/spread.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace kino::report {

/** Four significant digits, whole numbers whole: "0.5361", "2,884", "1.2e-05"; a dash for what is none. */
std::string figureText(double number);
std::string figureText(const std::optional<double> &number);
/** Three decimals, as on the confusion matrix: "0.842"; a dash for what is none. */
std::string shareText(double share);
/** "0.5200 ± 0.0200": two digits of what comes behind the sign, and the mean to the same place; the mean alone without. */
std::string spreadText(double mean, const std::optional<double> &reach);
/** "[0.41, 0.63]" of {"low", "high"}; a dash for null. */
std::string intervalText(const nlohmann::ordered_json &interval);
/** "58 s", "3 min 20 s", "2 h 10 min" */
std::string secondsText(double seconds);
/** "2026-11-22 03:14 UTC", of nanoseconds since 1970. */
std::string timeText(Nanos atNs);

} // namespace kino::report
