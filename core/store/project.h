// A project on disk: NAME.kino/ with project.sqlite, cache/ (rebuildable) and runs/. Raw recordings stay where they are.
//
// Threads: a Project holds one connection and may be used by one thread at a time; a worker opens the same path again.
// Any number of connections and processes may read while one writes; a writer waits up to five seconds for another.
// Every function throws Error with a sentence (locked, read-only, full disk, damaged database) and then changed nothing.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/store/content_identity.h"
#include "core/store/database.h"
#include "core/store/recording_entry.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kino {

/** What else an import was told; kept so that the same import can be done again. */
struct ImportSource {
    std::string profile;        // as in ImportOptions
    std::string subjectPattern; // as in ImportOptions
};

enum class AddOutcome {
    added,
    /** The same content is in the project already, where it was. Nothing was changed. */
    known,
    /** The same content, whose old files are gone: the project now knows the new place. */
    relocated,
    /** The same files with other content (or read by another format): streams were renewed, all else was kept. */
    updated
};

struct AddResult {
    RecordingId id = 0;
    AddOutcome outcome = AddOutcome::added;
};

/** What became of a recording's files since the import. */
enum class SourceState { unchanged, changed, missing };

class Project {
public:
    /** Makes the folder, which must not exist or be empty, and whose name must end in ".kino". */
    static Project create(const std::filesystem::path &folder);
    /** Migrates an older schema, after a backup copy. */
    static Project open(const std::filesystem::path &folder);

    const std::filesystem::path &folder() const { return m_folder; }
    std::filesystem::path cacheFolder() const { return m_folder / "cache"; }
    std::filesystem::path runsFolder() const { return m_folder / "runs"; }
    /** What a user should know of this project's place (a network file system) or of what opening did (a migration). */
    const std::vector<std::string> &warnings() const { return m_warnings; }

    // --- Recordings ---

    /** Stores the recording and its columns' cache. Hashes its files, so not for the GUI thread. */
    AddResult add(const Recording &recording, const ImportSource &source = {}, const CancelToken &cancel = {});
    /** In the order of their names. */
    std::vector<RecordingEntry> recordings() const;
    RecordingEntry recording(RecordingId id) const;
    /** By number or by name; throws Error naming what there is. */
    RecordingId findRecording(const std::string &nameOrId) const;
    /**
     * The whole recording, its columns mapped from the cache; a missing or stale cache is made again from the source
     * files. Where these changed since the import, what they hold now is given and a report row "source-changed" says so.
     */
    Recording loadRecording(RecordingId id, const CancelToken &cancel = {}, const Progress &progress = {});
    /** Takes it out of the project with its annotations. The files themselves are never touched. */
    void removeRecording(RecordingId id);
    void renameRecording(RecordingId id, const std::string &name);
    void setSubject(RecordingId id, const std::string &subject);
    void setTags(RecordingId id, std::span<const std::string> tags);
    void addTag(RecordingId id, const std::string &tag);
    /** Devices and videos by name; throws Error naming what there is. */
    void setDeviceClock(RecordingId id, const std::string &device, const ClockMap<DeviceClock> &clock);
    void setVideoClock(RecordingId id, const std::string &video, const ClockMap<VideoClock> &clock);

    // --- Source files ---

    std::vector<FileIdentity> sourceFiles(RecordingId id) const;
    /** Compares size and time of change; hashes a file only where its time changed but its size did not. */
    SourceState sourceState(RecordingId id, const CancelToken &cancel = {}) const;
    /** Looks below `folder` for missing files, by name, size and hash. Gives the number of recordings found again. */
    std::size_t relocate(const std::filesystem::path &folder, const CancelToken &cancel = {});
    /** Full hashes of files that have only quick ones yet. Long: for a worker with a connection of its own. */
    void completeHashes(const CancelToken &cancel = {}, const Progress &progress = {});
    /** Whether loadRecording() will have to read the source files. */
    bool isCacheStale(RecordingId id) const;

    // --- Annotations: each call is one transaction that survives a power cut ---

    std::vector<StoredTier> tiers(RecordingId id) const;
    /** Throws Error where the recording has a tier of this name. */
    TierId addTier(RecordingId id, const std::string &name, TierKind kind);
    void renameTier(TierId tier, const std::string &name);
    void removeTier(TierId tier);
    /** Puts these annotations in the place of all there are; the tier is made where it is missing. Gives their ids. */
    std::vector<AnnotationId> replaceTier(RecordingId id, const AnnotationTier &tier);
    /** The same for several tiers, all or none. */
    void replaceTiers(RecordingId id, std::span<const AnnotationTier> tiers);
    /** Takes a given id again where one is given: that is how an undo brings back what it removed. */
    AnnotationId insertAnnotation(TierId tier, const Annotation &annotation, std::optional<AnnotationId> id = std::nullopt);
    void updateAnnotation(AnnotationId id, const Annotation &annotation);
    void deleteAnnotation(AnnotationId id);

    // --- Settings ---

    std::optional<nlohmann::json> setting(const std::string &key) const;
    void setSetting(const std::string &key, const nlohmann::json &value);

    /** For queries of the program's own that have no function here. */
    const Database &database() const { return m_database; }

private:
    Project(std::filesystem::path folder, Database database);
    void requireRecording(RecordingId id) const;

    std::filesystem::path m_folder;
    Database m_database;
    std::vector<std::string> m_warnings;
};

} // namespace kino
