import type { Coefficient } from './agreement.ts'
import { corrected, type Ratings } from './confusion.ts'

/** An annotation as agreement sees it: times in milliseconds, its label as a category above 0. */
export interface LabelledSpan {
  startMs: number
  endMs: number
  label: number
}

export interface MatchedPair {
  /** Positions in the two lists. */
  a: number
  b: number
  /** Intersection over union of their times, above 0 up to 1. */
  overlap: number
}

/** Intersection over union of two spans' times, 0 to 1; two spans without length at the same time are the same. */
export function overlapOf(a: LabelledSpan, b: LabelledSpan): number {
  const shared = Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs)
  if (shared < 0) return 0
  const together = Math.max(a.endMs, b.endMs) - Math.min(a.startMs, b.startMs)
  return together === 0 ? 1 : shared / together
}

/**
 * Pairs each annotation with at most one of the other tier, best overlap first, so that exchanging the tiers gives
 * the same pairs. Both lists in order of start. Above an overlap of one half there is only one way to pair
 * annotations that do not overlap on their own tier.
 */
export function matchSpans(
  first: readonly LabelledSpan[],
  second: readonly LabelledSpan[],
  leastOverlap: number,
): MatchedPair[] {
  const candidates: MatchedPair[] = []
  let from = 0
  let longest = 0
  for (const span of second) longest = Math.max(longest, span.endMs - span.startMs)
  first.forEach((span, a) => {
    while (from < second.length && second[from]!.startMs < span.startMs - longest) from += 1
    for (let b = from; b < second.length && second[b]!.startMs <= span.endMs; b++) {
      const overlap = overlapOf(span, second[b]!)
      if (overlap > 0 && overlap >= leastOverlap) candidates.push({ a, b, overlap })
    }
  })
  const [usedA, usedB] = [new Set<number>(), new Set<number>()]
  const pairs: MatchedPair[] = []
  const earlier = ({ a, b }: MatchedPair) => first[a]!.startMs + second[b]!.startMs
  for (const pair of candidates.toSorted(
    (p, q) => q.overlap - p.overlap || earlier(p) - earlier(q) || p.a + p.b - q.a - q.b,
  )) {
    if (usedA.has(pair.a) || usedB.has(pair.b)) continue
    usedA.add(pair.a)
    usedB.add(pair.b)
    pairs.push(pair)
  }
  return pairs.toSorted((p, q) => p.a - q.a)
}

/** The most pairs of times, each used once, that lie no further apart than the tolerance. Both in ascending order. */
export function matchTimes(first: readonly number[], second: readonly number[], toleranceMs: number): number {
  let [a, b, matched] = [0, 0, 0]
  while (a < first.length && b < second.length) {
    const apart = first[a]! - second[b]!
    if (Math.abs(apart) <= toleranceMs) {
      matched += 1
      a += 1
      b += 1
    } else if (apart < 0) a += 1
    else b += 1
  }
  return matched
}

/** Begins are compared with begins and ends with ends: the end of a sign is no answer to the begin of the next. */
export function matchBoundaries(
  first: readonly LabelledSpan[],
  second: readonly LabelledSpan[],
  toleranceMs: number,
): number {
  const begins = (spans: readonly LabelledSpan[]) => spans.map(({ startMs }) => startMs).sort(ascending)
  const ends = (spans: readonly LabelledSpan[]) => spans.map(({ endMs }) => endMs).sort(ascending)
  return (
    matchTimes(begins(first), begins(second), toleranceMs) +
    matchTimes(ends(first), ends(second), toleranceMs)
  )
}

/** 2 m / (|A| + |B|): the harmonic mean of precision and recall, whichever tier is the reference. */
export function f1(matched: number, first: number, second: number): Coefficient {
  return first + second > 0 ? (2 * matched) / (first + second) : null
}

/**
 * What each rater says at every time of `[0, untilMs)`, in pieces during which nobody's label changes; 0 is no
 * annotation. Where annotations of one tier overlap, the earlier one holds to its end.
 */
export function addTimeline(
  raters: readonly (readonly LabelledSpan[])[],
  untilMs: number,
  into: Ratings,
): void {
  const times = new Set([0, untilMs])
  for (const spans of raters)
    for (const { startMs, endMs } of spans) {
      if (startMs > 0 && startMs < untilMs) times.add(startMs)
      if (endMs > 0 && endMs < untilMs) times.add(endMs)
    }
  const cuts = [...times].sort(ascending)
  const at = raters.map(() => 0)
  const labels = raters.map(() => 0)
  for (let cut = 0; cut + 1 < cuts.length; cut++) {
    const now = cuts[cut]!
    raters.forEach((spans, rater) => {
      while (at[rater]! < spans.length && spans[at[rater]!]!.endMs <= now) at[rater]! += 1
      const span = spans[at[rater]!]
      labels[rater] = span && span.startMs <= now ? span.label : 0
    })
    into.add(labels, cuts[cut + 1]! - now)
  }
}

