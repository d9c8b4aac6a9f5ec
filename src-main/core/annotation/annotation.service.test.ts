import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { LinkedAnnotation, STEREOTYPES, Tier, type Stereotype } from '#shared/contract/annotation.ts'
import { AppError } from '#shared/contract/errors.ts'
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
  const add = (tierId: TierId, startMs: number, endMs: number, value = '') =>
    annotations.create({ tierId, startMs, endMs, value }).id
  const spans = (tierId: TierId) =>
    annotations
      .list({ recordingId })
      .filter(annotation => annotation.tierId === tierId)
      .map(({ startMs, endMs, value }) => `${startMs}-${endMs} ${value}`.trim())
  const label = () => editing.state().undo?.label
  return { context, db: context.db, recordingId, editing, annotations, tier, add, spans, label }
}

const failure = (code: string, message: string) =>
  expect.objectContaining({ code, message: expect.stringContaining(message) })

test('creates, renames and removes tiers, and undo brings back all that went', () => {
  const { db, recordingId, annotations, tier, add, editing, label, spans } = setup()
  const gloss = tier('Gloss')
  const meaning = tier('Meaning', 'symbolic-association', gloss)
  add(gloss, 100, 500, 'SONNE')
  add(meaning, 100, 500, 'sun')
  const before = contentOf(db)
  const tiers = annotations.tiers(recordingId)
  expect(tiers).toEqual(tiers.map(found => Tier.parse(found)))
  expect(
    tiers.map(({ name, typeName, stereotype, parentId, ordinal }) => [
      name,
      typeName,
      stereotype,
      parentId,
      ordinal,
    ]),
  ).toEqual([
    ['Gloss', 'default', 'none', null, 0],
    ['Meaning', 'symbolic-association', 'symbolic-association', gloss, 1],
  ])

  annotations.removeTier(gloss)
  expect([label(), annotations.tiers(recordingId), annotations.list({ recordingId })]).toEqual([
    'Remove tier Gloss with a tier below it and 2 annotations',
    [],
    [],
  ])
  editing.undo()
  expect(contentOf(db)).toEqual(before)
  expect(spans(meaning)).toEqual(['100-500 sun'])
  expect(annotations.renameTier({ tierId: meaning, name: 'Sinn' }).name).toBe('Sinn')
  expect(label()).toBe('Rename tier Meaning to Sinn')
})

test('a tier needs a free name, and a parent exactly when its rule says so', () => {
  const { annotations, tier, recordingId, db } = setup()
  const gloss = tier('Gloss')
  const other = addRecording(db, 'rec-2').recordingId
  expect(() => tier('Gloss')).toThrow(failure('conflict', 'already is a tier “Gloss”'))
  expect(() => tier('B', 'included-in')).toThrow(failure('invalid-input', 'needs a parent'))
  expect(() => tier('B', 'none', gloss)).toThrow(failure('invalid-input', 'needs a rule'))
  expect(() =>
    annotations.createTier({ recordingId: other, name: 'B', stereotype: 'included-in', parentId: gloss }),
  ).toThrow(failure('invalid-input', 'another recording'))
  expect(() => annotations.renameTier({ tierId: tier('B'), name: 'Gloss' })).toThrow(
    failure('conflict', 'already'),
  )
  expect(() => annotations.removeTier(99 as TierId)).toThrow(failure('not-found', 'has been removed'))
  expect(annotations.tiers(recordingId).map(({ name }) => name)).toEqual(['Gloss', 'B'])
})

test('annotations of a tier share no time', () => {
  const { annotations, tier, add, spans } = setup()
  const gloss = tier('Gloss')
  const sun = add(gloss, 1000, 2000, 'SONNE')
  add(gloss, 2000, 3000, 'REGEN')
  expect(() => add(gloss, 1999, 2500)).toThrow(
    failure('conflict', 'overlap “SONNE” (0:01.00–0:02.00) on the tier “Gloss”'),
  )
  expect(() => annotations.update({ annotationId: sun, endMs: 2001 })).toThrow(
    failure('conflict', 'overlap “REGEN”'),
  )
  expect(() => add(gloss, 500, 500)).toThrow(failure('invalid-input', 'end after it begins'))
  expect(() => add(gloss, -1, 500)).toThrow(failure('invalid-input', 'before the recording'))
  add(tier('Other'), 1500, 2500, 'X')
  expect(spans(gloss)).toEqual(['1000-2000 SONNE', '2000-3000 REGEN'])
})

