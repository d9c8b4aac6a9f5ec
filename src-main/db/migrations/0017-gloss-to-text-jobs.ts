import type { Migration } from '../types.ts'

/** With the kind that asks a server for sentences. */
const JOBS = `
  CREATE TABLE job_new (
    id            INTEGER PRIMARY KEY,
    kind          TEXT    NOT NULL CHECK (kind IN
      ('extract', 'translate', 'import', 'export', 'proxy', 'convert', 'download', 'tag', 'train', 'gloss-to-text')),
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

export const glossToTextJobs: Migration = {
  id: 17,
  name: 'gloss-to-text-jobs',
  up(db) {
    db.exec(JOBS)
  },
}
