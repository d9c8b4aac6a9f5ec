import type { EvaluatedDataset } from './dataset.types.ts'

/**
 * How far a release is, in clips: its files are made by walking clips and outputs again and again, and each item that
 * is walked is a step. Steps of different weight are what makes the time left come true.
 */
export interface Effort {
  /** What one item costs from here on; a line of text is 1. */
  weigh: (weight: number) => void
  /** How much there is to do in all; may be said again once more is known. */
  expect: (steps: number) => void
  step: (steps?: number) => void
  counted: <T>(items: Iterable<T>) => Iterable<T>
}

export function createEffort(onShare: (share: number) => void): Effort {
  let [weight, expected, done] = [1, Infinity, 0]
  const step = (steps = 1) => {
    done += steps * weight
    onShare(Math.min(1, done / expected))
  }
  return {
    weigh: next => void (weight = next),
    expect: steps => void (expected = done + steps),
    step,
    counted: items => ({
      *[Symbol.iterator]() {
        for (const item of items) {
          step()
          yield item
        }
      },
    }),
  }
}

/** The same dataset; whoever walks it counts as he goes. */
export function countedDataset(dataset: EvaluatedDataset, effort: Effort): EvaluatedDataset {
  return {
    ...dataset,
    clips: effort.counted(dataset.clips),
    runs: dataset.runs.map(run => ({ ...run, hypotheses: effort.counted(run.hypotheses) })),
  }
}
