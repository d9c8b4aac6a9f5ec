import type { ComparedClip, RunScores } from '#shared/contract/run.ts'

export const COMPARE_SORTS = ['worse', 'better', 'weakest', 'strongest', 'name'] as const
export type CompareSort = (typeof COMPARE_SORTS)[number]

function lastBleu(clip: ComparedClip): number {
  return clip.hypotheses.at(-1)?.bleu ?? 0
}

const ORDERS: Record<CompareSort, (a: ComparedClip, b: ComparedClip) => number> = {
  worse: (a, b) => a.delta - b.delta,
  better: (a, b) => b.delta - a.delta,
  weakest: (a, b) => lastBleu(a) - lastBleu(b),
  strongest: (a, b) => lastBleu(b) - lastBleu(a),
  name: () => 0,
}

const byName = new Intl.Collator(undefined, { numeric: true })

/** The clips to show: those that hold the text in their name, reference or any output, in the order asked for. */
export function arrangeClips(
  clips: readonly ComparedClip[],
  text: string,
  sort: CompareSort,
): ComparedClip[] {
  const wanted = text.trim().toLowerCase()
  const holds = (value: string) => value.toLowerCase().includes(wanted)
  return clips
    .filter(
      clip => holds(clip.name) || holds(clip.reference) || clip.hypotheses.some(each => holds(each.text)),
    )
    .sort((a, b) => ORDERS[sort](a, b) || byName.compare(a.name, b.name))
}

export interface ScoreCell {
  score: number
  isBest: boolean
  /** Difference to the first run. */
  delta: number
}

export interface ScoreLine {
  metric: string
  /** One for all runs where they are alike, as they are unless a run's references differ in number. */
  signatures: string[]
  cells: (ScoreCell | null)[]
}

/** Metrics where less is better. */
const ERROR_RATES = /^(ter|wer|cer|per)/i

/** Corpus scores with a line per metric and a cell per run. */
export function scoreLines(runs: readonly RunScores[]): ScoreLine[] {
  const metrics = [...new Set(runs.flatMap(run => run.scores.map(score => score.metric)))]
  return metrics.map(metric => {
    const scores = runs.map(run => run.scores.find(score => score.metric === metric) ?? null)
    const values = scores.flatMap(score => (score ? [score.score] : []))
    const best = ERROR_RATES.test(metric) ? Math.min(...values) : Math.max(...values)
    const first = scores[0]?.score ?? 0
    return {
      metric,
      signatures: [...new Set(scores.flatMap(score => (score ? [score.signature] : [])))],
      cells: scores.map(
        score =>
          score && {
            score: score.score,
            isBest: values.length > 1 && score.score === best,
            delta: score.score - first,
          },
      ),
    }
  })
}

/** How the last run fares against the first, clip by clip. */
export function countOutcomes(clips: readonly ComparedClip[]): {
  better: number
  same: number
  worse: number
} {
  const outcomes = { better: 0, same: 0, worse: 0 }
  for (const { delta } of clips) outcomes[delta > 0.05 ? 'better' : delta < -0.05 ? 'worse' : 'same'] += 1
  return outcomes
}
