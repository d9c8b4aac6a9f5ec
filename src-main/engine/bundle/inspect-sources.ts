import { existsSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { openModelFolder, openWeights, WEIGHT_FILES } from '../weights/open-weights.ts'
import { findParts, type FoundParts, modelType } from './find-parts.ts'
import { PRECISION_CHOICES, type PrecisionChoice } from './manifest.ts'
import { type SpaceNeeded, spaceNeeded } from './precision.ts'
import { PART_IDS, type PartId, type PublishedPart, publishedPart } from './published-parts.ts'
import { openSpamoSources, type SourcePaths, type SpamoSources } from './spamo-sources.ts'

export interface InspectedPart extends PublishedPart {
  path: string | null
  /** Of all its weight files. */
  bytes: number
  /** How its weights are stored; null where it has none. */
  format: string | null
  /** Why it cannot be used. */
  problem: AppError | null
}

export interface SourceInspection {
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
  const parts = PART_IDS.map(id => inspectPart(id, found))
  const broken = parts.find(part => part.problem !== null)
  const inspection = { parts, settings: found.settings, space: null }
  const missing = parts.filter(part => part.path === null)
  if (missing.length > 0) return { ...inspection, problem: missingParts(missing) }
  if (broken) return { ...inspection, problem: broken.problem }
  try {
    using opened = openSpamoSources(sourcePaths(found))
    return { ...inspection, problem: null, space: spaceOf(opened) }
  } catch (error) {
    if (error instanceof AppError) return { ...inspection, problem: error }
    throw error
  }
}

/** The paths of a complete model. */
export function sourcePaths({ parts, settings }: FoundParts): SourcePaths {
  const { clip, videomae, t5, checkpoint } = parts
  if (!clip || !videomae || !t5 || !checkpoint)
    throw missingParts(PART_IDS.filter(id => !parts[id]).map(id => publishedPart(id)))
  return { clipDir: clip, videomaeDir: videomae, t5Dir: t5, checkpoint, config: settings ?? undefined }
}

function missingParts(parts: readonly PublishedPart[]): AppError {
  const names = parts.map(({ name, source, files }) => `${name} (${files.join(', ')} from ${source})`)
  return new AppError('invalid-input', `A SpaMo model also needs ${names.join(' and ')}.`)
}

function spaceOf(sources: SpamoSources): Record<PrecisionChoice, SpaceNeeded> {
  const entries = PRECISION_CHOICES.map(precision => [precision, spaceNeeded(sources, precision)] as const)
  return Object.fromEntries(entries) as Record<PrecisionChoice, SpaceNeeded>
}

function inspectPart(id: PartId, { parts }: FoundParts): InspectedPart {
  const published = publishedPart(id)
  const path = parts[id] ?? null
  const nothing = { ...published, path, bytes: 0, format: null, problem: null }
  if (path === null) return nothing
  const variant = id === 't5' ? publishedPart('t5', modelType(join(path, 'config.json'))) : published
  const absent = id === 'checkpoint' ? [] : variant.files.slice(0, -1).filter(isAbsentIn(path))
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
  if (id === 't5' && !WEIGHT_FILES.some(name => existsSync(join(path, name))))
    return { ...nothing, ...variant }
  try {
    using store = id === 'checkpoint' ? openWeights(path) : openModelFolder(path)
    const bytes = store.files.reduce((sum, file) => sum + statSync(file).size, 0)
    return { ...nothing, ...variant, bytes, format: formatOf(store.files) }
  } catch (error) {
    if (error instanceof AppError) return { ...nothing, ...variant, problem: error }
    throw error
  }
}

function isAbsentIn(dir: string): (file: string) => boolean {
  return file => !existsSync(join(dir, file))
}

function formatOf(files: readonly string[]): string {
  const [first = ''] = files
  const kind = basename(first).includes('.safetensors') ? 'safetensors' : 'PyTorch'
  return files.length > 1 ? `${kind}, ${files.length - 1} shards` : kind
}
