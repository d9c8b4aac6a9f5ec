import { setImmediate } from 'node:timers/promises'
import type {
  EvaluationChoice,
  LintReport,
  RecipeId,
  ScoreGap,
  ScoreSheet,
  SignificanceInput,
  SignificanceReport,
} from '#shared/contract/evaluation.ts'
import { SignificanceReport as Report } from '#shared/contract/evaluation.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, RunId } from '#shared/contract/ids.ts'
import { explainGap } from '#main/metrics/recipes/explain.ts'
import { normalised } from '#main/metrics/recipes/procedure.ts'
import { procedureOf, recipeNamed } from '#main/metrics/recipes/registry.ts'
import type { CorpusContext } from '../context.ts'
import { type Dataset, loadDataset } from './dataset.ts'
import { findSignificance, saveSignificance, trainingReferences } from './dataset.queries.ts'
import { lintDataset } from './lint-dataset.ts'
import type { ActTask } from '../thread/acts-thread.ts'
import { openSheet, refreshClip, type Sheet, sheetScores } from './sheet.ts'
import { keyedTokenizer, roundTripOf, type TokenizerPlace } from './tokenizer-of.ts'
import { basisOf, DEFAULT_SAMPLES, testPairs } from './test-pairs.ts'

export interface ScoringScope {
  runIds: RunId[]
  split: string | null
  choice: EvaluationChoice
  /** What references go through where the recipe puts them through a tokenizer; null where none is at hand. */
  tokenizer: TokenizerPlace | null
}

export interface ExplainRequest {
  runId: RunId
  split: string | null
  choice: EvaluationChoice
  metric: string
  to: RecipeId
  published?: number | undefined
  tokenizer: TokenizerPlace | null
}

/** What takes seconds on a large corpus, and so runs on a thread of its own. */
export type Scoring = {
  scores: (scope: ScoringScope, task: ActTask) => Promise<ScoreSheet>
  explain: (request: ExplainRequest) => Promise<ScoreGap>
  lint: (scope: ScoringScope, task: ActTask) => Promise<LintReport>
  significance: (
    input: SignificanceInput & Pick<ScoringScope, 'choice' | 'tokenizer'>,
    task: ActTask,
  ) => Promise<SignificanceReport>
  /** References of a clip have changed, or, with null, more than that. */
  changed: (clipId: ClipId | null) => Promise<void>
}

/** The corpora of four comparisons fit into memory; a fifth takes the place of the one used longest ago. */
const MOST_SHEETS = 4

/** The sheets at hand. */
function createSheets(db: CorpusContext['db']) {
  const sheets = new Map<string, Sheet & { split: string | null }>()
  const depsOf = (signal?: AbortSignal) => ({
    db,
    giveWay: async () => {
      await setImmediate()
      signal?.throwIfAborted()
    },
  })

  async function sheetOf(scope: ScoringScope, signal: AbortSignal): Promise<Sheet> {
    const { runIds, split, choice, tokenizer } = scope
    const key = JSON.stringify([runIds, split, choice, tokenizer])
    const known = sheets.get(key)
    sheets.delete(key)
    const sheet = known ?? {
      ...(await openSheet(loadDataset(db, runIds, split), choice, {
        ...depsOf(signal),
        ...(tokenizer && { tokenizer: keyedTokenizer(tokenizer) }),
      })),
      split,
    }
    sheets.set(key, sheet)
    for (const oldest of [...sheets.keys()].slice(0, -MOST_SHEETS)) sheets.delete(oldest)
    return sheet
  }

  async function changed(clipId: ClipId | null): Promise<void> {
    for (const [key, sheet] of sheets)
      if (clipId === null || !refreshClip(sheet, clipId, sheet.split, depsOf())) sheets.delete(key)
  }

  return { sheetOf, changed, depsOf }
}

export function createScoring({ db, now }: Pick<CorpusContext, 'db' | 'now'>): Scoring {
  const { sheetOf, changed, depsOf } = createSheets(db)

  async function scores(scope: ScoringScope, { signal }: ActTask): Promise<ScoreSheet> {
    return sheetScores(await sheetOf(scope, signal), scope.split)
  }

  async function explain(request: ExplainRequest): Promise<ScoreGap> {
    const { runId, split, choice, metric, to, published, tokenizer } = request
    const { hypotheses, references, language } = withClips(loadDataset(db, [runId], split))
    assertComputes(choice.recipe, metric)
    return explainGap({
      hypotheses: hypotheses[0]!,
      references,
      from: {
        recipe: choice.recipe,
        procedure: normalised(procedureOf(choice.recipe, language), choice.normalisers),
        metric,
      },
      to: { recipe: to, procedure: procedureOf(to, language), metric: sameMetric(to, metric) },
      published,
      ...(tokenizer && { roundTrip: roundTripOf(tokenizer) }),
    })
  }

  async function lint(
    { runIds, split, choice, tokenizer: place }: Parameters<Scoring['lint']>[0],
    { signal }: ActTask,
  ): Promise<LintReport> {
    const { giveWay } = depsOf(signal)
    const training = split === 'train' ? [] : trainingReferences(db)
    const tokenizer = place ? { name: place.name, roundTrip: roundTripOf(place) } : undefined
    return lintDataset(withClips(loadDataset(db, runIds, split)), { choice, training, tokenizer, giveWay })
  }

  async function significance(
    input: Parameters<Scoring['significance']>[0],
    { signal, progress }: ActTask,
  ): Promise<SignificanceReport> {
    const { runIds, split, test, seed, choice, tokenizer } = input
    const { dataset, tables } = await sheetOf({ runIds, split, choice, tokenizer }, signal)
    withClips(dataset)
    const samples = input.samples ?? DEFAULT_SAMPLES[test]
    const { metrics } = recipeNamed(choice.recipe)
    const basis = basisOf(tables, runIds, metrics, { test, samples, seed })
    const known = findSignificance(db, basis)
    if (known !== undefined) return Report.parse(JSON.parse(known))
    const { giveWay } = depsOf(signal)
    const report: SignificanceReport = {
      ...choice,
      split,
      test,
      samples,
      seed,
      testedAt: now(),
      clips: dataset.clips.length,
      runs: dataset.runs,
      tables: await testPairs(tables, metrics, { test, samples, seed }, { giveWay, progress }),
    }
    saveSignificance(db, basis, report.testedAt, JSON.stringify(report))
    return report
  }

  return { scores, explain, lint, significance, changed }
}

function withClips(dataset: Dataset): Dataset {
  if (dataset.clips.length > 0) return dataset
  throw new AppError(
    'invalid-input',
    `${dataset.runs.map(({ run }) => run).join(' and ')}: there is no clip with a reference that all of them have translated.`,
  )
}

function assertComputes(recipe: RecipeId, metric: string): void {
  const { metrics } = recipeNamed(recipe)
  if (metrics.includes(metric)) return
  throw new AppError('invalid-input', `${recipe} computes ${metrics.join(', ')}, not ${metric}.`)
}

/** The same metric in the other recipe; a recipe without it says what it has. */
function sameMetric(recipe: RecipeId, metric: string): string {
  assertComputes(recipe, metric)
  return metric
}
