/** A stretch of a text that the cursor stops at: code points, `to` not included. */
export interface Word {
  from: number
  to: number
}

/** A run of so many signs without a space is no word: the script writes none. */
const LONGEST_WORD = 24

/** The words of a text, or its signs where a script has no spaces. */
export function wordsOf(text: string): Word[] {
  const signs = [...text]
  const words: Word[] = []
  signs.forEach((sign, at) => {
    if (/\s/u.test(sign)) return
    const last = words.at(-1)
    if (last?.to === at) last.to = at + 1
    else words.push({ from: at, to: at + 1 })
  })
  const isUnspaced = words.some(({ from, to }) => to - from > LONGEST_WORD) || /\p{Script=Han}/u.test(text)
  if (!isUnspaced) return words
  return signs.flatMap((sign, at) => (/\s/u.test(sign) ? [] : [{ from: at, to: at + 1 }]))
}
