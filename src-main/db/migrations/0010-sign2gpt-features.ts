import type { Migration } from '../types.ts'

/** Features of Sign2GPT, and how the visual tokens of its runs lie in time. */
export const sign2gptFeatures: Migration = {
  id: 10,
  name: 'sign2gpt-features',
  up(db) {
    db.exec(`
      CREATE TABLE feature_new (
        id                    INTEGER PRIMARY KEY,
        key                   TEXT    NOT NULL UNIQUE,
        kind                  TEXT    NOT NULL CHECK (kind IN ('spatial', 'motion', 'zstar')),
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
      INSERT INTO feature_new SELECT * FROM feature;
      DROP TABLE feature;
      ALTER TABLE feature_new RENAME TO feature;
      CREATE INDEX feature_content ON feature (content_hash, first_frame, last_frame);

      ALTER TABLE visual_reading
        ADD COLUMN layout TEXT NOT NULL DEFAULT 'joint' CHECK (layout IN ('joint', 'cells'));
    `)
  },
}
