/**
 * Beam search with the bookkeeping of transformers 4.32 (the version SpaMo pins), early_stopping
 * False, without sampling: equal input gives equal output.
 */

/** The best continuations of each beam, row-major [beams, width], best first. */
export interface StepCandidates {
  logProbabilities: Float32Array
  ids: ArrayLike<number | bigint>
  width: number
}

/**
 * Feeds one token per beam; `parents[i]` is the beam of the step before that beam i continues.
 * The first call has one beam, the start token.
 */
export type DecodeStep = (tokens: readonly number[], parents: readonly number[]) => Promise<StepCandidates>

export interface BeamOptions {
  beams: number
  /** Counts the start token. */
  maxLength: number
  lengthPenalty: number
  nBest: number
  startId: number
  endId: number
  signal?: AbortSignal | undefined
}

export interface BeamHypothesis {
  /** With the start token and, where it was generated, the end token. */
  tokens: number[]
  /** sumLogProbability / (length without end token) ** lengthPenalty */
  score: number
  sumLogProbability: number
  hasEnded: boolean
}

interface Beam {
  tokens: number[]
  sum: number
}

interface Candidate {
  parent: number
  token: number
  sum: number
}

export async function beamSearch(step: DecodeStep, options: BeamOptions): Promise<BeamHypothesis[]> {
  const finished = new Finished(options)
  let beams: Beam[] = [{ tokens: [options.startId], sum: 0 }]
  let parents = [0]
  let isDone = false
  while (!isDone && (beams[0]?.tokens.length ?? 0) < options.maxLength) {
    options.signal?.throwIfAborted()
    const scored = await step(
      beams.map(beam => beam.tokens.at(-1) ?? options.startId),
      parents,
    )
    const candidates = bestCandidates(scored, beams, 2 * options.beams)
    const open: Candidate[] = []
    for (const [rank, candidate] of candidates.entries()) {
      if (candidate.token !== options.endId) open.push(candidate)
      // An end token counts only where it is one of the best `beams` candidates.
      else if (rank < options.beams) finished.add(beams[candidate.parent]?.tokens ?? [], candidate.sum, true)
      if (open.length === options.beams) break
    }
    isDone = finished.beats(candidates[0]?.sum ?? -Infinity, beams[0]?.tokens.length ?? 1)
    parents = open.map(candidate => candidate.parent)
    beams = open.map(({ parent, token, sum }) => ({ tokens: [...(beams[parent]?.tokens ?? []), token], sum }))
  }
  if (!isDone) for (const beam of beams) finished.add(beam.tokens, beam.sum, false)
  return finished.best()
}

/** The `count` best continuations of all beams; sums are kept in float32 as torch keeps them. */
function bestCandidates(scored: StepCandidates, beams: readonly Beam[], count: number): Candidate[] {
  const candidates = beams.flatMap((beam, parent) =>
    Array.from({ length: scored.width }, (_, rank) => {
      const at = parent * scored.width + rank
      return {
        parent,
        token: Number(scored.ids[at]),
        sum: Math.fround(beam.sum + (scored.logProbabilities[at] ?? -Infinity)),
      }
    }),
  )
  return candidates
    .toSorted((a, b) => b.sum - a.sum || a.parent - b.parent || a.token - b.token)
    .slice(0, count)
}

/** The best finished hypotheses, at most as many as there are beams. */
class Finished {
  readonly #options: BeamOptions
  #kept: BeamHypothesis[] = []

  constructor(options: BeamOptions) {
    this.#options = options
  }

  add(tokens: readonly number[], sum: number, hasEnded: boolean): void {
    const { beams, endId, lengthPenalty } = this.#options
    const score = sum / tokens.length ** lengthPenalty
    if (this.#kept.length >= beams && score <= this.#worst()) return
    this.#kept.push({
      tokens: hasEnded ? [...tokens, endId] : [...tokens],
      score,
      sumLogProbability: sum,
      hasEnded,
    })
    if (this.#kept.length > beams) this.#dropWorst()
  }

  /** Whether no open beam can still win, judged at the present length. */
  beats(bestSum: number, length: number): boolean {
    if (this.#kept.length < this.#options.beams) return false
    return this.#worst() >= bestSum / length ** this.#options.lengthPenalty
  }

  best(): BeamHypothesis[] {
    // Of equal scores the later one comes first, as popping from a stably sorted list gives them.
    return this.#kept
      .toReversed()
      .toSorted((a, b) => b.score - a.score)
      .slice(0, this.#options.nBest)
  }

  #worst(): number {
    return Math.min(...this.#kept.map(hypothesis => hypothesis.score))
  }

  #dropWorst(): void {
    const worst = this.#worst()
    this.#kept.splice(
      this.#kept.findIndex(hypothesis => hypothesis.score === worst),
      1,
    )
  }
}
