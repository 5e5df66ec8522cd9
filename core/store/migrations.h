// Numbered changes of the project's schema. A database says its number in `PRAGMA user_version`.
#pragma once

#include "core/store/database.h"

#include <optional>
#include <span>

namespace kino {

struct Migration {
    std::int64_t version = 0;
    const char *sql = nullptr;
};

/** All migrations of this program, ascending from 1 without holes. */
std::span<const Migration> projectMigrations();

/**
 * Brings the database to the last of `migrations`, all in one transaction. A database that holds something is copied
 * beside itself first, as project-backup-v<version>-<UTC time>.sqlite: the path is returned. Throws Error, changing
 * nothing, where the database is newer than the program or a migration fails.
 */
std::optional<std::filesystem::path> migrate(const Database &database, std::span<const Migration> migrations);

} // namespace kino
