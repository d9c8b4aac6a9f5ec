import type { Migration } from '../types.ts'

// AUTOINCREMENT: the edit log names rows by id, so the id of a removed row must never come back as another row.
const MEDIA = `
  CREATE TABLE corpus_fact (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE recording (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE CHECK (name <> ''),
    note TEXT NOT NULL DEFAULT ''
  ) STRICT;

  CREATE TABLE media (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    recording_id   INTEGER NOT NULL REFERENCES recording (id) ON DELETE CASCADE,
    role           TEXT    NOT NULL DEFAULT 'video' CHECK (role IN ('video', 'audio', 'frames')),
    path           TEXT    NOT NULL CHECK (path <> ''),
    bytes          INTEGER NOT NULL CHECK (bytes >= 0),
    mtime_ms       INTEGER NOT NULL,
    content_hash   TEXT    NOT NULL,
    offset_ms      INTEGER NOT NULL DEFAULT 0,
    frames         INTEGER NOT NULL CHECK (frames >= 0),
    duration_ms    INTEGER NOT NULL CHECK (duration_ms >= 0),
    facts          TEXT    NOT NULL,
    frame_index    BLOB    NOT NULL,
    motion         BLOB,
    audio_peaks    BLOB,
    problem        TEXT,
    licence        TEXT    NOT NULL DEFAULT '',
    consent        TEXT    NOT NULL DEFAULT ''
  ) STRICT;
  CREATE INDEX media_recording ON media (recording_id);
  CREATE UNIQUE INDEX media_path ON media (path);
  CREATE INDEX media_content ON media (content_hash);
`

const CLIPS = `
  CREATE TABLE signer (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE CHECK (name <> '')
  ) STRICT;

  CREATE TABLE clip (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    name         TEXT    NOT NULL UNIQUE CHECK (name <> ''),
    recording_id INTEGER NOT NULL REFERENCES recording (id) ON DELETE CASCADE,
    media_id     INTEGER NOT NULL REFERENCES media (id) ON DELETE CASCADE,
    start_ms     INTEGER NOT NULL CHECK (start_ms >= 0),
    end_ms       INTEGER NOT NULL CHECK (end_ms >= start_ms),
    first_frame  INTEGER NOT NULL CHECK (first_frame >= 0),
    last_frame   INTEGER NOT NULL CHECK (last_frame >= first_frame - 1),
    split        TEXT    NOT NULL DEFAULT '',
    signer_id    INTEGER REFERENCES signer (id) ON DELETE SET NULL,
    state        TEXT    NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'seen', 'accepted', 'corrected', 'flagged')),
    note         TEXT    NOT NULL DEFAULT '',
    gloss        TEXT    NOT NULL DEFAULT '',
    problem      TEXT
  ) STRICT;
  CREATE INDEX clip_recording ON clip (recording_id);
  CREATE INDEX clip_media ON clip (media_id);
  CREATE INDEX clip_split ON clip (split, name);
  CREATE INDEX clip_state ON clip (state, name);
  CREATE INDEX clip_signer ON clip (signer_id, name);
  CREATE INDEX clip_duration ON clip (end_ms - start_ms, name);

  CREATE TABLE clip_tag (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    clip_id INTEGER NOT NULL REFERENCES clip (id) ON DELETE CASCADE,
    tag     TEXT    NOT NULL CHECK (tag <> ''),
    UNIQUE (clip_id, tag)
  ) STRICT;
  CREATE INDEX clip_tag_tag ON clip_tag (tag);

  CREATE TABLE reference (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    clip_id    INTEGER NOT NULL REFERENCES clip (id) ON DELETE CASCADE,
    language   TEXT    NOT NULL DEFAULT '',
    ordinal    INTEGER NOT NULL CHECK (ordinal >= 0),
    text       TEXT    NOT NULL,
    version    INTEGER NOT NULL CHECK (version >= 1),
    source     TEXT    NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT    NOT NULL,
    UNIQUE (clip_id, ordinal)
  ) STRICT;

  CREATE TABLE reference_version (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    reference_id INTEGER NOT NULL REFERENCES reference (id) ON DELETE CASCADE,
    version      INTEGER NOT NULL CHECK (version >= 1),
    text         TEXT    NOT NULL,
    source       TEXT    NOT NULL,
    changed_at   INTEGER NOT NULL,
    changed_by   TEXT    NOT NULL,
    UNIQUE (reference_id, version)
  ) STRICT;
`

