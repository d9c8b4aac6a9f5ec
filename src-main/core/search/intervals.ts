import type { Found, Lane } from './lane.ts'

/** A span of time and, where it is itself among the intervals, the positions [from, to) that are not asked. */
export interface Place {
  startMs: number
  endMs: number
  from: number
  to: number
}

/** What was found on a lane as intervals, which a binary search answers about. */
export interface Intervals {
  lane: Lane
  count: number
  /** Where a position of the same lane is among them: several for a clip's texts, which are one thing. */
  selfAt: (position: number) => { from: number; to: number }
  shareTime: (place: Place) => boolean
  lieAround: (place: Place) => boolean
  lieInside: (place: Place) => boolean
  /** One begins when the place ends, or at most so much later. */
  follow: (place: Place, mostMs: number) => boolean
  /** One ends when the place begins, or at most so much earlier. */
  precede: (place: Place, mostMs: number) => boolean
}

type Numbers = Float64Array | Int32Array

/** Position of the first number of an ascending list that is not below a limit. */
export function firstFrom(numbers: Numbers, limit: number): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (numbers[middle]! < limit) low = middle + 1
    else high = middle
  }
  return low
}

export function intervalsOf({ lane, at }: Found): Intervals {
  const spans = lane.spans()
  const [starts, ends] = [
    Float64Array.from(at, n => spans.startsMs[n]!),
    Float64Array.from(at, n => spans.endsMs[n]!),
  ]
  const count = at.length
  const latest = runningLatest(ends)
  const earliest = earliestFrom(ends)
  let sorted: Float64Array | undefined

  /** Whether one of the first `before` that are asked ends after a time. */
  function someEndAfter(timeMs: number, before: number, { from, to }: Place): boolean {
    const asked = Math.min(from, before)
    if (asked > 0 && latest[asked - 1]! > timeMs) return true
    for (let n = to; n < before; n++) if (ends[n]! > timeMs) return true
    return false
  }

  return {
    lane,
    count,
    selfAt(position) {
      const id = spans.ids[position]
      let from = firstFrom(at, position)
      let to = from
      while (from > 0 && spans.ids[at[from - 1]!] === id) from -= 1
      while (to < count && spans.ids[at[to]!] === id) to += 1
      return { from, to }
    },
    shareTime: place => someEndAfter(place.startMs, firstFrom(starts, place.endMs), place),
    lieAround: place => someEndAfter(place.endMs - 1, firstFrom(starts, place.startMs + 1), place),
    lieInside({ startMs, endMs, from, to }) {
      const first = firstFrom(starts, startMs)
      if (from === to) return first < count && earliest[first]! <= endMs
      for (let n = first; n < from; n++) if (ends[n]! <= endMs) return true
      return to < count && earliest[to]! <= endMs
    },
    follow({ endMs, from, to }, mostMs) {
      const first = firstFrom(starts, endMs)
      const next = first === from ? to : first
      return next < count && starts[next]! - endMs <= mostMs
    },
    precede({ startMs, endMs, from, to }, mostMs) {
      sorted ??= ends.toSorted()
      // Without length, the place itself ends when it begins.
      const own = startMs === endMs ? to - from : 0
      const last = firstFrom(sorted, startMs + 1) - 1 - own
      return last >= 0 && startMs - sorted[last]! <= mostMs
    },
  }
}

/** Of each position the latest end up to it: long intervals reach over many that begin after them. */
function runningLatest(ends: Float64Array): Float64Array {
  let latest = -Infinity
  return ends.map(end => (latest = Math.max(latest, end)))
}

function earliestFrom(ends: Float64Array): Float64Array {
  const earliest = ends.slice()
  for (let n = earliest.length - 2; n >= 0; n--) earliest[n] = Math.min(earliest[n]!, earliest[n + 1]!)
  return earliest
}
