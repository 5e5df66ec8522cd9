// What is wrong with a project: its database, the files it relies on, its cache.
#pragma once

#include "core/base/progress.h"
#include "core/store/project.h"

#include <string>
#include <vector>

namespace kino {

struct CheckRow {
    Severity severity = Severity::info;
    /** Stable word for programs: "database", "foreign-key", "missing-file", "changed-file", "stale-cache", "backup". */
    std::string code;
    std::filesystem::path path;
    /** Name of the recording concerned; empty where none is. */
    std::string recording;
    std::string message;
};

struct ProjectCheck {
    bool isDatabaseSound = true;
    std::size_t recordings = 0;
    std::vector<CheckRow> rows;
};

/** Changes nothing. Reads files whose size or time of change differs from what is known. */
ProjectCheck checkProject(const Project &project, const CancelToken &cancel = {}, const Progress &progress = {});

} // namespace kino
