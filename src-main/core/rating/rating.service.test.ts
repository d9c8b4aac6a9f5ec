import { expect, test } from 'vitest'
import type { HypothesisId } from '#shared/contract/ids.ts'
import { createEditing } from '../edit/edit.service.ts'
import { addClip, addRecording, addRun, testContext } from '../testing/corpus.ts'
import { createRatingService } from './rating.service.ts'

test('each annotator has one rating of an output, which can change, go and be undone', () => {
  let author = 'Ada'
  const context = { ...testContext(), author: () => author }
  const clipId = addClip(context.db, addRecording(context.db), { name: 'a' })
  addRun(context.db, 'base', new Map([[clipId, ['eins']]]))
  const editing = createEditing(context)
  const ratings = createRatingService(context, { editing })
  const stored = () =>
    context.db.prepare('SELECT annotator, value FROM rating ORDER BY annotator').raw().all()
  const hypothesisId = 1 as HypothesisId

  ratings.set({ hypothesisId, value: 80 })
  ratings.set({ hypothesisId, value: 80 })
  ratings.set({ hypothesisId, value: 60 })
  author = 'Bob'
  ratings.set({ hypothesisId, value: 0 })
  expect(stored()).toEqual([
    ['Ada', 60],
    ['Bob', 0],
  ])
  ratings.set({ hypothesisId, value: null })
  ratings.set({ hypothesisId, value: null })
  expect(stored()).toEqual([['Ada', 60]])
  expect(editing.history().map(({ label }) => label)).toEqual([
    'Unrate base on a',
    'Rate base on a: 0',
    'Rate base on a: 60',
    'Rate base on a: 80',
  ])
  editing.undo()
  expect(stored()).toEqual([
    ['Ada', 60],
    ['Bob', 0],
  ])
  expect(() => ratings.set({ hypothesisId: 9 as HypothesisId, value: 1 })).toThrow(
    expect.objectContaining({ code: 'not-found' }),
  )
})
