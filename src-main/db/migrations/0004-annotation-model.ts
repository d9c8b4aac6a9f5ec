import type { Migration } from '../types.ts'

const VOCABULARIES = `
  CREATE TABLE vocabulary (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT    NOT NULL UNIQUE CHECK (name <> ''),
    -- JSON: a text for each language. Shown and written, never searched.
    descriptions  TEXT    NOT NULL DEFAULT '[]',
    external_url  TEXT    NOT NULL DEFAULT '',
    fetched_at    INTEGER,
    is_free       INTEGER NOT NULL DEFAULT 0 CHECK (is_free IN (0, 1))
  ) STRICT;

  CREATE TABLE vocabulary_entry (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    vocabulary_id INTEGER NOT NULL REFERENCES vocabulary (id) ON DELETE CASCADE,
    ordinal       INTEGER NOT NULL,
    cve_id        TEXT    NOT NULL DEFAULT '',
    external_ref  TEXT    NOT NULL DEFAULT ''
  ) STRICT;

  CREATE INDEX vocabulary_entry_vocabulary ON vocabulary_entry (vocabulary_id, ordinal);

  CREATE TABLE vocabulary_value (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    entry_id    INTEGER NOT NULL REFERENCES vocabulary_entry (id) ON DELETE CASCADE,
    ordinal     INTEGER NOT NULL,
    language    TEXT    NOT NULL DEFAULT '',
    value       TEXT    NOT NULL,
    description TEXT    NOT NULL DEFAULT ''
  ) STRICT;

  CREATE INDEX vocabulary_value_entry ON vocabulary_value (entry_id, ordinal);

  ALTER TABLE tier_type ADD COLUMN vocabulary_id INTEGER REFERENCES vocabulary (id) ON DELETE SET NULL;
  ALTER TABLE tier_type ADD COLUMN graphic_references INTEGER NOT NULL DEFAULT 0 CHECK (graphic_references IN (0, 1));
  ALTER TABLE tier_type ADD COLUMN lexicon_ref TEXT NOT NULL DEFAULT '';
  CREATE INDEX tier_type_vocabulary ON tier_type (vocabulary_id);
`

const FILES = `
  CREATE TABLE annotation_file (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    recording_id  INTEGER NOT NULL REFERENCES recording (id) ON DELETE CASCADE,
    path          TEXT    NOT NULL CHECK (path <> ''),
    format        TEXT    NOT NULL,
    content_hash  TEXT    NOT NULL,
    -- The bytes that the rows were made from: the original, or what its accepted repairs made of it.
    base_hash     TEXT    NOT NULL,
    imported_at   INTEGER NOT NULL,
    -- JSON: media as the file names them, and which rows its types and vocabularies became.
    media         TEXT    NOT NULL DEFAULT '[]',
    names         TEXT    NOT NULL DEFAULT '{}'
  ) STRICT;

  CREATE INDEX annotation_file_recording ON annotation_file (recording_id);
  CREATE INDEX annotation_file_content ON annotation_file (content_hash);

  ALTER TABLE tier ADD COLUMN default_locale TEXT NOT NULL DEFAULT '';
  ALTER TABLE tier ADD COLUMN file_id INTEGER REFERENCES annotation_file (id) ON DELETE SET NULL;
  -- Its place among the tiers of that file.
  ALTER TABLE tier ADD COLUMN file_place INTEGER;
  CREATE INDEX tier_file ON tier (file_id);
`

// Files of other programs have annotations without length, and some that begin before the recording does.
const ANNOTATIONS = `
  CREATE TABLE annotation_new (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    tier_id    INTEGER NOT NULL REFERENCES tier (id) ON DELETE CASCADE,
    parent_id  INTEGER REFERENCES annotation (id) ON DELETE CASCADE,
    start_ms   INTEGER NOT NULL,
    end_ms     INTEGER NOT NULL CHECK (end_ms >= start_ms),
    value      TEXT    NOT NULL DEFAULT '',
    entry_id   INTEGER REFERENCES vocabulary_entry (id) ON DELETE SET NULL,
    -- Its place among the annotations of the file that its tier came from.
    file_place INTEGER
  ) STRICT;

  INSERT INTO annotation_new (id, tier_id, parent_id, start_ms, end_ms, value)
    SELECT id, tier_id, parent_id, start_ms, end_ms, value FROM annotation;
  UPDATE sqlite_sequence SET seq = (SELECT seq FROM sqlite_sequence WHERE name = 'annotation')
    WHERE name = 'annotation_new' AND EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'annotation');
  INSERT INTO sqlite_sequence (name, seq)
    SELECT 'annotation_new', seq FROM sqlite_sequence
    WHERE name = 'annotation' AND NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'annotation_new');
  DROP TABLE annotation;
  ALTER TABLE annotation_new RENAME TO annotation;

  CREATE INDEX annotation_tier ON annotation (tier_id, start_ms, end_ms);
  CREATE INDEX annotation_parent ON annotation (parent_id) WHERE parent_id IS NOT NULL;
  CREATE INDEX annotation_entry ON annotation (entry_id) WHERE entry_id IS NOT NULL;
`

/** ELAN's whole model: vocabularies, types that use them, and the files that tiers were read from. */
export const annotationModel: Migration = {
  id: 4,
  name: 'annotation-model',
  up(db) {
    db.exec(VOCABULARIES)
    db.exec(FILES)
    db.exec(ANNOTATIONS)
  },
}
