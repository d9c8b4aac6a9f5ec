import type {
  EvaluationChoice,
  LintReport,
  Normaliser,
  RecipeId,
  ScoreGap,
  SignificanceTable,
} from '#shared/contract/evaluation.ts'
import { AppError } from '#shared/contract/errors.ts'
import { explainGap } from '#main/metrics/recipes/explain.ts'
import { normalised } from '#main/metrics/recipes/procedure.ts'
import { procedureOf, recipeNamed } from '#main/metrics/recipes/registry.ts'
import { type ScoredLine, scoreSystems } from '#main/metrics/recipes/score-tables.ts'
import { lintDataset } from './lint-dataset.ts'
import { alignedLines } from './score-files.ts'
import { readPlainLines } from './plain-lines.ts'
import { DEFAULT_SAMPLES, testPairs } from './test-pairs.ts'

export interface RecipeFiles {
  hyp: string
  refs: readonly string[]
  /** Other systems over the same references. */
  others: readonly string[]
  recipe: RecipeId
  normalisers: readonly Normaliser[]
  /** BCP 47; by the script of the references where nobody says. */
  language?: string | undefined
  /** The lines are as the recipe prepares them already, as in the folders of `plain/` in a release. */
  isPrepared?: boolean | undefined
}

export interface RecipeScores {
  lines: number
  recipe: RecipeId
  normalisers: readonly Normaliser[]
  language: string
  systems: string[]
  /** A number for each system. */
  scores: ScoredLine[]
  tests?: SignificanceTable[]
}

interface Files {
  systems: string[]
  hypotheses: string[][]
  references: string[][]
  language: string
}

function readFiles({ hyp, refs, others, language }: RecipeFiles): Files {
  if (refs.length === 0) throw new AppError('invalid-input', 'Name at least one file of references.')
  const first = readPlainLines(hyp)
  if (first.length === 0)
    throw new AppError('invalid-input', `${hyp} has no lines, so there is nothing to score.`, {
      details: { file: hyp },
    })
  const streams = refs.map(file => alignedLines(file, hyp, first.length))
  return {
    systems: [hyp, ...others],
    hypotheses: [first, ...others.map(file => alignedLines(file, hyp, first.length))],
    references: first.map((_, i) => streams.map(stream => stream[i]!)),
    language: language ?? languageByScript(streams[0]!),
  }
}

/** Chinese where most characters are, else English: what sacreBLEU takes when it is told nothing. */
function languageByScript(lines: readonly string[]): string {
  const text = lines.slice(0, 1000).join('')
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  return han * 2 > letters ? 'zh' : 'en'
}

/** Scores files by a recipe; with several systems, also tests every pair (approximate randomization). */
export async function scoreByRecipe(
  files: RecipeFiles,
  test?: { samples?: number | undefined; seed: number; kind: 'ar' | 'bs' },
): Promise<RecipeScores> {
  const { recipe, normalisers, isPrepared } = files
  const { systems, hypotheses, references, language } = readFiles(files)
  const procedure = normalised(procedureOf(recipe, language), normalisers)
  const { metrics } = recipeNamed(recipe)
  const tables = scoreSystems({ hypotheses, references }, { procedure, recipe, metrics, isPrepared })
  const result = { lines: references.length, recipe, normalisers, language, systems, scores: tables.lines() }
  if (!test || systems.length < 2) return result
  const { kind, seed, samples = DEFAULT_SAMPLES[kind] } = test
  const duty = { giveWay: async () => {}, progress: () => {} }
  return { ...result, tests: await testPairs(tables, metrics, { test: kind, samples, seed }, duty) }
}

/** Why the first file's number by one recipe is not its number by another, or not a published one. */
export function explainFiles(
  files: RecipeFiles,
  { metric, to, published }: { metric: string; to: RecipeId; published?: number | undefined },
): ScoreGap {
  const { hypotheses, references, language } = readFiles(files)
  const procedure = normalised(procedureOf(files.recipe, language), files.normalisers)
  return explainGap({
    hypotheses: hypotheses[0]!,
    references,
    from: { recipe: files.recipe, procedure, metric },
    to: { recipe: to, procedure: procedureOf(to, language), metric },
    published,
  })
}

/** The checks of the text before scoring, of files. */
export function lintFiles(files: RecipeFiles, training: string | undefined): Promise<LintReport> {
  const { systems, hypotheses, references, language } = readFiles(files)
  const choice: EvaluationChoice = { recipe: files.recipe, normalisers: [...files.normalisers] }
  return lintDataset(
    {
      runs: systems.map(run => ({ run })),
      clips: references.map((_, line) => ({ clipId: null, name: String(line + 1) })),
      references,
      hypotheses,
      language,
    },
    { choice, training: training === undefined ? [] : readPlainLines(training) },
  )
}
