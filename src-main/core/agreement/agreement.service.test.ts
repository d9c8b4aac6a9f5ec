import { AgreementInput } from '#shared/contract/agreement.ts'
import type { RecordingId, TierId } from '#shared/contract/ids.ts'
import { expect, test } from 'vitest'
import { memoryDatabase } from '../../db/open.ts'
import type { WriteDb } from '../../db/types.ts'
import { addRecording, testContext } from '../testing/corpus.ts'
import { createAgreementService } from './agreement.service.ts'

type Row = readonly [startMs: number, endMs: number, value: string]

const TYPES = new WeakMap<WriteDb, number>()

function addTier(
  db: WriteDb,
  recordingId: RecordingId,
  tier: { name: string; annotator?: string },
  rows: readonly Row[],
): TierId {
  const typeId =
    TYPES.get(db) ??
    Number(
      db.prepare(`INSERT INTO tier_type (name, stereotype) VALUES ('gloss', 'none')`).run().lastInsertRowid,
    )
  TYPES.set(db, typeId)
  const id = db
    .prepare(`INSERT INTO tier (recording_id, type_id, name, ordinal, annotator) VALUES (?, ?, ?, 0, ?)`)
    .run(recordingId, typeId, tier.name, tier.annotator ?? '').lastInsertRowid as TierId
  const insert = db.prepare(`INSERT INTO annotation (tier_id, start_ms, end_ms, value) VALUES (?, ?, ?, ?)`)
  for (const row of rows) insert.run(id, ...row)
  return id
}

const ADA: Row[] = [
  [0, 1000, 'SONNE'],
  [1000, 2000, 'REGEN'],
  [3000, 4000, 'WIND'],
]
const BEN: Row[] = [
  [0, 1000, 'SONNE'],
  [1200, 2000, 'SCHNEE'],
  [6000, 7000, 'WIND'],
]

function setup() {
  const db = memoryDatabase()
  const { recordingId } = addRecording(db, 'monday')
  const first = addTier(db, recordingId, { name: 'Gloss@A', annotator: 'Ada' }, ADA)
  const second = addTier(db, recordingId, { name: 'Gloss@B', annotator: 'Ben' }, BEN)
  const agreement = createAgreementService(testContext(db))
  const ask = (selection: object, more: object = {}) => AgreementInput.parse({ selection, ...more })
  return { db, recordingId, first, second, agreement, ask }
}

const BY_NAME = { by: 'name', names: ['Gloss@A', 'Gloss@B'] }

test('says what can be compared', () => {
  const { agreement } = setup()
  expect(agreement.choices({ separator: '@' })).toEqual([
    { by: 'suffix', name: 'Gloss', raters: ['A', 'B'], recordings: 1 },
    { by: 'name', name: 'Gloss@A', raters: ['Gloss@A'], recordings: 1 },
    { by: 'name', name: 'Gloss@B', raters: ['Gloss@B'], recordings: 1 },
    { by: 'annotator', name: 'gloss', raters: ['Ada', 'Ben'], recordings: 1 },
  ])
})

test('measures by name, suffix and annotator alike', async () => {
  const { agreement, ask } = setup()
  const byName = await agreement.measure(ask(BY_NAME))
  const figure = (name: string) => byName.values.find(each => each.figure === name)
  expect(figure('overlap-f1')?.value).toBeCloseTo(4 / 6)
  expect(figure('labelled-f1')?.value).toBeCloseTo(2 / 6)
  // Ends at 1000 and 2000, and the begin at 0.
  expect(figure('boundary-f1')?.value).toBeCloseTo(6 / 12)
  // SONNE with SONNE and REGEN with SCHNEE: p_o = 1/2, p_e = 1/4.
  expect(figure('cohen-matched')?.value).toBeCloseTo(1 / 3)
  expect(byName.curve.map(({ f1 }) => f1)).toEqual([...Array.from({ length: 8 }, () => 4 / 6), 2 / 6])
  expect(byName.disagreements).toEqual({ 'missing-first': 1, 'missing-second': 1, label: 1, boundary: 1 })
  expect(byName.confusion.labels).toEqual(['SONNE', 'WIND', 'REGEN', 'SCHNEE', null])
  expect(byName.confusion.counts).toEqual([
    [1, 0, 0, 0, 0],
    [0, 0, 0, 0, 1],
    [0, 0, 0, 1, 0],
    [0, 0, 0, 0, 0],
    [0, 1, 0, 0, 0],
  ])

  const bySuffix = await agreement.measure(ask({ by: 'suffix', names: ['Gloss'] }))
  const byAnnotator = await agreement.measure(ask({ by: 'annotator' }))
  expect([bySuffix.values, byAnnotator.values]).toEqual([byName.values, byName.values])
})

