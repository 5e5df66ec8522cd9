// How a project follows the files that its recordings come from: adding, caching, loading, finding them again.
#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/base/files.h"
#include "core/base/log.h"
#include "core/data/import.h"
#include "core/store/column_cache.h"
#include "core/store/project.h"
#include "core/store/recording_rows.h"

#include <set>

namespace kino {
namespace {

namespace fs = std::filesystem;

std::vector<FileIdentity> identifySources(const Recording &recording, const CancelToken &cancel)
{
    // The file that stands for the recording comes first; files may name it again.
    std::vector<fs::path> paths{recording.path};
    std::set<fs::path> seen{fs::absolute(recording.path).lexically_normal()};
    for (const fs::path &file : recording.files) {
        if (seen.insert(fs::absolute(file).lexically_normal()).second)
            paths.push_back(file);
    }
    std::vector<FileIdentity> identities;
    for (const fs::path &path : paths) {
        std::error_code ignored;
        if (!fs::is_directory(path, ignored)) // a folder of images: its images are named one by one
            identities.push_back(identifyFile(path, cancel));
    }
    return identities;
}

/** Independent of the files' names and order. */
std::string contentIdOf(std::span<const FileIdentity> files)
{
    std::vector<std::string> hashes;
    for (const FileIdentity &file : files)
        hashes.push_back(file.quickHash);
    std::ranges::sort(hashes);
    std::string text;
    for (const std::string &hash : hashes)
        text += hash + "\n";
    return sha256(std::as_bytes(std::span(text)));
}

CacheStamp stampOf(const std::string &format, const std::string &profile, std::span<const FileIdentity> files)
{
    CacheStamp stamp{format, profile, {}};
    for (const FileIdentity &file : files)
        stamp.contents.push_back(file.quickHash);
    return stamp;
}

bool anyMissing(std::span<const FileIdentity> files)
{
    return std::ranges::any_of(files, [](const FileIdentity &file) { return !statFile(file.path); });
}

struct SourceCheck {
    SourceState state = SourceState::unchanged;
    /** As the files are now; what is missing is as it was. */
    std::vector<FileIdentity> now;
    fs::path firstDeviating;
    /** Times of change differ from the stored ones though the contents do not. */
    bool hasNewTimes = false;
};

SourceCheck checkSources(std::vector<FileIdentity> stored, const CancelToken &cancel)
{
    SourceCheck check;
    const auto deviate = [&](SourceState state, const fs::path &path) {
        if (check.state == SourceState::unchanged)
            check.firstDeviating = path;
        // A changed file is worse news than a missing one: numbers may differ.
        if (check.state != SourceState::changed)
            check.state = state;
    };
    for (FileIdentity &file : stored) {
        const auto found = statFile(file.path);
        if (!found) {
            deviate(SourceState::missing, file.path);
        } else if (found->sizeBytes != file.sizeBytes || found->modifiedNs != file.modifiedNs) {
            FileIdentity now = identifyFile(file.path, cancel);
            if (now.quickHash != file.quickHash)
                deviate(SourceState::changed, file.path);
            else
                check.hasNewTimes = true;
            if (now.quickHash == file.quickHash && !now.sha256)
                now.sha256 = file.sha256;
            file = std::move(now);
        }
        check.now.push_back(std::move(file));
    }
    return check;
}

struct ImportRow {
    std::string format;
    ImportSource source;
};

ImportRow readImportRow(const Database &database, RecordingId id)
{
    Statement statement(database, "SELECT format, profile, subject_pattern FROM recordings WHERE id = ?");
    if (!statement.bind(id).step())
        throw Error(database.file().parent_path(), "has no recording number " + std::to_string(id));
    return {statement.text(0), {statement.text(1), statement.text(2)}};
}

/** Reads the recording's files again, the way they were imported. */
Recording importAgain(const RecordingEntry &entry, const ImportRow &row, const CancelToken &cancel, const Progress &progress)
{
    ImportOptions options;
    options.profile = row.source.profile;
    options.subjectPattern = row.source.subjectPattern;
    options.cancel = cancel;
    options.progress = progress;
    ImportOutcome outcome = importPaths(std::vector<fs::path>{entry.recording.path}, options);
    for (Recording &recording : outcome.recordings) {
        const auto isIt = [&](const fs::path &path) { return fs::absolute(path).lexically_normal() == entry.recording.path; };
        if (isIt(recording.path) || std::ranges::any_of(recording.files, isIt))
            return std::move(recording);
    }
    if (!outcome.failures.empty())
        throw Error(outcome.failures.front().path, outcome.failures.front().message);
    throw Error(entry.recording.path, "holds no recording any more; restore the file, or remove it from the project");
}

/** The samples of `content` under the names, clocks and annotations of the project. */
Recording dressed(const RecordingEntry &entry, Recording content)
{
    Recording recording = entry.recording;
    for (Device &device : content.devices) {
        if (const Device *stored = entry.recording.findDevice(validUtf8(device.name))) {
            device.clock = stored->clock;
            device.clockEvidence = stored->clockEvidence;
        }
    }
    recording.devices = std::move(content.devices);
    for (std::size_t index = 0; index < recording.videos.size() && index < content.videos.size(); ++index) {
        VideoTrack &video = recording.videos[index];
        video.series = std::move(content.videos[index].series);
        video.clipTimesNs = std::move(content.videos[index].clipTimesNs);
        // The cache names images relative to the video's folder, so that a moved folder stays cached.
        for (fs::path &image : video.series.images)
            image = video.path / image;
    }
    return recording;
}

void storeColumns(const ColumnCache &cache, RecordingId id, const CacheStamp &stamp, const Recording &recording)
{
    try {
        cache.store(id, stamp, recording);
    } catch (const Error &error) {
        // The recording itself is safe; it will open slowly until there is room.
        log(LogLevel::warning, std::string("the columns could not be cached: ") + error.what());
    }
}

/** Where `path` went when its files moved from `from` to `to`; unchanged where neither names it. */
fs::path movedPath(const fs::path &path, std::span<const FileIdentity> from, std::span<const FileIdentity> to)
{
    for (std::size_t index = 0; index < from.size() && index < to.size(); ++index) {
        if (from[index].path == path)
            return to[index].path;
        if (from[index].path.parent_path() == path)
            return to[index].path.parent_path();
    }
    return path;
}

void moveRows(const Database &database, RecordingId id, std::span<const FileIdentity> from, std::span<const FileIdentity> to)
{
    replaceSourceRows(database, id, to);
    const auto moveColumn = [&](const std::string &table, const char *key) {
        std::vector<std::pair<std::int64_t, std::string>> rows;
        Statement select(database, "SELECT id, path FROM " + table + " WHERE " + key + " = ?");
        select.bind(id);
        while (select.step())
            rows.emplace_back(select.integer(0), select.text(1));
        Statement update(database, "UPDATE " + table + " SET path = ? WHERE id = ?");
        for (const auto &[row, path] : rows)
            update.bind(movedPath(path, from, to).string(), row).run();
    };
    moveColumn("recordings", "id");
    moveColumn("videos", "recording_id");
}

/** What moved together: a file that was found tells where the folders above it went. Nothing is taken but by its content. */
class FolderMoves {
public:
    explicit FolderMoves(const CancelToken &cancel) : m_cancel(cancel) {}

