import type { Migration } from '../types.ts'

/** Jobs that download, and jobs that wait for an answer because their device failed. */
export const downloadsAndQuestions: Migration = {
  id: 3,
  name: 'downloads-and-questions',
  up(db) {
    db.exec(`
      CREATE TABLE job_new (
        id            INTEGER PRIMARY KEY,
        kind          TEXT    NOT NULL
                              CHECK (kind IN ('extract', 'translate', 'import', 'export', 'proxy', 'convert', 'download')),
        title         TEXT    NOT NULL,
        state         TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'done', 'failed', 'cancelled')),
        parameters    TEXT    NOT NULL,
        done          REAL    NOT NULL DEFAULT 0,
        total         REAL    NOT NULL DEFAULT 0,
        unit          TEXT    NOT NULL CHECK (unit IN ('frames', 'clips', 'files', 'bytes')),
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
      INSERT INTO job_new (id, kind, title, state, parameters, done, total, unit, device, attempts, created_at, started_at,
        finished_at, problem, warning, run_id, output)
        SELECT id, kind, title, state, parameters, done, total, unit, device, attempts, created_at, started_at,
          finished_at, problem, warning, run_id, output FROM job;
      DROP TABLE job;
      ALTER TABLE job_new RENAME TO job;
      CREATE INDEX job_state ON job (state, id);`)
  },
}
