/** What a tagger looks at: the word, its beginning and end, its neighbours and the two tags before it. */

/** Facts of one word form, worked out once. */
export interface WordFacts {
  id: number
  /** Of the last one to five letters, the first one to four; 0 where the word is too short. */
  suffixes: Uint32Array
  prefixes: Uint32Array
  shape: number
}

const SUFFIXES = 5
const PREFIXES = 4
export const MOST_FEATURES = 40
/** The ids of what stands before the first and after the last word. */
const OUTSIDE: readonly string[] = ['\u0002', '\u0003']

/** FNV-1a over UTF-16 code units. */
function hash(text: string, from = 0, to = text.length): number {
  let value = 0x811c9dc5
  for (let at = from; at < to; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value >>> 0
}

/** One number out of two, with all bits mixed (the end of MurmurHash3). */
function mix(kind: number, value: number): number {
  let mixed = Math.imul(value ^ Math.imul(kind, 0x9e3779b1), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

function shapeOf(word: string): number {
  const hasDigit = /\p{Nd}/u.test(word) ? 1 : 0
  const hasLetter = /\p{L}/u.test(word) ? 2 : 0
  const hasHyphen = word.includes('-') ? 4 : 0
  const isUpper = /^\p{Lu}/u.test(word) ? 8 : 0
  const isAllUpper = word.length > 1 && word === word.toUpperCase() && isUpper > 0 ? 16 : 0
  return hasDigit | hasLetter | hasHyphen | isUpper | isAllUpper
}

export function wordFacts(word: string): WordFacts {
  const { length } = word
  const suffixes = new Uint32Array(SUFFIXES)
  for (let size = 1; size <= SUFFIXES && size <= length; size++)
    suffixes[size - 1] = hash(word, length - size)
  const prefixes = new Uint32Array(PREFIXES)
  for (let size = 1; size <= PREFIXES && size <= length; size++) prefixes[size - 1] = hash(word, 0, size)
  return { id: hash(word), suffixes, prefixes, shape: shapeOf(word) }
}

const [BEFORE, AFTER] = OUTSIDE.map(wordFacts) as [WordFacts, WordFacts]

/**
 * Writes the features of word `at` into `out`.
 *
 * @param tags of the words before; -1 stands for none
 * @returns how many there are
 */
export function posFeatures(
  words: readonly WordFacts[],
  at: number,
  tags: { last: number; beforeLast: number; hasWord: boolean },
  out: Uint32Array,
): number {
  const word = words[at] ?? AFTER
  const left = words[at - 1] ?? BEFORE
  const right = words[at + 1] ?? AFTER
  const left2 = words[at - 2] ?? BEFORE
  const right2 = words[at + 2] ?? AFTER
  const last = tags.last + 2
  const both = last * 32 + tags.beforeLast + 2
  let n = 0
  out[n++] = mix(1, 0)
  if (tags.hasWord) out[n++] = mix(2, word.id)
  for (let size = 0; size < SUFFIXES; size++) {
    const suffix = word.suffixes[size] ?? 0
    if (suffix !== 0) out[n++] = mix(10 + size, suffix)
  }
  for (let size = 0; size < PREFIXES; size++) {
    const prefix = word.prefixes[size] ?? 0
    if (prefix !== 0) out[n++] = mix(20 + size, prefix)
  }
  out[n++] = mix(3, word.shape)
  out[n++] = mix(4, left.id)
  out[n++] = mix(5, right.id)
  out[n++] = mix(6, left2.id)
  out[n++] = mix(7, right2.id)
  out[n++] = mix(30, left.suffixes[1] ?? 0)
  out[n++] = mix(31, left.suffixes[2] ?? 0)
  out[n++] = mix(32, right.suffixes[1] ?? 0)
  out[n++] = mix(33, right.suffixes[2] ?? 0)
  out[n++] = mix(34, right.shape)
  out[n++] = mix(40, last)
  out[n++] = mix(41, both)
  out[n++] = mix(42, mix(last, word.suffixes[2] ?? word.id))
  out[n++] = mix(43, mix(last, right.id))
  out[n++] = mix(44, mix(last, right.suffixes[1] ?? 0))
  if (tags.hasWord) out[n++] = mix(45, mix(last, word.id))
  out[n++] = mix(46, mix(left.id, right.id))
  out[n++] = mix(47, mix(right.suffixes[1] ?? 0, word.suffixes[1] ?? 0))
  return n
}
