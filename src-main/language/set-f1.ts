/** Of sets of pseudo-glosses, sentence by sentence, as the training of Sign2GPT uses them. */
export interface SetCounts {
  both: number
  onlyGuess: number
  onlyTruth: number
}

export function countSets(counts: SetCounts, truth: Iterable<string>, guess: Iterable<string>): void {
  const wanted = new Set(truth)
  const found = new Set(guess)
  for (const gloss of found)
    if (wanted.has(gloss)) counts.both += 1
    else counts.onlyGuess += 1
  for (const gloss of wanted) if (!found.has(gloss)) counts.onlyTruth += 1
}

/** Micro F1 over all sentences; 1 where there was nothing to find and nothing was found. */
export function setF1({ both, onlyGuess, onlyTruth }: SetCounts): number {
  const all = 2 * both + onlyGuess + onlyTruth
  return all === 0 ? 1 : (2 * both) / all
}
