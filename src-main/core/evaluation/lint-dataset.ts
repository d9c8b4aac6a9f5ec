import {
  type EvaluationChoice,
  LINT_CHECKS,
  type LintCheck,
  type LintFinding,
  type LintReport,
  type Normaliser,
  type RecipeId,
} from '#shared/contract/evaluation.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import { type Hit, hitsOf, lacks, type LintedText } from '#main/metrics/lint/checks.ts'
import { createEffects } from '#main/metrics/lint/effect.ts'
import type { RoundTrip } from '#main/metrics/recipes/prepare-text.ts'
import { normalised } from '#main/metrics/recipes/procedure.ts'
import { procedureOf } from '#main/metrics/recipes/registry.ts'

/** What is checked: clips of a corpus, or lines of files, which have no id. */
export interface LintSource {
  runs: readonly { run: string }[]
  clips: readonly { clipId: ClipId | null; name: string }[]
  references: readonly (readonly string[])[]
  hypotheses: readonly (readonly string[])[]
  language: string
}

export interface LintOptions {
  choice: EvaluationChoice
  training: readonly string[]
  tokenizer?: { name: string; roundTrip: RoundTrip } | undefined
  giveWay?: () => Promise<void>
}

const SHOWN_EXAMPLES = 20

const NORMALISER_OF: Partial<Record<LintCheck, Normaliser>> = {
  stop: 'stop',
  nfc: 'nfc',
  width: 'width',
  spacing: 'spacing',
  case: 'case',
  entities: 'entities',
  strip: 'strip',
  'zh-ranges': 'zh-fixed',
  'round-trip': 'round-trip',
}

/** Looks for what makes scores say something else than people think, and how much it weighs. */
export async function lintDataset(source: LintSource, options: LintOptions): Promise<LintReport> {
  const { choice, training, tokenizer, giveWay = async () => {} } = options
  const text: LintedText = { ...source, training, roundTrip: tokenizer?.roundTrip }
  const report: LintReport = {
    segments: source.clips.length,
    tokenizer: tokenizer?.name ?? null,
    runs: source.runs.map(({ run }) => run),
    findings: [],
    skipped: [],
  }
  const effectsOf = rememberedEffects(text, choice.recipe)
  for (const check of LINT_CHECKS) {
    const needs = lacks(check, text)
    if (needs) {
      report.skipped.push({ check, needs })
      continue
    }
    const hits = hitsOf(check, text)
    if (hits.length > 0) report.findings.push(findingOf(check, hits, { source, choice, effectsOf }))
    await giveWay()
  }
  return report
}

type EffectsOf = (normalisers: readonly Normaliser[]) => ReturnType<typeof createEffects>

/** Most findings are measured beside the same repairs, and scoring the whole text is what takes time. */
function rememberedEffects(text: LintedText, recipe: RecipeId): EffectsOf {
  const known = new Map<string, ReturnType<typeof createEffects>>()
  return normalisers => {
    const key = normalisers.join()
    const effects =
      known.get(key) ?? createEffects(text, normalised(procedureOf(recipe, text.language), normalisers))
    known.set(key, effects)
    return effects
  }
}

function findingOf(
  check: LintCheck,
  hits: readonly Hit[],
  { source, choice, effectsOf }: { source: LintSource; choice: EvaluationChoice; effectsOf: EffectsOf },
): LintFinding {
  const rows = new Set(hits.map(({ row }) => row))
  const normaliser = NORMALISER_OF[check] ?? null
  const others = choice.normalisers.filter(name => name !== normaliser)
  const effects = effectsOf(others)
  const effect = normaliser ? effects.ofNormaliser(normaliser) : effects.without(rows)
  return {
    check,
    count: hits.length,
    segments: rows.size,
    examples: hits.slice(0, SHOWN_EXAMPLES).map(({ row, side, system, text: sentence, other }) => ({
      ...source.clips[row]!,
      side,
      run: system === null ? null : source.runs[system]!.run,
      text: sentence,
      other,
    })),
    effect: effect?.map((points, i) => ({ run: source.runs[i]!.run, ...points })) ?? null,
    // What a tokenizer loses of the references is to be known, not to be forgiven.
    normaliser: check === 'round-trip' ? null : normaliser,
    isMended: normaliser !== null && choice.normalisers.includes(normaliser),
  }
}