    std::size_t size() const { return m_moves.size(); }

    /** The folders at the end of both paths that are the same moved with those above them. */
    void learn(const fs::path &before, const fs::path &now)
    {
        fs::path from = before.parent_path();
        fs::path to = now.parent_path();
        while (from.has_relative_path() && to.has_relative_path() && from.filename() == to.filename()) {
            from = from.parent_path();
            to = to.parent_path();
        }
        const std::pair<fs::path, fs::path> move(from, to);
        if (from != to && m_moves.size() < kMostMoves && std::ranges::find(m_moves, move) == m_moves.end())
            m_moves.push_back(move);
    }

    /** Puts the place where the file moved with others in `file`; false where its content is not there. */
    bool find(FileIdentity &file) const
    {
        for (const auto &[from, to] : m_moves) {
            const fs::path relative = file.path.lexically_relative(from);
            if (relative.empty() || *relative.begin() == "..")
                continue;
            const auto there = statFile(to / relative);
            if (!there || there->sizeBytes != file.sizeBytes)
                continue;
            try {
                FileIdentity now = identifyFile(there->path, m_cancel);
                if (now.quickHash != file.quickHash)
                    continue;
                file = std::move(now);
                return true;
            } catch (const Error &) {
                continue; // what may not be read cannot be it
            }
        }
        return false;
    }

private:
    /** Files that were strewn about tell of no folder. */
    static constexpr std::size_t kMostMoves = 32;

