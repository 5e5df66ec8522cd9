// A project on disk: NAME.kino/ with project.sqlite, cache/ (rebuildable) and runs/. Raw recordings stay where they are.
//
// Threads: a Project holds one connection and may be used by one thread at a time; a worker opens the same path again.
// Any number of connections and processes may read while one writes; a writer waits up to five seconds for another.
// Every function throws Error with a sentence (locked, read-only, full disk, damaged database) and then changed nothing.
#pragma once

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/data/annotations/label_set.h"
#include "core/data/clocks/clock_edit.h"
#include "core/store/content_identity.h"
#include "core/store/database.h"
#include "core/store/library.h"
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

/** What a project knows of a file before it is read. */
enum class FileNovelty {
    unknown,
    /** It is in the project, from this place. */
    known,
    /** Its content is, from another place where it still is. */
    copy,
    /** Its content is, from a place where it no longer is: importing it finds the recording again. */
    moved,
    /** This place is in the project with other content: importing it renews the recording. */
    changed
};

struct RecognisedFile {
    FileNovelty novelty = FileNovelty::unknown;
    /** The recording that it is a file of; 0 and empty where unknown. */
    RecordingId recording = 0;
    std::string name;
};

/** What became of a recording's files since the import. */
enum class SourceState { unchanged, changed, missing };

/** What became of recordings whose files were missing. */
struct Relocation {
    std::vector<RecordingId> found;
    std::size_t stillMissing = 0; // recordings
};

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
    /** One row each, in the natural order of their names (naturalLess()), from one query: for lists of thousands. */
    std::vector<LibraryRow> library() const;
    /** Everything but the samples of all of them, in the order of their names. Long for thousands. */
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
    void removeTag(RecordingId id, const std::string &tag);
    /** All that are in use, sorted. */
    std::vector<std::string> tags() const;
    /**
     * Looks again at recordings whose badges another version of the program computed. Where its importers were others
     * the files are read again and the stored numbers of their streams and the report renewed; what the user decided
     * stays. A recording whose files are away keeps its numbers until they are back. Gives how many were looked at.
     * Long: for a worker with a connection of its own.
     */
    std::size_t renewBadges(const CancelToken &cancel = {}, const Progress &progress = {});

    // --- Clocks: what a person set survives a power cut, with who set it and when ---

    /** Devices and videos by name; throws Error naming what there is. Kept as "set by hand", typed, now. */
    void setDeviceClock(RecordingId id, const std::string &device, const ClockMap<DeviceClock> &clock);
    void setVideoClock(RecordingId id, const std::string &video, const ClockMap<VideoClock> &clock);
    /** Throws Error, changing nothing, where the clock is not (any more) as the edit says it was. */
    void applyClockEdit(RecordingId id, const ClockEdit &edit);

    // --- Source files ---

    std::vector<FileIdentity> sourceFiles(RecordingId id) const;
    /** Compares size and time of change; hashes a file only where its time changed but its size did not. */
    SourceState sourceState(RecordingId id, const CancelToken &cancel = {}) const;
    /** Whether the project has this file or its content. Hashes it, so not for the GUI thread; does not read it
     * otherwise. */
    RecognisedFile recognise(const std::filesystem::path &file, const CancelToken &cancel = {}) const;
    /**
     * Looks below `folder` for missing files, by size and hash whatever their names. Where one is found, the same change of
     * folder is tried for all that are missing, and taken where the content is theirs.
     */
    Relocation relocate(const std::filesystem::path &folder, const CancelToken &cancel = {});
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
    /**
     * One gesture, in one transaction; its inverse undoes it. Throws Error, changing nothing, where a row is not (any
     * more) as the edit says it was.
     */
    void applyEdit(RecordingId id, const AnnotationEdit &edit);
    /** Numbers for `count` annotations and as many tiers that no one else will be given; for one session of editing. */
    AnnotationIds reserveIds(std::int64_t count = 1 << 20);

    // --- Label sets ---

    /** In the order of their names. */
    std::vector<LabelSet> labelSets() const;
    /** Throws Error where the set is not sound (label_set.h) or its name is taken. Takes set.id again where it is not
     * 0. */
    LabelSetId addLabelSet(const LabelSet &set);
    void updateLabelSet(const LabelSet &set);
    /** Gives the tiers that used it: with addLabelSet() and these an undo puts everything back. */
    std::vector<TierId> removeLabelSet(LabelSetId id);
    void setTierLabelSet(std::span<const TierId> tiers, std::optional<LabelSetId> labelSet);

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
