#include "core/store/project.h"

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/store/migrations.h"
#include "core/store/project_place.h"
#include "core/store/recording_rows.h"

#include <charconv>

namespace kino {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDatabaseName = "project.sqlite";
constexpr std::string_view kSuffix = ".kino";

void makeFolder(const fs::path &folder)
{
    std::error_code code;
    fs::create_directories(folder, code);
    if (code)
        throw Error(folder, "cannot be made (" + code.message() + "); choose a folder in which you may write");
}

/** "a, b, c and 12 more, see `kino list`"; "none" where there is nothing. */
std::string recordingNames(const Database &database)
{
    constexpr std::int64_t kMostNamed = 20;
    std::string names;
    Statement first(database, "SELECT name FROM recordings ORDER BY name LIMIT ?");
    first.bind(kMostNamed);
    while (first.step())
        names += (names.empty() ? "" : ", ") + first.text(0);
    Statement count(database, "SELECT count(*) FROM recordings");
    count.step();
    const std::int64_t unnamed = count.integer(0) - kMostNamed;
    if (unnamed > 0)
        names += " and " + std::to_string(unnamed) + " more, see `kino list`";
    return names.empty() ? "none" : names;
}

/** Absolute and without a slash at its end. */
fs::path folderOf(const fs::path &given)
{
    if (given.empty())
        throw Error("an empty path names no project; give the folder NAME.kino");
    fs::path folder = fs::absolute(given).lexically_normal();
    return folder.has_filename() ? folder : folder.parent_path();
}

} // namespace

Project::Project(fs::path folder, Database database) : m_folder(std::move(folder)), m_database(std::move(database)) {}

Project Project::create(const fs::path &given)
{
    fs::path folder = folderOf(given);
    if (folder.extension() != kSuffix)
        throw Error(folder, "a project's folder is named NAME.kino; call it " + folder.filename().string() + ".kino");
    std::error_code code;
    if (fs::exists(folder / kDatabaseName, code))
        throw Error(folder, "is a project already; open it, or choose another name");
    if (fs::exists(folder, code) && !(fs::is_directory(folder, code) && fs::is_empty(folder, code)))
        throw Error(folder, "is there already and not empty; choose another name");
    const bool wasThere = fs::exists(folder, code);
    makeFolder(folder);
    try {
        makeFolder(folder / "cache");
        makeFolder(folder / "runs");
        Database database(folder / kDatabaseName, OpenMode::create);
        migrate(database, projectMigrations());
    } catch (...) {
        // Nothing but what was just made is in there.
        for (const char *name : {"cache", "runs", "project.sqlite", "project.sqlite-wal", "project.sqlite-shm"})
            fs::remove_all(folder / name, code);
        if (!wasThere)
            fs::remove(folder, code);
        throw;
    }
    return open(folder);
}

Project Project::open(const fs::path &given)
{
    fs::path folder = folderOf(given);
    std::error_code code;
    if (folder.filename() == kDatabaseName)
        folder = folder.parent_path();
    if (!fs::exists(folder, code))
        throw Error(folder, "there is no such project; make one with `kino new`");
    if (!fs::exists(folder / kDatabaseName, code))
        throw Error(folder, "is not a Kinoscope project (it holds no project.sqlite); make one with `kino new`");
    Project project(folder, Database(folder / kDatabaseName, OpenMode::existing));
    if (const auto backup = migrate(project.m_database, projectMigrations()))
        project.m_warnings.push_back("The project was brought to this program's schema; the old state is kept as " +
                                     backup->filename().string() + ".");
    if (const auto network = networkFileSystem(folder))
        project.m_warnings.push_back("The project lies on a network file system (" + *network +
                                     "), where its database is not safe: move it to a local disk.");
    if (project.m_database.isReadOnly()) {
        project.m_warnings.push_back("The project can only be read here: what you change is refused. Copy its folder to where you may write to work with it.");
        return project;
    }
    makeFolder(project.cacheFolder());
    makeFolder(project.runsFolder());
    return project;
}

