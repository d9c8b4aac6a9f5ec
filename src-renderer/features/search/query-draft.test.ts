import { parseQuery, printQuery } from '#shared/domain/search-text.ts'
import { expect, test } from 'vitest'
import { draftOf, newQuery, queryOf } from './query-draft.ts'

test.each([
  '"sonne"w tier:"Gloss R" longer:200 from:0',
  'in:references,glosses -/^a/c',
  'tier:Gloss* then * then "REGEN"',
  '"a" not overlaps (tier:Mouthing) before<=500ms ("b"v) after<=3 (type:gloss)',
])('the fields show every part of %s', text => {
  const query = queryOf(draftOf(parseQuery(text)))
  expect(query && printQuery(query)).toBe(text)
})

test('nothing is searched before something is asked', () => {
  expect(queryOf(newQuery())).toBeNull()
  expect(queryOf({ ...newQuery(), text: 'a' })?.text?.text).toBe('a')
})
