import type { Migration } from '../types.ts'

/** Where a model looked for each token that it wrote, and what its visual tokens resemble; runs made before have neither. */
export const hypothesisAttention: Migration = {
  id: 5,
  name: 'hypothesis-attention',
  up(db) {
    db.exec(`
      CREATE TABLE visual_reading (
        run_id      INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        clip_id     INTEGER NOT NULL REFERENCES clip (id) ON DELETE CASCADE,
        first_frame INTEGER NOT NULL CHECK (first_frame >= 0),
        frames      INTEGER NOT NULL CHECK (frames > 0),
        windows     INTEGER NOT NULL CHECK (windows > 0),
        window      INTEGER NOT NULL CHECK (window > 0),
        stride      INTEGER NOT NULL CHECK (stride > 0),
        nearest     TEXT    NOT NULL CHECK (json_valid(nearest)),
        PRIMARY KEY (run_id, clip_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE hypothesis_attention (
        hypothesis_id INTEGER PRIMARY KEY REFERENCES hypothesis (id) ON DELETE CASCADE,
        words         TEXT    NOT NULL CHECK (json_valid(words)),
        tokens        INTEGER NOT NULL CHECK (tokens > 0),
        weights       BLOB    NOT NULL CHECK (length(weights) % (2 * tokens) = 0)
      ) STRICT;
    `)
  },
}
