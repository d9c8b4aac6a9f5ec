import type { Migration } from '../types.ts'

/** Segments that a model proposes for a tier. A table of its own: nothing that reads annotations can take one for one. */
export const suggestions: Migration = {
  id: 14,
  name: 'suggestions',
  up(db) {
    db.exec(`
      CREATE TABLE proposal (
        id        INTEGER PRIMARY KEY AUTOINCREMENT,
        model_id  INTEGER NOT NULL REFERENCES model (id),
        measure   TEXT    NOT NULL CHECK (measure IN ('E', 'A', 'cosine')),
        threshold REAL    NOT NULL,
        -- JSON: which words were looked for. Shown, never searched.
        words     TEXT    NOT NULL CHECK (json_valid(words)),
        made_at   INTEGER NOT NULL,
        made_by   TEXT    NOT NULL
      ) STRICT;

      CREATE TABLE suggestion (
        id            INTEGER PRIMARY KEY AUTOINCREMENT,
        proposal_id   INTEGER NOT NULL REFERENCES proposal (id) ON DELETE CASCADE,
        tier_id       INTEGER NOT NULL REFERENCES tier (id) ON DELETE CASCADE,
        clip_id       INTEGER NOT NULL REFERENCES clip (id) ON DELETE CASCADE,
        start_ms      INTEGER NOT NULL,
        end_ms        INTEGER NOT NULL CHECK (end_ms > start_ms),
        value         TEXT    NOT NULL,
        score         REAL    NOT NULL,
        mass          REAL    NOT NULL,
        state         TEXT    NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'rejected')),
        -- What an accepted one became, until that is removed.
        annotation_id INTEGER REFERENCES annotation (id) ON DELETE SET NULL,
        CHECK (annotation_id IS NULL OR state = 'accepted')
      ) STRICT;

      CREATE INDEX suggestion_tier ON suggestion (tier_id, state, start_ms);
      CREATE INDEX suggestion_clip ON suggestion (clip_id);
      CREATE INDEX suggestion_proposal ON suggestion (proposal_id);
      CREATE INDEX suggestion_annotation ON suggestion (annotation_id) WHERE annotation_id IS NOT NULL;
    `)
  },
}
