import type { Defect } from '../defect.ts'
import type { Span } from '../spread-times.ts'

/**
 * A transcript in CHAT, the format of TalkBank and CHILDES (B. MacWhinney, The CHILDES Project, "Tools for Analyzing
 * Talk", part 1: the CHAT transcription format).
 */
export interface ChatTranscript {
  /** Those in front of the first utterance, without @UTF8, @Begin and @End. */
  headers: ChatHeader[]
  utterances: ChatUtterance[]
}

export interface ChatHeader {
  /** With its @. */
  name: string
  /** Empty for headers that stand alone. */
  value: string
}

/** A main line with its dependent lines. */
export interface ChatUtterance {
  /** Behind the asterisk: `CHI`. */
  speaker: string
  text: string
  /** Of its time mark; null where it has none. */
  span: Span | null
  dependents: ChatLine[]
}

export interface ChatLine {
  /** Behind the per cent sign: `mor`. */
  code: string
  text: string
}

/** What was read, with what could not be taken over. */
export interface ReadChat extends ChatTranscript {
  defects: Defect[]
  /** Headers between and behind utterances, such as @Comment and @G. */
  remarks: number
  /** Time marks inside of utterances and in dependent lines. */
  innerMarks: number
  /** Lines that belong to nothing. */
  strayLines: number
}

/** Time marks stand between two of these: ASCII's NAK. */
export const BULLET = '\u0015'
