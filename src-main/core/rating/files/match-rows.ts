import type { ReadDb } from '../../../db/types.ts'
import type { JudgementRow, RatingFile } from '../../../formats/ratings/judgement-row.ts'
import { findOutput, hasRun, type OutputRow } from './rating-files.queries.ts'

export interface MatchedRow extends OutputRow {
  row: JudgementRow
}

export interface MatchedRatings {
  rows: MatchedRow[]
  skipped: RatingFile['skipped']
}

/** Finds the output that each judgement is about: its system by the name of a run, its segment by that of a clip. */
export function matchRows(db: ReadDb, { rows }: RatingFile): MatchedRatings {
  const matched: MatchedRatings = { rows: [], skipped: [] }
  for (const row of rows) {
    const { system, segments, place, text } = row
    const found = segments.map(name => findOutput(db, system, name)).find(output => output !== undefined)
    if (!found) {
      const reason = hasRun(db, system)
        ? `${system} has no output for ${segments[0]}.`
        : `There is no run named ${system}.`
      matched.skipped.push({ line: place.line, reason })
    } else matched.rows.push({ ...found, text: text ?? found.text, row })
  }
  return matched
}
