export interface Interval {
  startMs: number
  endMs: number
}

/**
 * Intervals of one tier in order of start. Overlaps are legal (real files have them), so the largest end
 * so far is kept beside each interval: it is monotonic, which is what makes binary search possible.
 */
export interface IntervalIndex<T extends Interval> {
  readonly items: readonly T[]
  readonly maxEnds: Float64Array
}

export function indexIntervals<T extends Interval>(intervals: readonly T[]): IntervalIndex<T> {
  const items = [...intervals].sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)
  const maxEnds = new Float64Array(items.length)
  let largest = Number.NEGATIVE_INFINITY
  for (const [position, item] of items.entries()) {
    largest = Math.max(largest, item.endMs)
    maxEnds[position] = largest
  }
  return { items, maxEnds }
}

/** Smallest position in 0…length for which `isTrue` holds, given that it holds for all later ones. */
function lowerBound(length: number, isTrue: (position: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isTrue(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** Every interval that touches from…to, in order. */
export function* intervalsBetween<T extends Interval>(
  index: IntervalIndex<T>,
  fromMs: number,
  toMs: number,
): Generator<T> {
  const { items, maxEnds } = index
  for (
    let position = lowerBound(items.length, n => (maxEnds[n] ?? 0) >= fromMs);
    position < items.length;
    position += 1
  ) {
    const item = items[position]
    if (!item || item.startMs > toMs) return
    if (item.endMs >= fromMs) yield item
  }
}

/** The interval at a time; of several, the one that starts last, which is drawn on top. */
export function intervalAt<T extends Interval>(index: IntervalIndex<T>, timeMs: number): T | null {
  let found: T | null = null
  for (const item of intervalsBetween(index, timeMs, timeMs)) {
    if (item.endMs > timeMs || item.startMs === item.endMs) found = item
  }
  return found
}

export function nextAfter<T extends Interval>(index: IntervalIndex<T>, timeMs: number): T | null {
  return index.items[lowerBound(index.items.length, n => (index.items[n]?.startMs ?? 0) > timeMs)] ?? null
}

export function lastBefore<T extends Interval>(index: IntervalIndex<T>, timeMs: number): T | null {
  return (
    index.items[lowerBound(index.items.length, n => (index.items[n]?.startMs ?? 0) >= timeMs) - 1] ?? null
  )
}

/** The free room around a time, or null where something is already there. */
export function gapAround<T extends Interval>(
  index: IntervalIndex<T>,
  timeMs: number,
  durationMs: number,
): Interval | null {
  if (intervalAt(index, timeMs)) return null
  let startMs = 0
  const before = lowerBound(index.items.length, n => (index.items[n]?.startMs ?? 0) > timeMs) - 1
  if (before >= 0) startMs = index.maxEnds[before] ?? 0
  return { startMs, endMs: nextAfter(index, timeMs)?.startMs ?? durationMs }
}

/** How far an interval may grow before it meets another one; real overlaps are left as they are. */
export function roomFor<T extends Interval>(index: IntervalIndex<T>, item: T, durationMs: number): Interval {
  const { items } = index
  const position = items.indexOf(item)
  const before = items
    .slice(Math.max(0, position - 50), Math.max(0, position))
    .findLast(each => each.endMs <= item.startMs)
  const after = items.slice(position + 1, position + 50).find(each => each.startMs >= item.endMs)
  return { startMs: before?.endMs ?? 0, endMs: after?.startMs ?? Math.max(durationMs, item.endMs) }
}
