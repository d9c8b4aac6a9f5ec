import { expect, test } from 'vitest'
import { RunId } from '#shared/contract/ids.ts'
import { createEditing } from '../edit/edit.service.ts'
import { addClip, addRecording, addRun, testContext } from '../testing/corpus.ts'
import { createRunService } from './run.service.ts'

test('the outputs of a run are its best ones, by the names of their clips', () => {
  const context = testContext()
  const place = addRecording(context.db)
  const [second, first, other] = ['b', 'a', 'c'].map(name => addClip(context.db, place, { name }))
  const runId = addRun(
    context.db,
    'run',
    new Map([
      [second!, ['es schneit', 'schnee']],
      [first!, ['es regnet']],
    ]),
  )
  addRun(context.db, 'another', new Map([[other!, ['sonne']]]))
  const runs = createRunService(context, createEditing(context))

  expect(runs.outputs(runId)).toEqual([
    { clip: 'a', text: 'es regnet', score: 0 },
    { clip: 'b', text: 'es schneit', score: 0 },
  ])
  expect(() => runs.outputs(RunId.parse(99))).toThrow('run')
})
