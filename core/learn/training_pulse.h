// How far a training is, for those who watch it. Values.
#pragma once

#include <cstdint>
#include <optional>

namespace kino {

struct TrainingPulse {
    /** Of all epochs, 0 to 1. */
    double fraction = 0;
    std::int64_t epoch = 0; // counted from 0
    std::int64_t epochs = 0;
    std::int64_t step = 0;
    /** Means over this session; nothing before they are known. */
    std::optional<double> windowsPerSecond;
    std::optional<double> secondsLeft;
};

} // namespace kino
