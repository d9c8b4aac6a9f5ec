import type { Upos } from '#shared/domain/pos.ts'

export interface Token {
  surface: string
  lemma: string
  pos: Upos
  /** The tagger was nearly as much for another part of speech, or guessed. */
  isUnsure: boolean
}

/** Cuts a sentence into words and says what they are. */
export type Tagger = (sentence: string) => Token[]