const ANNOTATIONS = `
  CREATE TABLE tier_type (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL UNIQUE CHECK (name <> ''),
    stereotype TEXT NOT NULL CHECK (stereotype IN
      ('none', 'time-subdivision', 'included-in', 'symbolic-subdivision', 'symbolic-association'))
  ) STRICT;

  CREATE TABLE tier (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    recording_id INTEGER NOT NULL REFERENCES recording (id) ON DELETE CASCADE,
    parent_id    INTEGER REFERENCES tier (id) ON DELETE CASCADE,
    type_id      INTEGER NOT NULL REFERENCES tier_type (id),
    name         TEXT    NOT NULL CHECK (name <> ''),
    ordinal      INTEGER NOT NULL,
    participant  TEXT    NOT NULL DEFAULT '',
    annotator    TEXT    NOT NULL DEFAULT '',
    language     TEXT    NOT NULL DEFAULT '',
    UNIQUE (recording_id, name)
  ) STRICT;
  CREATE INDEX tier_parent ON tier (parent_id);

  CREATE TABLE annotation (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    tier_id   INTEGER NOT NULL REFERENCES tier (id) ON DELETE CASCADE,
    parent_id INTEGER REFERENCES annotation (id) ON DELETE CASCADE,
    start_ms  INTEGER NOT NULL CHECK (start_ms >= 0),
    end_ms    INTEGER NOT NULL CHECK (end_ms > start_ms),
    value     TEXT    NOT NULL DEFAULT ''
  ) STRICT;
  CREATE INDEX annotation_tier ON annotation (tier_id, start_ms, end_ms);
  CREATE INDEX annotation_parent ON annotation (parent_id);
`

const RUNS = `
  CREATE TABLE model (
    id          INTEGER PRIMARY KEY,
    bundle      TEXT NOT NULL,
    fingerprint TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    version     TEXT NOT NULL,
    kind        TEXT NOT NULL,
    manifest    TEXT NOT NULL
  ) STRICT;

  CREATE TABLE feature (
    id                    INTEGER PRIMARY KEY,
    key                   TEXT    NOT NULL UNIQUE,
    kind                  TEXT    NOT NULL CHECK (kind IN ('spatial', 'motion')),
    content_hash          TEXT    NOT NULL,
    first_frame           INTEGER NOT NULL,
    last_frame            INTEGER NOT NULL,
    extractor_fingerprint TEXT    NOT NULL,
    file                  TEXT    NOT NULL,
    rows                  INTEGER NOT NULL CHECK (rows >= 0),
    columns               INTEGER NOT NULL CHECK (columns > 0),
    device                TEXT    NOT NULL,
    made_at               INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX feature_content ON feature (content_hash, first_frame, last_frame);

  CREATE TABLE run (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT    NOT NULL UNIQUE CHECK (name <> ''),
    model_id   INTEGER NOT NULL REFERENCES model (id),
    kind       TEXT    NOT NULL,
    parameters TEXT    NOT NULL,
    device     TEXT,
    warning    TEXT,
    created_at INTEGER NOT NULL,
    clips      INTEGER NOT NULL CHECK (clips >= 0)
  ) STRICT;

  CREATE TABLE hypothesis (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id      INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    clip_id     INTEGER NOT NULL REFERENCES clip (id) ON DELETE CASCADE,
    rank        INTEGER NOT NULL CHECK (rank >= 0),
    text        TEXT    NOT NULL,
    score       REAL,
    token_ids   TEXT,
    UNIQUE (run_id, clip_id, rank)
  ) STRICT;
  CREATE INDEX hypothesis_clip ON hypothesis (clip_id, rank, run_id);

  CREATE TABLE sentence_score (
    hypothesis_id INTEGER NOT NULL REFERENCES hypothesis (id) ON DELETE CASCADE,
    tokenizer     TEXT    NOT NULL,
    bleu          REAL    NOT NULL,
    chrf          REAL    NOT NULL,
    PRIMARY KEY (hypothesis_id, tokenizer)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE rating (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    hypothesis_id INTEGER NOT NULL REFERENCES hypothesis (id) ON DELETE CASCADE,
    annotator     TEXT    NOT NULL,
    value         INTEGER NOT NULL CHECK (value BETWEEN 0 AND 100),
    rated_at      INTEGER NOT NULL,
    UNIQUE (hypothesis_id, annotator)
  ) STRICT;
`

