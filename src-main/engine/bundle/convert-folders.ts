import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { readJson } from '../weights/open-weights.ts'
import { convertSpamo } from './convert-spamo.ts'
import type { BundleCard, BundleManifest, PrecisionChoice } from './manifest.ts'

export interface ConvertFoldersOptions {
  /** Hugging Face folders, a checkpoint, and where there is one its settings (`*.config.json`), in any order. */
  sources: readonly string[]
  outDir: string
  precision: PrecisionChoice
  cardFile?: string | undefined
  signal?: AbortSignal
  onProgress?: (done: number, total: number, stage: string) => void
}

type Part = 'clipDir' | 'videomaeDir' | 't5Dir' | 'checkpoint' | 'config'

const NAMES: Record<Exclude<Part, 'config'>, string> = {
  clipDir: 'the folder of CLIP',
  videomaeDir: 'the folder of VideoMAE',
  t5Dir: 'the folder of the language model (T5)',
  checkpoint: "SpaMo's checkpoint (.ckpt)",
}

/** What a source is, by its own description. */
function partOf(source: string): Part {
  const facts = statSync(source, { throwIfNoEntry: false })
  if (!facts)
    throw new AppError('not-found', `${source} does not exist. Check the path.`, {
      details: { file: source },
    })
  if (facts.isFile()) return extname(source) === '.json' ? 'config' : 'checkpoint'
  const config = join(source, 'config.json')
  if (!existsSync(config))
    throw new AppError('invalid-input', `${source} is no Hugging Face folder: it has no config.json.`, {
      details: { file: source },
    })
  const type = String((readJson(config) as { model_type?: unknown }).model_type)
  if (type.startsWith('clip')) return 'clipDir'
  if (type === 'videomae') return 'videomaeDir'
  if (type === 't5' || type === 'mt5') return 't5Dir'
  throw new AppError(
    'invalid-input',
    `${config} describes a model of type "${type}"; SpaMo is made of CLIP, VideoMAE and T5.`,
    {
      details: { file: config },
    },
  )
}

/** Settings beside the checkpoint: `name.config.json` for `name.ckpt`. */
function configBeside(checkpoint: string): string | undefined {
  const path = join(dirname(checkpoint), `${basename(checkpoint, extname(checkpoint))}.config.json`)
  return existsSync(path) ? path : undefined
}

/** Converts the published parts of a SpaMo model; tells by name which one is missing. */
export async function convertFromFolders(options: ConvertFoldersOptions): Promise<BundleManifest> {
  const parts: Partial<Record<Part, string>> = {}
  for (const source of options.sources) {
    const part = partOf(source)
    if (parts[part])
      throw new AppError(
        'invalid-input',
        `${parts[part]} and ${source} are the same part of the model. Name one.`,
      )
    parts[part] = source
  }
  const { clipDir, videomaeDir, t5Dir, checkpoint } = parts
  if (!clipDir || !videomaeDir || !t5Dir || !checkpoint) {
    const missing = (Object.keys(NAMES) as (keyof typeof NAMES)[])
      .filter(part => !parts[part])
      .map(part => NAMES[part])
    throw new AppError('invalid-input', `A SpaMo model also needs ${missing.join(' and ')}.`)
  }
  return convertSpamo({
    clipDir,
    videomaeDir,
    t5Dir,
    checkpoint,
    config: parts.config ?? configBeside(checkpoint),
    outDir: options.outDir,
    precision: options.precision,
    card: readCard(options.cardFile, options.outDir),
    ...(options.signal ? { signal: options.signal } : {}),
    onProgress: ({ stage, done, total }) => options.onProgress?.(done, total, stage),
  })
}

function readCard(file: string | undefined, outDir: string): BundleCard {
  if (!file) return { name: basename(outDir) } as BundleCard
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as BundleCard
  } catch (error) {
    throw new AppError('invalid-input', `${file} cannot be read as JSON: ${(error as Error).message}`, {
      cause: error,
      details: { file },
    })
  }
}
