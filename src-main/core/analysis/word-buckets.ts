import type { Words } from './words.ts'

interface WordBuckets {
  starts: Uint32Array
  values: Uint16Array
  /** For each entry: words of the reference, then of each run the words it shares with it and all of its words. */
  statistics: Float64Array
}

/**
 * How the words of each bucket fare, segment by segment. A word of an output counts as right as often as the first
 * reference holds it; F1 over the sums is compare-mt's word accuracy (Neubig et al. 2019).
 */
export function wordStatistics(
  size: number,
  words: Words,
  bucketOf: Uint16Array,
  buckets: number,
): WordBuckets {
  const runs = words.outputs.length
  const width = 1 + 2 * runs
  const starts = new Uint32Array(size + 1)
  const values: number[] = []
  const statistics: number[] = []
  const left = new Int32Array(words.vocabulary.length)
  const sums = new Float64Array(buckets * width)

  const bump = (word: number, column: number) => {
    const at = bucketOf[word]! * width + column
    sums[at] = sums[at]! + 1
  }

  for (let row = 0; row < size; row++) {
    sums.fill(0)
    const list = words.firstReference[row]!
    const { references } = words
    const [from, to] = [references.starts[list]!, references.starts[list + 1]!]
    for (let at = from; at < to; at++) bump(references.values[at]!, 0)
    for (let run = 0; run < runs; run++) {
      for (let at = from; at < to; at++) left[references.values[at]!] = 0
      for (let at = from; at < to; at++) left[references.values[at]!]! += 1
      const output = words.outputs[run]!
      for (let at = output.starts[row]!; at < output.starts[row + 1]!; at++) {
        const word = output.values[at]!
        bump(word, 2 + 2 * run)
        if (left[word]! > 0) {
          left[word]! -= 1
          bump(word, 1 + 2 * run)
        }
      }
      for (let at = from; at < to; at++) left[references.values[at]!] = 0
    }
    for (let bucket = 0; bucket < buckets; bucket++) {
      const own = sums.subarray(bucket * width, (bucket + 1) * width)
      if (own.every(count => count === 0)) continue
      values.push(bucket)
      statistics.push(...own)
    }
    starts[row + 1] = values.length
  }
  return { starts, values: Uint16Array.from(values), statistics: Float64Array.from(statistics) }
}

/** F1 in percent of the words of one run, from a summed row of `wordStatistics`. */
export function wordF1(total: ArrayLike<number>, run: number): number {
  const [inReference, shared, inOutput] = [total[0]!, total[1 + 2 * run]!, total[2 + 2 * run]!]
  return shared === 0 ? 0 : (200 * shared) / (inReference + inOutput)
}
