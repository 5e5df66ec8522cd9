#include "core/store/migrations.h"

#include "core/base/error.h"
#include "core/store/jobs/tables.h"

#include <ctime>

namespace kino {
namespace {

constexpr std::int64_t kApplicationId = 0x4b494e4f; // "KINO"

// Times are int64 nanoseconds on the recording's clock (design.md §2) unless a name says otherwise.
constexpr const char *kTables = R"sql(
CREATE TABLE recordings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    format TEXT NOT NULL,
    profile TEXT NOT NULL DEFAULT '',
    subject_pattern TEXT NOT NULL DEFAULT '',
    confidence REAL NOT NULL,
    subject TEXT,
    epoch_ns INTEGER,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER NOT NULL,
    content_id TEXT NOT NULL,
    imported_at_ns INTEGER NOT NULL,
    program TEXT NOT NULL
) STRICT;
CREATE INDEX recordings_by_content ON recordings (content_id);

CREATE TABLE source_files (
    recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    path TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    quick_hash TEXT NOT NULL,
    sha256 TEXT,
    PRIMARY KEY (recording_id, position)
) STRICT;
CREATE INDEX source_files_by_path ON source_files (path);

CREATE TABLE devices (
    id INTEGER PRIMARY KEY,
    recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    offset_ns INTEGER NOT NULL DEFAULT 0,
    drift_ppm REAL NOT NULL DEFAULT 0,
    UNIQUE (recording_id, position)
) STRICT;

CREATE TABLE streams (
    id INTEGER PRIMARY KEY,
    device_id INTEGER NOT NULL REFERENCES devices (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    variant TEXT NOT NULL,
    axes TEXT NOT NULL,
    unit_found TEXT NOT NULL,
    unit TEXT NOT NULL,
    full_scale REAL NOT NULL,
    samples INTEGER NOT NULL,
    backward_times INTEGER NOT NULL,
    first_own_ns INTEGER,
    last_own_ns INTEGER,
    rate_hz REAL NOT NULL,
    summary TEXT NOT NULL,
    UNIQUE (device_id, position)
) STRICT;

CREATE TABLE videos (
    id INTEGER PRIMARY KEY,
    recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    storage TEXT NOT NULL,
    frames INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    rate_hz REAL NOT NULL,
    variable_rate INTEGER NOT NULL,
    audio INTEGER NOT NULL,
    first_own_ns INTEGER NOT NULL,
    end_own_ns INTEGER NOT NULL,
    offset_ns INTEGER NOT NULL DEFAULT 0,
    drift_ppm REAL NOT NULL DEFAULT 0,
    UNIQUE (recording_id, position)
) STRICT;

CREATE TABLE tiers (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('label', 'text')),
    UNIQUE (recording_id, name)
) STRICT;

CREATE TABLE annotations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tier_id INTEGER NOT NULL REFERENCES tiers (id) ON DELETE CASCADE,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER NOT NULL CHECK (end_ns >= start_ns),
    label TEXT NOT NULL
) STRICT;
CREATE INDEX annotations_by_time ON annotations (tier_id, start_ns);