void Project::requireRecording(RecordingId id) const
{
    if (!Statement(m_database, "SELECT 1 FROM recordings WHERE id = ?").bind(id).step())
        throw Error(m_folder, "has no recording number " + std::to_string(id));
}

std::vector<RecordingEntry> Project::recordings() const
{
    std::vector<RecordingId> ids;
    Statement statement(m_database, "SELECT id FROM recordings ORDER BY name, id");
    while (statement.step())
        ids.push_back(statement.integer(0));
    std::vector<RecordingEntry> entries;
    entries.reserve(ids.size());
    for (const RecordingId id : ids)
        entries.push_back(readEntry(m_database, id));
    return entries;
}

RecordingEntry Project::recording(RecordingId id) const { return readEntry(m_database, id); }

RecordingId Project::findRecording(const std::string &nameOrId) const
{
    Statement byName(m_database, "SELECT id FROM recordings WHERE name = ?");
    if (byName.bind(nameOrId).step())
        return byName.integer(0);
    RecordingId id = 0;
    const char *end = nameOrId.data() + nameOrId.size();
    if (const auto [at, failure] = std::from_chars(nameOrId.data(), end, id); failure == std::errc() && at == end) {
        requireRecording(id);
        return id;
    }
    throw Error(m_folder, "has no recording \"" + nameOrId + "\"; there is: " + recordingNames(m_database));
}

void Project::renameRecording(RecordingId id, const std::string &name)
{
    requireRecording(id);
    const std::string clean = validUtf8(name);
    if (clean.empty())
        throw Error(m_folder, "a recording needs a name");
    Transaction transaction(m_database);
    if (Statement(m_database, "SELECT 1 FROM recordings WHERE name = ? AND id <> ?").bind(clean, id).step())
        throw Error(m_folder, "has another recording named \"" + clean + "\"; choose another name");
    Statement(m_database, "UPDATE recordings SET name = ? WHERE id = ?").bind(clean, id).run();
    transaction.commit();
}

void Project::setSubject(RecordingId id, const std::string &subject)
{
    requireRecording(id);
    const auto value = subject.empty() ? std::nullopt : std::optional(validUtf8(subject));
    Statement(m_database, "UPDATE recordings SET subject = ? WHERE id = ?").bind(value, id).run();
}

void Project::setTags(RecordingId id, std::span<const std::string> tags)
{
    requireRecording(id);
    Transaction transaction(m_database);
    Statement(m_database, "DELETE FROM tags WHERE recording_id = ?").bind(id).run();
    Statement insert(m_database, "INSERT OR IGNORE INTO tags (recording_id, tag) VALUES (?, ?)");
    for (const std::string &tag : tags)
        insert.bind(id, validUtf8(tag)).run();
    transaction.commit();
}

void Project::addTag(RecordingId id, const std::string &tag)
{
    requireRecording(id);
    Statement(m_database, "INSERT OR IGNORE INTO tags (recording_id, tag) VALUES (?, ?)").bind(id, validUtf8(tag)).run();
}

void Project::removeTag(RecordingId id, const std::string &tag)
{
    requireRecording(id);
    Statement(m_database, "DELETE FROM tags WHERE recording_id = ? AND tag = ?").bind(id, validUtf8(tag)).run();
}

std::optional<nlohmann::json> Project::setting(const std::string &key) const
{
    Statement statement(m_database, "SELECT value FROM settings WHERE key = ?");
    if (!statement.bind(key).step())
        return std::nullopt;
    auto value = nlohmann::json::parse(statement.text(0), nullptr, false);
    return value.is_discarded() ? std::nullopt : std::optional(std::move(value));
}

void Project::setSetting(const std::string &key, const nlohmann::json &value)
{
    Statement(m_database, "INSERT INTO settings (key, value) VALUES (?, ?) "
                          "ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        .bind(key, value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace))
        .run();
}

} // namespace kino