    std::vector<std::pair<fs::path, fs::path>> m_moves;
    const CancelToken &m_cancel;
};

/** The files below a folder, to be found by what is in them. A file is hashed at most once, and only if its size fits.
 */
class FilesBySize {
public:
    FilesBySize(const fs::path &folder, const CancelToken &cancel) : m_cancel(cancel)
    {
        std::error_code code;
        for (fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, code), end;
             !code && at != end; at.increment(code)) {
            cancel.throwIfCancelled();
            std::error_code ignored;
            if (at->is_regular_file(ignored))
                m_bySize[at->file_size(ignored)].push_back({at->path(), std::nullopt});
        }
        if (code)
            throw Error(folder, "could not be searched (" + code.message() + ")");
    }

    /** Puts the place of a file with this content in `file`; files of the same name come first. False where there is
     * none. */
    bool find(FileIdentity &file)
    {
        const auto sized = m_bySize.find(file.sizeBytes);
        if (sized == m_bySize.end())
            return false;
        for (const bool needsName : {true, false}) {
            for (Candidate &candidate : sized->second) {
                if ((candidate.path.filename() == file.path.filename()) != needsName)
                    continue;
                try {
                    if (!candidate.identity)
                        candidate.identity = identifyFile(candidate.path, m_cancel);
                } catch (const Error &) {
                    continue; // what may not be read cannot be it
                }
                if (candidate.identity->quickHash == file.quickHash) {
                    file = *candidate.identity;
                    return true;
                }
            }
        }
        return false;
    }

private:
    struct Candidate {
        fs::path path;
        std::optional<FileIdentity> identity;
    };
    const CancelToken &m_cancel;
    std::map<std::uint64_t, std::vector<Candidate>> m_bySize;
};

/** The found files in the order of the stored ones, which hold the same contents. */
std::vector<FileIdentity> inOrderOf(std::span<const FileIdentity> stored, std::vector<FileIdentity> found)
{
    std::vector<FileIdentity> ordered;
    for (const FileIdentity &file : stored) {
        auto match = std::ranges::find_if(found, [&](const FileIdentity &candidate) {
            return candidate.quickHash == file.quickHash && candidate.path.filename() == file.path.filename();
        });
        if (match == found.end())
            match = std::ranges::find(found, file.quickHash, &FileIdentity::quickHash);
        if (match == found.end())
            return found;
        ordered.push_back(std::move(*match));
        found.erase(match);
    }
    return ordered;
}

} // namespace

AddResult Project::add(const Recording &recording, const ImportSource &source, const CancelToken &cancel)
{
    std::vector<FileIdentity> files = identifySources(recording, cancel);
    // A profile file is known by its absolute place: the working directory is another one next time.
    RecordingHead head{recording.name, source.profile, source.subjectPattern, contentIdOf(files)};
    std::error_code ignored;
    if (fs::is_regular_file(source.profile, ignored))
        head.profile = fs::absolute(source.profile).lexically_normal().string();
    const RecordingOverview overview = computeOverview(recording);
    cancel.throwIfCancelled();

    AddResult result;
    {
        Transaction transaction(m_database);
        Statement byContent(m_database, "SELECT id, format, profile FROM recordings WHERE content_id = ?");
        Statement byPath(m_database, "SELECT id FROM recordings WHERE path = ?");
        if (byContent.bind(head.contentId).step()) {
            result.id = byContent.integer(0);
            const bool readAlike = byContent.text(1) == validUtf8(recording.format) && byContent.text(2) == head.profile;
            const std::vector<FileIdentity> stored = readSourceRows(m_database, result.id);
            if (readAlike && !anyMissing(stored))
                return {result.id, AddOutcome::known};
            result.outcome = readAlike ? AddOutcome::relocated : AddOutcome::updated;
            if (readAlike)
                moveRows(m_database, result.id, stored, inOrderOf(stored, files));
        } else if (!files.empty() && byPath.bind(fs::absolute(recording.path).lexically_normal().string()).step()) {
            result = {byPath.integer(0), AddOutcome::updated};
        }
        if (result.id == 0) {
            head.name = freeRecordingName(m_database, recording.name);
            result.id = insertRecordingHead(m_database, recording, head);
        } else if (result.outcome == AddOutcome::updated) {
            updateRecordingHead(m_database, result.id, recording, head);
        }
        if (result.outcome != AddOutcome::relocated) {
            replaceContentRows(m_database, result.id, recording, overview);
            replaceSourceRows(m_database, result.id, files);
            replaceReportRows(m_database, result.id, recording.report);
            replaceBadgeRows(m_database, result.id, computeBadges(recording, overview), currentBadgesStamp());
            addMissingTiers(m_database, result.id, recording.tiers);
            renewExtent(m_database, result.id);
        }
        transaction.commit();
    }
    if (result.outcome != AddOutcome::relocated)
        storeColumns(ColumnCache(cacheFolder()), result.id, stampOf(recording.format, head.profile, files), recording);
    return result;
}

