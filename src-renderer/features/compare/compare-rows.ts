import type { RunScores } from '#shared/contract/run.ts'

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
