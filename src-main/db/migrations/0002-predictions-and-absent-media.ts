import type { Migration } from '../types.ts'

/** Corpora from predictions or features alone, and the ratings that come with published evaluations. */
export const predictionsAndAbsentMedia: Migration = {
  id: 2,
  name: 'predictions-and-absent-media',
  up(db) {
    db.exec(`
      -- Described by a table, by features or by predictions, but never seen: its path is what it was called there.
      ALTER TABLE media ADD COLUMN is_absent INTEGER NOT NULL DEFAULT 0 CHECK (is_absent IN (0, 1));

      ALTER TABLE rating ADD COLUMN protocol TEXT NOT NULL DEFAULT 'da' CHECK (protocol <> '');

      -- The same annotator on the same output again, as campaigns do to measure consistency.
      CREATE TABLE repeated_rating (
        id        INTEGER PRIMARY KEY AUTOINCREMENT,
        rating_id INTEGER NOT NULL REFERENCES rating (id) ON DELETE CASCADE,
        value     INTEGER NOT NULL CHECK (value BETWEEN 0 AND 100),
        rated_at  INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX repeated_rating_rating ON repeated_rating (rating_id);

      CREATE TABLE document_rating (
        id        INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id    INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        -- As the campaign names it; often a piece of a document.
        document  TEXT    NOT NULL CHECK (document <> ''),
        annotator TEXT    NOT NULL,
        protocol  TEXT    NOT NULL DEFAULT 'da' CHECK (protocol <> ''),
        value     INTEGER NOT NULL CHECK (value BETWEEN 0 AND 100),
        rated_at  INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX document_rating_run ON document_rating (run_id, document, annotator);
    `)
  },
}
