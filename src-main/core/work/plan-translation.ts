import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, RunId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import type { Bundle } from '../../engine/bundle/open-bundle.ts'
import type { CorpusContext } from '../context.ts'
import { chooseExamples, type Examples, LEAK_WARNING } from '../run/in-context.ts'
import { insertRun, rememberModel } from '../run/run.queries.ts'
import type { Translate, TranslateParameters } from './parameters.ts'

/** What a translation was asked for, made definite: parameters of its job, a warning, and a name for the run. */
export function planTranslation(
  db: ReadDb,
  input: Translate,
  clipIds: readonly ClipId[],
  bundle: Bundle,
): {
  parameters: Omit<TranslateParameters, 'runId'> & { examples: Examples }
  warning: string | null
  name: string
} {
  assertTranslates(bundle, input)
  const parameters = decodingOf(db, input, clipIds, bundle)
  return {
    parameters,
    warning: parameters.examples.source === 'as-released' ? LEAK_WARNING : null,
    name: `${bundle.manifest.name} · ${decodingName(input)}`,
  }
}

/** Refuses at once what every clip of the job would fail on. */
function assertTranslates({ manifest }: Bundle, input: Translate): void {
  if (manifest.kind !== 'sign2gpt') return
  if (!manifest.language)
    throw new AppError(
      'model-unavailable',
      `${manifest.name} localises pseudo-glosses and does not translate: it was converted from a checkpoint of Sign2GPT's first stage.`,
    )
  if (input.examples !== 'none')
    throw new AppError(
      'invalid-input',
      `${manifest.name} is a Sign2GPT model, which takes no examples. Translate without them.`,
    )
}

/** Identifies the weights a run was made with. */
export function weightsOf({ manifest }: Bundle): string {
  return manifest.files.map(({ path, sha256 }) => `${path}:${sha256}`).join('\n')
}

export function joined(...warnings: (string | null)[]): string | null {
  return warnings.filter(warning => warning !== null).join(' ') || null
}

function decodingName({ decoding, beams, seed }: Translate): string {
  if (decoding === 'greedy') return 'greedy'
  return decoding === 'sample' ? `sample ${beams}, seed ${seed}` : `beam ${beams}`
}

/** What a job needs to decode; greedy is a search with one beam. */
function decodingOf(db: ReadDb, input: Translate, clipIds: readonly ClipId[], bundle: Bundle) {
  const { modelId, device, maxLength, lengthPenalty, seed, temperature, topK, topP } = input
  const beams = input.decoding === 'greedy' ? 1 : input.beams
  const target = bundle.manifest.languages.text[0] ?? ''
  return {
    modelId,
    device,
    beams,
    maxLength,
    lengthPenalty,
    nBest: Math.min(input.nBest, beams),
    sampling: input.decoding === 'sample' ? { seed, temperature, topK, topP } : null,
    examples: chooseExamples(db, input.examples, clipIds, { seed, target }),
  }
}

const DECODING_NAMES: Record<Translate['decoding'], string> = {
  beam: 'beam search, deterministic',
  greedy: 'greedy, deterministic',
  sample: "sampling as transformers' do_sample (sfc32, seeded by seed and clip name)",
}

function promptOf(manifest: Bundle['manifest']): string {
  return manifest.kind === 'spamo'
    ? manifest.generation.prompt.replace('{}', manifest.generation.language)
    : manifest.generation.prompt
}

interface RunFacts {
  name: string
  clips: number
  warning: string | null
  input: Translate
  examples: Examples
}

/** A run stores all that is needed to repeat it. */
export function saveRun(
  { db, now }: CorpusContext,
  bundle: Bundle,
  { input, examples, ...facts }: RunFacts,
): RunId {
  const { manifest, fingerprints } = bundle
  const { seed, temperature, topK, topP, maxLength, lengthPenalty } = input
  const { name, version, kind, precision } = manifest
  const beams = input.decoding === 'greedy' ? 1 : input.beams
  const parameters = {
    decoding: DECODING_NAMES[input.decoding],
    beams,
    maxLength,
    lengthPenalty,
    nBest: Math.min(input.nBest, beams),
    ...(input.decoding === 'sample' ? { temperature, topK, topP } : {}),
    ...(input.decoding === 'sample' || examples.source !== 'none' ? { seed } : {}),
    prompt: promptOf(manifest),
    ...(manifest.kind === 'sign2gpt' ? { lengthRule: manifest.generation.lengthRule } : {}),
    inContextExamples: examples.source,
    ...(examples.source === 'train' ? { example: examples.text } : {}),
    precision,
    extractors: fingerprints,
  }
  return db.transaction(() => {
    const model = {
      bundle: input.modelId,
      fingerprint: weightsOf(bundle),
      name,
      version,
      kind,
      manifest: JSON.stringify(manifest),
    }
    return insertRun(
      db,
      { ...facts, modelId: rememberModel(db, model), kind, task: 'S2T', parameters },
      now(),
    )
  })()
}
