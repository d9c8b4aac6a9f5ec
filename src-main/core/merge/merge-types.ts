import type { Stereotype } from '#shared/contract/annotation.ts'

/** What an annotation says, and when. */
export interface Side {
  startMs: number
  endMs: number
  value: string
}

/** An annotation in one copy; ids are those of its copy. */
export interface Item extends Side {
  id: string
  /** Key of its tier, the same in all copies. */
  tier: string
  parentId: string | null
}

export interface MergeTier {
  key: string
  name: string
  stereotype: Stereotype
  typeName: string
  /** Key of the parent tier. */
  parent: string | null
  participant: string
  annotator: string
  language: string
}

export interface MergeDocument {
  tiers: MergeTier[]
  items: Item[]
}

export function sameFacts(a: Side, b: Side): boolean {
  return a.startMs === b.startMs && a.endMs === b.endMs && a.value === b.value
}

export function overlaps(a: Pick<Side, 'startMs' | 'endMs'>, b: Pick<Side, 'startMs' | 'endMs'>): boolean {
  return a.startMs < b.endMs && b.startMs < a.endMs
}
