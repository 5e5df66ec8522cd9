// Units as files spell them, and the SI units inside.
#pragma once

#include "core/data/stream.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kino {

/** value in `unit` = value as found · scale + offset. */
struct UnitConversion {
    std::string unit; // as the values are inside: "m/s^2", "rad/s", "uT", …
    double scale = 1;
    double offset = 0;
};

/**
 * From a spelling ("m/s²", "g", "deg/s", "°/s", "dps", "µT", "mG", …) to the unit a kind has inside. Nothing where the
 * unit is not one of that kind. Kinds without a fixed unit keep any spelling unchanged.
 */
std::optional<UnitConversion> unitConversion(StreamKind kind, std::string_view unit);

/** The spellings a kind understands, for error messages; empty where it takes any. */
std::vector<std::string> unitsOf(StreamKind kind);

/** The kind that a unit belongs to where that is unambiguous (m/s^2: accelerometer; rad/s: gyroscope). */
std::optional<StreamKind> kindOfUnit(std::string_view unit);

/** Standard gravity, exact by definition (CGPM 1901). */
inline constexpr double kStandardGravity = 9.80665;

} // namespace kino
