import type { PredictionEntry } from './prediction-entry.ts'
import { predictionEntry } from './prediction-entry.ts'

/**
 * How many parts the lines of a `name|hypothesis` or `name|hypothesis|reference` file have; null for other text.
 * Names have no spaces, which tells them from sentences with a bar in them.
 */
export function pipedParts(lines: readonly string[]): 2 | 3 | null {
  const filled = lines.filter(line => line.trim() !== '')
  if (filled.length === 0) return null
  const named = filled.filter(line => /^[^\s|]+\s*\|/.test(line)).length
  if (named < filled.length * 0.9) return null
  const triples = filled.filter(line => line.split('|').length === 3).length
  return triples > filled.length * 0.9 ? 3 : 2
}

/** The name ends at the first bar; with references the sentence ends at the last one. */
export function readPipedLines(lines: readonly string[], file: string, parts: 2 | 3): PredictionEntry[] {
  return lines.flatMap((content, at) => {
    if (content.trim() === '') return []
    const place = { file, line: at + 1 }
    const first = content.indexOf('|')
    const last = content.lastIndexOf('|')
    if (first < 0 || (parts === 3 && first === last))
      return predictionEntry(place, {
        text: content.trim(),
        problem: `The line has no “|” between ${first < 0 ? 'name and sentence' : 'sentence and reference'}.`,
      })
    const end = parts === 3 ? last : content.length
    return predictionEntry(place, {
      name: content.slice(0, first).trim(),
      text: content.slice(first + 1, end),
      references: parts === 3 ? [content.slice(last + 1).trim()] : [],
    })
  })
}
