import type { Tier, TierType } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { expect, test } from 'vitest'
import { parentChoices, typeChoices } from './tier-task.ts'

const tier = (id: number, parentId: number | null = null, isSentenceView = false) =>
  ({ id, parentId, isSentenceView }) as Tier
const tiers = [tier(1), tier(2, 1), tier(3, 2), tier(4), tier(9, null, true)]

test('a tier may hang on any tier but itself, its descendants and the sentences', () => {
  expect(
    [parentChoices(tiers, 1 as TierId), parentChoices(tiers, null)].map(list => list.map(({ id }) => id)),
  ).toEqual([[4], [1, 2, 3, 4]])
})

test('types fit the parent, and rules without a type are offered as they are', () => {
  const types = [
    { id: 5, name: 'gloss', stereotype: 'none' },
    { id: 6, name: 'meaning', stereotype: 'symbolic-association' },
  ] as TierType[]
  expect([typeChoices(types, false), typeChoices(types, true)]).toEqual([
    [types[0]],
    [
      { stereotype: 'included-in', id: null },
      { stereotype: 'time-subdivision', id: null },
      { stereotype: 'symbolic-subdivision', id: null },
      types[1],
    ],
  ])
})
