import { expect, test } from 'vitest'
import type { Stereotype } from '#shared/contract/annotation.ts'
import type { AnnotationId, TierId } from '#shared/contract/ids.ts'
import { createEditing } from '../edit/edit.service.ts'
import { addRecording, contentOf, testContext } from '../testing/corpus.ts'
import { createAnnotationService } from './annotation.service.ts'

function setup() {
  const context = testContext()
  const { recordingId } = addRecording(context.db)
  const editing = createEditing(context)
  const annotations = createAnnotationService(context, { editing })
  const tier = (name: string, stereotype: Stereotype = 'none', parentId: TierId | null = null) =>
    annotations.createTier({ recordingId, name, stereotype, parentId }).id
  const gloss = tier('Gloss')
  const below = {
    part: tier('Part', 'included-in', gloss),
    fill: tier('Fill', 'time-subdivision', gloss),
    word: tier('Word', 'symbolic-subdivision', gloss),
    meaning: tier('Meaning', 'symbolic-association', gloss),
  }
  const add = (tierId: TierId, startMs: number, endMs: number, value = ''): AnnotationId =>
    annotations.create({ tierId, startMs, endMs, value }).id
  const shown = () =>
    Object.fromEntries(
      [['gloss', gloss] as const, ...Object.entries(below)].map(([name, id]) => [
        name,
        annotations
          .list({ recordingId })
          .filter(({ tierId }) => tierId === id)
          .map(({ startMs, endMs, value }) => `${startMs}-${endMs} ${value}`)
          .join(' | '),
      ]),
    )
  return { context, editing, annotations, gloss, below, add, shown }
}

test('a split cuts aligned children, and merging brings the whole back', () => {
  const { annotations, gloss, below, add, shown } = setup()
  const id = add(gloss, 1000, 2000, 'P')
  add(below.part, 1100, 1300, 'a')
  add(below.part, 1400, 1800, 'b')
  add(below.fill, 1000, 2000, 'c')
  add(below.word, 1000, 2000, 'w')
  add(below.meaning, 1000, 2000, 'm')

  const halves = annotations.split({ annotationId: id, atMs: 1500 })

  expect(halves.map(({ startMs, endMs, value }) => [startMs, endMs, value])).toEqual([
    [1000, 1500, 'P'],
    [1500, 2000, 'P'],
  ])
  expect(shown()).toEqual({
    gloss: '1000-1500 P | 1500-2000 P',
    part: '1100-1300 a | 1400-1500 b | 1500-1800 b',
    fill: '1000-1500 c | 1500-2000 c',
    word: '1000-1500 w',
    meaning: '1000-1500 m',
  })
  expect(annotations.mergeNext({ annotationId: id, separator: '+' }).value).toBe('P+P')
  expect(shown()).toEqual({
    gloss: '1000-2000 P+P',
    part: '1100-1300 a | 1400-1500 b | 1500-1800 b',
    fill: '1000-1500 c | 1500-2000 c',
    word: '1000-2000 w',
    meaning: '1000-2000 m',
  })
})

test('merging over a gap closes it on tiers without gaps and joins what may only be once', () => {
  const { annotations, gloss, below, add, shown, editing, context } = setup()
  const id = add(gloss, 0, 100, 'A')
  add(gloss, 200, 300, 'B')
  add(below.fill, 0, 100, 'x')
  add(below.fill, 200, 300, 'y')
  add(below.word, 0, 100, 'u')
  add(below.word, 200, 300, 'v')
  add(below.meaning, 0, 100, 'm')
  add(below.meaning, 200, 300, 'n')
  const before = contentOf(context.db)
  annotations.mergeNext({ annotationId: id, separator: ' ' })
  expect(shown()).toEqual({
    gloss: '0-300 A B',
    part: '',
    fill: '0-200 x | 200-300 y',
    word: '0-150 u | 150-300 v',
    meaning: '0-300 m n',
  })
  expect(() => annotations.mergeNext({ annotationId: id, separator: ' ' })).toThrow('no next one')
  editing.undo()
  expect(contentOf(context.db)).toEqual(before)
})

test('a member of a symbolic subdivision splits into two; a one-to-one annotation does not', () => {
  const { annotations, gloss, below, add, shown } = setup()
  add(gloss, 0, 300, 'P')
  const word = add(below.word, 0, 300, 'w')
  add(below.word, 0, 300, 'x')
  const meaning = add(below.meaning, 0, 300, 'm')
  annotations.split({ annotationId: word, atMs: 0 })
  expect(shown()['word']).toBe('0-100 w | 100-200 w | 200-300 x')
  annotations.mergeNext({ annotationId: word, separator: '' })
  expect(shown()['word']).toBe('0-150 ww | 150-300 x')
  expect(() => annotations.split({ annotationId: meaning, atMs: 100 })).toThrow('Split the parent')
  expect(() => annotations.mergeNext({ annotationId: meaning, separator: '' })).toThrow('no next one')
})

test('a duplicate stands behind the first one or where it is wanted', () => {
  const { annotations, gloss, add, shown } = setup()
  const id = add(gloss, 0, 100, 'A')
  annotations.duplicate({ annotationId: id })
  annotations.duplicate({ annotationId: id, atMs: 500 })
  expect(shown()['gloss']).toBe('0-100 A | 100-200 A | 500-600 A')
  expect(() => annotations.duplicate({ annotationId: id, atMs: 50 })).toThrow('overlap')
})

test('a split may give each part its own text, as one step', () => {
  const { editing, annotations, gloss, add, shown } = setup()
  const annotationId = add(gloss, 1000, 2000, 'im westen regen')
  const edits = editing.history().length

  const parts = annotations.split({ annotationId, atMs: 1400, values: ['im westen', 'regen'] })

  expect(parts.map(({ value }) => value)).toEqual(['im westen', 'regen'])
  expect([shown()['gloss'], editing.history().length]).toEqual([
    '1000-1400 im westen | 1400-2000 regen',
    edits + 1,
  ])
  editing.undo()
  expect(shown()['gloss']).toBe('1000-2000 im westen regen')
})
