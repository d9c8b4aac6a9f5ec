/** Equal up to white space around them and the Unicode form of letters. */
export function isSameText(a: string, b: string): boolean {
  return a.trim().normalize('NFC') === b.trim().normalize('NFC')
}

/** The same words: what differs is case, punctuation or white space, as between a corpus and its tokenised copy. */
export function isSameWords(a: string, b: string): boolean {
  return wordsOf(a) === wordsOf(b)
}

/** What is left of a sentence without case, punctuation and white space. */
export function wordsOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\p{P}\p{S}\p{Z}\s]+/gu, '')
}

/**
 * Where two lists of sentences stop fitting because lines were lost or added: `line` is the place in `theirs`
 * (from 0), `by` how many lines it is moved from there on. Null where moving does not make it fit.
 */
export function findShift(
  ours: readonly string[][],
  theirs: readonly string[],
): { line: number; by: number } | null {
  const fits = (at: number, by: number) => {
    const text = theirs[at]
    return text !== undefined && (ours[at + by] ?? []).some(own => isSameWords(own, text))
  }
  const line = theirs.findIndex((_, at) => !fits(at, 0))
  if (line < 0) return null
  const wanted = Math.min(5, theirs.length - line - 1)
  if (wanted < 2) return null
  for (const by of [1, -1, 2, -2, 3, -3]) {
    // A line that was lost shows at once; one that was added shows behind itself.
    const from = by > 0 ? line : line - by
    if (Array.from({ length: wanted }, (_, step) => fits(from + step, by)).every(Boolean)) return { line, by }
  }
  return null
}
