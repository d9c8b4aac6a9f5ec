import type { Annotation, TierColumns } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'

export interface Interval {
  startMs: number
  endMs: number
}

/**
 * The annotations of one tier in order of start, as columns: a hundred thousand objects cost the collector more
 * than all of the drawing. Overlaps are legal (real files have them), so the largest end so far is kept beside
 * each annotation: it is monotonic, which is what makes binary search possible.
 */
export interface Track {
  readonly tierId: TierId
  readonly length: number
  readonly ids: Uint32Array
  /** Signed: files of other programs have annotations before the beginning. */
  readonly starts: Int32Array
  readonly ends: Int32Array
  readonly maxEnds: Int32Array
  /** The annotation of the parent tier that each hangs on; 0 for none. */
  readonly parents: Uint32Array
  readonly values: readonly string[]
}

export function trackOf(columns: TierColumns): Track {
  const numbers = (column: string) => new Uint32Array(bytesOf(column).buffer)
  const times = (column: string) => new Int32Array(bytesOf(column).buffer)
  const ends = times(columns.endsMs)
  return {
    tierId: columns.tierId,
    length: columns.count,
    ids: numbers(columns.ids),
    starts: times(columns.startsMs),
    ends,
    maxEnds: largestSoFar(ends),
    parents: numbers(columns.parentIds),
    values: Array.from(numbers(columns.values), at => columns.texts[at] ?? ''),
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at)
  return bytes
}

function largestSoFar(ends: Int32Array): Int32Array {
  const maxEnds = new Int32Array(ends.length)
  let largest = Number.NEGATIVE_INFINITY
  for (let at = 0; at < ends.length; at += 1) {
    largest = Math.max(largest, ends[at] ?? 0)
    maxEnds[at] = largest
  }
  return maxEnds
}

export type TrackItem = Omit<Annotation, 'tierId'> & { parentId?: number | null }

/** Of annotations in any order. */
export function trackFrom(tierId: TierId, annotations: readonly TrackItem[]): Track {
  const items = [...annotations].sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs || a.id - b.id)
  const ends = Int32Array.from(items, item => item.endMs)
  return {
    tierId,
    length: items.length,
    ids: Uint32Array.from(items, item => item.id),
    starts: Int32Array.from(items, item => item.startMs),
    ends,
    maxEnds: largestSoFar(ends),
    parents: Uint32Array.from(items, item => item.parentId ?? 0),
    values: items.map(item => item.value),
  }
}

export function emptyTrack(tierId: TierId): Track {
  return trackFrom(tierId, [])
}

/** The annotation at a position, as the contract knows it. */
export function itemAt(track: Track, position: number): Annotation {
  return {
    id: (track.ids[position] ?? 0) as Annotation['id'],
    tierId: track.tierId,
    startMs: track.starts[position] ?? 0,
    endMs: track.ends[position] ?? 0,
    value: track.values[position] ?? '',
  }
}

/** −1 where it is not there. */
export function positionOf(track: Track, id: number): number {
  return track.ids.indexOf(id)
}

export function itemOf(track: Track | undefined, id: number): Annotation | null {
  const position = track ? positionOf(track, id) : -1
  return track && position >= 0 ? itemAt(track, position) : null
}

/** First position whose number in `sorted` is larger than `limit`. */
function firstAbove(sorted: Int32Array, limit: number, from = 0): number {
  let low = from
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) > limit) high = middle
    else low = middle + 1
  }
  return low
}

/** First position whose annotation, or an earlier one, ends at or after a time. */
export function firstTouching(track: Track, timeMs: number, from = 0): number {
  return firstAbove(track.maxEnds, Math.ceil(timeMs) - 1, from)
}

/** First position whose annotation starts after a time. */
export function firstAfter(track: Track, timeMs: number): number {
  return firstAbove(track.starts, timeMs)
}

/** Positions of every annotation that touches from…to, in order. */
export function* positionsBetween(track: Track, fromMs: number, toMs: number): Generator<number> {
  const last = firstAfter(track, toMs)
  for (let at = firstTouching(track, fromMs); at < last; at += 1)
    if ((track.ends[at] ?? 0) >= fromMs) yield at
}

export function* itemsBetween(track: Track, fromMs: number, toMs: number): Generator<Annotation> {
  for (const at of positionsBetween(track, fromMs, toMs)) yield itemAt(track, at)
}

/** The annotation at a time; of several, the one that starts last, which is drawn on top. */
export function itemAtTime(track: Track, timeMs: number): Annotation | null {
  let found = -1
  for (const at of positionsBetween(track, timeMs, timeMs)) {
    const [start, end] = [track.starts[at] ?? 0, track.ends[at] ?? 0]
    if (end > timeMs || start === end) found = at
  }
  return found < 0 ? null : itemAt(track, found)
}

export function nextAfter(track: Track, timeMs: number): Annotation | null {
  const at = firstAfter(track, timeMs)
  return at < track.length ? itemAt(track, at) : null
}

export function lastBefore(track: Track, timeMs: number): Annotation | null {
  const at = firstAfter(track, Math.ceil(timeMs) - 1) - 1
  return at < 0 ? null : itemAt(track, at)
}

/** The free room around a time, or null where something is already there. */
export function gapAround(track: Track, timeMs: number, durationMs: number): Interval | null {
  if (itemAtTime(track, timeMs)) return null
  const after = firstAfter(track, timeMs)
  return {
    startMs: after > 0 ? (track.maxEnds[after - 1] ?? 0) : 0,
    endMs: after < track.length ? (track.starts[after] ?? 0) : durationMs,
  }
}

