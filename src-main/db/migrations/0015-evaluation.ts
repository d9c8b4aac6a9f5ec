import type { Migration } from '../types.ts'

/** How the corpus is scored, the statistics of each segment that scores are made of, and tests of significance. */
export const evaluation: Migration = {
  id: 15,
  name: 'evaluation',
  up(db) {
    db.exec(`
      CREATE TABLE evaluation_choice (
        id          INTEGER PRIMARY KEY AUTOINCREMENT,
        recipe      TEXT NOT NULL CHECK (recipe <> ''),
        -- Repairs of the text before scoring, a JSON array of their names.
        normalisers TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(normalisers))
      ) STRICT;

      CREATE TABLE statistics_kind (
        id  INTEGER PRIMARY KEY,
        -- Metric, its settings and the preparation of the text.
        key TEXT NOT NULL UNIQUE CHECK (key <> '')
      ) STRICT;

      CREATE TABLE segment_statistics (
        hypothesis_id INTEGER NOT NULL REFERENCES hypothesis (id) ON DELETE CASCADE,
        kind_id       INTEGER NOT NULL REFERENCES statistics_kind (id) ON DELETE CASCADE,
        -- Doubles, little-endian.
        numbers       BLOB    NOT NULL CHECK (length(numbers) % 8 = 0),
        PRIMARY KEY (hypothesis_id, kind_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE significance (
        id        INTEGER PRIMARY KEY,
        -- SHA-256 of the statistics that were tested, and of how.
        basis     TEXT    NOT NULL UNIQUE,
        tested_at INTEGER NOT NULL,
        report    TEXT    NOT NULL CHECK (json_valid(report))
      ) STRICT;

      CREATE TRIGGER reference_statistics_insert AFTER INSERT ON reference BEGIN
        DELETE FROM segment_statistics WHERE hypothesis_id IN (SELECT id FROM hypothesis WHERE clip_id = new.clip_id);
      END;

      CREATE TRIGGER reference_statistics_update AFTER UPDATE OF text, ordinal, clip_id ON reference BEGIN
        DELETE FROM segment_statistics WHERE hypothesis_id IN
          (SELECT id FROM hypothesis WHERE clip_id IN (old.clip_id, new.clip_id));
      END;

      CREATE TRIGGER reference_statistics_delete AFTER DELETE ON reference BEGIN
        DELETE FROM segment_statistics WHERE hypothesis_id IN (SELECT id FROM hypothesis WHERE clip_id = old.clip_id);
      END;
    `)
  },
}
