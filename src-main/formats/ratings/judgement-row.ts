import type { ErrorMark, RatingProtocol } from '#shared/domain/rating-protocols.ts'

/** One person's judgement of one output, as rating files hold it. */
export interface JudgementRow {
  system: string
  /** The clip's name. Files that count segments of a document may mean any of these. */
  segments: readonly string[]
  /** The text that was judged; null where the file does not say it. */
  text: string | null
  annotator: string
  /** On the scale of the protocol; null where errors alone are marked. */
  value: number | null
  marks: readonly ErrorMark[]
  /** Milliseconds since 1970; 0 where the file does not say it. */
  startedAt: number
  finishedAt: number
  kind: 'judge' | 'repeat' | 'check'
  place: { line: number }
}

export interface RatingFile {
  protocol: RatingProtocol
  rows: JudgementRow[]
  /** What is no judgement, with the reason. */
  skipped: { line: number; reason: string }[]
  /** What the file holds and the corpus has no place for. */
  losses: string[]
}

export interface WrittenRatings {
  text: string
  /** What the judgements hold and the file has no place for. */
  losses: string[]
}

export interface RatingsToWrite {
  name: string
  protocol: RatingProtocol
  /** ISO 639-3 of the signing and of the text, as the formats want them; empty: unknown. */
  signLanguage: string
  textLanguage: string
  rows: readonly JudgementRow[]
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

export function marksIn(rows: readonly JudgementRow[]): number {
  return rows.reduce((sum, { marks }) => sum + marks.length, 0)
}
