import { type Item, type MergeDocument, overlaps } from './merge-types.ts'

/** Least share of their common time that two annotations of different texts need in order to be the same one. */
const LEAST_SHARE = 0.5

/**
 * Which annotations of a copy are those of base, where ids alone do not say so: the same id on the same tier, else the
 * same span and text, the same span, then the best share of common time, in which an equal text counts as much as all
 * of the time.
 *
 * @returns ids of the copy by those of base
 */
export function matchItems(
  base: MergeDocument,
  copy: MergeDocument,
  { byId }: { byId: boolean },
): Map<string, string> {
  const matches = new Map<string, string>()
  const copies = Map.groupBy(copy.items, ({ tier }) => tier)
  for (const [tier, items] of Map.groupBy(base.items, each => each.tier))
    matchTier(items, copies.get(tier) ?? [], byId, matches)
  return matches
}

function matchTier(
  base: readonly Item[],
  copy: readonly Item[],
  byId: boolean,
  matches: Map<string, string>,
): void {
  const taken = new Set<string>()
  const pair = (a: Item, b: Item): void => {
    matches.set(a.id, b.id)
    taken.add(b.id)
  }
  const left = () => base.filter(({ id }) => !matches.has(id))
  const free = () => copy.filter(({ id }) => !taken.has(id))
  const byKey = (key: (item: Item) => string): void => {
    const others = Map.groupBy(free(), key)
    for (const item of left()) {
      const other = others.get(key(item))?.shift()
      if (other) pair(item, other)
    }
  }
  if (byId) byKey(({ id }) => id)
  byKey(({ startMs, endMs, value }) => JSON.stringify([startMs, endMs, value]))
  byKey(({ startMs, endMs }) => `${startMs} ${endMs}`)
  for (const { a, b } of likeliest(left(), free())) if (!matches.has(a.id) && !taken.has(b.id)) pair(a, b)
}

/** Pairs that share time, best first. */
function likeliest(base: readonly Item[], copy: readonly Item[]): { a: Item; b: Item }[] {
  const others = copy.toSorted((a, b) => a.startMs - b.startMs)
  const pairs: { a: Item; b: Item; score: number }[] = []
  let from = 0
  for (const a of base.toSorted((x, y) => x.startMs - y.startMs)) {
    while (from < others.length && (others[from] as Item).endMs <= a.startMs) from += 1
    for (let at = from; at < others.length && (others[at] as Item).startMs < a.endMs; at += 1) {
      const b = others[at] as Item
      const score = overlaps(a, b) ? shareOf(a, b) + (a.value === b.value && a.value !== '' ? 1 : 0) : 0
      if (score >= LEAST_SHARE) pairs.push({ a, b, score })
    }
  }
  return pairs.sort((x, y) => y.score - x.score || x.a.startMs - y.a.startMs || x.b.startMs - y.b.startMs)
}

/** Common time over all time, intersection over union. */
function shareOf(a: Item, b: Item): number {
  const common = Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs)
  return common / (Math.max(a.endMs, b.endMs) - Math.min(a.startMs, b.startMs))
}