Recording Project::loadRecording(RecordingId id, const CancelToken &cancel, const Progress &progress)
{
    const RecordingEntry entry = readEntry(m_database, id);
    const ImportRow row = readImportRow(m_database, id);
    SourceCheck check = checkSources(readSourceRows(m_database, id), cancel);
    if (check.state != SourceState::changed && check.hasNewTimes) {
        Transaction transaction(m_database);
        replaceSourceRows(m_database, id, check.now);
        transaction.commit();
    }
    const ColumnCache cache(cacheFolder());
    const CacheStamp stamp = stampOf(row.format, row.source.profile, check.now);
    std::optional<Recording> content = cache.load(id, stamp);
    if (!content) {
        if (check.state == SourceState::missing)
            throw Error(check.firstDeviating, "is no longer there, and its columns are not in the cache: put the file back, "
                                              "or import it from its new place and it will be recognised");
        Recording again = importAgain(entry, row, cancel, progress);
        storeColumns(cache, id, stamp, again);
        for (VideoTrack &video : again.videos) {
            for (fs::path &image : video.series.images)
                image = image.lexically_relative(video.path);
        }
        content = std::move(again);
    }
    Recording recording = dressed(entry, std::move(*content));
    if (check.state == SourceState::changed)
        recording.report.push_back({Severity::warning, check.firstDeviating, 0, "source-changed", 1,
                                    "the file has changed since it was imported: what is shown is its present content, "
                                    "and annotations may not fit; import it again to accept it"});
    return recording;
}

void Project::removeRecording(RecordingId id)
{
    requireRecording(id);
    {
        Transaction transaction(m_database, Durability::full);
        Statement(m_database, "DELETE FROM recordings WHERE id = ?").bind(id).run();
        transaction.commit();
    }
    ColumnCache(cacheFolder()).remove(id);
}

std::vector<FileIdentity> Project::sourceFiles(RecordingId id) const
{
    requireRecording(id);
    return readSourceRows(m_database, id);
}

SourceState Project::sourceState(RecordingId id, const CancelToken &cancel) const
{
    return checkSources(sourceFiles(id), cancel).state;
}

bool Project::isCacheStale(RecordingId id) const
{
    const ImportRow row = readImportRow(m_database, id);
    const SourceCheck check = checkSources(readSourceRows(m_database, id), {});
    return !ColumnCache(cacheFolder()).load(id, stampOf(row.format, row.source.profile, check.now)).has_value();
}

RecognisedFile Project::recognise(const fs::path &file, const CancelToken &cancel) const
{
    const auto now = statFile(file);
    if (!now)
        return {};
    Statement byPath(m_database,
                     "SELECT r.id, r.name, f.size_bytes, f.modified_ns, f.quick_hash FROM source_files f "
                     "JOIN recordings r ON r.id = f.recording_id WHERE f.path = ? ORDER BY r.id");
    if (byPath.bind(now->path.string()).step()) {
        const bool looksAlike
            = byPath.integer(2) == static_cast<std::int64_t>(now->sizeBytes) && byPath.integer(3) == now->modifiedNs;
        const bool isSame = looksAlike || identifyFile(now->path, cancel).quickHash == byPath.text(4);
        return {isSame ? FileNovelty::known : FileNovelty::changed, byPath.integer(0), byPath.text(1)};
    }
    // Hashing a file whose size no other has would be for nothing.
    Statement bySize(m_database, "SELECT 1 FROM source_files WHERE size_bytes = ? LIMIT 1");
    if (!bySize.bind(static_cast<std::int64_t>(now->sizeBytes)).step())
        return {};
    Statement byHash(m_database,
                     "SELECT r.id, r.name, f.path FROM source_files f JOIN recordings r ON r.id = f.recording_id "
                     "WHERE f.quick_hash = ? ORDER BY r.id LIMIT 1");
    if (!byHash.bind(identifyFile(now->path, cancel).quickHash).step())
        return {};
    const bool isStillThere = statFile(byHash.text(2)).has_value();
    return {isStillThere ? FileNovelty::copy : FileNovelty::moved, byHash.integer(0), byHash.text(1)};
}

