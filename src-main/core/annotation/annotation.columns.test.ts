import { expect, test } from 'vitest'
import { type Stereotype, TierColumns } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { createEditing } from '../edit/edit.service.ts'
import { addRecording, testContext } from '../testing/corpus.ts'
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
  return { context, editing, annotations, tier, add }
}

/** What a column of the wire says. */
function numbers(column: string): number[] {
  const bytes = Buffer.from(column, 'base64')
  return Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readUInt32LE(at * 4))
}

test('columns say what the list says, and leave out tiers that are gone', () => {
  const { annotations, tier, add } = setup()
  const gloss = tier('Gloss')
  const part = tier('Part', 'included-in', gloss)
  const late = add(gloss, 2000, 3000, 'REGEN')
  const early = add(gloss, 0, 1000, 'SONNE')
  add(gloss, 4000, 70_000_000, 'SONNE')
  const inside = add(part, 2100, 2200)
  const columns = annotations.columns([gloss, 99 as TierId, part])
  expect(columns).toEqual(columns.map(each => TierColumns.parse(each)))
  expect(
    columns.map(each => ({
      count: each.count,
      ids: numbers(each.ids).slice(0, 2),
      spans: [numbers(each.startsMs), numbers(each.endsMs)],
      parents: numbers(each.parentIds),
      values: numbers(each.values).map(at => each.texts[at]),
    })),
  ).toEqual([
    {
      count: 3,
      ids: [early, late],
      spans: [
        [0, 2000, 4000],
        [1000, 3000, 70_000_000],
      ],
      parents: [0, 0, 0],
      values: ['SONNE', 'REGEN', 'SONNE'],
    },
    { count: 1, ids: [inside], spans: [[2100], [2200]], parents: [late], values: [''] },
  ])
})

test('a change names the tiers that it touched, also when it is undone', () => {
  const { context, annotations, tier, add, editing } = setup()
  const gloss = tier('Gloss')
  const part = tier('Part', 'included-in', gloss)
  const other = tier('Other')
  const parent = add(gloss, 1000, 2000)
  add(part, 1800, 2000)
  add(other, 0, 100)
  const touched = (act: () => unknown) => {
    const from = context.announced.length
    act()
    return context.announced
      .slice(from)
      .find(({ kind }) => kind === 'annotation')
      ?.tierIds?.sort()
  }
  expect([
    touched(() => annotations.update({ annotationId: parent, value: 'A' })),
    touched(() => annotations.update({ annotationId: parent, endMs: 1900 })),
    touched(() => editing.undo()),
    touched(() => annotations.removeTier(gloss)),
  ]).toEqual([[gloss], [gloss, part], [gloss, part], [gloss, part]])
})