const MOST_OVERLAPS = 50

/** How far an annotation may grow before it meets another one; real overlaps are left as they are. */
export function roomFor(track: Track, item: Annotation, durationMs: number): Interval {
  const position = positionOf(track, item.id)
  const room = { startMs: 0, endMs: Math.max(durationMs, item.endMs) }
  for (let at = position - 1; at >= Math.max(0, position - MOST_OVERLAPS); at -= 1) {
    if ((track.ends[at] ?? 0) > item.startMs) continue
    room.startMs = track.ends[at] ?? 0
    break
  }
  for (let at = position + 1; at < Math.min(track.length, position + MOST_OVERLAPS); at += 1) {
    if ((track.starts[at] ?? 0) < item.endMs) continue
    room.endMs = track.starts[at] ?? 0
    break
  }
  return room
}

/** How far annotations may move together, earlier (negative) and later. */
export interface SharedRoom {
  fromMs: number
  toMs: number
}

const FREE: SharedRoom = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY }

/** The room that the others on a tier leave to some of it; what overlaps them already may stay so. */
export function sharedRoom(track: Track, ids: ReadonlySet<number>, durationMs: number): SharedRoom {
  const room = { ...FREE }
  const isMoved = (at: number) => ids.has(track.ids[at] ?? 0)
  let before = 0
  for (let at = 0; at < track.length; at += 1) {
    const [startMs, endMs] = [track.starts[at] ?? 0, track.ends[at] ?? 0]
    if (!isMoved(at)) before = Math.max(before, endMs)
    else if (before <= startMs) room.fromMs = Math.max(room.fromMs, before - startMs)
  }
  let after = durationMs
  for (let at = track.length - 1; at >= 0; at -= 1) {
    const endMs = track.ends[at] ?? 0
    if (!isMoved(at)) after = track.starts[at] ?? 0
    else if (after >= endMs) room.toMs = Math.min(room.toMs, after - endMs)
  }
  return room
}

/** Some annotations earlier or later, all by the same time. */
export function shifted(track: Track, ids: ReadonlySet<number>, byMs: number): Track {
  const items = Array.from({ length: track.length }, (_, at) => {
    const move = ids.has(track.ids[at] ?? 0) ? byMs : 0
    const { id, startMs, endMs, value } = itemAt(track, at)
    return { id, value, startMs: startMs + move, endMs: endMs + move, parentId: track.parents[at] ?? 0 }
  })
  return trackFrom(track.tierId, items)
}

/** Whether an annotation other than these begins or ends at a time, in whole milliseconds. */
export function hasEdgeAt(track: Track, timeMs: number, except: ReadonlySet<number>): boolean {
  for (const at of positionsBetween(track, timeMs, timeMs)) {
    if (except.has(track.ids[at] ?? 0)) continue
    if (track.starts[at] === timeMs || track.ends[at] === timeMs) return true
  }
  return false
}

/** A column with `removed` numbers at a position replaced. */
function spliced<Column extends Uint32Array | Int32Array>(
  fresh: Column,
  column: Column,
  at: { position: number; removed: number },
  added: readonly number[],
): Column {
  fresh.set(column.subarray(0, at.position))
  fresh.set(added, at.position)
  fresh.set(column.subarray(at.position + at.removed), at.position + added.length)
  return fresh
}

function changed(track: Track, position: number, removed: number, added: readonly TrackItem[]): Track {
  const at = { position, removed }
  const length = track.length - removed + added.length
  const numbers = (column: Uint32Array, of: (item: TrackItem) => number) =>
    spliced(new Uint32Array(length), column, at, added.map(of))
  const times = (column: Int32Array, of: (item: TrackItem) => number) =>
    spliced(new Int32Array(length), column, at, added.map(of))
  const ends = times(track.ends, item => item.endMs)
  return {
    tierId: track.tierId,
    length,
    ids: numbers(track.ids, item => item.id),
    starts: times(track.starts, item => item.startMs),
    ends,
    maxEnds: largestSoFar(ends),
    parents: numbers(track.parents, item => item.parentId ?? 0),
    values: track.values.toSpliced(position, removed, ...added.map(item => item.value)),
  }
}

/**
 * With these annotations as they now are: those that are on another tier, or nowhere, are gone. Times before the
 * beginning are 0, as the columns have them.
 */
export function withThese(
  track: Track,
  ids: readonly number[],
  now: readonly (Annotation & { parentId: number | null })[],
): Track {
  const rest = ids.reduce(without, track)
  const here = now.filter(({ tierId }) => tierId === track.tierId)
  const shown = here.map(each => ({
    ...each,
    startMs: Math.max(0, each.startMs),
    endMs: Math.max(0, each.endMs),
  }))
  return shown.reduce(withItem, rest)
}

export function without(track: Track, id: number): Track {
  const position = positionOf(track, id)
  return position < 0 ? track : changed(track, position, 1, [])
}

/** With this annotation, new or instead of the one with its id. */
export function withItem(track: Track, item: TrackItem): Track {
  const known = positionOf(track, item.id)
  const parentId = item.parentId ?? (known < 0 ? 0 : (track.parents[known] ?? 0))
  const rest = without(track, item.id)
  return changed(rest, firstAfter(rest, item.startMs), 0, [{ ...item, parentId }])
}
