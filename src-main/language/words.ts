import type { GlossLanguage } from '#shared/contract/pseudo-gloss.ts'

/**
 * Addresses, numbers with their points and signs, abbreviations of single letters (`z.B.`), words with hyphens and
 * apostrophes inside, runs of the same mark, and everything else sign by sign.
 */
const WORD =
  /https?:\/\/\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[+-]?\p{Nd}+(?:[.,:/]\p{Nd}+)*(?:\.(?=\s+\p{Ll}))?|(?:\p{L}\.){2,}|[\p{L}\p{M}\p{Nd}_]+(?:[-'’][\p{L}\p{M}\p{Nd}_]+)*|([^\s\p{L}\p{Nd}])\1*/gu

/** Of the Penn Treebank and of English UD: `do|n't`, `we|'ll`. */
const ENGLISH_TAIL = /^(.+?)(n['’]t|['’](?:s|re|ve|ll|d|m))$/iu
const ENGLISH_PAIRS = new Map([
  ['cannot', 3],
  ['gonna', 3],
  ['wanna', 3],
  ['gotta', 3],
])

/** The words of a sentence as the treebanks of its language have them; Chinese is not cut. */
export function wordsOf(sentence: string, language: GlossLanguage): string[] {
  const words = sentence.match(WORD) ?? []
  return language === 'en' ? words.flatMap(englishWords) : words
}

function englishWords(word: string): string[] {
  const at = ENGLISH_PAIRS.get(word.toLowerCase())
  if (at !== undefined) return [word.slice(0, at), word.slice(at)]
  const tail = ENGLISH_TAIL.exec(word)
  return tail ? [tail[1] ?? '', tail[2] ?? ''] : [word]
}
