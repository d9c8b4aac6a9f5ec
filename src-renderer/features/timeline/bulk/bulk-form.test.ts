import type { AnnotationId, RecordingId, TierId } from '#shared/contract/ids.ts'
import { BulkOperation } from '#shared/contract/annotation-bulk.ts'
import { expect, test } from 'vitest'
import { BULK_KINDS, type BulkForm, type BulkPlace, freshForm, operationOf } from './bulk-form.ts'

const place: BulkPlace = {
  recordingId: 1 as RecordingId,
  tierId: 2 as TierId,
  chosen: [7 as AnnotationId, 8 as AnnotationId],
  span: { startMs: 0, endMs: 5000 },
  playheadMs: 1000.4,
}
const full: Partial<BulkForm> = {
  text: 'SONNE',
  replacement: 'MOND',
  fromTierId: 3 as TierId,
  toTierId: 4 as TierId,
}
const built = (kind: BulkForm['kind'], change: Partial<BulkForm> = {}) =>
  operationOf({ ...freshForm(kind, place), ...full, ...change }, place)

test('every operation is one that the core takes', () => {
  for (const kind of BULK_KINDS) expect(BulkOperation.safeParse(built(kind)).error).toBeUndefined()
})

test('an operation that lacks something is none yet', () => {
  expect([
    built('replace', { text: '' }),
    built('shift', { byMs: Number.NaN }),
    built('regular', { intervalMs: 0 }),
    built('overlaps', { fromTierId: place.tierId }),
    operationOf(freshForm('copy', place), { ...place, chosen: [] }),
  ]).toEqual([null, null, null, null, null])
})

test('the scope is what it is called', () => {
  expect([built('shift', { scope: 'after' }), built('remove-empty', { scope: 'chosen' })]).toEqual([
    { kind: 'shift', scope: { kind: 'after', recordingId: 1, fromMs: 1000 }, byMs: 40 },
    { kind: 'remove-empty', scope: { kind: 'annotations', annotationIds: [7, 8] } },
  ])
})
