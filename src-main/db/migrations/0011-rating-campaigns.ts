import type { Migration } from '../types.ts'

const JUDGEMENTS = `
      CREATE TABLE judgement (
        id          INTEGER PRIMARY KEY AUTOINCREMENT,
        item_id     INTEGER NOT NULL REFERENCES campaign_item (id) ON DELETE CASCADE,
        annotator   TEXT    NOT NULL,
        started_at  INTEGER NOT NULL,
        finished_at INTEGER,
        UNIQUE (item_id, annotator)
      ) STRICT;
      CREATE INDEX judgement_annotator ON judgement (annotator, finished_at);

      CREATE TABLE judged_output (
        id           INTEGER PRIMARY KEY AUTOINCREMENT,
        judgement_id INTEGER NOT NULL REFERENCES judgement (id) ON DELETE CASCADE,
        output_id    INTEGER NOT NULL REFERENCES campaign_output (id) ON DELETE CASCADE,
        -- Null where errors alone are marked.
        value        REAL,
        UNIQUE (judgement_id, output_id)
      ) STRICT;
      CREATE INDEX judged_output_output ON judged_output (output_id);

      CREATE TABLE error_span (
        id               INTEGER PRIMARY KEY AUTOINCREMENT,
        judged_output_id INTEGER NOT NULL REFERENCES judged_output (id) ON DELETE CASCADE,
        -- Code points of the text that was shown, the end not included.
        start_cp         INTEGER NOT NULL CHECK (start_cp >= 0),
        end_cp           INTEGER NOT NULL CHECK (end_cp >= start_cp),
        is_missing       INTEGER NOT NULL CHECK (is_missing IN (0, 1)),
        severity         TEXT    NOT NULL CHECK (severity IN ('minor', 'major', 'neutral')),
        category         TEXT
      ) STRICT;
      CREATE INDEX error_span_judged ON error_span (judged_output_id);
    `

/** Judging in order: what is shown to raters, and what each of them says of it. */
export const ratingCampaigns: Migration = {
  id: 11,
  name: 'rating-campaigns',
  up(db) {
    db.exec(`
      CREATE TABLE campaign (
        id              INTEGER PRIMARY KEY AUTOINCREMENT,
        name            TEXT    NOT NULL UNIQUE CHECK (name <> ''),
        protocol        TEXT    NOT NULL
          CHECK (protocol IN ('da', 'sqm', 'da-sqm', 'esa', 'mqm', 'pairwise', 'best-worst')),
        seed            INTEGER NOT NULL,
        shows_reference INTEGER NOT NULL CHECK (shows_reference IN (0, 1)),
        -- The file that its judgements were read from; empty where people judge here.
        source          TEXT    NOT NULL DEFAULT '',
        created_at      INTEGER NOT NULL,
        created_by      TEXT    NOT NULL
      ) STRICT;

      -- One screen of work: a clip with the outputs that are judged together.
      CREATE TABLE campaign_item (
        id          INTEGER PRIMARY KEY AUTOINCREMENT,
        campaign_id INTEGER NOT NULL REFERENCES campaign (id) ON DELETE CASCADE,
        place       INTEGER NOT NULL CHECK (place >= 0),
        clip_id     INTEGER NOT NULL REFERENCES clip (id) ON DELETE CASCADE,
        kind        TEXT    NOT NULL CHECK (kind IN ('judge', 'repeat', 'check')),
        -- What a repeat or a check was made from.
        origin_id   INTEGER REFERENCES campaign_item (id) ON DELETE CASCADE,
        UNIQUE (campaign_id, place),
        CHECK ((kind = 'judge') = (origin_id IS NULL))
      ) STRICT;
      CREATE INDEX campaign_item_clip ON campaign_item (clip_id);
      CREATE INDEX campaign_item_origin ON campaign_item (origin_id) WHERE origin_id IS NOT NULL;

      CREATE TABLE campaign_output (
        id            INTEGER PRIMARY KEY AUTOINCREMENT,
        item_id       INTEGER NOT NULL REFERENCES campaign_item (id) ON DELETE CASCADE,
        slot          INTEGER NOT NULL CHECK (slot >= 0),
        hypothesis_id INTEGER NOT NULL REFERENCES hypothesis (id) ON DELETE CASCADE,
        -- As raters see it: marks of errors count code points of this.
        text          TEXT    NOT NULL,
        damage        TEXT    CHECK (damage IN ('degraded', 'swapped')),
        UNIQUE (item_id, slot)
      ) STRICT;
      CREATE INDEX campaign_output_hypothesis ON campaign_output (hypothesis_id);

    `)
    db.exec(JUDGEMENTS)
  },
}
