import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, ModelId } from '#shared/contract/ids.ts'
import type { Localisation } from '#shared/contract/localisation.ts'
import type { FrameIndex } from '#shared/domain/frame-index.ts'
import { framesOfToken } from '#shared/domain/visual-tokens.ts'
import type { Sign2gptManifest } from '../../engine/bundle/manifest.ts'
import { type Bundle, isSign2gpt } from '../../engine/bundle/open-bundle.ts'
import { type PseudoGlosses, readPseudoGlosses } from '../../engine/bundle/pseudo-glosses.ts'
import type { EngineClient } from '../../engine/client.ts'
import type { CorpusContext } from '../context.ts'
import type { FeatureService } from '../feature/feature.service.ts'
import { clipCell, clipFrameIndex } from '../media/clip-frame-index.ts'
import type { ModelService } from '../model/model.service.ts'
import { findClipPlace } from './localisation.queries.ts'

export interface LocatorDeps {
  engine: Pick<EngineClient, 'localise'>
  models: Pick<ModelService, 'openKnown'>
  features: Pick<FeatureService, 'known'>
}

export type LocalisingBundle = Bundle<Sign2gptManifest>

/** Finds pseudo-glosses in a clip; a matter of milliseconds once the clip has its features. */
export function createLocator({ db }: CorpusContext, { engine, models, features }: LocatorDeps) {
  const vocabularies = new Map<string, PseudoGlosses>()

  /** @throws AppError model-unavailable for a model without prototypes */
  async function bundleOf(modelId: ModelId, signal?: AbortSignal): Promise<LocalisingBundle> {
    const bundle = await models.openKnown(modelId, signal)
    if (isSign2gpt(bundle) && bundle.manifest.prototypes) return bundle
    throw new AppError(
      'model-unavailable',
      `${bundle.manifest.name} has no prototypes to localise. Choose a model that was converted from a checkpoint of Sign2GPT's first stage.`,
    )
  }

  function vocabularyOf(bundle: LocalisingBundle): PseudoGlosses {
    const key = `${bundle.dir} ${bundle.fingerprints.zstar ?? ''}`
    const known = vocabularies.get(key) ?? readPseudoGlosses(bundle)
    vocabularies.set(key, known)
    return known
  }

  /**
   * @param words null: the likeliest of the clip
   * @returns null for a clip without features of the model
   */
  async function locate(
    clipId: ClipId,
    bundle: LocalisingBundle,
    words: readonly string[] | null,
    signal?: AbortSignal,
  ): Promise<Localisation | null> {
    const clip = findClipPlace(db, clipId)
    if (!clip) throw new AppError('not-found', `There is no clip ${clipId}. It may have been removed.`)
    const files = features.known(clipId, bundle)
    if (!files) return null
    const found = await engine.localise(
      // A head of some megabytes: no device is worth the way there.
      { bundleDir: bundle.dir, features: files, words, device: 'cpu' },
      signal ? { signal } : {},
    )
    const { cells, glosses, unknown } = found
    const rows = (matrix: Float32Array) => rowsOf(matrix, cells, glosses.length)
    return {
      cells: placesOfCells(clipFrameIndex(db, clipId), clip, {
        cells,
        hop: 2 * bundle.manifest.spatial.stride,
      }),
      glosses,
      unknown,
      E: rows(found.E),
      A: rows(found.A),
      cosine: rows(found.cosine),
      presence: Array.from(found.presence),
    }
  }

  return { bundleOf, vocabularyOf, locate }
}

export type Locator = ReturnType<typeof createLocator>

function placesOfCells(
  index: FrameIndex,
  clip: { firstFrame: number; lastFrame: number },
  { cells, hop }: { cells: number; hop: number },
): Localisation['cells'] {
  const frames = clip.lastFrame - clip.firstFrame + 1
  const geometry = { layout: 'cells', frames, windows: cells, window: hop, stride: hop } as const
  return Array.from({ length: cells }, (_, cell) => clipCell(index, clip, framesOfToken(cell, geometry)))
}

function rowsOf(matrix: Float32Array, rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, (_, row) => [...matrix.subarray(row * columns, (row + 1) * columns)])
}
