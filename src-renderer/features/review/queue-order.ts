import type { ClipId } from '#shared/contract/ids.ts'

/**
 * The ids of a fresh answer, with the clip that is being worked on kept in its place, before the clip that came next:
 * rating or accepting it must not pull it away from under the reviewer's eyes, nor change what comes next.
 */
export function keepCurrent(
  fresh: readonly ClipId[],
  before: readonly ClipId[],
  current: ClipId | null,
): readonly ClipId[] {
  const position = current === null ? -1 : before.indexOf(current)
  if (current === null || position < 0) return fresh
  const others = fresh.filter(id => id !== current)
  const known = new Set(others)
  const follower = before.slice(position + 1).find(id => known.has(id))
  const at = follower === undefined ? others.length : others.indexOf(follower)
  return [...others.slice(0, at), current, ...others.slice(at)]
}

/** The clip before or after; null at the ends. */
export function neighbour(ids: readonly ClipId[], current: ClipId | null, by: 1 | -1): ClipId | null {
  const position = current === null ? -1 : ids.indexOf(current)
  if (position < 0) return ids[0] ?? null
  return ids[position + by] ?? null
}
