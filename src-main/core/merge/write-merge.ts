import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationId, RecordingId, TierId } from '#shared/contract/ids.ts'
import {
  findAnnotation,
  findTier,
  findTypeOf,
  listTiers,
  nextTierOrdinal,
} from '../annotation/annotation.queries.ts'
import { write } from '../annotation/placement.ts'
import { findTypeNamed } from '../annotation/tier-type.queries.ts'
import type { CorpusContext } from '../context.ts'
import type { EditTransaction } from '../edit/edit.service.ts'
import { valueOnTier } from '../vocabulary/tier-value.ts'
import type { Item, MergeDocument, MergeTier } from './merge-types.ts'
import type { Matches, Operation } from './three-way.ts'

interface Work {
  db: CorpusContext['db']
  tx: EditTransaction
  /** Ids of tiers by their keys. */
  tiers: Map<string, TierId>
  /** Ids here of annotations of the other copy. */
  homes: Map<string, AnnotationId>
}

interface Merged {
  recordingId: RecordingId
  ours: MergeDocument
  theirs: MergeDocument
  matches: Matches
}

/** Carries the operations out: what goes first, then what moves, then what is new, each below its parent. */
export function writeMerge(
  { db, tx }: Pick<Work, 'db' | 'tx'>,
  operations: readonly Operation[],
  merged: Merged,
): void {
  const work: Work = { db, tx, tiers: tierIds(db, merged), homes: homesOf(merged.matches) }
  const depth = depths(merged)
  const inOrder = (a: { tier: string; startMs: number }, b: { tier: string; startMs: number }) =>
    (depth.get(a.tier) ?? 0) - (depth.get(b.tier) ?? 0) || a.startMs - b.startMs
  const ours = new Map(merged.ours.items.map(item => [item.id, item]))
  for (const operation of operations) {
    const id = operation.kind === 'remove' ? annotationId(operation.id) : null
    // Its parent may have taken it along.
    if (id !== null && findAnnotation(db, id)) tx.remove('annotation', id)
  }
  const updates = operations.flatMap(each =>
    each.kind === 'update' ? [{ ...(ours.get(each.id) as Item), ...each.to }] : [],
  )
  for (const item of updates.sort(inOrder)) update(work, item)
  for (const tier of merged.theirs.tiers) ensureTier(work, merged, tier)
  const additions = operations.flatMap(each => (each.kind === 'add' ? [each.item] : []))
  for (const item of additions.sort(inOrder)) add(work, item)
}

function tierIds(db: Work['db'], { recordingId, ours }: Merged): Map<string, TierId> {
  const byName = new Map(listTiers(db, recordingId).map(({ id, name }) => [name, id]))
  return new Map(
    ours.tiers.flatMap(({ key, name }) => {
      const id = byName.get(name)
      return id === undefined ? [] : [[key, id] as const]
    }),
  )
}

function homesOf({ ours, theirs }: Matches): Map<string, AnnotationId> {
  const homes = new Map<string, AnnotationId>()
  for (const [baseId, id] of theirs) {
    const here = ours.get(baseId)
    if (here !== undefined) homes.set(id, annotationId(here))
  }
  return homes
}

/** How many tiers are above each. */
function depths({ ours, theirs }: Merged): Map<string, number> {
  const parents = new Map([...theirs.tiers, ...ours.tiers].map(({ key, parent }) => [key, parent]))
  const depthOf = (key: string | null): number => (key === null ? -1 : 1 + depthOf(parents.get(key) ?? null))
  return new Map([...parents.keys()].map(key => [key, depthOf(key)]))
}

function update({ db, tx }: Work, item: Item): void {
  const now = findAnnotation(db, annotationId(item.id))
  const tier = now && findTier(db, now.tierId)
  if (!now || !tier) return
  if (now.startMs !== item.startMs || now.endMs !== item.endMs) write(db, tx, now, item)
  if (now.value === item.value) return
  const { value, entryId } = valueOnTier(db, tier, { value: item.value })
  tx.update('annotation', now.id, { value, entry_id: entryId })
}

/** Tiers of the other copy that are not here come after those that are. */
function ensureTier({ db, tx, tiers }: Work, { recordingId }: Merged, tier: MergeTier): void {
  if (tiers.has(tier.key)) return
  const parentId = tier.parent === null ? null : (tiers.get(tier.parent) ?? null)
  const id = tx.insert('tier', {
    recording_id: recordingId,
    parent_id: parentId,
    type_id: typeOf({ db, tx }, tier),
    name: tier.name,
    ordinal: nextTierOrdinal(db, recordingId),
    participant: tier.participant,
    annotator: tier.annotator,
    language: tier.language,
  })
  tiers.set(tier.key, id as TierId)
}

function typeOf({ db, tx }: Pick<Work, 'db' | 'tx'>, { typeName, stereotype }: MergeTier): number {
  const named = typeName === '' ? undefined : findTypeNamed(db, typeName)
  if (named && named.stereotype === stereotype) return named.id
  const known = findTypeOf(db, stereotype)
  return (
    known ??
    tx.insert('tier_type', {
      name: named ? `${typeName} (${stereotype})` : typeName || stereotype,
      stereotype,
    })
  )
}

function add(work: Work, item: Item): void {
  const { db, tx } = work
  const tier = findTier(db, work.tiers.get(item.tier) as TierId)
  if (!tier) throw new Error(`There is no tier for ${item.tier}.`)
  const parentId = item.parentId === null ? null : (work.homes.get(item.parentId) ?? null)
  if (tier.parentId !== null && (parentId === null || !findAnnotation(db, parentId)))
    throw new AppError(
      'conflict',
      `“${item.value}” on “${tier.name}” hangs on an annotation that this merge does not keep. Answer the question about that annotation differently.`,
      { details: { tier: tier.name, startMs: item.startMs } },
    )
  const { value, entryId } = valueOnTier(db, tier, { value: item.value })
  const span = { start_ms: item.startMs, end_ms: item.endMs }
  const id = tx.insert('annotation', {
    tier_id: tier.id,
    parent_id: parentId,
    ...span,
    value,
    entry_id: entryId,
  })
  work.homes.set(item.id, id as AnnotationId)
}

function annotationId(id: string): AnnotationId {
  return Number(id) as AnnotationId
}
