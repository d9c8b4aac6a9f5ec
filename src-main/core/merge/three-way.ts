import type { Item, MergeDocument, Side } from './merge-types.ts'
import { overlaps, sameFacts } from './merge-types.ts'

/** Where the two copies disagree about what base had, or about who may have a stretch of a tier. */
export interface Conflict {
  id: string
  kind: 'changed' | 'removed-here' | 'removed-there' | 'overlap'
  tier: string
  base: Item | null
  /** What this copy has there; several where they share time with one annotation of the other. */
  ours: Item[]
  theirs: Item | null
  /** What keeping both would give; null where that is not possible. */
  both: Side | null
}

export type Operation =
  | { kind: 'add'; item: Item }
  | { kind: 'update'; id: string; to: Side }
  | { kind: 'remove'; id: string }

export interface MergePlan {
  /** What the other copy did and nothing here speaks against. */
  operations: Operation[]
  conflicts: Conflict[]
}

export interface Matches {
  /** Ids of this copy and of the other one, by those of base. */
  ours: ReadonlyMap<string, string>
  theirs: ReadonlyMap<string, string>
}

interface Work {
  base: MergeDocument
  matches: Matches
  ours: ReadonlyMap<string, Item>
  theirs: ReadonlyMap<string, Item>
  hasOwnWork: { ours: (id: string) => boolean; theirs: (id: string) => boolean }
}

/**
 * Three-way merge of two copies of one document: what only one side changed is taken, begin, end and value each by
 * itself; what both changed differently is a conflict, and so is what would share time on a tier.
 */
export function planMerge(
  base: MergeDocument,
  ours: MergeDocument,
  theirs: MergeDocument,
  matches: Matches,
): MergePlan {
  const work: Work = {
    base,
    matches,
    ours: new Map(ours.items.map(item => [item.id, item])),
    theirs: new Map(theirs.items.map(item => [item.id, item])),
    hasOwnWork: {
      ours: workBelow(base, ours, matches.ours),
      theirs: workBelow(base, theirs, matches.theirs),
    },
  }
  const plan: MergePlan = { operations: [], conflicts: [] }
  for (const item of base.items) mergeItem(work, item, plan)
  dropNested(work, plan)
  addTheirs(work, theirs, plan)
  findOverlaps(work, ours, plan)
  return plan
}

/** Whether something below an item was made or changed in this copy, so that removing the item would lose it. */
function workBelow(
  base: MergeDocument,
  copy: MergeDocument,
  matches: ReadonlyMap<string, string>,
): (id: string) => boolean {
  const baseOf = new Map([...matches].map(([baseId, id]) => [id, baseId]))
  const baseItems = new Map(base.items.map(item => [item.id, item]))
  const parents = new Map(copy.items.map(item => [item.id, item.parentId]))
  const withWork = new Set<string>()
  for (const item of copy.items) {
    const was = baseItems.get(baseOf.get(item.id) ?? '')
    if (was && sameFacts(was, item)) continue
    for (let id = item.parentId; id !== null && !withWork.has(id); id = parents.get(id) ?? null)
      withWork.add(id)
  }
  return id => withWork.has(id)
}

function mergeItem(work: Work, base: Item, plan: MergePlan): void {
  const ours = work.ours.get(work.matches.ours.get(base.id) ?? '')
  const theirs = work.theirs.get(work.matches.theirs.get(base.id) ?? '')
  const conflict = (kind: Conflict['kind'], both: Side | null = null) =>
    plan.conflicts.push({
      id: `${kind} ${base.id}`,
      kind,
      tier: base.tier,
      base,
      ours: ours ? [ours] : [],
      theirs: theirs ?? null,
      both,
    })
  if (!ours && theirs) {
    if (!sameFacts(base, theirs) || work.hasOwnWork.theirs(theirs.id)) conflict('removed-here')
  } else if (ours && !theirs) {
    if (!sameFacts(base, ours) || work.hasOwnWork.ours(ours.id)) conflict('removed-there')
    else plan.operations.push({ kind: 'remove', id: ours.id })
  } else if (ours && theirs) {
    const merged = mergeFacts(base, ours, theirs)
    if (merged === null) conflict('changed', bothOf(base, ours, theirs))
    else if (!sameFacts(ours, merged)) plan.operations.push({ kind: 'update', id: ours.id, to: merged })
  }
}

/** Null where both sides changed the same thing differently, or where their boundaries leave nothing between them. */
function mergeFacts(base: Side, ours: Side, theirs: Side): Side | null {
  const startMs = mergeOne(base.startMs, ours.startMs, theirs.startMs)
  const endMs = mergeOne(base.endMs, ours.endMs, theirs.endMs)
  const value = mergeOne(base.value, ours.value, theirs.value)
  if (startMs === null || endMs === null || value === null || endMs < startMs) return null
  return { startMs, endMs, value }
}

function mergeOne<T>(base: T, ours: T, theirs: T): T | null {
  if (ours === theirs || theirs === base) return ours
  return ours === base ? theirs : null
}

