import { expect, test } from 'vitest'
import type { SuggestionId } from '#shared/contract/ids.ts'
import { ModelId } from '#shared/contract/ids.ts'
import { Origin, Suggestion } from '#shared/contract/suggestion.ts'
import type { Bundle } from '../../engine/bundle/open-bundle.ts'
import { createAnnotationService } from '../annotation/annotation.service.ts'
import { createEditing } from '../edit/edit.service.ts'
import { addClip, addRecording, contentOf, testContext } from '../testing/corpus.ts'
import { createSuggestionService } from './suggestion.service.ts'

const bundle = {
  manifest: {
    name: 'Signs',
    version: '1.2',
    kind: 'sign2gpt',
    files: [{ path: 'a', sha256: 'b', bytes: 1 }],
  },
} as unknown as Bundle

function setup() {
  const context = testContext()
  const place = addRecording(context.db)
  const clipId = addClip(context.db, place, { name: 'a', endMs: 2000 })
  const editing = createEditing(context)
  const annotations = createAnnotationService(context, { editing })
  const suggestions = createSuggestionService(context, { editing, annotations })
  const { recordingId } = place
  const segment = (word: string, startMs: number, endMs: number) => ({
    clipId,
    clip: 'a',
    recordingId,
    word,
    startMs,
    endMs,
    score: 0.5,
    mass: 0.8,
  })
  const propose = (...segments: ReturnType<typeof segment>[]) =>
    suggestions.put({
      bundle,
      modelId: ModelId.parse('signs'),
      tier: 'Gloss',
      measure: 'E',
      threshold: 0.2,
      words: { kind: 'likeliest' },
      clips: [{ clipId, recordingId, segments }],
    })
  const open = () => suggestions.list(recordingId).map(({ value }) => value)
  const [wind, rain] = [segment('wind', 0, 160), segment('regen', 160, 480)]
  return { context, editing, annotations, suggestions, recordingId, propose, open, segment, wind, rain }
}

function first(ids: readonly { id: SuggestionId }[]): SuggestionId {
  const [one] = ids
  if (!one) throw new Error('no suggestion')
  return one.id
}

test('proposed segments are suggestions, and no annotation until one is accepted', () => {
  const { annotations, suggestions, recordingId, propose, wind, rain } = setup()
  expect(propose(rain, wind)).toEqual({ proposed: 2, known: 0 })
  const listed = suggestions.list(recordingId)
  expect(listed).toEqual(listed.map(each => Suggestion.parse(each)))
  expect(listed.map(({ value, startMs, endMs }) => [value, startMs, endMs])).toEqual([
    ['wind', 0, 160],
    ['regen', 160, 480],
  ])
  const glosses = () => annotations.list({ recordingId }).filter(({ value }) => value !== '')
  expect(glosses()).toEqual([])

  const [made] = suggestions.accept([first(listed)])
  expect(glosses()).toEqual([made])
  expect(made).toMatchObject({ value: 'wind', startMs: 0, endMs: 160, tierId: listed[0]?.tierId })
  const origins = suggestions.origins(recordingId)
  expect(origins).toEqual(origins.map(each => Origin.parse(each)))
  expect(origins).toMatchObject([
    { annotationId: made?.id, model: 'Signs', version: '1.2', measure: 'E', threshold: 0.2, score: 0.5 },
  ])
})

test('an annotation that is edited keeps its origin as it was proposed', () => {
  const { annotations, suggestions, recordingId, propose, wind } = setup()
  propose(wind)
  const [made] = suggestions.accept([first(suggestions.list(recordingId))])
  if (!made) throw new Error('nothing accepted')
  annotations.update({ annotationId: made.id, value: 'WIND2', endMs: 200 })
  expect(suggestions.origins(recordingId)).toMatchObject([
    { annotationId: made.id, value: 'wind', startMs: 0, endMs: 160 },
  ])
})

test('proposing, accepting, rejecting and removing are undone step by step', () => {
  const { context, editing, annotations, suggestions, recordingId, propose, wind, rain } = setup()
  propose()
  const states = [contentOf(context.db)]
  const step = (act: () => unknown) => {
    act()
    states.push(contentOf(context.db))
  }
  // The row of the model is a fact, no edit.
  step(() => propose(wind, rain))
  step(() => suggestions.accept([first(suggestions.list(recordingId))]))
  step(() => suggestions.reject(suggestions.list(recordingId).map(({ id }) => id)))
  step(() => annotations.remove(suggestions.origins(recordingId).map(({ annotationId }) => annotationId)))
  expect(suggestions.origins(recordingId)).toEqual([])
  expect(editing.history().map(({ label }) => label)).toEqual([
    expect.stringContaining('Remove'),
    'Reject “regen”',
    'Accept “wind”',
    'Propose 2 segments on Gloss',
  ])
  for (const before of states.slice(0, -1).toReversed()) {
    editing.undo()
    expect(contentOf(context.db)).toEqual(before)
  }
})

test('what was rejected or is annotated is not proposed again, and open suggestions make way', () => {
  const { suggestions, recordingId, propose, open, segment, wind, rain } = setup()
  propose(wind, rain, segment('schnee', 600, 800))
  const [one, two] = suggestions.list(recordingId)
  if (!one || !two) throw new Error('two suggestions')
  suggestions.accept([one.id])
  suggestions.reject([two.id])
  expect(propose(segment('wind', 80, 240), segment('regen', 200, 400), segment('wind', 900, 1000))).toEqual({
    proposed: 1,
    known: 2,
  })
  expect(open()).toEqual(['wind'])
})

test('a sign that is annotated in capitals, without umlauts, is not proposed again', () => {
  const { annotations, suggestions, recordingId, propose, open, segment, rain } = setup()
  propose(rain)
  const [{ tierId } = { tierId: 0 as never }] = suggestions.list(recordingId)
  annotations.create({ tierId, startMs: 600, endMs: 900, value: 'KUESTE' })
  expect(propose(rain, segment('küste', 640, 800))).toEqual({ proposed: 1, known: 1 })
  expect(open()).toEqual(['regen'])
})

test('one that would overlap an annotation is refused and stays open', () => {
  const { annotations, suggestions, recordingId, propose, open, wind } = setup()
  propose(wind)
  const [suggestion] = suggestions.list(recordingId)
  if (!suggestion) throw new Error('no suggestion')
  annotations.create({ tierId: suggestion.tierId, startMs: 100, endMs: 300, value: 'ANDERES' })
  expect(() => suggestions.accept([suggestion.id])).toThrow(expect.objectContaining({ code: 'conflict' }))
  expect(open()).toEqual(['wind'])
})

test('a suggestion is answered once', () => {
  const { suggestions, recordingId, propose, wind } = setup()
  propose(wind)
  const id = first(suggestions.list(recordingId))
  suggestions.reject([id])
  expect(() => suggestions.accept([id])).toThrow(expect.objectContaining({ code: 'not-found' }))
})
