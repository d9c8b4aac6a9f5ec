/**
 * Search for the sentences that a decoder finds best, with the bookkeeping of transformers 4.32 (the
 * version SpaMo pins), early_stopping False. Equal input, and equal seeds where it samples, give equal output.
 */
import type { LengthRule } from './length-rule.ts'
import { type Candidate, chooseCandidates, type StepCandidates, type Strategy } from './candidates.ts'

export type { StepCandidates, Strategy } from './candidates.ts'

/** A beam's newest token, and where its earlier ones are. */
export interface FedBeam {
  token: number
  /** Numbers of its earlier tokens: every fed token has one, counted from 0 over all steps and beams. */
  rows: readonly number[]
}

/** Feeds one token per beam; the beams of a sentence are neighbours, and each sentence has as many. */
export type DecodeStep = (beams: readonly FedBeam[]) => Promise<StepCandidates>

export interface SearchOptions {
  /** 1 = greedy. */
  beams: number
  /** Counts the start token. */
  maxLength: number
  lengthPenalty: number
  nBest: number
  startId: number
  endId: number
  /** Tokens after the start that are given, not searched; they count in `maxLength`. */
  prompt?: readonly number[]
  /** Default: pinned. */
  lengthRule?: LengthRule
  /** Default: deterministic beam search. */
  strategy?: Strategy
}

export interface BeamHypothesis {
  /** With the start token and, where it was generated, the end token. */
  tokens: number[]
  /** rows[i] is the number of the fed token that predicted tokens[i + 1]. */
  rows: number[]
  /** sumLogProbability / length ** lengthPenalty, the length as the rule counts it. */
  score: number
  /** With sampling, of the log-probabilities after the temperature. */
  sumLogProbability: number
  hasEnded: boolean
}

/** Searches one sentence. */
export function beamSearch(
  step: DecodeStep,
  { signal, ...options }: SearchOptions & { signal?: AbortSignal | undefined },
): Promise<BeamHypothesis[]> {
  return searchAll(step, [options], signal).then(([found = []]) => found)
}

/** Searches several sentences in lockstep; they have to agree in beams, maximal length and whether they sample. */
export async function searchAll(
  step: DecodeStep,
  sentences: readonly SearchOptions[],
  signal?: AbortSignal,
): Promise<BeamHypothesis[][]> {
  const searches = sentences.map(options => new Search(options))
  let rows = 0
  while (searches.some(search => !search.isDone)) {
    signal?.throwIfAborted()
    const fed = searches.map(search => search.fed)
    const scored = await step(fed.flat())
    let at = 0
    for (const [index, search] of searches.entries()) {
      search.take(scored, at, rows + at)
      at += fed[index]?.length ?? 0
    }
    rows += at
  }
  return searches.map(search => search.hypotheses())
}

interface Beam {
  tokens: number[]
  rows: number[]
  sum: number
}

class Search {
  readonly #options: SearchOptions
  readonly #strategy: Strategy
  readonly #finished: Finished
  #beams: Beam[]
  #isDone = false

  constructor(options: SearchOptions) {
    this.#options = options
    this.#strategy = options.strategy ?? { kind: 'beam' }
    this.#finished = new Finished(options)
    // Beam sampling draws from as many equal beams; a beam search would only find everything several times.
    const count = this.#strategy.kind === 'sample' ? options.beams : 1
    this.#beams = Array.from({ length: count }, () => ({ tokens: [options.startId], rows: [], sum: 0 }))
  }

  get isDone(): boolean {
    return this.#isDone || this.#length >= this.#options.maxLength
  }

