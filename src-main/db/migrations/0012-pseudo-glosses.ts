import type { Migration } from '../types.ts'

const GLOSSES = `
  -- Who tagged: a provider of this program, or the tool that a file came from.
  CREATE TABLE tagging (
    id          INTEGER PRIMARY KEY,
    provider_id TEXT    NOT NULL CHECK (provider_id <> ''),
    name        TEXT    NOT NULL,
    version     TEXT    NOT NULL,
    -- Of the trained model or the imported file; empty for what comes with the program.
    sha256      TEXT    NOT NULL DEFAULT '',
    is_imported INTEGER NOT NULL CHECK (is_imported IN (0, 1)),
    made_at     INTEGER NOT NULL,
    UNIQUE (provider_id, version, sha256)
  ) STRICT;

  -- What a machine made of a reference; it can always be made again, so it is no edit.
  CREATE TABLE tagged_sentence (
    reference_id INTEGER PRIMARY KEY REFERENCES reference (id) ON DELETE CASCADE,
    tagging_id   INTEGER NOT NULL REFERENCES tagging (id),
    -- The sentence as it was: a reference that has changed since is to be tagged again.
    text         TEXT    NOT NULL,
    -- JSON: [surface, lemma, part of speech or null, 1 where the tagger was unsure], word by word.
    words        TEXT    NOT NULL CHECK (json_valid(words))
  ) STRICT;
  CREATE INDEX tagged_sentence_tagging ON tagged_sentence (tagging_id);

  CREATE TABLE gloss_setting (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    language    TEXT    NOT NULL,
    provider_id TEXT,
    -- JSON: names of splits, and the rule.
    splits      TEXT    NOT NULL CHECK (json_valid(splits)),
    rule        TEXT    NOT NULL CHECK (json_valid(rule))
  ) STRICT;

  -- Found again by the word and which of its like it is: tagging again, by another tagger, moves places.
  CREATE TABLE gloss_correction (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Null: this word in every sentence.
    reference_id INTEGER REFERENCES reference (id) ON DELETE CASCADE,
    surface      TEXT    NOT NULL CHECK (surface <> ''),
    occurrence   INTEGER NOT NULL CHECK (occurrence >= 0),
    -- Null: as the tagger and the rule have it.
    is_kept      INTEGER CHECK (is_kept IN (0, 1)),
    lemma        TEXT,
    pos          TEXT,
    changed_at   INTEGER NOT NULL,
    changed_by   TEXT    NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX gloss_correction_word ON gloss_correction (coalesce(reference_id, 0), surface, occurrence);
  CREATE INDEX gloss_correction_reference ON gloss_correction (reference_id) WHERE reference_id IS NOT NULL;`

/** With the kinds that tag and train, which count sentences. */
const JOBS = `
  CREATE TABLE job_new (
    id            INTEGER PRIMARY KEY,
    kind          TEXT    NOT NULL CHECK (kind IN
      ('extract', 'translate', 'import', 'export', 'proxy', 'convert', 'download', 'tag', 'train')),
    title         TEXT    NOT NULL,
    state         TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')),
    parameters    TEXT    NOT NULL,
    done          REAL    NOT NULL DEFAULT 0,
    total         REAL    NOT NULL DEFAULT 0,
    unit          TEXT    NOT NULL CHECK (unit IN ('frames', 'clips', 'files', 'bytes', 'sentences')),
    device        TEXT,
    attempts      INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL,
    started_at    INTEGER,
    finished_at   INTEGER,
    problem       TEXT,
    warning       TEXT,
    run_id        INTEGER REFERENCES run (id) ON DELETE SET NULL,
    output        TEXT,
    -- The device that failed, while nobody has said whether the CPU may go on.
    failed_device TEXT,
    -- The device that the user agreed to instead.
    fallback      TEXT,
    CHECK (failed_device IS NULL OR state = 'paused')
  ) STRICT;
  INSERT INTO job_new SELECT * FROM job;
  DROP TABLE job;
  ALTER TABLE job_new RENAME TO job;
  CREATE INDEX job_state ON job (state, id);`

/** Tagged sentences, what users say of them, and the jobs that tag and that train taggers. */
export const pseudoGlosses: Migration = {
  id: 12,
  name: 'pseudo-glosses',
  up(db) {
    db.exec(GLOSSES)
    db.exec(JOBS)
  },
}
