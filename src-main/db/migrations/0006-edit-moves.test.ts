import { expect, test } from 'vitest'
import { migrate } from '../migrate.ts'
import { memoryDatabase } from '../open.ts'

test('what was undone before gets the latest moment at which it can have been undone', () => {
  const db = memoryDatabase(5)
  db.exec(`
    INSERT INTO edit (id, at, author, label, state, changes) VALUES
      (1, 10, 'Ada', 'a', 'applied', '[]'), (2, 20, 'Ada', 'b', 'dropped', '[]'), (3, 30, 'Ada', 'c', 'dropped', '[]'),
      (4, 40, 'Bo', 'd', 'applied', '[]'), (5, 50, 'Bo', 'e', 'undone', '[]'), (6, 60, 'Bo', 'f', 'undone', '[]')`)

  migrate(db, 6)

  expect(
    db.prepare(`SELECT edit_id, after_id, at, author, is_undo FROM edit_move ORDER BY id`).raw().all(),
  ).toEqual([
    [6, 6, 60, 'Bo', 1],
    [5, 6, 60, 'Bo', 1],
    [3, 3, 40, 'Ada', 1],
    [2, 3, 40, 'Ada', 1],
  ])
})