  get #length(): number {
    return this.#beams[0]?.tokens.length ?? 0
  }

  /** A sentence that is done goes along with whatever it has until the others are. */
  get fed(): FedBeam[] {
    return this.#beams.map(({ tokens, rows }) => ({ token: tokens.at(-1) ?? this.#options.startId, rows }))
  }

  /** `from`: row of its first beam in `scored`; `firstRow`: number of the token that this beam was fed. */
  take(scored: StepCandidates, from: number, firstRow: number): void {
    if (this.isDone) {
      for (const [index, beam] of this.#beams.entries()) beam.rows.push(firstRow + index)
      return
    }
    const given = this.#options.prompt?.[this.#length - 1]
    if (given !== undefined) return this.#follow(given, firstRow)
    const { beams, endId } = this.#options
    const sums = this.#beams.map(beam => beam.sum)
    const candidates = chooseCandidates(scored, from, sums, beams, this.#strategy)
    const open: Beam[] = []
    for (const [rank, candidate] of candidates.entries()) {
      if (candidate.token !== endId) open.push(this.#continued(candidate, firstRow))
      // An end token counts only where it is one of the best `beams` candidates.
      else if (rank < beams) this.#finished.add(this.#continued(candidate, firstRow), true)
      if (open.length === beams) break
    }
    const bestSum = candidates[0]?.sum ?? -Infinity
    this.#isDone = open.length === 0 || this.#finished.beats(bestSum, this.#length)
    if (open.length > 0) this.#beams = filled(open, beams)
  }

  /** The next token of the prompt; what the model would have said does not count. */
  #follow(token: number, firstRow: number): void {
    this.#beams = this.#beams.map(({ sum }, parent) => this.#continued({ parent, token, sum }, firstRow))
  }

  #continued({ parent, token, sum }: Candidate, firstRow: number): Beam {
    const from = this.#beams[parent]
    if (!from) throw new Error('A candidate without a beam')
    return { tokens: [...from.tokens, token], rows: [...from.rows, firstRow + parent], sum }
  }

  hypotheses(): BeamHypothesis[] {
    if (!this.#isDone) for (const beam of this.#beams) this.#finished.add(beam, false)
    this.#isDone = true
    return this.#finished.best()
  }
}

/** Every step feeds as many beams; where a row has too few continuations, hopeless copies fill the gap. */
function filled(open: readonly Beam[], beams: number): Beam[] {
  const last = open.at(-1)
  return Array.from({ length: beams }, (_, at) => {
    const beam = open[at] ?? last
    if (!beam) throw new Error('No beam is open')
    return at < open.length ? beam : { ...beam, rows: [...beam.rows], sum: -Infinity }
  })
}

/** The best finished hypotheses, at most as many as there are beams. */
class Finished {
  readonly #options: SearchOptions
  #kept: BeamHypothesis[] = []

  constructor(options: SearchOptions) {
    this.#options = options
  }

  /** `beam`: with its end token, if it has one. */
  add({ tokens, rows, sum }: Beam, hasEnded: boolean): void {
    const { beams, lengthPenalty } = this.#options
    if (sum === -Infinity) return
    const length = this.#isPinned ? tokens.length - (hasEnded ? 1 : 0) : tokens.length - this.#given
    const score = sum / length ** lengthPenalty
    if (this.#kept.length >= beams && score <= this.#worst()) return
    this.#kept.push({ tokens, rows, score, sumLogProbability: sum, hasEnded })
    if (this.#kept.length > beams) this.#dropWorst()
  }

  /** Whether no open beam can still win, judged at the present length. */
  beats(bestSum: number, length: number): boolean {
    if (this.#kept.length < this.#options.beams) return false
    const counted = this.#isPinned ? length : length + 1 - this.#given
    return this.#worst() >= bestSum / counted ** this.#options.lengthPenalty
  }

  best(): BeamHypothesis[] {
    // Of equal scores the later one comes first, as popping from a stably sorted list gives them.
    return this.#kept
      .toReversed()
      .toSorted((a, b) => b.score - a.score)
      .slice(0, this.#options.nBest)
  }

  get #isPinned(): boolean {
    return this.#options.lengthRule !== 'current'
  }

  /** Start token and prompt. */
  get #given(): number {
    return 1 + (this.#options.prompt?.length ?? 0)
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
