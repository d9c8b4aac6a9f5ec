import { expect, test } from 'vitest'
import { migrate } from '../migrate.ts'
import { memoryDatabase } from '../open.ts'

test('entries that are there have no look of their own, and only JSON is one', () => {
  const db = memoryDatabase(6)
  db.exec(`
    INSERT INTO vocabulary (name) VALUES ('Hands');
    INSERT INTO vocabulary_entry (vocabulary_id, ordinal, cve_id) VALUES (1, 0, 'c1');
  `)

  migrate(db, 7)

  expect(db.prepare('SELECT cve_id, look FROM vocabulary_entry').raw().all()).toEqual([['c1', null]])
  expect(() => db.exec(`UPDATE vocabulary_entry SET look = 'red'`)).toThrow('CHECK')
})
