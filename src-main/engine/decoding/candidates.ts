import { type Random, drawWithoutReplacement } from './random.ts'

/** The best continuations of each fed beam, row-major [beams, width], best first. */
export interface StepCandidates {
  logProbabilities: Float32Array
  ids: ArrayLike<number | bigint>
  width: number
}

/** A beam with one more token. */
export interface Candidate {
  parent: number
  token: number
  sum: number
}

/** Which continuations go on. */
export type Strategy =
  | { kind: 'beam' }
  /**
   * transformers 4.32's `do_sample`: with several beams (beam sampling, what SpaMo's release does) the
   * scores that are warped and drawn from include what a beam has so far; with one beam, plain sampling.
   */
  | { kind: 'sample'; temperature: number; topK: number; topP: number; random: Random }

/** How many continuations a beam has to name. */
export function candidatesNeeded(strategy: Strategy, beams: number, vocabulary: number): number {
  const wanted = strategy.kind === 'beam' ? 2 * beams : strategy.topK || vocabulary
  return Math.min(vocabulary, wanted)
}

/** The continuations to look at, best sum first. `sums`: of the fed beams. `from`: row of the first of them. */
export function chooseCandidates(
  scored: StepCandidates,
  from: number,
  sums: readonly number[],
  beams: number,
  strategy: Strategy,
): Candidate[] {
  if (strategy.kind === 'beam') return bestFirst(allCandidates(scored, from, sums)).slice(0, 2 * beams)
  const warped = sums.flatMap((sum, parent) => warpedRow(scored, from + parent, parent, sum, beams, strategy))
  const drawn = drawWithoutReplacement(
    warped.map(({ sum }) => sum),
    beams > 1 ? 2 * beams : 1,
    strategy.random,
  )
  return bestFirst(drawn.flatMap(position => warped[position] ?? []))
}

/** Sums are kept in float32 as torch keeps them. */
function allCandidates(
  { width, ids, logProbabilities }: StepCandidates,
  from: number,
  sums: readonly number[],
) {
  return sums.flatMap((sum, parent) =>
    Array.from({ length: width }, (_, rank): Candidate => {
      const at = (from + parent) * width + rank
      return { parent, token: Number(ids[at]), sum: Math.fround(sum + (logProbabilities[at] ?? -Infinity)) }
    }),
  )
}

function bestFirst(candidates: readonly Candidate[]): Candidate[] {
  return candidates.toSorted((a, b) => b.sum - a.sum || a.parent - b.parent || a.token - b.token)
}

/** One beam's continuations after temperature, top-k (by the width of the row) and top-p. */
function warpedRow(
  { width, ids, logProbabilities }: StepCandidates,
  row: number,
  parent: number,
  sum: number,
  beams: number,
  { temperature, topP }: Extract<Strategy, { kind: 'sample' }>,
): Candidate[] {
  const leastKept = beams > 1 ? 2 : 1
  const scores = Array.from({ length: width }, (_, rank) =>
    Math.fround((sum + (logProbabilities[row * width + rank] ?? -Infinity)) / temperature),
  )
  const [best = 0] = scores
  const weights = scores.map(score => Math.exp(score - best))
  const total = weights.reduce((all, weight) => all + weight, 0)
  let before = 0
  const kept: Candidate[] = []
  for (const [rank, weight] of weights.entries()) {
    // What likelier tokens have already covered; the one that crosses the border still counts.
    if (rank >= leastKept && before >= topP * total) break
    kept.push({ parent, token: Number(ids[row * width + rank]), sum: scores[rank] ?? -Infinity })
    before += weight
  }
  // Nearly equal scores change their rank between devices and batches; what a seed draws must not change with it.
  return kept.sort((a, b) => a.token - b.token)
}
