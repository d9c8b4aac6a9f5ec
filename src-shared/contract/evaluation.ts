import { z } from 'zod'
import { base, eventIterator } from './base.ts'
import { ClipId, ModelId, RunId, Timestamp } from './ids.ts'

/** Ways of scoring by name: sacreBLEU's tokenizers first, then what published code really computes. */
export const RECIPE_IDS = [
  'sacrebleu',
  'sacrebleu-13a',
  'sacrebleu-intl',
  'sacrebleu-zh',
  'sacrebleu-char',
  'sacrebleu-none',
  'signwright-zh',
  'neccam2020',
  'twostream2022',
  'wmtslt22',
  'wmtslt22-released',
  'gfslt2023',
  'sign2gpt2024',
  'ssvp2024',
  'spamo2025',
  'spamo2025-released',
  'unisign2025',
] as const
export const RecipeId = z.enum(RECIPE_IDS)
export type RecipeId = z.infer<typeof RecipeId>

/** Everything that decides a score besides the sentences; two procedures differ by these keys and nothing else. */
export const PROCEDURE_KEYS = [
  'references',
  'leaveOut',
  'refsrc',
  'entities',
  'strip',
  'nfc',
  'width',
  'spacing',
  'stop',
  'case',
  'characters',
  'tokenize',
  'lowercase',
  'smooth',
  'effectiveOrder',
  'rouge',
  'asian',
] as const
export const ProcedureKey = z.enum(PROCEDURE_KEYS)
export type ProcedureKey = z.infer<typeof ProcedureKey>

/** What a recipe says about itself that its settings do not: why its numbers stand alone. */
export const RECIPE_NOTES = [
  'references-decoded',
  'sampled',
  'chinese-as-one-word',
  'line-242',
  'empty-output-stops',
  'rouge-ascii',
  'neural-left-out',
  'own-rouge-left-out',
  'zh-quotes',
] as const

export const Recipe = z.strictObject({
  id: RecipeId,
  /** Who scored so, as papers are cited; `sacreBLEU` for its own defaults. */
  name: z.string(),
  /** Metric names as the command line takes them. */
  metrics: z.array(z.string()),
  /** Code that it was read from: repository and files. */
  source: z.string(),
  url: z.string(),
  /** Settings for the language of the open corpus. */
  procedure: z.record(ProcedureKey, z.string()),
  notes: z.array(z.enum(RECIPE_NOTES)),
})
export type Recipe = z.infer<typeof Recipe>

/** Repairs of the text before scoring, each a key of the second signature; never applied unless chosen. */
export const NORMALISERS = [
  'stop',
  'nfc',
  'width',
  'spacing',
  'case',
  'entities',
  'strip',
  'zh-fixed',
  'round-trip',
] as const
export const Normaliser = z.enum(NORMALISERS)
export type Normaliser = z.infer<typeof Normaliser>

/** How the corpus is scored: remembered with it, changed by an edit that can be undone. */
export const EvaluationChoice = z.strictObject({ recipe: RecipeId, normalisers: z.array(Normaliser) })
export type EvaluationChoice = z.infer<typeof EvaluationChoice>

/** One metric over all runs. The signatures are the line's, so that one line cannot hold two ways of scoring. */
export const ScoreLine = z.strictObject({
  /** As the command line takes it: `bleu-1`, `chrf`, `rouge`. */
  key: z.string(),
  /** As sacreBLEU prints it. */
  metric: z.string(),
  isLowerBetter: z.boolean(),
  /** sacreBLEU's signature, verbatim. */
  signature: z.string(),
  /** What that does not say: n-gram order, text preparation, recipe, Unicode version. */
  slt: z.string(),
  /** One for each run, in the order of `runs`. */
  scores: z.array(z.number()),
})
export type ScoreLine = z.infer<typeof ScoreLine>

/** Scores of several runs over the same clips by one recipe: the recipe is the sheet's, never a cell's. */
export const ScoreSheet = z.strictObject({
  recipe: RecipeId,
  normalisers: z.array(Normaliser),
  split: z.string().nullable(),
  runs: z.array(z.strictObject({ runId: RunId, run: z.string() })),
  clips: z.int(),
  /** Clips that not every run has translated, or without a reference. */
  leftOut: z.int(),
  lines: z.array(ScoreLine),
})
export type ScoreSheet = z.infer<typeof ScoreSheet>

/** One change between two ways of scoring and what it moves. */
export const ExplainedStep = z.strictObject({
  /** `metric`: another metric or n-gram order; `system`: what is left, another system or other data. */
  key: z.enum([...PROCEDURE_KEYS, 'metric', 'system']),
  from: z.string(),
  to: z.string(),
  /** After this change and all above it. */
  score: z.number(),
  /** Difference of the scores as printed with two decimals, so that the column adds up. */
  points: z.number(),
})
export type ExplainedStep = z.infer<typeof ExplainedStep>

export const ScoreGap = z.strictObject({
  metric: z.string(),
  from: z.strictObject({ recipe: RecipeId, score: z.number(), signature: z.string(), slt: z.string() }),
  to: z.strictObject({ recipe: RecipeId, score: z.number(), signature: z.string(), slt: z.string() }),
  steps: z.array(ExplainedStep),
  /** Sum of the points, exactly. */
  gap: z.number(),
})
export type ScoreGap = z.infer<typeof ScoreGap>

/** The checks of a text before it is scored. */
export const LINT_CHECKS = [
  'stop',
  'nfc',
  'width',
  'spacing',
  'case',
  'entities',
  'strip',
  'empty',
  'duplicate',
  'leak',
  'length',
  'language',
  'zh-ranges',
  'round-trip',
] as const
export const LintCheck = z.enum(LINT_CHECKS)
export type LintCheck = z.infer<typeof LintCheck>