CREATE TABLE tags (
    recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (recording_id, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE report_rows (
    recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    severity TEXT NOT NULL,
    file TEXT NOT NULL,
    line INTEGER NOT NULL,
    code TEXT NOT NULL,
    count INTEGER NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (recording_id, position)
) STRICT;

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// What a notebook may rely on; docs/project.md describes every column.
constexpr const char *kViews = R"sql(
CREATE VIEW v_recordings AS
SELECT r.id, r.name, r.path, r.format, r.subject, r.epoch_ns, r.start_ns, r.end_ns,
       (r.end_ns - r.start_ns) * 1e-9 AS seconds,
       (SELECT count(*) FROM devices d WHERE d.recording_id = r.id) AS devices,
       (SELECT count(*) FROM videos v WHERE v.recording_id = r.id) AS videos,
       (SELECT group_concat(tag, ' ') FROM tags t WHERE t.recording_id = r.id) AS tags
FROM recordings r;

CREATE VIEW v_streams AS
SELECT s.id, r.id AS recording_id, r.name AS recording, d.name || '/' || s.name AS stream, d.name AS device, s.kind,
       s.axes, s.unit, s.samples, s.rate_hz, s.first_own_ns, s.last_own_ns, d.offset_ns, d.drift_ppm
FROM streams s JOIN devices d ON d.id = s.device_id JOIN recordings r ON r.id = d.recording_id;

CREATE VIEW v_videos AS
SELECT v.id, r.id AS recording_id, r.name AS recording, v.name, v.path, v.frames, v.width, v.height, v.rate_hz,
       v.variable_rate, v.audio, v.first_own_ns, v.end_own_ns, v.offset_ns, v.drift_ppm
FROM videos v JOIN recordings r ON r.id = v.recording_id;

CREATE VIEW v_annotations AS
SELECT a.id, r.id AS recording_id, r.name AS recording, r.subject, t.name AS tier, t.kind, a.start_ns, a.end_ns,
       (a.end_ns - a.start_ns) * 1e-9 AS seconds, a.label
FROM annotations a JOIN tiers t ON t.id = a.tier_id JOIN recordings r ON r.id = t.recording_id;

CREATE VIEW v_report AS
SELECT r.id AS recording_id, r.name AS recording, p.severity, p.file, p.line, p.code, p.count, p.message
FROM report_rows p JOIN recordings r ON r.id = p.recording_id;
)sql";

// Vocabularies, why clocks lie where they lie, and what the library says of a recording at a glance.
constexpr const char *kLibrary = R"sql(
CREATE TABLE label_sets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE label_set_labels (
    label_set_id INTEGER NOT NULL REFERENCES label_sets (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    label TEXT NOT NULL,
    colour TEXT NOT NULL DEFAULT '',
    key TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (label_set_id, position),
    UNIQUE (label_set_id, label)
) STRICT;

ALTER TABLE tiers ADD COLUMN label_set_id INTEGER REFERENCES label_sets (id) ON DELETE SET NULL;

CREATE TABLE clock_evidence (
    recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    owner TEXT NOT NULL CHECK (owner IN ('device', 'video')),
    name TEXT NOT NULL,
    method TEXT NOT NULL,
    set_at_ns INTEGER NOT NULL,
    points TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (recording_id, owner, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE badges (
    recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    count INTEGER NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (recording_id, position)
) STRICT, WITHOUT ROWID;
ALTER TABLE recordings ADD COLUMN badges_stamp TEXT NOT NULL DEFAULT '';
CREATE INDEX source_files_by_hash ON source_files (quick_hash);

CREATE VIEW v_clocks AS
SELECT r.id AS recording_id, r.name AS recording, c.owner, c.name, c.offset_ns, c.drift_ppm,
       CASE WHEN e.method IS NULL THEN 'as imported' ELSE 'set by hand' END AS origin, e.method, e.set_at_ns, e.points
FROM (SELECT recording_id, 'device' AS owner, position, name, offset_ns, drift_ppm FROM devices
      UNION ALL SELECT recording_id, 'video', position, name, offset_ns, drift_ppm FROM videos) c
JOIN recordings r ON r.id = c.recording_id
LEFT JOIN clock_evidence e ON e.recording_id = c.recording_id AND e.owner = c.owner AND e.name = c.name;

CREATE VIEW v_badges AS
SELECT r.id AS recording_id, r.name AS recording, b.code, b.severity, b.count, b.message
FROM badges b JOIN recordings r ON r.id = b.recording_id;

CREATE VIEW v_labels AS
SELECT s.name AS label_set, l.label, l.colour, l.key
FROM label_sets s JOIN label_set_labels l ON l.label_set_id = s.id;

-- A rate that nobody can know is NULL, as it is null in kino's JSON.
DROP VIEW v_streams;
CREATE VIEW v_streams AS
SELECT s.id, r.id AS recording_id, r.name AS recording, d.name || '/' || s.name AS stream, d.name AS device, s.kind,
       s.axes, s.unit, s.samples, nullif(s.rate_hz, 0) AS rate_hz, s.first_own_ns, s.last_own_ns, d.offset_ns, d.drift_ppm
FROM streams s JOIN devices d ON d.id = s.device_id JOIN recordings r ON r.id = d.recording_id;

DROP VIEW v_videos;
CREATE VIEW v_videos AS
SELECT v.id, r.id AS recording_id, r.name AS recording, v.name, v.path, v.frames, v.width, v.height,
       nullif(v.rate_hz, 0) AS rate_hz, v.variable_rate, v.audio, v.first_own_ns, v.end_own_ns, v.offset_ns, v.drift_ppm
FROM videos v JOIN recordings r ON r.id = v.recording_id;
)sql";

constexpr Migration kMigrations[] = {{1, kTables}, {2, kViews}, {3, kLibrary}, {4, kJobTables}};

bool holdsTables(const Database &database)
{
    Statement statement(database, "SELECT count(*) FROM sqlite_schema");
    statement.step();
    return statement.integer(0) > 0;
}

std::int64_t applicationId(const Database &database)
{
    Statement statement(database, "PRAGMA application_id");
    statement.step();
    return statement.integer(0);
}

std::filesystem::path backupPath(const Database &database, std::int64_t version)
{
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char stamp[32];
    std::strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &utc);
    const std::filesystem::path folder = database.file().parent_path();
    const std::string base = "project-backup-v" + std::to_string(version) + "-" + stamp;
    std::filesystem::path path = folder / (base + ".sqlite");
    for (int number = 2; std::filesystem::exists(path); ++number)
        path = folder / (base + "-" + std::to_string(number) + ".sqlite");
    return path;
}

} // namespace

std::span<const Migration> projectMigrations() { return kMigrations; }

std::optional<std::filesystem::path> migrate(const Database &database, std::span<const Migration> migrations)
{
    const std::int64_t newest = migrations.empty() ? 0 : migrations.back().version;
    const auto checkedVersion = [&] {
        const std::int64_t version = database.userVersion();
        if (holdsTables(database) && applicationId(database) != kApplicationId)
            throw Error(database.file(), "is a database of another program, not a Kinoscope project");
        if (version > newest)
            throw Error(database.file(), "was written by a newer Kinoscope (schema " + std::to_string(version) +
                                             ", this program knows up to " + std::to_string(newest) +
                                             "); open it with that version or a later one");
        return version;
    };
    if (checkedVersion() == newest)
        return std::nullopt;
    if (database.isReadOnly())
        throw Error(database.file(), "is of an older Kinoscope and cannot be written here; open it once with the right to write, or copy its folder");

    Transaction transaction(database, Durability::full);
    // Another program may have migrated it while this one waited for the lock.
    const std::int64_t version = checkedVersion();
    if (version == newest)
        return std::nullopt;
    std::optional<std::filesystem::path> backup;
    if (version > 0) {
        backup = backupPath(database, version);
        // SQLite copies nothing from a connection that holds the write lock; another one reads the same state.
        Database(database.file(), OpenMode::existing).backupTo(*backup);
    }
    for (const Migration &migration : migrations) {
        if (migration.version > version)
            database.execute(migration.sql);
    }
    database.execute("PRAGMA application_id = " + std::to_string(kApplicationId));
    database.setUserVersion(newest);
    transaction.commit();
    return backup;
}

} // namespace kino
