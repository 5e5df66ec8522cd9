// The demo project: recordings made by the simulator, with video, labels and narrations, whose truth is known.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/data/simulator/simulator.h"

#include <filesystem>

namespace kino {

/** Two people, each a minute of every activity, with video. */
SimulatorOptions demoOptions();

/**
 * Makes `folder`/recordings and `folder`/Demo.kino where they are not complete yet, and gives the project. Takes a while
 * the first time: for a worker. The videos' clocks are set to what the simulator knows. Throws Error, Cancelled.
 */
std::filesystem::path ensureDemoProject(const std::filesystem::path &folder, const CancelToken &cancel, const Progress &progress,
                                        const SimulatorOptions &demo = demoOptions());

} // namespace kino
