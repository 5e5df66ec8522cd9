#include "core/store/project_copy.h"

#include "core/base/error.h"
#include "core/store/project.h"

namespace kino {

namespace fs = std::filesystem;

void copyProject(const fs::path &from, const fs::path &to)
{
    // Its folder's name is judged as that of any new project.
    std::error_code ignored;
    const bool wasThere = fs::exists(to, ignored);
    Project::create(to);
    const fs::path database = to / "project.sqlite";
    try {
        for (const char *suffix : {"", "-wal", "-shm"})
            fs::remove(database.string() + suffix);
        Database(from / "project.sqlite", OpenMode::existing).backupTo(database);
    } catch (...) {
        for (const char *name : {"cache", "runs", "project.sqlite", "project.sqlite-wal", "project.sqlite-shm"})
            fs::remove_all(to / name, ignored);
        if (!wasThere)
            fs::remove(to, ignored);
        throw;
    }
}

} // namespace kino
