import { expect, test } from 'vitest'
import { createClipService } from '../clip/clip.service.ts'
import { createEditing } from '../edit/edit.service.ts'
import { createEvaluationService } from '../evaluation/evaluation.service.ts'
import { addClip, addRecording, addRun, testContext } from '../testing/corpus.ts'
import { createReviewQueue } from './review-queue.ts'

test('what nobody has seen, systems dispute or score low comes first, what is reviewed last, each with its reason', () => {
  const context = testContext()
  const editing = createEditing(context)
  const { ensureSentenceScores } = createEvaluationService(context)
  const clips = createClipService(context, { editing, ensureSentenceScores })
  const place = addRecording(context.db)
  const reference = 'am morgen regnet es im norden noch lange'
  const clip = (name: string) => addClip(context.db, place, { name, references: [reference] })
  const [agreed, apart, low, done] = [clip('agreed'), clip('apart'), clip('low'), clip('done')]
  const other = 'die sonne scheint'
  addRun(
    context.db,
    'a',
    new Map([
      [agreed, [reference]],
      [apart, [reference]],
      [low, [other]],
      [done, [other]],
    ]),
  )
  addRun(
    context.db,
    'b',
    new Map([
      [agreed, [reference]],
      [apart, [other]],
      [low, [other]],
      [done, [reference]],
    ]),
  )
  clips.update({ selection: { kind: 'ids', clipIds: [done] }, changes: { state: 'accepted' } })

  const queue = createReviewQueue(context, {
    clipIds: filter => clips.ids({ filter, sort: 'name', descending: false }),
    ensureSentenceScores,
  })
  const found = queue.queue({})
  expect(found.map(({ clipId, reason }) => [clipId, reason])).toEqual([
    [low, 'low-score'],
    [apart, 'systems-differ'],
    [agreed, 'unseen'],
    [done, 'reviewed'],
  ])
  expect(queue.progress()).toMatchObject([{ annotator: 'Ada', clips: 1, ratings: 0 }])
})
