// Where a project lies: whether the folder is one, and what its file system is.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace kino {

/** "NFS", "SMB", … where the path lies on a network file system, on which SQLite's WAL is not safe. */
std::optional<std::string> networkFileSystem(const std::filesystem::path &path);
/** The same by the number that statfs() gives; for tests. */
std::optional<std::string> networkFileSystemName(unsigned long long type);

} // namespace kino