const ascending = (a: number, b: number) => a - b

/** A segmentation taken apart: the lengths of its annotations and of the pauses before, between and after them. */
interface Pieces {
  lengths: Int32Array
  pauses: Int32Array
}

function piecesOf(spans: readonly LabelledSpan[], untilMs: number): Pieces {
  const lengths = new Int32Array(spans.length)
  const pauses = new Int32Array(spans.length + 1)
  let end = 0
  spans.forEach((span, at) => {
    pauses[at] = Math.max(0, span.startMs - end)
    lengths[at] = Math.max(0, span.endMs - Math.max(end, span.startMs))
    end = Math.max(end, span.endMs)
  })
  pauses[spans.length] = Math.max(0, untilMs - end)
  return { lengths, pauses }
}

/** How many annotations of the two pair up with more than half of their time; the only pairing there is. */
function halfMatches(first: Pieces, second: Pieces): number {
  let [a, b, matched] = [0, 0, 0]
  let startA = first.pauses[0]!
  let startB = second.pauses[0]!
  while (a < first.lengths.length && b < second.lengths.length) {
    const endA = startA + first.lengths[a]!
    const endB = startB + second.lengths[b]!
    const shared = Math.min(endA, endB) - Math.max(startA, startB)
    const together = Math.max(endA, endB) - Math.min(startA, startB)
    if (shared > 0 && shared > together / 2) matched += 1
    if (endA <= endB) startA = endA + first.pauses[++a]!
    if (endB <= endA) startB = endB + second.pauses[++b]!
  }
  return matched
}

export interface ChanceCorrected {
  /** (observed − chance) / (1 − chance); `null` where every random segmentation is as good as a perfect one. */
  value: Coefficient
  /** F1 of annotations that overlap by more than one half. */
  observed: number
  /** The mean of the same F1 over random segmentations. */
  chance: number
  /** Share of random segmentations that agree at least as well, with one added to both: never 0. */
  p: number
}

/** Two tiers of one recording; `untilMs` is the end of what could have been annotated. */
export interface TierPair {
  first: readonly LabelledSpan[]
  second: readonly LabelledSpan[]
  untilMs: number
}

export interface ChanceOptions {
  samples: number
  seed: number
  /** Awaited after each sample: gives way to other work, or throws to end this one. */
  rest?: () => Promise<void>
}

/**
 * Does the segmentation agree better than chance? In the manner of Staccato (Lücking, Ptock and Bergmann 2012):
 * Monte Carlo over random segmentations with as many annotations, the same lengths and the same pauses in another
 * order, here scored by the F1 of annotations that overlap by more than one half, over all recordings together.
 * The same seed gives the same answer. `null` without annotations.
 */
export async function chanceCorrectedSegmentation(
  recordings: readonly TierPair[],
  { samples, seed, rest }: ChanceOptions,
): Promise<ChanceCorrected | null> {
  const pieces = recordings.map(({ first, second, untilMs }) => ({
    first: piecesOf(first, untilMs),
    second: piecesOf(second, untilMs),
  }))
  const annotations = pieces.reduce(
    (n, { first, second }) => n + first.lengths.length + second.lengths.length,
    0,
  )
  if (annotations === 0) return null
  const score = () =>
    (2 * pieces.reduce((n, { first, second }) => n + halfMatches(first, second), 0)) / annotations
  const observed = score()
  const state = seeded(seed)
  let [sum, asGood] = [0, 0]
  for (let sample = 0; sample < samples; sample++) {
    for (const { first, second } of pieces)
      for (const values of [first.lengths, first.pauses, second.lengths, second.pauses])
        shuffle(values, state)
    const drawn = score()
    sum += drawn
    if (drawn >= observed) asGood += 1
    await rest?.()
  }
  const chance = sum / samples
  return { value: corrected(observed, chance), observed, chance, p: (asGood + 1) / (samples + 1) }
}

/** The state of xoshiro128**, filled by splitmix32. */
function seeded(seed: number): Int32Array {
  let mixed = seed | 0
  return Int32Array.from({ length: 4 }, () => {
    mixed = (mixed + 0x9e37_79b9) | 0
    let z = Math.imul(mixed ^ (mixed >>> 16), 0x21f0_aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a_2d97)
    return z ^ (z >>> 15)
  })
}

/**
 * Fisher and Yates with xoshiro128** (Blackman and Vigna 2018). The generator is written out inside the loop: called
 * for each number, it took most of the time of the test.
 */
function shuffle(values: Int32Array, state: Int32Array): void {
  let [a, b, c, d] = state as unknown as [number, number, number, number]
  for (let at = values.length - 1; at > 0; at--) {
    const times5 = Math.imul(b, 5)
    const drawn = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = (d << 11) | (d >>> 21)
    const other = Math.floor((drawn * (at + 1)) / 0x1_0000_0000)
    const kept = values[at]!
    values[at] = values[other]!
    values[other] = kept
  }
  state.set([a, b, c, d])
}
