import type { ClipId } from '#shared/contract/ids.ts'

/**
 * The ids of a fresh answer, with the clip that is being worked on kept in its place when it no longer matches:
 * accepting a clip must not pull it away from under the reviewer's eyes.
 */
export function keepCurrent(
  fresh: readonly ClipId[],
  before: readonly ClipId[],
  current: ClipId | null,
): readonly ClipId[] {
  if (current === null || fresh.includes(current)) return fresh
  const position = before.indexOf(current)
  if (position < 0) return fresh
  const known = new Set(fresh)
  const follower = before.slice(position + 1).find(id => known.has(id))
  const at = follower === undefined ? fresh.length : fresh.indexOf(follower)
  return [...fresh.slice(0, at), current, ...fresh.slice(at)]
}

/** The clip before or after; null at the ends. */
export function neighbour(ids: readonly ClipId[], current: ClipId | null, by: 1 | -1): ClipId | null {
  const position = current === null ? -1 : ids.indexOf(current)
  if (position < 0) return ids[0] ?? null
  return ids[position + by] ?? null
}
