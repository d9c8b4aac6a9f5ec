import type { GroupScore } from '#shared/contract/analysis.ts'
import { jackknifeInterval } from '#main/metrics/jackknife.ts'

/** More narrow the intervals hardly; each costs an evaluation a bucket. */
const GROUPS = 25

/** Sums of statistics by bucket, kept in groups, so that each sum has its confidence interval. */
export class GroupSums {
  /** Rows in each bucket. */
  readonly counts: Uint32Array
  private readonly width: number
  private readonly sums: Float64Array

  constructor(buckets: number, width: number) {
    this.width = width
    this.counts = new Uint32Array(buckets)
    this.sums = new Float64Array(buckets * GROUPS * width)
  }

  /** Adds a row of statistics; groups are filled in turn, so that few rows are a group each. */
  add(bucket: number, rows: Float64Array, offset: number): void {
    const { width, sums } = this
    const group = this.counts[bucket]! % GROUPS
    this.counts[bucket] = this.counts[bucket]! + 1
    let at = (bucket * GROUPS + group) * width
    for (let column = offset; column < offset + width; column++, at++) sums[at] = sums[at]! + rows[column]!
  }

  /** The scores of a bucket for each run, from functions of its summed rows; null where it is empty. */
  scores(bucket: number, evaluate: readonly ((total: Float64Array) => number)[]): (GroupScore | null)[] {
    const groups = Math.min(GROUPS, this.counts[bucket]!)
    if (groups === 0) return evaluate.map(() => null)
    const total = this.total(bucket, groups)
    const without = Array.from({ length: groups }, (_, group) => this.without(total, bucket, group))
    return evaluate.map(scoreOf => {
      const score = scoreOf(total)
      return { score, interval: jackknifeInterval(score, without.map(scoreOf)) }
    })
  }

  private total(bucket: number, groups: number): Float64Array {
    const total = new Float64Array(this.width)
    for (let group = 0; group < groups; group++)
      for (let column = 0; column < this.width; column++)
        total[column] = total[column]! + this.sums[(bucket * GROUPS + group) * this.width + column]!
    return total
  }

  private without(total: Float64Array, bucket: number, group: number): Float64Array {
    const from = (bucket * GROUPS + group) * this.width
    return total.map((value, column) => value - this.sums[from + column]!)
  }
}
