// Tables of jobs and their numbers: migration 4. docs/project.md describes the views.
#pragma once

namespace kino {

// Times at_ns are wall clock since 1970 UTC. What changes every half second is apart from the documents, so that a list of thousands
// reads narrow rows.
inline constexpr const char *kJobTables = R"sql(
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'cancelling', 'cancelled', 'interrupted', 'failed', 'done')),
    request TEXT NOT NULL DEFAULT 'none' CHECK (request IN ('none', 'cancel', 'pause')),
    priority INTEGER NOT NULL DEFAULT 0,
    place INTEGER NOT NULL,
    progress REAL NOT NULL DEFAULT 0,
    stage TEXT NOT NULL DEFAULT '',
    rate REAL,
    seconds_left REAL,
    error TEXT,
    created_at_ns INTEGER NOT NULL,
    started_at_ns INTEGER,
    finished_at_ns INTEGER,
    heartbeat_at_ns INTEGER,
    worker INTEGER,
    worked_seconds REAL NOT NULL DEFAULT 0,
    worked_before REAL NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    losses INTEGER NOT NULL DEFAULT 0,
    seed INTEGER,
    fingerprint TEXT,
    study_id INTEGER REFERENCES jobs (id) ON DELETE CASCADE,
    cell INTEGER,
    cell_name TEXT NOT NULL DEFAULT '',
    fold INTEGER,
    starred INTEGER NOT NULL DEFAULT 0,
    deleted_at_ns INTEGER,
    notes TEXT NOT NULL DEFAULT '',
    metrics_generation INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX jobs_by_study ON jobs (study_id);
CREATE INDEX jobs_by_revision ON jobs (revision);

CREATE TABLE job_clock (revision INTEGER NOT NULL) STRICT;
INSERT INTO job_clock VALUES (0);

CREATE TABLE job_documents (
    job_id INTEGER PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
    specification TEXT NOT NULL,
    complete TEXT NOT NULL,
    folder TEXT NOT NULL,
    environment TEXT,
    result TEXT
) STRICT;

CREATE TABLE job_parents (
    child_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    parent_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('weights', 'study', 'clone')),
    PRIMARY KEY (child_id, parent_id, role)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_parents_by_parent ON job_parents (parent_id);

CREATE TABLE parameter_paths (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE job_parameters (
    path_id INTEGER NOT NULL REFERENCES parameter_paths (id),
    job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    value ANY,
    PRIMARY KEY (path_id, job_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_parameters_by_job ON job_parameters (job_id);

CREATE TABLE job_tags (
    job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (job_id, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_artifacts (
    job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    made_at_ns INTEGER NOT NULL,
    PRIMARY KEY (job_id, path)
) STRICT, WITHOUT ROWID;

CREATE TABLE job_log (
    job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at_ns INTEGER NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('info', 'warning', 'error')),
    text TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE metric_keys (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE metrics (
    job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    key_id INTEGER NOT NULL REFERENCES metric_keys (id),
    step INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    ms INTEGER NOT NULL,
    value REAL,
    PRIMARY KEY (job_id, key_id, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE metric_summaries (
    key_id INTEGER NOT NULL REFERENCES metric_keys (id),
    job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    count INTEGER NOT NULL DEFAULT 0,
    first_step INTEGER NOT NULL DEFAULT 0,
    first REAL,
    last_step INTEGER NOT NULL DEFAULT 0,
    last REAL,
    least_step INTEGER NOT NULL DEFAULT 0,
    least REAL,
    most_step INTEGER NOT NULL DEFAULT 0,
    most REAL,
    final REAL,
    PRIMARY KEY (key_id, job_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX metric_summaries_by_job ON metric_summaries (job_id);

-- Whatever changes of a job, its revision says so: readers ask for what is younger than what they have.
CREATE TRIGGER jobs_added AFTER INSERT ON jobs BEGIN
    UPDATE job_clock SET revision = revision + 1;
    UPDATE jobs SET revision = (SELECT revision FROM job_clock) WHERE id = new.id;
END;
CREATE TRIGGER jobs_changed AFTER UPDATE ON jobs WHEN new.revision = old.revision BEGIN
    UPDATE job_clock SET revision = revision + 1;
    UPDATE jobs SET revision = (SELECT revision FROM job_clock) WHERE id = new.id;
END;
CREATE TRIGGER job_tags_added AFTER INSERT ON job_tags BEGIN
    UPDATE jobs SET revision = revision WHERE id = new.job_id;
END;
CREATE TRIGGER job_tags_removed AFTER DELETE ON job_tags BEGIN
    UPDATE jobs SET revision = revision WHERE id = old.job_id;
END;

CREATE VIEW v_runs AS
SELECT j.id, j.name, j.kind, j.state, j.progress, j.stage, j.rate, j.seconds_left, j.error, j.seed, j.fingerprint, j.study_id AS study,
       j.cell, j.cell_name, j.fold, j.created_at_ns, j.started_at_ns, j.finished_at_ns, j.worked_seconds AS seconds, j.attempts,
       j.starred, j.notes, (SELECT group_concat(tag, ' ') FROM job_tags t WHERE t.job_id = j.id) AS tags,
       d.specification, d.complete, d.environment, d.result
FROM jobs j JOIN job_documents d ON d.job_id = j.id WHERE j.deleted_at_ns IS NULL;

CREATE VIEW v_metrics AS
SELECT m.job_id AS run, k.key, m.step, m.epoch, m.ms * 1e-3 AS seconds, m.value
FROM metrics m JOIN metric_keys k ON k.id = m.key_id;

CREATE VIEW v_summaries AS
SELECT s.job_id AS run, k.key, s.count, s.first_step, s.first, s.last_step, s.last, s.least_step, s.least, s.most_step, s.most, s.final
FROM metric_summaries s JOIN metric_keys k ON k.id = s.key_id;

CREATE VIEW v_parameters AS
SELECT p.job_id AS run, n.path, p.value FROM job_parameters p JOIN parameter_paths n ON n.id = p.path_id;

CREATE VIEW v_lineage AS
SELECT p.parent_id AS parent, p.child_id AS child, p.role FROM job_parents p;

CREATE VIEW v_artifacts AS
SELECT a.job_id AS run, a.name, 'runs/' || a.job_id || '/' || a.path AS path, a.bytes, a.made_at_ns FROM job_artifacts a;

CREATE VIEW v_log AS
SELECT l.job_id AS run, l.number, l.at_ns, l.level, l.text FROM job_log l;
)sql";

} // namespace kino
