import type { CtcClip } from '../ctc-file.ts'

/** One output of one system, as a file has it. */
export interface PredictionEntry {
  file: string
  /** Counted from 1; null where the format has no lines (a pickle). */
  line: number | null
  /** Empty where the file has one system and does not name it. */
  system: string
  /** Empty where lines are counted. */
  name: string
  /** Other names of the same clip, for instance its video. */
  aliases: readonly string[]
  text: string
  references: readonly string[]
  score: number | null
  /** What a recogniser with CTC said of each step, where the text was read from that. */
  lattice: CtcClip | null
  /** Why this row is of no use. */
  problem: string | null
}

/** A judgement of one output, or of a whole document where there is no segment. */
export interface PredictionRating {
  file: string
  line: number
  annotator: string
  system: string
  /** Empty for a judgement of a document. */
  name: string
  document: string
  /** 0–100. */
  value: number
  /** Milliseconds since 1970. */
  ratedAt: number
}

export function predictionEntry(
  place: { file: string; line: number | null },
  facts: Partial<PredictionEntry>,
): PredictionEntry {
  return {
    system: '',
    name: '',
    aliases: [],
    text: '',
    references: [],
    score: null,
    lattice: null,
    problem: null,
    ...facts,
    ...place,
  }
}
