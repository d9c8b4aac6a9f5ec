import type { Annotation } from '#shared/contract/annotation.ts'

/** The words of a sentence: by white space, or sign by sign in a script that has none. */
export function wordsOf(text: string, language: string): string[] {
  const words = text.split(/\s+/u).filter(Boolean)
  if (words.length !== 1 || !/\p{Script=Han}/u.test(text)) return words
  const segments = new Intl.Segmenter(language || 'zh', { granularity: 'word' }).segment(text)
  return [...segments].filter(({ isWordLike }) => isWordLike).map(({ segment }) => segment)
}

/** Even parts of a span, in whole milliseconds. */
export function evenParts(span: { startMs: number; endMs: number }, parts: number) {
  const length = span.endMs - span.startMs
  return Array.from({ length: parts }, (_, at) => ({
    startMs: Math.round(span.startMs + (length * at) / parts),
    endMs: Math.round(span.startMs + (length * (at + 1)) / parts),
  }))
}

/** Values in the order of how often they occur, then of the alphabet; the empty one is none. */
export function valuesByUse(items: readonly Pick<Annotation, 'value'>[]): string[] {
  const counts = new Map<string, number>()
  for (const { value } of items) if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([value]) => value)
}

/**
 * What a token got most often on a tier below: what interlinear programs call parsing from the lexicon. Pairs are
 * (token, value below).
 */
export function mostFrequent(pairs: Iterable<readonly [token: string, value: string]>): Map<string, string> {
  const counts = new Map<string, Map<string, number>>()
  for (const [token, value] of pairs) {
    if (token === '' || value === '') continue
    const row = counts.get(token) ?? new Map<string, number>()
    counts.set(token, row.set(value, (row.get(value) ?? 0) + 1))
  }
  const best = (row: Map<string, number>) => [...row].sort((a, b) => b[1] - a[1])[0]?.[0] ?? ''
  return new Map([...counts].map(([token, row]) => [token, best(row)]))
}
