// What the names that loggers give their columns mean.
#pragma once

#include "core/data/stream.h"

#include <optional>
#include <string>
#include <string_view>

namespace kino {

struct ColumnMeaning {
    std::optional<StreamKind> kind;
    std::string axis;   // "x", "y", "z", "w"; empty where the name has none
    std::string device; // what is left of the name, "left_sensor"
    std::string unit;   // from brackets, as written
};

/** "left_sensor/acc_x", "Gyroscope X (deg/s)", "accX", "x_acc", "rotationRateX", "qw", "wx [rad/s]", … */
ColumnMeaning columnMeaning(std::string_view name);

/** The sensor a text speaks of, such as a file's name. */
std::optional<StreamKind> kindInText(std::string_view text);

struct TimeName {
    bool isTime = false;
    std::string unit; // "s", "ms", "us", "ns"; empty where the name does not say
};

TimeName timeName(std::string_view name);

bool isLabelName(std::string_view name);

} // namespace kino