Relocation Project::relocate(const fs::path &folder, const CancelToken &cancel)
{
    FilesBySize candidates(folder, cancel);
    FolderMoves moves(cancel);
    Relocation result;
    std::vector<RecordingId> missing;
    Statement all(m_database, "SELECT id FROM recordings ORDER BY id");
    while (all.step()) {
        if (anyMissing(readSourceRows(m_database, all.integer(0))))
            missing.push_back(all.integer(0));
    }
    // What one tells of its folder may find those that were looked at before it.
    for (bool isFirst = true;; isFirst = false) {
        const std::size_t knownMoves = moves.size();
        std::vector<RecordingId> left;
        for (const RecordingId id : missing) {
            cancel.throwIfCancelled();
            const std::vector<FileIdentity> stored = readSourceRows(m_database, id);
            std::vector<FileIdentity> moved = stored;
            bool isComplete = true;
            for (std::size_t i = 0; i < moved.size(); ++i) {
                if (statFile(moved[i].path))
                    continue;
                const bool isFound = moves.find(moved[i]) || (isFirst && candidates.find(moved[i]));
                isComplete &= isFound;
                if (isFound)
                    moves.learn(stored[i].path, moved[i].path);
            }
            if (!isComplete) {
                left.push_back(id);
                continue;
            }
            Transaction transaction(m_database);
            moveRows(m_database, id, stored, moved);
            transaction.commit();
            result.found.push_back(id);
        }
        missing = std::move(left);
        if (missing.empty() || moves.size() == knownMoves)
            break;
    }
    result.stillMissing = missing.size();
    return result;
}

std::size_t Project::renewBadges(const CancelToken &cancel, const Progress &progress)
{
    struct Stale {
        RecordingId id = 0;
        std::string name, stamp;
    };
    std::vector<Stale> stale;
    Statement select(m_database, "SELECT id, name, badges_stamp FROM recordings WHERE badges_stamp <> ? ORDER BY id");
    select.bind(currentBadgesStamp());
    while (select.step())
        stale.push_back({select.integer(0), select.text(1), select.text(2)});
    for (std::size_t index = 0; index < stale.size(); ++index) {
        cancel.throwIfCancelled();
        const Stale &one = stale[index];
        progress(static_cast<double>(index) / static_cast<double>(stale.size()), one.name);
        const RecordingEntry entry = readEntry(m_database, one.id);
        std::optional<Recording> again;
        bool areNumbersCurrent = isOfCurrentImporters(one.stamp);
        if (!areNumbersCurrent
            && checkSources(readSourceRows(m_database, one.id), cancel).state == SourceState::unchanged) {
            try {
                again = importAgain(entry, readImportRow(m_database, one.id), cancel, {});
                areNumbersCurrent = true;
            } catch (const Error &error) {
                log(LogLevel::warning,
                    std::string("a recording could not be read again for the library: ") + error.what());
            }
        }
        const RecordingOverview overview = again ? computeOverview(*again) : entry.overview;
        Transaction transaction(m_database);
        if (again) {
            replaceContentRows(m_database, one.id, *again, overview);
            replaceReportRows(m_database, one.id, again->report);
            renewExtent(m_database, one.id);
        }
        replaceBadgeRows(m_database, one.id, computeBadges(again ? *again : entry.recording, overview),
                         areNumbersCurrent ? currentBadgesStamp() : badgesStamp(kBadgesVersion, 0));
        transaction.commit();
    }
    progress(1);
    return stale.size();
}

void Project::completeHashes(const CancelToken &cancel, const Progress &progress)
{
    struct Row {
        RecordingId recording;
        std::int64_t position;
        FileIdentity file;
    };
    std::vector<Row> rows;
    Statement select(m_database, "SELECT recording_id, position, path, size_bytes, modified_ns, quick_hash "
                                 "FROM source_files WHERE sha256 IS NULL");
    while (select.step())
        rows.push_back({select.integer(0), select.integer(1),
                        {select.text(2), static_cast<std::uint64_t>(select.integer(3)), select.integer(4), select.text(5), {}}});
    Statement update(m_database, "UPDATE source_files SET sha256 = ? WHERE recording_id = ? AND position = ? AND quick_hash = ?");
    for (std::size_t index = 0; index < rows.size(); ++index) {
        const Row &row = rows[index];
        progress(static_cast<double>(index) / static_cast<double>(rows.size()), row.file.path.filename().string());
        const auto now = statFile(row.file.path);
        // A file that is away or has changed keeps its quick hash only: the full one would be another content's.
        if (!now || now->sizeBytes != row.file.sizeBytes || now->modifiedNs != row.file.modifiedNs)
            continue;
        update.bind(sha256OfFile(row.file.path, cancel), row.recording, row.position, row.file.quickHash).run();
    }
    progress(1);
}

} // namespace kino
