import { expect, test } from 'vitest'
import { createEditing } from '../edit/edit.service.ts'
import { testContext } from '../testing/corpus.ts'
import { createTierLayout } from './tier-layout.ts'

test('the layout of the tiers is kept in the corpus, apart from its edits', () => {
  const context = testContext()
  expect(createTierLayout(context).read()).toEqual({
    height: 'medium',
    hidden: [],
    collapsed: [],
    colours: {},
  })

  const layout = {
    height: 'low' as const,
    hidden: ['Mouthing'],
    collapsed: ['Gloss'],
    colours: { Gloss: '#00a0a0' },
  }
  createTierLayout(context).save(layout)

  expect(createTierLayout(context).read()).toEqual(layout)
  expect(createEditing(context).state().undo).toBeNull()
})
