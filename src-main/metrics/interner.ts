/** Distinct words kept before the numbering starts anew; only words of one segment are ever compared. */
const MAX_WORDS = 1 << 20

/** Words as integers. */
export interface Interner {
  /** Forgets words when there are too many; call it before a segment, never inside one. */
  startSegment: () => void
  idOf: (word: string) => number
}

export function createInterner(): Interner {
  const ids = new Map<string, number>()
  return {
    startSegment() {
      if (ids.size > MAX_WORDS) ids.clear()
    },
    idOf(word) {
      const known = ids.get(word)
      if (known !== undefined) return known
      ids.set(word, ids.size)
      return ids.size - 1
    },
  }
}

/** A sequence of integer tokens in a reusable buffer. */
export interface Tokens {
  buffer: Int32Array<ArrayBuffer>
  length: number
}

export function emptyTokens(): Tokens {
  return { buffer: new Int32Array(64), length: 0 }
}

/** Makes room for so many tokens, forgetting the old ones. */
export function reserve(tokens: Tokens, capacity: number): Int32Array {
  if (tokens.buffer.length < capacity) tokens.buffer = new Int32Array(capacity * 2)
  return tokens.buffer
}

/** Writes words as their numbers. */
export function internWords(interner: Interner, words: readonly string[], into: Tokens): Tokens {
  const buffer = reserve(into, words.length)
  for (let i = 0; i < words.length; i++) buffer[i] = interner.idOf(words[i]!)
  into.length = words.length
  return into
}
