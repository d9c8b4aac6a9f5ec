import { expect, test } from 'vitest'
import type { TierId } from '#shared/contract/ids.ts'
import { BatchOutcome } from '#shared/contract/annotation.ts'
import { sentenceTierId } from '#shared/domain/sentence-view.ts'
import { createEditing } from '../edit/edit.service.ts'
import { addClip, addRecording, contentOf, testContext } from '../testing/corpus.ts'
import { createAnnotationService } from './annotation.service.ts'

function setup() {
  const context = testContext()
  const place = addRecording(context.db)
  const { recordingId } = place
  const editing = createEditing(context)
  const annotations = createAnnotationService(context, { editing })
  const gloss = annotations.createTier({ recordingId, name: 'Gloss', stereotype: 'none', parentId: null }).id
  const meaning = annotations.createTier({
    recordingId,
    name: 'Meaning',
    stereotype: 'symbolic-association',
    parentId: gloss,
  }).id
  const shown = (tierId: TierId) =>
    annotations
      .list({ recordingId })
      .filter(one => one.tierId === tierId)
      .map(({ startMs, endMs, value }) => `${startMs}-${endMs} ${value}`)
  return { context, place, editing, annotations, gloss, meaning, shown }
}

test('a batch is one step of undo and of redo, and later steps find what earlier ones made', () => {
  const { context, editing, annotations, gloss, meaning, shown } = setup()
  const kept = annotations.create({ tierId: gloss, startMs: 0, endMs: 500, value: 'A' })
  const gone = annotations.create({ tierId: gloss, startMs: 500, endMs: 900, value: 'B' })
  const [before, edits] = [contentOf(context.db), editing.history().length]

  const outcome = annotations.batch([
    { kind: 'remove', annotationIds: [gone.id] },
    { kind: 'update', annotationId: kept.id, endMs: 700, value: 'a' },
    { kind: 'create', tierId: gloss, startMs: 700, endMs: 900, value: 'C' },
    { kind: 'create', tierId: meaning, startMs: 700, endMs: 900, value: 'c' },
  ])

  expect(BatchOutcome.parse(outcome)).toMatchObject({
    label: 'Edit 4 annotations',
    created: [{ value: 'C' }, { value: 'c', parentId: outcome.created[0]?.id }],
    changed: 1,
    removed: 1,
  })
  const after = { gloss: ['0-700 a', '700-900 C'], meaning: ['700-900 c'] }
  expect({ gloss: shown(gloss), meaning: shown(meaning) }).toEqual(after)
  expect(editing.history().length).toBe(edits + 1)
  editing.undo()
  expect(contentOf(context.db)).toEqual(before)
  editing.redo()
  expect({ gloss: shown(gloss), meaning: shown(meaning) }).toEqual(after)
})

test('where one step is refused, none is made and the log is as before', () => {
  const { context, editing, annotations, gloss } = setup()
  annotations.create({ tierId: gloss, startMs: 0, endMs: 500, value: 'A' })
  const [before, edits] = [contentOf(context.db), editing.history().length]
  const steps = [
    { kind: 'create' as const, tierId: gloss, startMs: 600, endMs: 700, value: 'B' },
    { kind: 'create' as const, tierId: gloss, startMs: 400, endMs: 550, value: 'C' },
  ]
  expect(() => annotations.batch(steps)).toThrow('overlap “A”')
  expect([contentOf(context.db), editing.history().length]).toEqual([before, edits])
  annotations.create({ tierId: gloss, startMs: 600, endMs: 700, value: 'D' })
  expect(editing.state().undo?.label).toBe('Create annotation D')
})

test('sentences take part: their clips and references change in the same step', () => {
  const { context, place, editing, annotations, shown } = setup()
  for (const [name, startMs] of [['a', 0] as const, ['b', 3000] as const])
    addClip(context.db, place, { name, startMs, references: [name] })
  const tierId = sentenceTierId(place.recordingId)
  const sentences = annotations.list({ recordingId: place.recordingId }).filter(one => one.tierId === tierId)
  const values = () => shown(tierId).map(line => line.split(' ')[1])

  annotations.batch(sentences.map(({ id }) => ({ kind: 'update', annotationId: id, value: 'neu' })))

  expect([values(), editing.state().undo?.label]).toEqual([['neu', 'neu'], 'Change 2 annotations'])
  editing.undo()
  expect(values()).toEqual(['a', 'b'])
})
