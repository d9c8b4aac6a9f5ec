/**
 * Connectionist temporal classification (Graves et al., ICML 2006): a network says for each step of a video how likely each
 * label is, or the blank, “nothing new”; paths of labels that collapse to the same sequence are added up.
 */

/** Labels of one step with the natural logarithms of their probabilities; a label that is not there has probability 0. */
export type CtcStep = readonly (readonly [label: number, logProbability: number])[]

export interface CtcLattice {
  blank: number
  steps: readonly CtcStep[]
}

export interface CtcSequence {
  labels: number[]
  /** Of all its paths that were kept, added up. */
  logProbability: number
}

/** Where a label of a sequence lies on its most likely path. */
export interface AlignedLabel {
  label: number
  firstStep: number
  lastStep: number
  /** Of the label in its strongest step. */
  probability: number
}

/** What a path stands for: repetitions become one, blanks go. (B in Graves et al., section 3.1.) */
export function collapsePath(path: readonly number[], blank: number): number[] {
  return path.filter((label, at) => label !== blank && label !== path[at - 1])
}

/** The likeliest label of each step; of equals the first. A step without labels is a blank. */
export function bestPath({ steps, blank }: CtcLattice): number[] {
  return steps.map(step => {
    let best: readonly [number, number] = [blank, -Infinity]
    for (const entry of step) if (entry[1] > best[1]) best = entry
    return best[0]
  })
}

/** Best path decoding: fast, and not always the likeliest sequence. */
export function greedySequence(lattice: CtcLattice): number[] {
  return collapsePath(bestPath(lattice), lattice.blank)
}

interface Prefix {
  labels: number[]
  /** Of its paths that end in a blank, and of those that end in its last label. */
  endsBlank: number
  endsLabel: number
}

/**
 * Prefix beam search (Graves 2006, section 3.2, in the form of Hannun et al. 2014, arXiv:1408.2873, without a language
 * model): after each step the `beams` likeliest prefixes go on. With as many beams as there are prefixes it is exact.
 *
 * @returns sequences, likeliest first; one empty sequence for a lattice without steps
 */
export function prefixBeam({ steps, blank }: CtcLattice, beams: number): CtcSequence[] {
  let kept: Prefix[] = [{ labels: [], endsBlank: 0, endsLabel: -Infinity }]
  for (const step of steps) {
    const next = new Map<string, Prefix>()
    const of = (labels: number[]): Prefix => {
      const key = labels.join(' ')
      const known = next.get(key) ?? { labels, endsBlank: -Infinity, endsLabel: -Infinity }
      next.set(key, known)
      return known
    }
    for (const prefix of kept)
      for (const [label, chance] of step) extend(prefix, label, chance, { blank, of })
    kept = [...next.values()].sort(byTotal).slice(0, beams)
  }
  return kept.map(prefix => ({ labels: prefix.labels, logProbability: total(prefix) }))
}

function extend(
  prefix: Prefix,
  label: number,
  chance: number,
  { blank, of }: { blank: number; of: (labels: number[]) => Prefix },
): void {
  const { labels, endsBlank, endsLabel } = prefix
  if (label === blank) {
    const same = of(labels)
    same.endsBlank = logSum(same.endsBlank, total(prefix) + chance)
    return
  }
  const isRepeated = label === labels.at(-1)
  if (isRepeated) {
    const same = of(labels)
    same.endsLabel = logSum(same.endsLabel, endsLabel + chance)
  }
  // A label that repeats is a new one only behind a blank.
  const from = isRepeated ? endsBlank : total(prefix)
  if (from === -Infinity) return
  const longer = of([...labels, label])
  longer.endsLabel = logSum(longer.endsLabel, from + chance)
}

const total = ({ endsBlank, endsLabel }: Prefix) => logSum(endsBlank, endsLabel)
const byTotal = (a: Prefix, b: Prefix) =>
  total(b) - total(a) || (a.labels.join(' ') < b.labels.join(' ') ? -1 : 1)

/** log(exp(a) + exp(b)). */
function logSum(a: number, b: number): number {
  const [high, low] = a > b ? [a, b] : [b, a]
  return low === -Infinity ? high : high + Math.log1p(Math.exp(low - high))
}

/**
 * Forced alignment: the likeliest path of all that collapse to `labels` (Viterbi over labels and the blanks between).
 *
 * @returns null where no path does: too few steps, or a label that no step has
 */
export function alignSequence(
  { steps, blank }: CtcLattice,
  labels: readonly number[],
): AlignedLabel[] | null {
  const states = [blank, ...labels.flatMap(label => [label, blank])]
  const chances = steps.map(step => new Map(step))
  const chance = (step: number, state: number) => chances[step]?.get(states[state] ?? blank) ?? -Infinity
  let scores = states.map((_, state) => (state < 2 ? chance(0, state) : -Infinity))
  const origins: number[][] = []
  for (let step = 1; step < steps.length; step += 1) {
    const from = states.map((_, state) => originOf(scores, states, state, blank))
    const before = scores
    scores = from.map((origin, state) => (before[origin] ?? -Infinity) + chance(step, state))
    origins.push(from)
  }
  let state = states.length - 1
  if (state > 0 && (scores[state - 1] ?? -Infinity) > (scores[state] ?? -Infinity)) state -= 1
  if (steps.length === 0 || (scores[state] ?? -Infinity) === -Infinity) return labels.length === 0 ? [] : null
  const path = [state]
  for (const from of origins.toReversed()) path.push((state = from[state] ?? 0))
  path.reverse()
  return labels.map((label, at) => {
    const [firstStep, lastStep] = [path.indexOf(2 * at + 1), path.lastIndexOf(2 * at + 1)]
    const strongest = Math.max(...path.map((on, step) => (on === 2 * at + 1 ? chance(step, on) : -Infinity)))
    return { label, firstStep, lastStep, probability: Math.exp(strongest) }
  })
}

/** The best state to come from: the same, the one before, or over a blank between two different labels. */
function originOf(
  scores: readonly number[],
  states: readonly number[],
  state: number,
  blank: number,
): number {
  const candidates = [state, state - 1]
  if (states[state] !== blank && states[state] !== states[state - 2]) candidates.push(state - 2)
  let best = state
  for (const candidate of candidates)
    if ((scores[candidate] ?? -Infinity) > (scores[best] ?? -Infinity)) best = candidate
  return best
}
