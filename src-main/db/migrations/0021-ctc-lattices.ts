import type { Migration } from '../types.ts'

/** What a recogniser with CTC said of each step of a clip, beside the glosses that were read from it. */
export const ctcLattices: Migration = {
  id: 21,
  name: 'ctc-lattices',
  up(db) {
    db.exec(`
      CREATE TABLE ctc_lattice (
        id          INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id      INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
        clip_id     INTEGER NOT NULL REFERENCES clip (id) ON DELETE CASCADE,
        -- JSON: the labels that occur. Position 0 is the blank.
        vocabulary  TEXT    NOT NULL CHECK (json_valid(vocabulary)),
        -- Frames from step to step; null: the steps divide the clip evenly.
        stride      REAL    CHECK (stride > 0),
        first_frame INTEGER NOT NULL,
        is_weighted INTEGER NOT NULL CHECK (is_weighted IN (0, 1)),
        -- JSON: of each step pairs of position in the vocabulary and log-probability, the likeliest first.
        steps       TEXT    NOT NULL CHECK (json_valid(steps)),
        UNIQUE (run_id, clip_id)
      ) STRICT;
    `)
  },
}
