import { expect, test } from 'vitest'
import { findByText } from '../../core/clip/text-search.ts'
import { saveHypotheses } from '../../core/run/run.queries.ts'
import { addClip, addRecording, addRun } from '../../core/testing/corpus.ts'
import { migrate } from '../migrate.ts'
import { memoryDatabase } from '../open.ts'

test('what could be found before is found, and what goes is not found any more', () => {
  const db = memoryDatabase(22)
  const place = addRecording(db)
  const rain = addClip(db, place, { name: 'rain', gloss: 'REGEN', references: ['es regnet', 'regen fällt'] })
  const snow = addClip(db, place, { name: 'snow', references: ['es schneit'] })
  const first = addRun(db, 'first', new Map([[rain, ['heute regnet es', 'second best']]]))

  migrate(db, 23)

  const second = addRun(db, 'second', new Map([[snow, ['morgen schneit es']]]))
  const found = (text: string) => [...(findByText(db, text) ?? [])].toSorted((a, b) => a - b)
  expect([found('rain'), found('REGEN'), found('fällt'), found('heute'), found('morgen')]).toEqual([
    [rain],
    [rain],
    [rain],
    [rain],
    [snow],
  ])
  expect([found('es'), found('second')]).toEqual([[rain, snow], []])
  db.prepare('DELETE FROM run WHERE id = ?').run(first)
  db.prepare(`UPDATE hypothesis SET text = 'nichts'`).run()
  expect([found('heute'), found('morgen'), found('nichts')]).toEqual([[], [], [snow]])

  saveHypotheses(db, second, snow, [{ text: 'der erste', score: null, tokens: null }])
  saveHypotheses(db, second, snow, [{ text: 'der zweite', score: null, tokens: null }])
  expect([found('nichts'), found('erste'), found('zweite')]).toEqual([[], [], [snow]])
  db.exec(`INSERT INTO output_search (output_search, rank) VALUES ('integrity-check', 1)`)
})
