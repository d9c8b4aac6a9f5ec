import type { Defect } from '../defect.ts'
import type { Span } from '../spread-times.ts'

/**
 * An interlinear text of SIL FieldWorks (FLEx), as its FlexInterlinear.xsd has it: phrases of words of morphemes, each
 * with items that say what they are (`txt`, `gls`, `pos`, …) and in which writing system.
 */
export interface FlexText {
  /** Of the text as a whole: title, source, comment. */
  items: FlexItem[]
  phrases: FlexPhrase[]
  languages: FlexLanguage[]
  media: FlexMedia[]
}

/** A phrase, a word or a morpheme. */
export interface FlexNode {
  /** Empty where there is none. */
  guid: string
  items: FlexItem[]
  children: FlexNode[]
}

export interface FlexPhrase extends FlexNode {
  speaker: string
  /** Null where the phrase has no times. */
  span: Span | null
  /** The id of the medium that the times are of; empty where the phrase names none. */
  mediaFile: string
}

export interface FlexLanguage {
  code: string
  /** What the texts are in, not what they are explained in. */
  isVernacular: boolean
}

export interface FlexMedia {
  guid: string
  /** Path or address. */
  location: string
}

export interface FlexItem {
  type: string
  /** Writing system: a language tag. */
  language: string
  text: string
}

/** What was read, with what could not be taken over. */
export interface ReadFlex extends FlexText {
  defects: Defect[]
  left: Record<'texts' | 'paragraphs' | 'guids' | 'attributes' | 'elements', number>
}

export const LEVELS = ['phrase', 'word', 'morph'] as const
export type FlexLevel = (typeof LEVELS)[number]

/** ISO 639-3 for a language that nobody named: writing systems have to be. */
export const NO_LANGUAGE = 'und'

/** The kind of a morpheme (stem, prefix …) is an attribute of it and has no writing system. */
export const MORPH_TYPE = 'type'
