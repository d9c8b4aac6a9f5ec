import { expect, test } from 'vitest'
import { migrate } from '../migrate.ts'
import { memoryDatabase } from '../open.ts'

test('features stay where they are, and those of Sign2GPT have a place', () => {
  const db = memoryDatabase(9)
  const insert = (id: number, kind: string) =>
    db.exec(`
      INSERT INTO feature (id, key, kind, content_hash, first_frame, last_frame, extractor_fingerprint, file, rows, columns, device, made_at)
        VALUES (${id}, 'key-${id}', '${kind}', 'hash', 0, 9, 'print', 'features/a.npy', 10, 4, 'cpu', 5)`)
  insert(7, 'motion')

  migrate(db, 10)

  insert(8, 'zstar')
  expect(db.prepare(`SELECT id, key, kind, rows FROM feature ORDER BY id`).all()).toEqual([
    { id: 7, key: 'key-7', kind: 'motion', rows: 10 },
    { id: 8, key: 'key-8', kind: 'zstar', rows: 10 },
  ])
  expect(() => insert(9, 'other')).toThrow('CHECK constraint failed')
})
