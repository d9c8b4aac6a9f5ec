import type { LinkedAnnotation, TierColumns } from '#shared/contract/annotation.ts'
import type { AppError } from '#shared/contract/errors.ts'
import type { AnnotationId, TierId } from '#shared/contract/ids.ts'
import { expect, test } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import type { Api } from '../../../api/client.ts'
import { itemAt, type Track } from './track.ts'
import { useTracks } from './use-tracks.ts'

const [A, B] = [1 as TierId, 2 as TierId]

function columnsOf(tierId: TierId, rows: readonly LinkedAnnotation[]): TierColumns {
  const column = (of: (row: LinkedAnnotation) => number) =>
    btoa(String.fromCharCode(...new Uint8Array(Uint32Array.from(rows, of).buffer)))
  return {
    tierId,
    count: rows.length,
    ids: column(({ id }) => id),
    startsMs: column(({ startMs }) => startMs),
    endsMs: column(({ endMs }) => endMs),
    parentIds: column(({ parentId }) => parentId ?? 0),
    texts: rows.map(({ value }) => value),
    values: btoa(String.fromCharCode(...new Uint8Array(Uint32Array.from(rows.keys()).buffer))),
  }
}

const note = (id: number, tierId: TierId, value: string): LinkedAnnotation => ({
  id: id as AnnotationId,
  tierId,
  startMs: id * 100,
  endMs: id * 100 + 50,
  value,
  parentId: null,
  entryId: null,
})

/** A core that holds rows and notes what it is asked. */
async function setup() {
  const rows = new Map(
    [note(1, A, 'eins'), note(2, A, 'zwei'), note(3, B, 'drei')].map(each => [each.id, each]),
  )
  const asked: string[] = []
  const annotation = {
    columns: ({ tierIds }: { tierIds: TierId[] }) => {
      asked.push(`tiers ${tierIds.join(' ')}`)
      const on = (tierId: TierId) => [...rows.values()].filter(row => row.tierId === tierId)
      return Promise.resolve(tierIds.map(tierId => columnsOf(tierId, on(tierId))))
    },
    some: ({ annotationIds }: { annotationIds: AnnotationId[] }) => {
      asked.push(`annotations ${annotationIds.join(' ')}`)
      return Promise.resolve(annotationIds.flatMap(id => rows.get(id) ?? []))
    },
  }
  const error = shallowRef<AppError>()
  const tracks = effectScope().run(() => useTracks({ annotation } as unknown as Api, error))!
  const texts = () =>
    [...tracks.tracks.value.values()].map((track: Track) =>
      Array.from({ length: track.length }, (_, at) => itemAt(track, at).value),
    )
  tracks.keep([A, B])
  await settle()
  asked.length = 0
  return { rows, asked, tracks, texts }
}

async function settle(): Promise<void> {
  for (let n = 0; n < 20; n++) await nextTick()
}

test('asks for the annotations that an edit touched, and for no tier', async () => {
  const { rows, asked, tracks, texts } = await setup()
  rows.set(1 as AnnotationId, note(1, B, 'eins, jetzt hier'))
  rows.delete(2 as AnnotationId)
  tracks.markTouched([1, 2] as AnnotationId[], [A, B])
  await tracks.reload()
  expect({ asked, texts: texts() }).toEqual({
    asked: ['annotations 1 2'],
    texts: [[], ['eins, jetzt hier', 'drei']],
  })
})

test('asks for nothing after an edit of another recording', async () => {
  const { asked, tracks } = await setup()
  tracks.markTouched([9] as AnnotationId[], [7 as TierId])
  await tracks.reload()
  expect(asked).toEqual([])
})

test('reads a tier whole that was changed here while the answer was on its way', async () => {
  const { rows, asked, tracks, texts } = await setup()
  rows.set(1 as AnnotationId, note(1, A, 'neu'))
  tracks.markTouched([1] as AnnotationId[], [A])
  const reloaded = tracks.reload()
  tracks.patch(A, track => track)
  await reloaded
  expect({ asked, texts: texts() }).toEqual({
    asked: ['annotations 1', 'tiers 1'],
    texts: [['neu', 'zwei'], ['drei']],
  })
})
