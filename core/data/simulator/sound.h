// What the simulated camera's microphone hears: wind, steps, landings, a bicycle, and the two claps. Values only.
#pragma once

#include "core/data/simulator/motion.h"

#include <vector>

namespace kino::simulator {

inline constexpr int kSoundRateHz = 48'000;

/**
 * Mono samples in [-1, 1]; sample i sounds at i / kSoundRateHz on the video's own clock, which lies on the recording's
 * as `clock` says. A clap is loudest at its very instant, by far the loudest of all.
 */
std::vector<float> makeSound(const MotionModel &motion, const ClockMap<VideoClock> &clock, Nanos lengthNs,
                             RandomStream stream);

} // namespace kino::simulator
