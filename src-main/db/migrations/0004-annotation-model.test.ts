import { expect, test } from 'vitest'
import { migrate } from '../migrate.ts'
import { memoryDatabase } from '../open.ts'

test('annotations keep their ids and parents, and a removed id is never given again', () => {
  const db = memoryDatabase(3)
  db.exec(`
    INSERT INTO recording (name) VALUES ('r');
    INSERT INTO tier_type (name, stereotype) VALUES ('default', 'none'), ('inside', 'included-in');
    INSERT INTO tier (recording_id, type_id, name, ordinal) VALUES (1, 1, 'Gloss', 0);
    INSERT INTO tier (recording_id, parent_id, type_id, name, ordinal) VALUES (1, 1, 2, 'Part', 1);
    INSERT INTO annotation (id, tier_id, start_ms, end_ms, value) VALUES (7, 1, 0, 100, 'SUN'), (9, 1, 200, 300, 'GONE');
    INSERT INTO annotation (id, tier_id, parent_id, start_ms, end_ms) VALUES (8, 2, 7, 10, 20);
    DELETE FROM annotation WHERE id = 9;
  `)

  migrate(db, 4)

  const rows = db.prepare(
    'SELECT id, tier_id, parent_id, start_ms, end_ms, value FROM annotation ORDER BY id',
  )
  expect(rows.raw().all()).toEqual([
    [7, 1, null, 0, 100, 'SUN'],
    [8, 2, 7, 10, 20, ''],
  ])
  const added = db.prepare('INSERT INTO annotation (tier_id, start_ms, end_ms) VALUES (1, -5, -5)').run()
  expect(added.lastInsertRowid).toBe(10)
  db.prepare('DELETE FROM annotation WHERE id = 7').run()
  expect(rows.raw().all()).toEqual([[10, 1, null, -5, -5, '']])
})
