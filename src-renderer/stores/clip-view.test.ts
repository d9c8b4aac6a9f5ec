import { expect, test } from 'vitest'
import { clientOf, inApp } from '../testing/test-core.ts'
import { useClipView } from './clip-view.ts'

test('lifts a condition that is emptied, but keeps the split without a name', () => {
  const { result: view } = inApp(clientOf({}), useClipView)
  view.narrow({ text: 'sonne', state: 'flagged' })
  view.narrow({ text: '' })
  expect([view.filter, view.isFiltered]).toEqual([{ state: 'flagged' }, true])
  view.narrow({ state: undefined, split: '' })
  expect(view.filter).toEqual({ split: '' })
})

test('turns the order around when the same column is chosen again', () => {
  const { result: view } = inApp(clientOf({}), useClipView)
  view.sortBy('bleu')
  view.sortBy('bleu')
  expect(view.query).toEqual({ filter: {}, sort: 'bleu', descending: true })
  view.sortBy('name')
  expect(view.query).toEqual({ filter: {}, sort: 'name', descending: false })
})