/** Both texts in one annotation; two different boundaries cannot both hold. */
function bothOf(base: Side, ours: Side, theirs: Side): Side | null {
  const spans = mergeFacts({ ...base, value: '' }, { ...ours, value: '' }, { ...theirs, value: '' })
  return spans && { ...spans, value: `${ours.value} / ${theirs.value}` }
}

/** With a removed annotation goes all that hangs on it: one question is enough. */
function dropNested(work: Work, plan: MergePlan): void {
  const parents = new Map(work.base.items.map(item => [item.id, item.parentId]))
  const isRemoval = ({ kind }: Conflict) => kind === 'removed-here' || kind === 'removed-there'
  const asked = new Set(plan.conflicts.filter(isRemoval).map(({ base }) => base?.id ?? ''))
  const isBelowAsked = (id: string) => {
    for (let at = parents.get(id) ?? null; at !== null; at = parents.get(at) ?? null)
      if (asked.has(at)) return true
    return false
  }
  plan.conflicts = plan.conflicts.filter(
    conflict => !isRemoval(conflict) || !isBelowAsked(conflict.base?.id ?? ''),
  )
  const baseOf = new Map([...work.matches.ours].map(([baseId, id]) => [id, baseId]))
  plan.operations = plan.operations.filter(
    operation => operation.kind !== 'remove' || !isBelowAsked(baseOf.get(operation.id) ?? ''),
  )
}

/** What the other copy made; the same made here too is one and the same. */
function addTheirs(work: Work, theirs: MergeDocument, plan: MergePlan): void {
  const known = new Set(work.matches.theirs.values())
  const matchedHere = new Set(work.matches.ours.values())
  const made = new Set(
    [...work.ours.values()].filter(({ id }) => !matchedHere.has(id)).map(item => factsKey(item)),
  )
  const asked = new Set(plan.conflicts.map(({ theirs: item }) => item?.id ?? ''))
  const waits = (item: Item): boolean => {
    for (let id = item.parentId; id !== null; id = work.theirs.get(id)?.parentId ?? null)
      if (asked.has(id) && isGoneHere(work, id)) return true
    return false
  }
  for (const item of theirs.items)
    if (!known.has(item.id) && !made.has(factsKey(item)) && !waits(item))
      plan.operations.push({ kind: 'add', item })
}

function isGoneHere(work: Work, theirsId: string): boolean {
  const baseId = [...work.matches.theirs].find(([, id]) => id === theirsId)?.[0]
  return baseId !== undefined && !work.matches.ours.has(baseId)
}

function factsKey({ tier, startMs, endMs, value }: Item): string {
  return JSON.stringify([tier, startMs, endMs, value])
}

/** An operation that would share time with what stays here becomes a question. */
function findOverlaps(work: Work, ours: MergeDocument, plan: MergePlan): void {
  const removed = new Set(plan.operations.flatMap(each => (each.kind === 'remove' ? [each.id] : [])))
  const moved = new Map(plan.operations.flatMap(each => (each.kind === 'update' ? [[each.id, each.to]] : [])))
  const staying = ours.items
    .filter(({ id }) => !removed.has(id))
    .map(item => ({ ...item, ...moved.get(item.id) }))
  const tiers = Map.groupBy(staying, ({ tier }) => tier)
  for (const items of tiers.values()) items.sort((a, b) => a.startMs - b.startMs)
  const baseOf = new Map([...work.matches.ours].map(([baseId, id]) => [id, baseId]))
  const baseItems = new Map(work.base.items.map(item => [item.id, item]))

  plan.operations = plan.operations.filter(operation => {
    if (operation.kind === 'remove') return true
    const now = operation.kind === 'add' ? undefined : work.ours.get(operation.id)
    const wanted = operation.kind === 'add' ? operation.item : { ...(now as Item), ...operation.to }
    if (now && now.startMs === wanted.startMs && now.endMs === wanted.endMs) return true
    const met = (tiers.get(wanted.tier) ?? []).filter(item => item.id !== now?.id && overlaps(item, wanted))
    if (met.length === 0) return true
    const [here, there] = [met.map(({ id }) => work.ours.get(id) as Item), wanted]
    const baseId = now && baseOf.get(now.id)
    plan.conflicts.push({
      id: `overlap ${now ? now.id : wanted.id}`,
      kind: 'overlap',
      tier: wanted.tier,
      base: (baseId !== undefined && baseItems.get(baseId)) || null,
      ours: now ? [now, ...here] : here,
      theirs: there,
      both: freePart(wanted, met),
    })
    return false
  })
}

/** The longest stretch of a span that others leave free; null where they leave none. */
function freePart(wanted: Item, others: readonly Item[]): Side | null {
  let best: { startMs: number; endMs: number } | null = null
  let reached = wanted.startMs
  const edges = [...others, { startMs: wanted.endMs, endMs: wanted.endMs }]
  for (const { startMs, endMs } of edges.toSorted((a, b) => a.startMs - b.startMs)) {
    const free = { startMs: reached, endMs: Math.min(startMs, wanted.endMs) }
    if (free.endMs - free.startMs > (best ? best.endMs - best.startMs : 0)) best = free
    reached = Math.max(reached, endMs)
  }
  return best && { ...best, value: wanted.value }
}
