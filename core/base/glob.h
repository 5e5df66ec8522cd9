// File patterns as specifications name files by: "recordings/**/*.csv".
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace kino {

/** `*` and `?` stay within one part of a path, `**` as a whole part stands for any number of parts, none too. */
bool matchesGlob(std::string_view pattern, std::string_view path);

/**
 * Files and folders that match, sorted bytewise; a pattern without `*` and `?` is the path itself, where it exists.
 * Relative patterns count from `base`. Folders that may not be read are passed over.
 */
std::vector<std::filesystem::path> expandGlob(const std::filesystem::path &base, std::string_view pattern);

} // namespace kino
