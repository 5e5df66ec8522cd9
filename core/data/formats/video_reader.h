// Videos without telemetry: a recording with a video and nothing else.
#pragma once

#include "core/data/import.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace kino {

/** Any container that openVideoFile() opens, told by its name's ending; asked after the readers of telemetry. */
std::unique_ptr<Reader> makeVideoReader();

/**
 * Adds the video of a container to a recording, with its clock at the container's zero, and reports what is missing of it.
 * Throws Error as describeVideo().
 */
void addVideo(Recording &recording, const std::filesystem::path &path, const CancelToken &cancel = {});

/** Whether the file's name ends like one of these ("mp4"), in any case. */
bool hasEnding(const std::filesystem::path &path, std::span<const std::string_view> endings);

} // namespace kino
