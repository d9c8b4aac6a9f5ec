import { expect, test } from 'vitest'
import { whyIncomparable } from './incomparable.ts'

const table = { split: 'test', segments: 642, recipe: 'spamo2025' }
const own = { segments: 642, split: 'test', editedReferences: 0, recipe: 'spamo2025' }

test('even where all is alike the same size proves no same test set', () => {
  expect(whyIncomparable(table, { isQuoted: false }, own)).toEqual([
    { code: 'unproven-test-set', segments: 642 },
  ])
})

test('tells every difference', () => {
  expect(
    whyIncomparable(
      table,
      { isQuoted: false },
      { segments: 20, split: null, editedReferences: 3, recipe: null },
    ),
  ).toEqual([
    { code: 'other-test-set', theirs: 642, own: 20 },
    { code: 'other-split', theirs: 'test', own: null },
    { code: 'other-recipe', theirs: 'spamo2025' },
    { code: 'edited-references', references: 3 },
  ])
})

test('what a paper repeats from another one was computed nobody knows how', () => {
  expect(whyIncomparable(table, { isQuoted: true }, own)).toContainEqual({ code: 'recipe-unknown' })
  expect(whyIncomparable({ split: null, segments: null, recipe: null }, { isQuoted: false }, own)).toEqual([
    { code: 'size-unstated' },
    { code: 'split-unstated' },
    { code: 'recipe-unknown' },
  ])
})
