import type { Conflict, MergePlan, Operation } from './three-way.ts'
import type { Item, MergeDocument } from './merge-types.ts'
import { overlaps } from './merge-types.ts'

export interface Resolution {
  choice: 'ours' | 'theirs' | 'both'
  /** A text typed in place of what the choice gives. */
  value?: string | undefined
}

/** Everything that the merge does to this copy, questions answered. */
export function resolveMerge(
  plan: MergePlan,
  theirs: MergeDocument,
  resolutions: ReadonlyMap<string, Resolution>,
): Operation[] {
  const answered = plan.conflicts.flatMap(conflict => {
    const resolution = resolutions.get(conflict.id)
    return resolution ? resolved(conflict, resolution, theirs) : []
  })
  return distinct([...plan.operations, ...answered])
}

function resolved(conflict: Conflict, { choice, value }: Resolution, theirs: MergeDocument): Operation[] {
  const operations = chosen(conflict, choice, theirs)
  return value === undefined ? operations : withValue(conflict, choice, operations, value)
}

function chosen(conflict: Conflict, choice: Resolution['choice'], theirs: MergeDocument): Operation[] {
  const [here] = conflict.ours
  if (choice === 'ours') return []
  if (conflict.kind === 'removed-there')
    return choice === 'theirs' && here ? [{ kind: 'remove', id: here.id }] : []
  if (!conflict.theirs) return []
  if (conflict.kind === 'removed-here') return withAllBelow(conflict.theirs, theirs)
  const to = choice === 'both' ? conflict.both : conflict.theirs
  if (!to) return []
  if (conflict.kind === 'changed') return here ? [{ kind: 'update', id: here.id, to: factsOf(to) }] : []
  return takeTime(conflict, { ...conflict.theirs, ...factsOf(to) })
}

/** What is here and in the way goes; keeping both leaves nothing in the way. */
function takeTime({ base, ours, theirs }: Conflict, wanted: Item): Operation[] {
  const isMove = base !== null
  const moved = isMove ? ours[0] : undefined
  const inTheWay = ours.filter(item => item !== moved && overlaps(item, wanted))
  const removals = inTheWay.map(({ id }): Operation => ({ kind: 'remove', id }))
  if (moved) return [...removals, { kind: 'update', id: moved.id, to: factsOf(wanted) }]
  return theirs ? [...removals, { kind: 'add', item: wanted }] : removals
}

function withAllBelow(item: Item, theirs: MergeDocument): Operation[] {
  const children = Map.groupBy(theirs.items, ({ parentId }) => parentId)
  const below = (id: string): Item[] => (children.get(id) ?? []).flatMap(child => [child, ...below(child.id)])
  return [item, ...below(item.id)].map(each => ({ kind: 'add', item: each }))
}

/** A typed text belongs to the annotation that is asked about, also where the answer was to keep what is here. */
function withValue(
  { ours, theirs, kind }: Conflict,
  choice: Resolution['choice'],
  operations: Operation[],
  value: string,
): Operation[] {
  const [here] = ours
  if (operations.length === 0 && choice === 'ours' && here)
    return [{ kind: 'update', id: here.id, to: { ...factsOf(here), value } }]
  return operations.map(operation => {
    if (operation.kind === 'update') return { ...operation, to: { ...operation.to, value } }
    const isAsked = operation.kind === 'add' && operation.item.id === theirs?.id && kind !== 'removed-there'
    return isAsked ? { ...operation, item: { ...operation.item, value } } : operation
  })
}

function factsOf({ startMs, endMs, value }: Pick<Item, 'startMs' | 'endMs' | 'value'>) {
  return { startMs, endMs, value }
}

/** Two answers may remove the same annotation; an update of what goes is none. */
function distinct(operations: readonly Operation[]): Operation[] {
  const removed = new Set(operations.flatMap(each => (each.kind === 'remove' ? [each.id] : [])))
  const others = operations.filter(
    each => each.kind === 'add' || (each.kind === 'update' && !removed.has(each.id)),
  )
  return [...[...removed].map((id): Operation => ({ kind: 'remove', id })), ...others]
}

/** What this copy holds after the operations; the pure counterpart of writing them. */
export function applied(ours: MergeDocument, operations: readonly Operation[]): Item[] {
  const items = new Map(ours.items.map(item => [item.id, item]))
  for (const operation of operations) {
    if (operation.kind === 'add') items.set(`+${operation.item.id}`, operation.item)
    else if (operation.kind === 'remove') items.delete(operation.id)
    else items.set(operation.id, { ...(items.get(operation.id) as Item), ...operation.to })
  }
  return [...items.values()]
}