export const LintFinding = z.strictObject({
  check: LintCheck,
  /** Sentences with the defect, references and outputs together. */
  count: z.int(),
  /** Segments that hold one of them. */
  segments: z.int(),
  examples: z.array(
    z.strictObject({
      clipId: ClipId.nullable(),
      /** Name of the clip, or number of the line. */
      name: z.string(),
      side: z.enum(['reference', 'hypothesis', 'both']),
      run: z.string().nullable(),
      text: z.string(),
      /** What it is held against, where it takes two texts to see it. */
      other: z.string().nullable(),
    }),
  ),
  /** Points per run when mended: by the normaliser, else with the segments left out. Null where nothing would be left. */
  effect: z.array(z.strictObject({ run: z.string(), bleu: z.number(), chrf: z.number() })).nullable(),
  normaliser: Normaliser.nullable(),
  /** The normaliser is chosen already, so the scores are without the defect. */
  isMended: z.boolean(),
})
export type LintFinding = z.infer<typeof LintFinding>

export const LintReport = z.strictObject({
  segments: z.int(),
  /** The model whose tokenizer the references were put through; null where none is at hand. */
  tokenizer: z.string().nullable(),
  runs: z.array(z.string()),
  findings: z.array(LintFinding),
  /** Checks that could not be made, and what they need. */
  skipped: z.array(
    z.strictObject({ check: LintCheck, needs: z.enum(['training-text', 'tokenizer', 'chinese']) }),
  ),
})
export type LintReport = z.infer<typeof LintReport>

export const TESTS = ['ar', 'bs'] as const
export const SignificanceInput = z.strictObject({
  runIds: z.array(RunId).min(2).max(8),
  split: z.string().nullable().default(null),
  /** `ar`: approximate randomization. `bs`: paired bootstrap, only to compare with published p-values. */
  test: z.enum(TESTS).default('ar'),
  /** 10,000 trials or 1000 resamples unless stated. */
  samples: z.int().min(100).max(100_000).optional(),
  /** sacreBLEU's default. */
  seed: z.int().nonnegative().default(12_345),
})
export type SignificanceInput = z.infer<typeof SignificanceInput>

export const SignificancePair = z.strictObject({
  /** Positions in `runs`; the difference is `second` minus `first`. */
  first: z.int(),
  second: z.int(),
  difference: z.number(),
  /** Null where both scores are the same: there is nothing to test. */
  p: z.number().nullable(),
  /** Corrected for all pairs of this metric (Holm 1979). */
  pHolm: z.number().nullable(),
  /** The difference found in four of five corpora of this size and kind at p < .05; null with the bootstrap. */
  detectable: z.number().nullable(),
})
export type SignificancePair = z.infer<typeof SignificancePair>

export const SignificanceTable = z.strictObject({
  key: z.string(),
  metric: z.string(),
  isLowerBetter: z.boolean(),
  /** sacreBLEU's signature of the test, with samples and seed. */
  signature: z.string(),
  slt: z.string(),
  /** Score, and mean and half width of the 95 % interval by bootstrap (1000 resamples), for each run. */
  scores: z.array(z.strictObject({ score: z.number(), mean: z.number(), half: z.number() })),
  pairs: z.array(SignificancePair),
})
export type SignificanceTable = z.infer<typeof SignificanceTable>

export const SignificanceReport = z.strictObject({
  recipe: RecipeId,
  normalisers: z.array(Normaliser),
  split: z.string().nullable(),
  test: z.enum(TESTS),
  samples: z.int(),
  seed: z.int(),
  testedAt: Timestamp,
  clips: z.int(),
  runs: z.array(z.strictObject({ runId: RunId, run: z.string() })),
  tables: z.array(SignificanceTable),
})
export type SignificanceReport = z.infer<typeof SignificanceReport>

export const SignificanceEvent = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('progress'),
    done: z.number(),
    total: z.number(),
    secondsLeft: z.number().nullable(),
  }),
  z.strictObject({ kind: z.literal('report'), report: SignificanceReport }),
])
export type SignificanceEvent = z.infer<typeof SignificanceEvent>

const Scope = {
  split: z.string().nullable().default(null),
  /** Of the corpus unless stated. */
  choice: EvaluationChoice.optional(),
}
const RunIds = z.array(RunId).min(1).max(8)

export const evaluation = {
  recipes: base.output(z.array(Recipe)),
  choice: base.output(EvaluationChoice),
  choose: base.input(EvaluationChoice.partial()).output(EvaluationChoice),
  scores: base.input(z.strictObject({ runIds: RunIds, ...Scope })).output(ScoreSheet),
  /** Why a number by one recipe differs from the same output's by another, or from a published one. */
  explain: base
    .input(
      z.strictObject({
        runId: RunId,
        ...Scope,
        metric: z.string(),
        to: RecipeId,
        published: z.number().optional(),
      }),
    )
    .output(ScoreGap),
  lint: base
    .input(
      z.strictObject({
        runIds: RunIds,
        ...Scope,
        /** Whose tokenizer the references are put through; unless stated, that of the model that made one of the runs. */
        tokenizerOf: ModelId.optional(),
      }),
    )
    .output(LintReport),
  /** The latest test of these runs, in whatever order they were chosen, by the same recipe; null where there is none. */
  tested: base.input(z.strictObject({ runIds: RunIds, ...Scope })).output(SignificanceReport.nullable()),
  /** Tests all pairs; a result that was computed from the same sentences before comes at once. */
  significance: base
    .input(SignificanceInput.extend({ choice: EvaluationChoice.optional() }))
    .output(eventIterator(SignificanceEvent)),
}
