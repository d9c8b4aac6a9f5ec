/**
 * Scores as Appraise exports them: eleven columns without a header,
 * `username,system,itemid,itemtype,srclang,trglang,score,documentid,isdocumentlevelscore,timestart,timeend`.
 * Raters see documents in pieces of ten segments: `srf.2`, item 3 is segment 24 of `srf`
 * (WMT-SLT 2023, human evaluation; the last piece may be shorter).
 */
import { readCsv } from '../csv.ts'
import type { PredictionRating } from './prediction-entry.ts'
import { wmtClipName } from './wmt-xml.ts'

const COLUMNS = 11
const PIECE = 10

export interface AppraiseScores {
  ratings: PredictionRating[]
  /** Rows that are no score, with the reason. */
  skipped: { line: number; reason: string }[]
}

export function isAppraiseRow(cells: readonly string[]): boolean {
  return cells.length === COLUMNS && /^(?:True|False)$/.test(cells[8] ?? '') && /^\d+$/.test(cells[2] ?? '')
}

/** `WMT23SLTSegA.scores.csv` is of rater A; other files are told apart by the user names in them. */
export function raterOfFile(fileName: string): string | null {
  return /(?:Seg|Doc)([A-Z])\.scores\.csv$/.exec(fileName)?.[1] ?? null
}

export function readAppraiseScores(bytes: Uint8Array, file: string, rater: string | null): AppraiseScores {
  const table = readCsv(bytes, { file, delimiter: ',' })
  const found: AppraiseScores = { ratings: [], skipped: [] }
  for (const { line, cells } of [...table.rows, ...table.ragged].sort((a, b) => a.line - b.line)) {
    if (cells[0] === 'username') continue
    const reason = problemOf(cells)
    if (reason) found.skipped.push({ line, reason })
    else found.ratings.push(ratingOf(cells, { file, line }, rater))
  }
  return found
}

function problemOf(cells: readonly string[]): string | null {
  if (!isAppraiseRow(cells)) return `The row is no score of Appraise: it has not the ${COLUMNS} columns.`
  if (cells[3] !== 'TGT') return `The item is of type ${cells[3]}: a check on the rater, not a judgement.`
  const value = Number(cells[6])
  return Number.isInteger(value) && value >= 0 && value <= 100
    ? null
    : `The score ${cells[6]} is not in 0–100.`
}

function ratingOf(
  cells: readonly string[],
  place: { file: string; line: number },
  rater: string | null,
): PredictionRating {
  const [user = '', system = '', item = '', , , , score = '', document = '', isDocument, start = ''] = cells
  const [, name = document, piece = '0'] = /^(.*)\.(\d+)$/.exec(document) ?? []
  const segment = Number(piece) * PIECE + Number(item) + 1
  return {
    ...place,
    annotator: rater ?? user,
    system,
    name: isDocument === 'True' ? '' : wmtClipName(name, segment),
    document,
    value: Number(score),
    ratedAt: Math.round(Number(start) * 1000) || 0,
  }
}
