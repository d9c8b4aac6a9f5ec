import type { T5Tokenizer } from './t5-tokenizer.ts'

/** A word of a generated sentence and the tokens it is made of. */
export interface TokenWord {
  /** Characters of the sentence, the last not included. */
  from: number
  to: number
  /** Positions among the generated tokens, both included. */
  firstToken: number
  lastToken: number
}

/**
 * The words of a sentence by the rules of its language (also for scripts without spaces).
 * `ids`: the generated tokens without the start token; `language`: BCP 47.
 */
export function tokenWords(
  text: string,
  ids: readonly number[],
  tokenizer: Pick<T5Tokenizer, 'decode'>,
  language: string,
): TokenWord[] {
  const ends = ids.map((_, at) => Math.min(text.length, tokenizer.decode(ids.slice(0, at + 1)).length))
  const words: TokenWord[] = []
  for (const { index, segment, isWordLike } of segmenter(language).segment(text)) {
    if (!isWordLike) continue
    const to = index + segment.length
    const firstToken = ends.findIndex(end => end > index)
    const reaching = ends.findIndex(end => end >= to)
    if (firstToken === -1) continue
    words.push({ from: index, to, firstToken, lastToken: reaching === -1 ? ends.length - 1 : reaching })
  }
  return words
}

function segmenter(language: string): Intl.Segmenter {
  const known = /^[a-z]{2,3}(-|$)/i.test(language) ? language : 'und'
  return new Intl.Segmenter(known, { granularity: 'word' })
}
