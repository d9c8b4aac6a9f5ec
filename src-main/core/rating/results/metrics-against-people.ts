import type { ClipId, RunId } from '#shared/contract/ids.ts'
import type { MetricsReport, RatingScope } from '#shared/contract/rating.ts'
import { AppError } from '#shared/contract/errors.ts'
import { PROTOCOLS } from '#shared/domain/rating-protocols.ts'
import { seededRandom } from '#shared/domain/seeded-random.ts'
import { writesGlosses } from '#shared/domain/task-type.ts'
import { prepared } from '../../../db/prepared.ts'
import type { ReadDb } from '../../../db/types.ts'
import type { CorpusContext } from '../../context.ts'
import { listRuns } from '../../run/run.queries.ts'
import { resolveOptions } from '../../evaluation/scorer.ts'
import { byUnit, meanOf } from '../judged.ts'
import { correlate, type FIGURES, type Figures } from './correlate.ts'
import { createMetricTables, type HumanOutput, type MetricTables, type RatedRun } from './metric-tables.ts'
import type { RatingResults } from './results.service.ts'

const SEED = 12_345
/** Resamples between two looks at whether anybody still waits. */
const BREATH = 10

interface ClipReferences {
  clipId: ClipId
  /** JSON array of texts by ordinal. */
  references: string
  language: string
}

const REFERENCES = prepared<[string], ClipReferences>(
  `SELECT clip_id AS clipId, json_group_array(text) AS "references", min(language) AS language FROM
     (SELECT clip_id, text, language FROM reference JOIN json_each(?) AS wanted ON wanted.value = clip_id
      ORDER BY clip_id, ordinal)
   GROUP BY clip_id`,
)

function referencesOf(db: ReadDb, clipIds: readonly ClipId[]): Map<ClipId, ClipReferences> {
  return new Map(
    REFERENCES(db)
      .all(JSON.stringify(clipIds))
      .map(row => [row.clipId, row]),
  )
}

/** Recognised glosses are judged by people too, but no metric of sentences fits them. */
function sentenceRunsOf(db: ReadDb): Set<RunId> {
  return new Set(
    listRuns(db)
      .filter(({ task }) => !writesGlosses(task))
      .map(({ id }) => id),
  )
}

interface Deps {
  results: RatingResults
}

interface Request extends RatingScope {
  resamples: number
}

/** How far automatic metrics see what people see, on the clips that people judged. */
export function createMetricsAgainstPeople({ db }: CorpusContext, { results }: Deps) {
  function humanOutputs(scope: RatingScope): { runs: RatedRun[]; leftOut: number; language: string } {
    const { protocol, judged } = results.scoped({ ...scope, of: 'clips' })
    const sign = PROTOCOLS[protocol].isHigherBetter ? 1 : -1
    const clipIds = [...new Set(judged.map(each => each.clipId!))]
    const references = referencesOf(db, clipIds)
    const outputs = byUnit(judged).map(unit => ({
      first: unit[0]!,
      human: sign * meanOf(unit.map(v => v.value)),
    }))
    const writesSentences = sentenceRunsOf(db)
    const scored = outputs.filter(
      ({ first }) => references.has(first.clipId!) && writesSentences.has(first.runId),
    )
    const runs = [...Map.groupBy(scored, ({ first }) => first.runId)].map(([runId, own]) => ({
      runId,
      run: own[0]!.first.run,
      outputs: own.map(({ first, human }): HumanOutput => ({
        clipId: first.clipId!,
        text: first.text,
        human,
        references: JSON.parse(references.get(first.clipId!)!.references) as string[],
      })),
    }))
    return { runs, leftOut: clipIds.length - references.size, language: commonLanguage(references) }
  }

  /** @throws AppError 'invalid-input' where no judged clip has a reference */
  async function measure({ resamples, ...scope }: Request, signal?: AbortSignal): Promise<MetricsReport> {
    const { runs, leftOut, language } = humanOutputs(scope)
    if (runs.length === 0)
      throw new AppError(
        'invalid-input',
        'None of the judged outputs is a sentence with a reference, so no metric can score them. Add references on the Review screen, or import them.',
      )
    const tables = createMetricTables(runs, resolveOptions({ tokenize: 'auto', language }))
    const whole = correlateAll(tables, tables.whole())
    const samples = await resampled(tables, resamples, signal)
    const best = bestOf(whole)
    return {
      metrics: tables.metrics.map(({ name, signature }, at) => ({
        metric: name,
        signature,
        segment: levelOf(
          tables.segments,
          whole[at]!.segment,
          samples.map(each => each[at]!.segment),
        ),
        system: levelOf(
          runs.length,
          whole[at]!.system,
          samples.map(each => each[at]!.system),
        ),
        behindBest: at === best ? null : behind(samples, best, at),
      })),
      systems: runs.map(({ runId, run }, at) => ({ runId: runId as RunId, run, ...tables.systemScores(at) })),
      leftOut,
      resamples,
    }
  }

  return { measure }
}

interface Correlated {
  segment: Figures
  system: Figures
}

function correlateAll(tables: MetricTables, drawn: ReturnType<MetricTables['whole']>): Correlated[] {
  return tables.metrics.map((_, at) => ({
    segment: correlate(drawn.human, drawn.segments[at]!),
    // Through two points goes every line.
    system: correlate(drawn.systemHuman, drawn.systems[at]!, 3),
  }))
}

/** Clips are drawn, with all that people and metrics say of them, so that metrics stay comparable in each sample. */
async function resampled(
  tables: MetricTables,
  resamples: number,
  signal?: AbortSignal,
): Promise<Correlated[][]> {
  const random = seededRandom(SEED)
  const samples: Correlated[][] = []
  for (let sample = 0; sample < resamples; sample++) {
    const clips = Uint32Array.from({ length: tables.clips }, () => random.below(tables.clips))
    samples.push(correlateAll(tables, tables.drawn(clips)))
    if (sample % BREATH === 0) await new Promise(resolve => setImmediate(resolve))
    signal?.throwIfAborted()
  }
  return samples
}

function bestOf(whole: readonly Correlated[]): number {
  let best = 0
  whole.forEach(({ segment }, at) => {
    if ((segment.pearson ?? -2) > (whole[best]!.segment.pearson ?? -2)) best = at
  })
  return best
}

function behind(samples: readonly Correlated[][], best: number, at: number) {
  return intervalOf(
    samples.map(sample => {
      const [higher, lower] = [sample[best]!.segment.pearson, sample[at]!.segment.pearson]
      return higher === null || lower === null ? null : higher - lower
    }),
  )
}

function levelOf(units: number, whole: Figures, samples: readonly Figures[]) {
  const figure = (name: (typeof FIGURES)[number]) => ({
    value: whole[name],
    interval: whole[name] === null ? null : intervalOf(samples.map(sample => sample[name])),
  })
  return {
    units,
    pearson: figure('pearson'),
    spearman: figure('spearman'),
    kendall: figure('kendall'),
    accuracy: figure('accuracy'),
  }
}

/** The middle 95 %; null where most samples have no value. */
function intervalOf(values: readonly (number | null)[]): { low: number; high: number } | null {
  const known = values.filter(value => value !== null).toSorted((a, b) => a - b)
  if (known.length === 0 || known.length < values.length / 2) return null
  const lower = Math.floor(known.length / 40)
  return { low: known[lower]!, high: known[known.length - lower - 1]! }
}

function commonLanguage(references: ReadonlyMap<ClipId, ClipReferences>): string {
  const counts = new Map<string, number>()
  for (const { language } of references.values()) counts.set(language, (counts.get(language) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? ''
}
