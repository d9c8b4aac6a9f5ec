import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { ConversionState } from './conversion-progress.ts'
import { convertSources } from './convert-model.ts'
import { findParts } from './find-parts.ts'
import { assertComplete } from './inspect-sources.ts'
import type { BundleCard, BundleManifest, PrecisionChoice } from './manifest.ts'
import { openFoundModel } from './open-found-model.ts'

export interface ConvertFoldersRequest {
  /** Hugging Face folders, checkpoints, pickles, and where there are any settings (JSON), in any order. */
  sources: readonly string[]
  outDir: string
  precision: PrecisionChoice
  /** Default: that of the card, else the name of the folder. */
  name?: string | undefined
  /** JSON with what only a person knows about the model. */
  cardFile?: string | undefined
}

export interface ConvertFoldersOptions {
  signal?: AbortSignal | undefined
  onProgress?: ((state: ConversionState) => void) | undefined
}

/** Converts the published parts of a model of any kind; tells by name which one is missing. */
export async function convertFromFolders(
  { sources, outDir, precision, name, cardFile }: ConvertFoldersRequest,
  options: ConvertFoldersOptions = {},
): Promise<BundleManifest> {
  const card = cardFile ? readCard(cardFile) : { name: basename(outDir) }
  const found = findParts(sources)
  assertComplete(found)
  return convertSources(() => openFoundModel(found), {
    outDir,
    precision,
    card: name ? { ...card, name } : card,
    ...options,
  })
}

function readCard(file: string): BundleCard {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as BundleCard
  } catch (error) {
    throw new AppError('invalid-input', `${file} cannot be read as JSON: ${(error as Error).message}`, {
      cause: error,
      details: { file },
    })
  }
}
