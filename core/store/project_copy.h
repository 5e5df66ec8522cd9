// A project once more, in another folder. Any thread.
#pragma once

#include <filesystem>

namespace kino {

/**
 * Copies the project's database as it is now into `to`, a new folder NAME.kino; the original may be in use. Runs stay where
 * they are, and the cache is made again as recordings are opened. Throws Error, leaving nothing behind, where `from` cannot be
 * read or `to` is there already or cannot be written.
 */
void copyProject(const std::filesystem::path &from, const std::filesystem::path &to);

} // namespace kino
