import { expect, test } from 'vitest'
import { memoryDatabase } from '../open.ts'
import { migrate } from '../migrate.ts'

test('media that were imported stay present, and ratings become direct assessments', () => {
  const db = memoryDatabase(1)
  db.exec(`
    INSERT INTO recording (id, name) VALUES (1, 'r');
    INSERT INTO media (id, recording_id, path, bytes, mtime_ms, content_hash, frames, duration_ms, facts, frame_index)
      VALUES (7, 1, '/a.mp4', 1, 1, 'h', 1, 40, '{}', x'00');
    INSERT INTO clip (id, name, recording_id, media_id, start_ms, end_ms, first_frame, last_frame)
      VALUES (3, 'c', 1, 7, 0, 40, 0, 0);
    INSERT INTO model (id, bundle, fingerprint, name, version, kind, manifest) VALUES (1, 'b', 'f', 'm', '', 'spamo', '{}');
    INSERT INTO run (id, name, model_id, kind, parameters, created_at, clips) VALUES (1, 'run', 1, 'spamo', '{}', 0, 1);
    INSERT INTO hypothesis (id, run_id, clip_id, rank, text) VALUES (5, 1, 3, 0, 'x');
    INSERT INTO rating (hypothesis_id, annotator, value, rated_at) VALUES (5, 'Ada', 80, 9);
  `)

  migrate(db, 2)

  expect(db.prepare('SELECT id, is_absent FROM media').raw().all()).toEqual([[7, 0]])
  expect(db.prepare('SELECT annotator, value, protocol FROM rating').raw().all()).toEqual([['Ada', 80, 'da']])
})
