// What {"project": "all"} and {"tag": "…"} name, read through the project: clocks and annotations as they are set there.
#pragma once

#include "core/jobs/queue/recording_source.h"

#include <filesystem>

namespace kino {

/**
 * Recordings in the order of their names. Which ones is written to `runFolder` (recordings.json) when the run first begins, and read
 * from there when it goes on: what is imported meanwhile is not its. Without a folder: those of today, and nothing is written. One that
 * cannot be read fails the run, since without it the run would be another. The result opens the project by itself, in the thread that calls it.
 */
ProjectRecordings recordingsOfProject(const std::filesystem::path &project, const std::filesystem::path &runFolder = {});

} // namespace kino
