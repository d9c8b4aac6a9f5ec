import { expect, test } from 'vitest'
import { migrate } from '../migrate.ts'
import { memoryDatabase } from '../open.ts'

test('jobs keep their ids, logs and results, and wait for no answer', () => {
  const db = memoryDatabase(2)
  db.exec(`
    INSERT INTO job (id, kind, title, state, parameters, done, total, unit, created_at, device)
      VALUES (7, 'extract', 'Extract', 'paused', '{}', 3, 10, 'frames', 5, 'cuda');
    INSERT INTO job_log (job_id, at, level, message) VALUES (7, 6, 'info', 'hello');`)

  migrate(db, 3)

  expect(db.prepare(`SELECT id, kind, state, done, device, failed_device, fallback FROM job`).all()).toEqual([
    { id: 7, kind: 'extract', state: 'paused', done: 3, device: 'cuda', failed_device: null, fallback: null },
  ])
  db.exec(
    `INSERT INTO job (kind, title, state, parameters, unit, created_at) VALUES ('download', 'D', 'queued', '{}', 'bytes', 1)`,
  )
  db.exec(`DELETE FROM job WHERE id = 7`)
  expect(db.prepare(`SELECT count(*) FROM job_log`).pluck().get()).toBe(0)
})
