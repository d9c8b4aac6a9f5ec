import type { Defect } from '../defect.ts'
import type { TextEncoding } from '#shared/domain/text-encodings.ts'

/** An SRT or WebVTT file: all of its blocks in their order. */
export interface SubtitleDocument {
  format: 'srt' | 'vtt'
  /** WebVTT: what follows the word WEBVTT, and the lines up to the first empty one. */
  header: string
  blocks: SubtitleBlock[]
  defects: Defect[]
  eol: '\n' | '\r\n'
  encoding: TextEncoding
  hasByteOrderMark: boolean
}

export type SubtitleBlock = SubtitleCue | SubtitleRemark

export interface SubtitleCue {
  kind: 'cue'
  /** The number of an SRT cue; a WebVTT cue may have any name or none. */
  id: string
  startMs: number
  endMs: number
  /** WebVTT's `line:0 align:start`, or the coordinates of some SRT files. */
  settings: string
  /** With its markup. Lines are separated by a line feed. */
  text: string
  line: number
}

/** NOTE, STYLE and REGION blocks of WebVTT, and blocks that are nothing (`stray`). */
export interface SubtitleRemark {
  kind: 'note' | 'style' | 'region' | 'stray'
  text: string
  line: number
}

export function cuesOf({ blocks }: SubtitleDocument): SubtitleCue[] {
  return blocks.filter(block => block.kind === 'cue')
}