test('edits are told in words and undone one by one', () => {
  const { context, annotations, tier, add, editing, spans, label } = setup()
  const gloss = tier('Gloss')
  const other = tier('Other')
  const id = add(gloss, 0, 100, 'SONNE')
  const labels = [label()]
  const update = (change: Partial<Parameters<typeof annotations.update>[0]>) => {
    const updated = annotations.update({ annotationId: id, ...change })
    expect(updated).toEqual(LinkedAnnotation.parse(updated))
    labels.push(label())
  }
  update({ startMs: 50, endMs: 150 })
  update({ value: 'REGEN' })
  update({ tierId: other })
  annotations.remove([id])
  labels.push(label())
  add(gloss, 0, 100)
  labels.push(label())
  expect(labels).toEqual([
    'Create annotation SONNE',
    'Move annotation SONNE',
    'Change annotation SONNE to REGEN',
    'Move annotation REGEN to Other',
    'Remove annotation REGEN',
    'Create annotation on Gloss',
  ])
  editing.undo()
  editing.undo()
  expect(spans(other)).toEqual(['50-150 REGEN'])
  for (let n = 0; n < 3; n++) editing.undo()
  expect(spans(gloss)).toEqual(['0-100 SONNE'])
  expect(new Set(context.announced.map(({ kind }) => kind))).toEqual(new Set(['tier', 'annotation', 'edit']))
})

test('removes many at once as one edit', () => {
  const { annotations, tier, add, editing, spans, label } = setup()
  const gloss = tier('Gloss')
  const meaning = tier('Meaning', 'symbolic-association', gloss)
  const ids = [add(gloss, 0, 10, 'A'), add(gloss, 10, 20, 'B'), add(meaning, 0, 10, 'a')]
  annotations.remove(ids)
  expect([label(), spans(gloss), spans(meaning)]).toEqual(['Remove 3 annotations', [], []])
  editing.undo()
  expect([spans(gloss), spans(meaning)]).toEqual([['0-10 A', '10-20 B'], ['0-10 a']])
})

test('lists what a time range shows, with the spans that reach into it', () => {
  const { db, annotations, recordingId, tier, add } = setup()
  const gloss = tier('Gloss')
  for (const at of [0, 1000, 2000, 3000]) add(gloss, at, at + 900, `at ${at}`)
  const shown = (fromMs?: number, toMs?: number) =>
    annotations.list({ recordingId, fromMs, toMs }).map(({ startMs }) => startMs)
  expect([shown(), shown(1500, 2001), shown(900, 1000), shown(3800)]).toEqual([
    [0, 1000, 2000, 3000],
    [1000, 2000],
    [],
    [3000],
  ])
  const plan = db
    .prepare(
      `EXPLAIN QUERY PLAN SELECT annotation.id FROM tier CROSS JOIN annotation ON annotation.tier_id = tier.id
       WHERE tier.recording_id = 1 AND annotation.start_ms < 10 AND annotation.end_ms > 5`,
    )
    .all() as { detail: string }[]
  expect(plan.map(({ detail }) => detail).join('\n')).toContain('annotation_tier (tier_id=? AND start_ms<?)')
})

test('included-in: inside the parent, with gaps; the parent cuts and carries', () => {
  const { annotations, tier, add, spans } = setup()
  const gloss = tier('Gloss')
  const part = tier('Part', 'included-in', gloss)
  const parent = add(gloss, 1000, 2000, 'P')
  add(part, 1100, 1300, 'a')
  const b = add(part, 1500, 2000, 'b')
  expect(() => add(part, 900, 1100)).toThrow(
    failure('invalid-input', 'inside one on its parent tier “Gloss”'),
  )
  expect(() => add(part, 1200, 1400)).toThrow(failure('conflict', 'overlap “a”'))
  expect(() => annotations.update({ annotationId: b, endMs: 2100 })).toThrow(
    failure('invalid-input', 'inside one'),
  )
  annotations.update({ annotationId: parent, endMs: 1800 })
  expect(spans(part)).toEqual(['1100-1300 a', '1500-1800 b'])
  expect(() => annotations.update({ annotationId: parent, endMs: 1400 })).toThrow(
    failure('conflict', 'cut off “b” on the tier “Part”'),
  )
  expect(() => annotations.update({ annotationId: parent, tierId: tier('Free') })).toThrow(
    failure('conflict', 'hang on “P”'),
  )
})

