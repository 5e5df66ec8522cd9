// Writes the files of one simulated recording. Each function throws Error when its file cannot be written.
#pragma once

#include "core/base/cancel.h"
#include "core/data/simulator/plan.h"

#include <filesystem>
#include <functional>

namespace kino::simulator {

/** Ego4D's IMU table; times in milliseconds on the recording's clock. */
void writeImuCsv(const std::filesystem::path &path, const RecordingPlan &plan, const CancelToken &cancel);

/** Ego4D's narrations.json; `timestamp_sec` is on the recording's clock, as `canonical_timestamp_ms` of the IMU is. */
void writeNarrations(const std::filesystem::path &path, const RecordingPlan &plan);

/** The tier `activity`, as `kino annotations` writes it. */
void writeLabels(const std::filesystem::path &path, const RecordingPlan &plan);

/** H.264 and AAC; calls `frameDone` after each frame. */
void writeVideo(const std::filesystem::path &path, const RecordingPlan &plan, const TextureSet &textures,
                const CancelToken &cancel, const std::function<void()> &frameDone);

} // namespace kino::simulator
