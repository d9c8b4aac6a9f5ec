import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type SearchQuery, SearchQuery as SearchQuerySchema } from '../contract/search.ts'
import { parseQuery, printQuery, QuerySyntaxError } from './search-text.ts'

test('reads a query with everything in it', () => {
  const text =
    'in:annotations,references "so \\"n"wc tier:"Gloss R" longer:200 from:1000 then * then -/^W\\/x/ within ("regen" tier:Sentence) not before<=500ms (tier:Mouthing) after<=2 ("A"v)'
  expect(parseQuery(text)).toEqual({
    sources: ['annotations', 'references'],
    text: { text: 'so "n', match: 'word', isCaseSensitive: true, isNegated: false },
    tier: 'Gloss R',
    leastMs: 200,
    fromMs: 1000,
    next: [null, { text: '^W/x', match: 'regex', isCaseSensitive: false, isNegated: true }],
    relations: [
      {
        relation: 'within',
        isNegated: false,
        term: {
          sources: ['annotations'],
          text: { text: 'regen', match: 'plain', isCaseSensitive: false, isNegated: false },
          tier: 'Sentence',
        },
      },
      {
        relation: 'before',
        isNegated: true,
        mostMs: 500,
        term: { sources: ['annotations'], tier: 'Mouthing' },
      },
      {
        relation: 'after',
        isNegated: false,
        mostSteps: 2,
        term: {
          sources: ['annotations'],
          text: { text: 'A', match: 'whole', isCaseSensitive: false, isNegated: false },
        },
      },
    ],
  })
  expect(printQuery(parseQuery(text))).toBe(text)
})

test.each([
  ['"sonne', 0],
  ['"a" tier:', 9],
  ['"a" longer:x', 11],
  ['"a" within ("b"', 15],
  ['"a" never', 4],
])('says where it does not understand %s', (text, at) => {
  expect(() => parseQuery(text)).toThrow(QuerySyntaxError)
  try {
    parseQuery(text)
  } catch (error) {
    expect((error as QuerySyntaxError).at).toBe(at)
  }
})

const words = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
const texts = fc.record({
  text: words.filter(text => !text.includes('\\')),
  match: fc.constantFrom('plain' as const, 'word' as const, 'whole' as const, 'regex' as const),
  isCaseSensitive: fc.boolean(),
  isNegated: fc.boolean(),
})
const lengths = fc.integer({ min: 0, max: 100_000 })
const terms = fc.record(
  {
    sources: fc.constantFrom(['annotations' as const], ['references' as const, 'glosses' as const]),
    text: texts,
    tier: words,
    participant: words,
    leastMs: lengths,
    toMs: lengths,
  },
  { requiredKeys: ['sources'] },
)
const relations = fc.record(
  {
    relation: fc.constantFrom('overlaps' as const, 'before' as const),
    isNegated: fc.boolean(),
    mostMs: lengths,
    term: terms,
  },
  { requiredKeys: ['relation', 'isNegated', 'term'] },
)

test('prints whatever it can read', () => {
  const queries = fc
    .tuple(terms, fc.array(fc.option(texts), { maxLength: 3 }), fc.array(relations, { maxLength: 3 }))
    .map(([term, next, related]): SearchQuery =>
      SearchQuerySchema.parse({ ...term, next, relations: related }),
    )
  fc.assert(
    fc.property(queries, query => {
      expect(parseQuery(printQuery(query))).toEqual(query)
    }),
  )
})
