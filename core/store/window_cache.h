// What jobs keep in a project's cache/windows: resampled channels and pictures, by content. All of it can be made again. Any thread; other
// processes may use it at the same time.
#pragma once

#include <cstdint>
#include <filesystem>

namespace kino {

struct WindowCacheUse {
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
};

/** Of a project's folder. */
std::filesystem::path windowCacheFolder(const std::filesystem::path &projectFolder);
WindowCacheUse windowCacheUse(const std::filesystem::path &projectFolder);
/**
 * Takes away what was longest not read or written, until the rest has `mostBytes` at most; gives what was taken away. A run that has a file
 * mapped keeps it. Files that cannot be removed stay.
 */
WindowCacheUse pruneWindowCache(const std::filesystem::path &projectFolder, std::uint64_t mostBytes);

} // namespace kino
