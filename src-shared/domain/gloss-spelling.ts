/** Glosses of tiers and words of models are seldom spelled alike: KUESTE and küste are one word. */

const DIGRAPHS: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' }

/** The same for spellings of one word: regardless of case, and of umlauts that are written with two letters. */
export function foldedWord(word: string): string {
  return caseless(word).replaceAll(/[äöüß]/gu, letter => DIGRAPHS[letter] ?? letter)
}

/** Not by the rules of the machine's language: “I” is “i” in Turkey, too. */
function caseless(word: string): string {
  return word.normalize('NFC').trim().toLowerCase()
}

/** Whether they differ in more than case. */
export function isSpelledOtherwise(a: string, b: string): boolean {
  return caseless(a) !== caseless(b)
}

/** Finds words by another spelling; of several the nearest: as it is, in another case, with other umlauts. */
export function spellingIndex(words: readonly string[]): (spelling: string) => string | undefined {
  const known = new Map<string, string>()
  for (const key of [foldedWord, caseless, String]) for (const word of words) known.set(key(word), word)
  return spelling => known.get(spelling) ?? known.get(caseless(spelling)) ?? known.get(foldedWord(spelling))
}
