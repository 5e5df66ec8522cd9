// How much memory this process holds, as the system counts it (Linux: /proc/self). Any thread.
#pragma once

#include <cstdint>

namespace kino {

struct ResidentMemory {
    std::int64_t nowBytes = 0;
    /** The most since the process began, or since restartPeak(). */
    std::int64_t peakBytes = 0;
};

/** 0 where the system does not say. Memory that was freed and not yet given back is given back first. */
ResidentMemory residentMemory();
/** The peak begins anew from what is held now. */
void restartPeak();

} // namespace kino
