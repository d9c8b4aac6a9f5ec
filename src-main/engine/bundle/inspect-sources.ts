import { existsSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { openModelFolder, openWeights, WEIGHT_FILES } from '../weights/open-weights.ts'
import { findParts, type FoundParts, modelType } from './find-parts.ts'
import { PRECISION_CHOICES, type PrecisionChoice } from './manifest.ts'
import type { ModelSources } from './model-sources.ts'
import { neededParts } from './needed-parts.ts'
import { openFoundModel } from './open-found-model.ts'
import { type SpaceNeeded, spaceNeeded } from './precision.ts'
import {
  MODEL_NAMES,
  type ModelKind,
  PART_IDS,
  type PartId,
  type PublishedPart,
  publishedPart,
} from './published-parts.ts'

export interface InspectedPart extends PublishedPart {
  path: string | null
  /** Whether the model cannot do without it, beside what else was found. */
  isNeeded: boolean
  /** Of all its weight files. */
  bytes: number
  /** How its weights are stored; null where it has none. */
  format: string | null
  /** Why it cannot be used. */
  problem: AppError | null
}

export interface SourceInspection {
  kind: ModelKind
  parts: InspectedPart[]
  settings: string | null
  /** Why what was found does not make a model, in a sentence; null where it does. */
  problem: AppError | null
  /** Null while something is missing or wrong. */
  space: Record<PrecisionChoice, SpaceNeeded> | null
}

/**
 * What the sources are and what is missing, without converting anything. Where all parts are there, every tensor of
 * every file is accounted for as the conversion itself would do.
 */
export function inspectSources(sources: readonly string[]): SourceInspection {
  const found = findParts(sources)
  const { kind } = found
  const checked = PART_IDS[kind].map(id => inspectPart(id, found))
  const broken = checked.find(part => part.problem !== null)
  const needed = broken ? new Set<PartId>() : neededParts(found)
  const parts = checked.map(part => ({ ...part, isNeeded: needed.has(part.id) }))
  const inspection = { kind, parts, settings: found.settings, space: null }
  const missing = parts.filter(part => part.path === null && part.isNeeded)
  if (missing.length > 0) return { ...inspection, problem: missingParts(kind, missing) }
  if (broken) return { ...inspection, problem: broken.problem }
  try {
    using opened = openFoundModel(found)
    return { ...inspection, problem: null, space: spaceOf(opened) }
  } catch (error) {
    if (error instanceof AppError) return { ...inspection, problem: error }
    throw error
  }
}

/** Refuses parts that do not make a model. */
export function assertComplete(found: FoundParts): void {
  const missing = [...neededParts(found)].filter(id => found.parts[id] === undefined)
  if (missing.length > 0)
    throw missingParts(
      found.kind,
      missing.map(id => publishedPart(id)),
    )
}

function missingParts(kind: ModelKind, parts: readonly PublishedPart[]): AppError {
  const names = parts.map(({ name, source, files }) => `${name} (${files.join(', ')} from ${source})`)
  return new AppError('invalid-input', `A ${MODEL_NAMES[kind]} model also needs ${names.join(' and ')}.`)
}

function spaceOf(sources: ModelSources): Record<PrecisionChoice, SpaceNeeded> {
  const entries = PRECISION_CHOICES.map(precision => [precision, spaceNeeded(sources, precision)] as const)
  return Object.fromEntries(entries) as Record<PrecisionChoice, SpaceNeeded>
}

function inspectPart(id: PartId, { parts }: FoundParts): Omit<InspectedPart, 'isNeeded'> {
  const published = publishedPart(id)
  const path = parts[id] ?? null
  const nothing = { ...published, path, bytes: 0, format: null, problem: null }
  if (path === null) return nothing
  const variant = id === 't5' ? publishedPart('t5', modelType(join(path, 'config.json'))) : published
  const absent = !FOLDERS.has(id) ? [] : variant.files.slice(0, -1).filter(isAbsentIn(path))
  if (absent.length > 0)
    return {
      ...nothing,
      ...variant,
      problem: new AppError(
        'invalid-input',
        `${path} lacks ${absent.join(' and ')}. Take it from ${variant.source}.`,
        { details: { file: path } },
      ),
    }
  // The language model's weights are usually in the checkpoint.
  if (OWN_WEIGHTS.has(id) && !WEIGHT_FILES.some(name => existsSync(join(path, name))))
    return { ...nothing, ...variant }
  try {
    if (PICKLES.has(id)) return { ...nothing, bytes: statSync(path).size, format: 'pickle' }
    using store = FOLDERS.has(id) ? openModelFolder(path) : openWeights(path)
    const bytes = store.files.reduce((sum, file) => sum + statSync(file).size, 0)
    return { ...nothing, ...variant, bytes, format: formatOf(store.files) }
  } catch (error) {
    if (error instanceof AppError) return { ...nothing, ...variant, problem: error }
    throw error
  }
}

/** Parts in Hugging Face's layout; of the language models the checkpoint usually holds the weights. */
const FOLDERS: ReadonlySet<PartId> = new Set(['clip', 'videomae', 't5', 'xglm'])
const OWN_WEIGHTS: ReadonlySet<PartId> = new Set(['t5', 'xglm'])
const PICKLES: ReadonlySet<PartId> = new Set(['vocabulary', 'replacement'])

function isAbsentIn(dir: string): (file: string) => boolean {
  return file => !existsSync(join(dir, file))
}

function formatOf(files: readonly string[]): string {
  const [first = ''] = files
  const kind = basename(first).includes('.safetensors') ? 'safetensors' : 'PyTorch'
  return files.length > 1 ? `${kind}, ${files.length - 1} shards` : kind
}
