import type { Upos } from '#shared/domain/pos.ts'

export type PosKind = 'noun' | 'verb' | 'quality' | 'pointer' | 'function'

const KINDS: Partial<Record<Upos, PosKind>> = {
  NOUN: 'noun',
  PROPN: 'noun',
  VERB: 'verb',
  AUX: 'verb',
  ADJ: 'quality',
  ADV: 'quality',
  PRON: 'pointer',
  NUM: 'pointer',
}

/** Four colours are told apart at a glance; the part of speech itself is written beside. */
export function kindOfPos(pos: Upos | null): PosKind {
  return (pos && KINDS[pos]) ?? 'function'
}
