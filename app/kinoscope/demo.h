// The demo project: recordings made by the simulator, with video, labels and narrations, whose truth is known.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/data/simulator/simulator.h"

#include <filesystem>
#include <functional>

namespace kino {

/** Two people, each a minute of every activity, with video. */
SimulatorOptions demoOptions();

/** Where the recordings of one person (from 1 on) are, with their truth.json. */
std::filesystem::path demoRecordings(const std::filesystem::path &folder, int subject);

/**
 * Makes the recordings and `folder`/Demo.kino where they are not complete yet, one person after the other, and gives the
 * project. `onReady` is called on this thread each time the project has another person in it: with the first, the demo
 * can be used. Takes a while the first time: for a worker. The videos' clocks are set to what the simulator knows. Throws
 * Error, Cancelled; what is complete by then stays.
 */
std::filesystem::path ensureDemoProject(const std::filesystem::path &folder, const CancelToken &cancel, const Progress &progress,
                                        const SimulatorOptions &demo = demoOptions(), const std::function<void(const std::filesystem::path &)> &onReady = {});

} // namespace kino
