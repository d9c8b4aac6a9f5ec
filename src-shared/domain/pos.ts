/** The parts of speech of Universal Dependencies, version 2. */
export const UPOS = [
  'NOUN',
  'PROPN',
  'VERB',
  'ADJ',
  'ADV',
  'PRON',
  'NUM',
  'ADP',
  'AUX',
  'CCONJ',
  'SCONJ',
  'DET',
  'INTJ',
  'PART',
  'PUNCT',
  'SYM',
  'X',
] as const

export type Upos = (typeof UPOS)[number]

const KNOWN: ReadonlySet<string> = new Set(UPOS)

export function isUpos(text: string): text is Upos {
  return KNOWN.has(text)
}
