import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { expect, test } from 'vitest'
import { trackFrom } from '../document/track.ts'
import { moveTo } from './navigation.ts'

const [right, left] = [1 as TierId, 2 as TierId]
const note = (id: number, tierId: TierId, startMs: number, endMs: number) =>
  ({ id, tierId, startMs, endMs, value: '' }) as Annotation
const a = note(10, right, 0, 500)
const b = note(11, right, 600, 900)
const c = note(12, left, 550, 1000)
const tiers = [{ id: right }, { id: left }]
const tracks = new Map([
  [right, trackFrom(right, [a, b])],
  [left, trackFrom(left, [c])],
])
const at = (item: Annotation | null, timeMs = 0) => ({ tierId: item?.tierId ?? right, item, timeMs })

test('goes along a tier and stops at its ends', () => {
  expect([
    moveTo('next', at(a), tiers, tracks).item,
    moveTo('previous', at(b), tiers, tracks).item,
    moveTo('next', at(b), tiers, tracks).item,
    moveTo('previous', at(a), tiers, tracks).item,
  ]).toEqual([b, a, b, a])
})

test('crosses to what is at the same time on the next tier', () => {
  expect([moveTo('down', at(b), tiers, tracks).item, moveTo('up', at(c), tiers, tracks).item]).toEqual([c, a])
})

test('starts from the play head when nothing is picked', () => {
  expect(moveTo('next', at(null, 550), tiers, tracks).item).toEqual(b)
})

test('a recording without tiers leads nowhere', () => {
  expect(moveTo('down', { tierId: null, item: null, timeMs: 5 }, [], new Map())).toEqual({
    tierId: null,
    item: null,
    timeMs: 5,
  })
})
