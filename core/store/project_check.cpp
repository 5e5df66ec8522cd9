#include "core/store/project_check.h"

#include "core/base/error.h"

namespace kino {
namespace {

void checkDatabase(const Project &project, ProjectCheck &check)
{
    constexpr int kMostShown = 20;
    const auto report = [&](const char *code, std::string message) {
        check.isDatabaseSound = false;
        check.rows.push_back({Severity::error, code, project.database().file(), "", std::move(message)});
    };
    Statement integrity(project.database(), "PRAGMA integrity_check(" + std::to_string(kMostShown) + ")");
    while (integrity.step()) {
        if (const std::string line = integrity.text(0); line != "ok")
            report("database", line);
    }
    Statement foreignKeys(project.database(), "PRAGMA foreign_key_check");
    for (int row = 0; row < kMostShown && foreignKeys.step(); ++row)
        report("foreign-key", "a row of " + foreignKeys.text(0) + " belongs to nothing in " + foreignKeys.text(2));
}

void checkRecording(const Project &project, RecordingId id, const std::string &name, const CancelToken &cancel,
                    ProjectCheck &check)
{
    for (const FileIdentity &stored : project.sourceFiles(id)) {
        cancel.throwIfCancelled();
        const auto now = statFile(stored.path);
        if (!now) {
            check.rows.push_back({Severity::error, "missing-file", stored.path, name,
                                  "is not there any more; import it from its new place and it will be recognised"});
            continue;
        }
        const bool looksAlike = now->sizeBytes == stored.sizeBytes && now->modifiedNs == stored.modifiedNs;
        if (!looksAlike && identifyFile(stored.path, cancel).quickHash != stored.quickHash)
            check.rows.push_back({Severity::error, "changed-file", stored.path, name,
                                  "has changed since it was imported; import it again to accept it, or restore it"});
    }
    if (project.isCacheStale(id))
        check.rows.push_back({Severity::info, "stale-cache", project.cacheFolder(), name,
                              "the cached columns are missing or stale; they will be made when it is opened"});
}

} // namespace

ProjectCheck checkProject(const Project &project, const CancelToken &cancel, const Progress &progress)
{
    ProjectCheck check;
    checkDatabase(project, check);
    if (!check.isDatabaseSound)
        return check;
    std::vector<std::pair<RecordingId, std::string>> recordings;
    Statement statement(project.database(), "SELECT id, name FROM recordings ORDER BY name");
    while (statement.step())
        recordings.emplace_back(statement.integer(0), statement.text(1));
    check.recordings = recordings.size();
    for (std::size_t index = 0; index < recordings.size(); ++index) {
        const auto &[id, name] = recordings[index];
        progress(static_cast<double>(index) / static_cast<double>(recordings.size()), name);
        checkRecording(project, id, name, cancel, check);
    }
    return check;
}

} // namespace kino