const WORK = `
  CREATE TABLE job (
    id            INTEGER PRIMARY KEY,
    kind          TEXT    NOT NULL CHECK (kind IN ('extract', 'translate', 'import', 'export', 'proxy', 'convert')),
    title         TEXT    NOT NULL,
    state         TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')),
    parameters    TEXT    NOT NULL,
    done          REAL    NOT NULL DEFAULT 0,
    total         REAL    NOT NULL DEFAULT 0,
    unit          TEXT    NOT NULL CHECK (unit IN ('frames', 'clips', 'files', 'bytes')),
    device        TEXT,
    attempts      INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL,
    started_at    INTEGER,
    finished_at   INTEGER,
    problem       TEXT,
    warning       TEXT,
    run_id        INTEGER REFERENCES run (id) ON DELETE SET NULL,
    output        TEXT
  ) STRICT;
  CREATE INDEX job_state ON job (state, id);

  CREATE TABLE job_item (
    id      INTEGER PRIMARY KEY,
    job_id  INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    clip_id INTEGER NOT NULL REFERENCES clip (id) ON DELETE CASCADE,
    state   TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'failed')),
    units   REAL    NOT NULL DEFAULT 1,
    problem TEXT,
    UNIQUE (job_id, clip_id)
  ) STRICT;
  CREATE INDEX job_item_state ON job_item (job_id, state, id);

  CREATE TABLE job_log (
    id      INTEGER PRIMARY KEY,
    job_id  INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    level   TEXT    NOT NULL CHECK (level IN ('info', 'warning', 'error')),
    clip    TEXT,
    message TEXT    NOT NULL
  ) STRICT;
  CREATE INDEX job_log_job ON job_log (job_id, id);

  CREATE TABLE edit (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    author  TEXT    NOT NULL,
    label   TEXT    NOT NULL,
    clip_id INTEGER,
    -- 'dropped': undone, then overtaken by a newer edit; kept for the history, out of reach of redo.
    -- 'settled': applied, but its rows were changed by other means since; out of reach of undo.
    state   TEXT    NOT NULL DEFAULT 'applied' CHECK (state IN ('applied', 'undone', 'dropped', 'settled')),
    changes TEXT    NOT NULL
  ) STRICT;
  CREATE INDEX edit_state ON edit (state, id);
`

/** Trigram, so that Chinese and substrings are found; kept in step by triggers so that no writer can forget it. */
const SEARCH = `
  CREATE VIRTUAL TABLE clip_search USING fts5 (name, gloss, reference, hypothesis, tokenize = 'trigram');

  CREATE TRIGGER clip_search_insert AFTER INSERT ON clip BEGIN
    INSERT INTO clip_search (rowid, name, gloss, reference, hypothesis) VALUES (new.id, new.name, new.gloss, '', '');
  END;
  CREATE TRIGGER clip_search_update AFTER UPDATE OF name, gloss ON clip BEGIN
    UPDATE clip_search SET name = new.name, gloss = new.gloss WHERE rowid = new.id;
  END;
  CREATE TRIGGER clip_search_delete AFTER DELETE ON clip BEGIN
    DELETE FROM clip_search WHERE rowid = old.id;
  END;
  CREATE TRIGGER reference_search_insert AFTER INSERT ON reference BEGIN
    UPDATE clip_search SET reference =
      (SELECT coalesce(group_concat(text, char(10)), '') FROM reference WHERE clip_id = new.clip_id) WHERE rowid = new.clip_id;
  END;
  CREATE TRIGGER reference_search_update AFTER UPDATE OF text ON reference BEGIN
    UPDATE clip_search SET reference =
      (SELECT coalesce(group_concat(text, char(10)), '') FROM reference WHERE clip_id = new.clip_id) WHERE rowid = new.clip_id;
  END;
  CREATE TRIGGER reference_search_delete AFTER DELETE ON reference BEGIN
    UPDATE clip_search SET reference =
      (SELECT coalesce(group_concat(text, char(10)), '') FROM reference WHERE clip_id = old.clip_id) WHERE rowid = old.clip_id;
  END;
  CREATE TRIGGER hypothesis_search_insert AFTER INSERT ON hypothesis WHEN new.rank = 0 BEGIN
    UPDATE clip_search SET hypothesis =
      (SELECT coalesce(group_concat(text, char(10)), '') FROM hypothesis WHERE clip_id = new.clip_id AND rank = 0) WHERE rowid = new.clip_id;
  END;
  CREATE TRIGGER hypothesis_search_delete AFTER DELETE ON hypothesis WHEN old.rank = 0 BEGIN
    UPDATE clip_search SET hypothesis =
      (SELECT coalesce(group_concat(text, char(10)), '') FROM hypothesis WHERE clip_id = old.clip_id AND rank = 0) WHERE rowid = old.clip_id;
  END;
`

/** A changed reference outdates the sentence scores against it: they go here, so that no writer can forget it. */
const STALE_SCORES = `
  CREATE TRIGGER reference_score_insert AFTER INSERT ON reference BEGIN
    DELETE FROM sentence_score WHERE hypothesis_id IN (SELECT id FROM hypothesis WHERE clip_id = new.clip_id);
  END;
  CREATE TRIGGER reference_score_update AFTER UPDATE OF text, ordinal, clip_id ON reference BEGIN
    DELETE FROM sentence_score WHERE hypothesis_id IN
      (SELECT id FROM hypothesis WHERE clip_id IN (old.clip_id, new.clip_id));
  END;
  CREATE TRIGGER reference_score_delete AFTER DELETE ON reference BEGIN
    DELETE FROM sentence_score WHERE hypothesis_id IN (SELECT id FROM hypothesis WHERE clip_id = old.clip_id);
  END;
`

export const firstTables: Migration = {
  id: 1,
  name: 'first-tables',
  up(db) {
    for (const part of [MEDIA, CLIPS, ANNOTATIONS, RUNS, WORK, SEARCH, STALE_SCORES]) db.exec(part)
  },
}