test('lists what two raters disagree on, with both annotations and by how much', async () => {
  const { agreement, ask, recordingId, first, second } = setup()
  const query = {
    ...ask(BY_NAME),
    kinds: ['label', 'missing-second', 'boundary'] as const,
    offset: 0,
    limit: 10,
  }
  const { total, rows } = await agreement.disagreements(query)
  expect(total).toBe(3)
  expect(rows.map(({ kind, first: a, second: b }) => [kind, a?.value ?? null, b?.value ?? null])).toEqual([
    ['label', 'REGEN', 'SCHNEE'],
    ['boundary', 'REGEN', 'SCHNEE'],
    ['missing-second', 'WIND', null],
  ])
  expect(rows[1]).toEqual({
    kind: 'boundary',
    recordingId,
    recording: 'monday',
    firstTier: 'Gloss@A',
    secondTier: 'Gloss@B',
    first: { annotationId: 2, tierId: first, startMs: 1000, endMs: 2000, value: 'REGEN' },
    second: { annotationId: 5, tierId: second, startMs: 1200, endMs: 2000, value: 'SCHNEE' },
    beginByMs: 200,
    endByMs: 0,
  })
  const cell = await agreement.disagreements({ ...query, kinds: ['missing-second'], labels: ['WIND', null] })
  expect(cell.total).toBe(1)
})

test('three raters have κ of Fleiss over all, and the pairs one by one', async () => {
  const { db, recordingId, agreement, ask } = setup()
  addTier(db, recordingId, { name: 'Gloss@C' }, ADA)
  const report = await agreement.measure(ask({ by: 'suffix' }))
  expect(report.pairs.map(({ name }) => name)).toEqual(['A – B', 'A – C', 'B – C'])
  const same = report.pairs[1]!.values.find(({ figure }) => figure === 'cohen-time')
  expect(same?.value).toBe(1)
  const fleiss = report.values.find(({ figure }) => figure === 'fleiss-time')?.value
  expect(fleiss).toBeGreaterThan(0.5)
  expect(fleiss).toBeLessThan(1)
  expect(report.comparisons).toBe(3)
})

test('texts are scored where they are sentences, and BLEU of single glosses is undefined', async () => {
  const { db, recordingId, agreement, ask } = setup()
  addTier(db, recordingId, { name: 'Satz@A' }, [[0, 1000, 'heute scheint die Sonne im Norden']])
  addTier(db, recordingId, { name: 'Satz@B' }, [[0, 1000, 'heute scheint die Sonne im Süden']])
  const of = async (name: string) => {
    const { values } = await agreement.measure(ask({ by: 'suffix', names: [name] }))
    return values.filter(({ figure }) => figure === 'bleu' || figure === 'wer')
  }
  // One of six words differs: 5/6 · 4/5 · 3/4 · 2/3 are the n-gram precisions.
  expect(await of('Satz')).toMatchObject([
    { figure: 'bleu', value: expect.closeTo(100 * ((5 * 4 * 3 * 2) / (6 * 5 * 4 * 3)) ** 0.25, 6) },
    { figure: 'wer', value: expect.closeTo(100 / 6, 6) },
  ])
  expect(await of('Gloss')).toMatchObject([
    { value: null, undefinedBecause: 'too-short' },
    { figure: 'wer', value: 50 },
  ])
})

test('tiers without annotations are undefined with the reason', async () => {
  const { db, agreement, ask } = setup()
  const { recordingId } = addRecording(db, 'empty')
  addTier(db, recordingId, { name: 'x@A' }, [])
  addTier(db, recordingId, { name: 'x@B' }, [])
  const { values } = await agreement.measure(ask({ by: 'suffix', names: ['x'] }))
  expect([...new Set(values.map(({ value }) => value))]).toEqual([null])
  expect(values.find(({ figure }) => figure === 'overlap-f1')?.undefinedBecause).toBe('no-annotations')
})

test('says what to do where there is nothing to compare', async () => {
  const { agreement, ask } = setup()
  await expect(agreement.measure(ask({ by: 'name', names: ['Gloss@A'] }))).rejects.toMatchObject({
    code: 'not-found',
  })
})
