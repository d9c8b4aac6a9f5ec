/**
 * An averaged perceptron over hashed features (Collins 2002): trained by additions alone, and as fast as its features.
 * A feature is an unsigned number of 32 bits; two that fall together share their weights, which costs less than keeping
 * their texts.
 */

/** Weights as they are stored: a row of whole numbers for each feature, times one step for all. */
export interface Weights {
  /** Features in ascending order. */
  features: Uint32Array
  /** [features][classes] */
  rows: Int8Array
  step: number
}

const EMPTY = -1

/** From feature to the number of its row: open addressing, at most half full. */
class FeatureTable {
  #keys: Uint32Array
  #rows: Int32Array
  #mask: number
  size = 0

  constructor(expected: number) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(16, expected * 2)))
    this.#keys = new Uint32Array(capacity)
    this.#rows = new Int32Array(capacity).fill(EMPTY)
    this.#mask = capacity - 1
  }

  find(feature: number): number {
    let at = feature & this.#mask
    for (;;) {
      const row = this.#rows[at] ?? EMPTY
      if (row === EMPTY || this.#keys[at] === feature) return row
      at = (at + 1) & this.#mask
    }
  }

  /** The row of the feature, a new one where it has none. */
  add(feature: number): number {
    let at = feature & this.#mask
    while (this.#rows[at] !== EMPTY) {
      if (this.#keys[at] === feature) return this.#rows[at] ?? EMPTY
      at = (at + 1) & this.#mask
    }
    this.#keys[at] = feature
    this.#rows[at] = this.size
    this.size += 1
    if (this.size * 2 > this.#rows.length) this.#grow()
    return this.size - 1
  }

  *entries(): Generator<[feature: number, row: number]> {
    for (let at = 0; at < this.#rows.length; at++) {
      const row = this.#rows[at] ?? EMPTY
      if (row !== EMPTY) yield [this.#keys[at] ?? 0, row]
    }
  }

  #grow(): void {
    const old = [...this.entries()]
    const capacity = this.#rows.length * 2
    this.#keys = new Uint32Array(capacity)
    this.#rows = new Int32Array(capacity).fill(EMPTY)
    this.#mask = capacity - 1
    for (const [feature, row] of old) {
      let at = feature & this.#mask
      while (this.#rows[at] !== EMPTY) at = (at + 1) & this.#mask
      this.#keys[at] = feature
      this.#rows[at] = row
    }
  }
}

export interface Classifier {
  /** Fills `scores` [classes]; `features` [0, count) are those that are on. */
  score: (features: Uint32Array, count: number, scores: Float32Array) => void
}

/** Applies finished weights. */
export function createClassifier({ features, rows, step }: Weights, classes: number): Classifier {
  const table = new FeatureTable(features.length)
  for (const feature of features) table.add(feature)
  return {
    score: (on, count, scores) => {
      scores.fill(0)
      for (let at = 0; at < count; at++) {
        const row = table.find(on[at] ?? 0)
        if (row === EMPTY) continue
        const from = row * classes
        for (let c = 0; c < classes; c++) scores[c] = (scores[c] ?? 0) + (rows[from + c] ?? 0)
      }
      for (let c = 0; c < classes; c++) scores[c] = (scores[c] ?? 0) * step
    },
  }
}

export interface PerceptronTrainer extends Classifier {
  /** After a decision: moves the weights where `guess` was wrong. */
  learn: (features: Uint32Array, count: number, outcome: { truth: number; guess: number }) => void
  /** The mean of the weights over all decisions, rounded to a byte each; features without any are left out. */
  finish: () => Weights
}

export function createTrainer(classes: number): PerceptronTrainer {
  const table = new FeatureTable(1 << 14)
  let weights = new Float32Array(classes << 14)
  // What each weight would have to be less, were it the mean: Daumé's trick, one sum instead of one mean a step.
  let late = new Float64Array(classes << 14)
  let step = 1

  function bump(row: number, c: number, by: number): void {
    const at = row * classes + c
    if (at >= weights.length) grow()
    weights[at] = (weights[at] ?? 0) + by
    late[at] = (late[at] ?? 0) + by * step
  }

  function grow(): void {
    const more = new Float32Array(weights.length * 2)
    more.set(weights)
    weights = more
    const moreLate = new Float64Array(late.length * 2)
    moreLate.set(late)
    late = moreLate
  }

  return {
    score: (on, count, scores) => {
      scores.fill(0)
      for (let at = 0; at < count; at++) {
        const row = table.find(on[at] ?? 0)
        if (row === EMPTY) continue
        const from = row * classes
        for (let c = 0; c < classes; c++) scores[c] = (scores[c] ?? 0) + (weights[from + c] ?? 0)
      }
    },
    learn: (on, count, { truth, guess }) => {
      if (truth !== guess)
        for (let at = 0; at < count; at++) {
          const row = table.add(on[at] ?? 0)
          bump(row, truth, 1)
          bump(row, guess, -1)
        }
      step += 1
    },
    finish: () => rounded([...table.entries()], (row, c) => meanOf(row * classes + c), classes),
  }

  function meanOf(at: number): number {
    return (weights[at] ?? 0) - (late[at] ?? 0) / step
  }
}

/** A weight of less than this is as good as none: the spec of the original tagger rounds to tenths. */
const LEAST_STEP = 0.02

function rounded(
  entries: [feature: number, row: number][],
  meanOf: (row: number, c: number) => number,
  classes: number,
): Weights {
  let most = 0
  for (const [, row] of entries)
    for (let c = 0; c < classes; c++) most = Math.max(most, Math.abs(meanOf(row, c)))
  const step = Math.max(LEAST_STEP, most / 127)
  const whole = (row: number, c: number) => Math.round(meanOf(row, c) / step)
  const kept = entries
    .filter(([, row]) => Array.from({ length: classes }, (_, c) => whole(row, c)).some(value => value !== 0))
    .sort(([a], [b]) => a - b)
  const rows = new Int8Array(kept.length * classes)
  kept.forEach(([, row], at) => {
    for (let c = 0; c < classes; c++) rows[at * classes + c] = whole(row, c)
  })
  return { features: Uint32Array.from(kept, ([feature]) => feature), rows, step }
}
