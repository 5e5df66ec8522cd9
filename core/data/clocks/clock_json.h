// Why a clock lies where it lies, as `kino inspect`, `kino list` and exports print it.
#pragma once

#include "core/data/clocks/clock_evidence.h"

#include <nlohmann/json.hpp>
#include <optional>

namespace kino {

/**
 * {"origin": "as imported"}, or {"origin": "set by hand", "method": "two-points", "set_at_ns": nanoseconds since 1970
 * UTC, "points": [{"own_ns", "recording_ns"}]}.
 */
nlohmann::ordered_json clockOriginJson(const std::optional<ClockEvidence> &evidence);

} // namespace kino
