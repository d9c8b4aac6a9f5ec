import { addChoices, blocksOf } from './choice-sums.ts'
import type { Metric, StatisticsTable } from './metric.ts'
import { NumpyRandom, type RandomState } from './numpy-random.ts'
import { type Column, packColumns } from './packed-columns.ts'
import type { Stepped } from './stepped.ts'

/** A metric over the segments of one system. */
export interface Resampled {
  metric: Metric
  table: StatisticsTable
}

/** Scores as the NumPy array that sacreBLEU would have: single precision, unless Python floats are among them. */
export type ScoreArray = Float32Array | Float64Array

/** Resamples that are summed together: their choices take 13 MB for 100,000 segments. */
const RESAMPLES_IN_BATCH = 512

/** Segments that are drawn before others get a turn. */
const DRAWN_IN_TURN = 1 << 19

/** A resample takes a row up to three times by its choice; what is drawn oftener is added by itself. */
const MOST_IN_CHOICE = 3

/** From here on single precision leaves integers out. */
const EXACT_IN_SINGLE = 2 ** 24

/**
 * The scores of so many bootstrap resamples, the same ones for all tables. sacreBLEU adds single-precision statistics
 * in the order they were drawn; sums of integers below 2^24 are exact in any order, all others are added in that one.
 */
export function* resampledScores(
  scored: readonly Resampled[],
  { samples, seed }: { samples: number; seed: number | bigint },
): Stepped<ScoreArray[]> {
  const rows = scored[0]?.table.rows ?? 0
  const columns = scored.flatMap(({ table }) => columnsOf(table))
  const packed = packColumns(columns, rows, 'any')
  const { width } = packed
  const draw = drawer(new NumpyRandom(seed), rows)
  const blocks = blocksOf(rows, 2)
  const batch = Math.min(samples, RESAMPLES_IN_BATCH)
  const codes = new Uint8Array(batch * blocks)
  const sums = new Float64Array(batch * width)
  const totals = new Float64Array(columns.length)
  const scores = scored.map(() => new Float64Array(samples))
  const evaluate = evaluator(scored, totals)
  for (let done = 0; done < samples; done += batch) {
    const count = Math.min(batch, samples - done)
    const share = (part: number) => (done + count * part) / samples
    const states: RandomState[] = []
    codes.fill(0)
    sums.fill(0)
    for (let sample = 0; sample < count; sample++) {
      states.push(draw.state())
      const code = codes.subarray(sample * blocks, (sample + 1) * blocks)
      for (const row of choose(draw.next(), code))
        for (let i = 0; i < width; i++)
          sums[sample * width + i] = sums[sample * width + i]! + packed.values[row * width + i]!
      if ((sample * rows) % DRAWN_IN_TURN < rows) yield share(sample / count / 2)
    }
    for (const block of addChoices(packed, { bits: 2, codes, count }, sums))
      yield share((1 + block / blocks) / 2)
    for (let sample = 0; sample < count; sample++) {
      packed.unpack(sums, sample * width, totals)
      const ordered = columns.flatMap((column, i) =>
        packed.isExact[i] && totals[i]! < EXACT_IN_SINGLE ? [] : [{ column, i }],
      )
      if (ordered.length > 0) addInOrder(ordered, draw.again(states[sample]!), totals)
      for (const [i, score] of evaluate().entries()) scores[i]![done + sample] = score
    }
  }
  return scores.map((ofTable, i) => asNumpy(scored[i]!.metric, ofTable))
}

function columnsOf({ columns, values }: StatisticsTable): Column[] {
  return Array.from({ length: columns }, (_, column) => row => values[row * columns + column]!)
}

/** Rows with replacement; the array is the same each time. */
function drawer(random: NumpyRandom, rows: number) {
  const drawn = new Uint32Array(rows)

  function next(): Uint32Array {
    random.fillBelow(drawn, rows)
    return drawn
  }

  /** What was drawn from there; the sequence goes on where it was. */
  function again(state: RandomState): Uint32Array {
    const here = random.state()
    random.restore(state)
    next()
    random.restore(here)
    return drawn
  }

  return { next, again, state: () => random.state() }
}

/** Counts how often each row was drawn, two bits a row, and returns the rows that were drawn oftener, so often. */
function choose(drawn: Uint32Array, code: Uint8Array): number[] {
  const rest: number[] = []
  for (let i = 0; i < drawn.length; i++) {
    const row = drawn[i]!
    const shift = 2 * (row & 3)
    const counts = code[row >> 2]!
    if (((counts >> shift) & 3) === MOST_IN_CHOICE) rest.push(row)
    else code[row >> 2] = counts + (1 << shift)
  }
  return rest
}

function addInOrder(
  columns: readonly { column: Column; i: number }[],
  drawn: Uint32Array,
  totals: Float64Array,
): void {
  for (const { column, i } of columns) {
    let total = 0
    for (let at = 0; at < drawn.length; at++) total = Math.fround(total + Math.fround(column(drawn[at]!)))
    totals[i] = total
  }
}

/** The scores that the totals of all tables stand for. */
function evaluator(scored: readonly Resampled[], totals: Float64Array): () => number[] {
  let from = 0
  const parts = scored.map(({ metric, table }) => {
    const own = totals.subarray(from, (from += table.columns))
    const total = new Float32Array(table.columns)
    return () => {
      total.set(own)
      return metric.evaluate(total, Math.fround).score
    }
  })
  return () => parts.map(part => part())
}

/** BLEU ends in `math.exp`, which gives doubles; chrF returns the double 0.0 where nothing matches. */
function asNumpy({ name }: Metric, scores: Float64Array): ScoreArray {
  const hasDoubles = name.startsWith('BLEU') || (name.startsWith('chrF') && scores.includes(0))
  return hasDoubles ? scores : Float32Array.from(scores)
}
