import type { Track } from '../document/track.ts'

/** One level of the pyramid: time in buckets of `bucketMs`, and how much of each is annotated. */
export interface DensityLevel {
  bucketMs: number
  /** Milliseconds under annotations; overlaps count twice. */
  covered: Float32Array
  /** Annotations that begin here: one of a millisecond must not vanish among empty hours. */
  begun: Uint32Array
}

const FEWEST_BUCKETS = 256

/** The finest level has about as many buckets as there are annotations; each next one half as many. */
function buildLevels(track: Track): DensityLevel[] {
  const durationMs = Math.max(0, track.maxEnds[track.length - 1] ?? 0)
  let bucketMs = 1
  while (durationMs / bucketMs > Math.max(FEWEST_BUCKETS, 2 * track.length)) bucketMs *= 2
  let level = finestLevel(track, bucketMs, Math.floor(durationMs / bucketMs) + 1)
  const levels = [level]
  while (level.covered.length > FEWEST_BUCKETS / 4) {
    level = halved(level)
    levels.push(level)
  }
  return levels
}

function finestLevel({ starts, ends, length }: Track, bucketMs: number, buckets: number): DensityLevel {
  const covered = new Float32Array(buckets)
  const begun = new Uint32Array(buckets)
  for (let at = 0; at < length; at += 1) {
    const [start, end] = [Math.max(0, starts[at] ?? 0), Math.max(0, ends[at] ?? 0)]
    const first = Math.floor(start / bucketMs)
    begun[first] = (begun[first] ?? 0) + 1
    for (let bucket = first; bucket * bucketMs < end; bucket += 1)
      covered[bucket] =
        (covered[bucket] ?? 0) + Math.min(end, (bucket + 1) * bucketMs) - Math.max(start, bucket * bucketMs)
  }
  return { bucketMs, covered, begun }
}

function halved({ bucketMs, covered, begun }: DensityLevel): DensityLevel {
  const length = Math.ceil(covered.length / 2)
  const half: DensityLevel = {
    bucketMs: bucketMs * 2,
    covered: new Float32Array(length),
    begun: new Uint32Array(length),
  }
  for (let at = 0; at < length; at += 1) {
    half.covered[at] = (covered[2 * at] ?? 0) + (covered[2 * at + 1] ?? 0)
    half.begun[at] = (begun[2 * at] ?? 0) + (begun[2 * at + 1] ?? 0)
  }
  return half
}

const KNOWN = new WeakMap<Track, DensityLevel[]>()

function levelsOf(track: Track): DensityLevel[] {
  const known = KNOWN.get(track)
  if (known) return known
  const levels = buildLevels(track)
  KNOWN.set(track, levels)
  return levels
}

/** The level whose buckets are just not wider than a pixel; null where even the finest are. */
export function levelFor(track: Track, msPerPx: number): DensityLevel | null {
  return levelsOf(track).findLast(level => level.bucketMs <= msPerPx) ?? null
}

/**
 * How full each pixel column is, 0–1, written into `into`.
 *
 * @param startMs time at the left edge of the first column
 */
export function columnsOf(level: DensityLevel, startMs: number, msPerPx: number, into: Float32Array): void {
  const { bucketMs, covered, begun } = level
  for (let x = 0; x < into.length; x += 1) {
    const first = Math.max(0, Math.floor((startMs + x * msPerPx) / bucketMs))
    const last = Math.max(first + 1, Math.floor((startMs + (x + 1) * msPerPx) / bucketMs))
    let [sum, count] = [0, 0]
    for (let bucket = first; bucket < last; bucket += 1) {
      sum += covered[bucket] ?? 0
      count += begun[bucket] ?? 0
    }
    const share = Math.min(1, sum / ((last - first) * bucketMs))
    into[x] = count > 0 ? Math.max(FAINTEST, share) : share
  }
}

/** What is there is seen. */
const FAINTEST = 0.15
