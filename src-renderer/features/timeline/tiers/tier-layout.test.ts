import type { Tier } from '#shared/contract/annotation.ts'
import { expect, test } from 'vitest'
import { DEFAULT_LAYOUT, layOutTiers, toggled } from './tier-layout.ts'

const tier = (id: number, name: string, parentId: number | null = null) => ({ id, name, parentId }) as Tier
/** As they were made: a child may be older than its sibling's parent. */
const tiers = [
  tier(1, 'Gloss'),
  tier(2, 'Mouthing'),
  tier(3, 'Handshape', 1),
  tier(4, 'Finger', 3),
  tier(5, 'Meaning', 1),
]
const shown = (layout: Partial<typeof DEFAULT_LAYOUT>) =>
  layOutTiers(tiers, { ...DEFAULT_LAYOUT, ...layout }).map(
    ({ tier: each, depth, isCollapsed }) => `${' '.repeat(depth)}${each.name}${isCollapsed ? ' +' : ''}`,
  )

test('children stand below their parents', () => {
  expect(shown({})).toEqual(['Gloss', ' Handshape', '  Finger', ' Meaning', 'Mouthing'])
})

test('a collapsed tier takes its children with it, a hidden one does not', () => {
  expect([shown({ collapsed: ['Gloss', 'Mouthing'] }), shown({ hidden: ['Handshape'] })]).toEqual([
    ['Gloss +', 'Mouthing'],
    ['Gloss', ' Finger', ' Meaning', 'Mouthing'],
  ])
})

test('a name goes in and out', () => {
  expect([toggled([], 'a'), toggled(['a', 'b'], 'a')]).toEqual([['a'], ['b']])
})
