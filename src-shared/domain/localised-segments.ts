/** Cells of a localisation as segments of time (Sign2GPT, Wong et al. 2024, figure 4). */

/** What the release's figure shows a pseudo-gloss at. */
export const LOCALISATION_THRESHOLD = 0.2

/** Neighbouring cells in which one word is the strongest and reaches the threshold. */
export interface LocalisedSegment {
  word: string
  /** Column of the matrix. */
  column: number
  /** Both included. */
  firstCell: number
  lastCell: number
  /** The strongest of its cells. */
  score: number
  /** Their sum; with E, the share of the word that lies here. */
  mass: number
}

export interface LocalisedSegments {
  /** In the order of time; they share no cell. */
  segments: LocalisedSegment[]
  /** Words that are nowhere the strongest and strong enough, in the order of the columns. */
  missed: string[]
}

/**
 * In each cell the strongest word counts, where it reaches the threshold; where two are equally strong, the first.
 *
 * @param matrix [cells][words]
 */
export function localisedSegments(
  matrix: readonly (readonly number[])[],
  words: readonly string[],
  threshold: number,
): LocalisedSegments {
  const segments: LocalisedSegment[] = []
  for (const [cell, row] of matrix.entries()) {
    const column = strongest(row)
    const score = row[column] ?? -Infinity
    const word = words[column]
    if (word === undefined || score < threshold) continue
    const last = segments.at(-1)
    if (last?.column === column && last.lastCell === cell - 1) {
      last.lastCell = cell
      last.score = Math.max(last.score, score)
      last.mass += score
    } else segments.push({ word, column, firstCell: cell, lastCell: cell, score, mass: score })
  }
  const found = new Set(segments.map(({ column }) => column))
  return { segments, missed: words.filter((_, column) => !found.has(column)) }
}

function strongest(row: readonly number[]): number {
  let best = 0
  for (const [column, value] of row.entries()) if (value > (row[best] ?? -Infinity)) best = column
  return best
}