test('time-subdivision: no gaps, edges move together', () => {
  const { annotations, tier, add, spans, editing } = setup()
  const gloss = tier('Gloss')
  const part = tier('Part', 'time-subdivision', gloss)
  const parent = add(gloss, 1000, 2000, 'P')
  const a = add(part, 1200, 1300, 'a')
  expect(spans(part)).toEqual(['1000-2000 a'])
  const b = add(part, 1600, 2000, 'b')
  add(part, 1600, 1700, 'c')
  expect(spans(part)).toEqual(['1000-1600 a', '1600-1700 c', '1700-2000 b'])
  expect(() => add(part, 1100, 1200)).toThrow(failure('invalid-input', 'has no gaps'))
  annotations.update({ annotationId: a, endMs: 1650 })
  expect(spans(part)).toEqual(['1000-1650 a', '1650-1700 c', '1700-2000 b'])
  expect(() => annotations.update({ annotationId: a, endMs: 1700 })).toThrow(failure('conflict', 'no room'))
  expect(() => annotations.update({ annotationId: b, endMs: 1900 })).toThrow(
    failure('invalid-input', 'outer edges'),
  )
  annotations.remove([a])
  expect(spans(part)).toEqual(['1000-1700 c', '1700-2000 b'])
  annotations.remove([b])
  expect(spans(part)).toEqual(['1000-2000 c'])
  annotations.update({ annotationId: parent, startMs: 500, endMs: 1500 })
  expect(spans(part)).toEqual(['500-1500 c'])
  while (editing.state().undo) editing.undo()
  expect(spans(part)).toEqual([])
})

test('symbolic tiers take their time from the parent', () => {
  const { annotations, tier, add, spans } = setup()
  const gloss = tier('Gloss')
  const meaning = tier('Meaning', 'symbolic-association', gloss)
  const word = tier('Word', 'symbolic-subdivision', gloss)
  const parent = add(gloss, 1000, 2000, 'P')
  add(meaning, 1500, 1600, 'm')
  const first = add(word, 1000, 1001, 'x')
  add(word, 1000, 1001, 'y')
  add(word, 1000, 1001, 'z')
  expect([spans(meaning), spans(word)]).toEqual([
    ['1000-2000 m'],
    ['1000-1333 x', '1333-1667 y', '1667-2000 z'],
  ])
  expect(() => add(meaning, 1500, 1600)).toThrow(
    failure('conflict', '“P” already has an annotation on “Meaning”: “m”'),
  )
  expect(() => add(meaning, 2500, 2600)).toThrow(failure('invalid-input', 'inside one'))
  expect(() => annotations.update({ annotationId: first, endMs: 1100 })).toThrow(
    failure('invalid-input', 'Move the parent'),
  )
  annotations.update({ annotationId: parent, endMs: 1300 })
  annotations.remove([first])
  expect([spans(meaning), spans(word)]).toEqual([['1000-1300 m'], ['1000-1150 y', '1150-1300 z']])
})

test('whatever is tried, the rules hold and undo leads back', () => {
  const step = fc.record({
    act: fc.constantFrom('add', 'add', 'move', 'remove'),
    pick: fc.nat(500),
    at: fc.nat(1000),
    length: fc.integer({ min: 1, max: 300 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), steps => {
      const { db, recordingId, annotations, tier, editing } = setup()
      const gloss = tier('Gloss')
      const tiers = [gloss, ...STEREOTYPES.slice(1).map(rule => tier(rule, rule, gloss))]
      const start = contentOf(db)
      const edits = editing.history().length
      for (const { act, pick, at, length } of steps) {
        const all = annotations.list({ recordingId })
        const chosen = all[pick % Math.max(1, all.length)]?.id as AnnotationId | undefined
        const tierId = tiers[pick % tiers.length] as TierId
        try {
          if (act === 'add') annotations.create({ tierId, startMs: at, endMs: at + length, value: `${pick}` })
          else if (!chosen) continue
          else if (act === 'move')
            annotations.update({ annotationId: chosen, startMs: at, endMs: at + length })
          else annotations.remove([chosen])
        } catch (error) {
          if (!(error instanceof AppError)) throw error
        }
      }
      checkRules(annotations.list({ recordingId }), annotations.tiers(recordingId))
      while (editing.history().filter(edit => !edit.isUndone).length > edits) editing.undo()
      expect(contentOf(db)).toEqual(start)
    }),
    { numRuns: 60 },
  )
})

function checkRules(all: LinkedAnnotation[], tiers: Tier[]): void {
  for (const tier of tiers) {
    const own = all.filter(({ tierId }) => tierId === tier.id)
    own.forEach((one, n) => expect(one.startMs).toBeGreaterThanOrEqual(own[n - 1]?.endMs ?? 0))
    if (tier.parentId === null) continue
    for (const parent of all.filter(({ tierId }) => tierId === tier.parentId)) {
      const inside = own.filter(child => child.startMs >= parent.startMs && child.endMs <= parent.endMs)
      const covered = inside.reduce((sum, child) => sum + child.endMs - child.startMs, 0)
      if (tier.stereotype !== 'included-in' && inside.length > 0)
        expect(covered).toBe(parent.endMs - parent.startMs)
    }
    const homeless = own.filter(
      child =>
        !all.some(
          parent =>
            parent.tierId === tier.parentId && parent.startMs <= child.startMs && parent.endMs >= child.endMs,
        ),
    )
    expect(homeless).toEqual([])
  }
}
