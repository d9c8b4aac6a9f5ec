import { AppError } from '#shared/contract/errors.ts'
import type { ClipId, ModelId } from '#shared/contract/ids.ts'
import type { Localisation } from '#shared/contract/localisation.ts'
import { timeOf } from '#shared/domain/frame-index.ts'
import { framesOfToken } from '#shared/domain/visual-tokens.ts'
import { isSign2gpt } from '../../engine/bundle/open-bundle.ts'
import type { EngineClient } from '../../engine/client.ts'
import type { CorpusContext } from '../context.ts'
import type { FeatureService } from '../feature/feature.service.ts'
import { clipFrameIndex } from '../media/clip-frame-index.ts'
import { findClipFrames } from '../media/media.queries.ts'
import type { ModelService } from '../model/model.service.ts'

export interface LocalisationDeps {
  engine: Pick<EngineClient, 'localise'>
  models: Pick<ModelService, 'openKnown'>
  features: Pick<FeatureService, 'known'>
}

interface Wish {
  clipId: ClipId
  modelId: ModelId
  words?: readonly string[] | undefined
}

/** Where a model finds pseudo-glosses in a clip; a matter of milliseconds once the clip has its features. */
export function createLocalisationService({ db }: CorpusContext, deps: LocalisationDeps) {
  async function ofClip({ clipId, modelId, words }: Wish, signal?: AbortSignal): Promise<Localisation> {
    const clip = findClipFrames(db, clipId)
    if (!clip) throw new AppError('not-found', `There is no clip ${clipId}. It may have been removed.`)
    const bundle = await deps.models.openKnown(modelId, signal)
    if (!isSign2gpt(bundle) || !bundle.manifest.prototypes)
      throw new AppError(
        'model-unavailable',
        `${bundle.manifest.name} has no prototypes to localise. Choose a model that was converted from a checkpoint of Sign2GPT's first stage.`,
      )
    const features = deps.features.known(clipId, bundle)
    if (!features)
      throw new AppError(
        'not-found',
        `The clip has no features of ${bundle.manifest.name} yet. Extract them, then localise.`,
        { details: { clipId, modelId, missing: 'features' } },
      )
    const found = await deps.engine.localise(
      // A head of some megabytes: no device is worth the way there.
      { bundleDir: bundle.dir, features, words: words ?? null, device: 'cpu' },
      signal ? { signal } : {},
    )
    const { cells, glosses, unknown } = found
    const rows = (matrix: Float32Array) => rowsOf(matrix, cells, glosses.length)
    const hop = 2 * bundle.manifest.spatial.stride
    return {
      cells: timesOfCells({ clipId, ...clip }, cells, hop),
      glosses,
      unknown,
      E: rows(found.E),
      A: rows(found.A),
      cosine: rows(found.cosine),
      presence: Array.from(found.presence),
    }
  }

  function timesOfCells(
    clip: { clipId: ClipId; firstFrame: number; lastFrame: number },
    cells: number,
    hop: number,
  ): Localisation['cells'] {
    const index = clipFrameIndex(db, clip.clipId)
    const frames = clip.lastFrame - clip.firstFrame + 1
    const geometry = { layout: 'cells', frames, windows: cells, window: hop, stride: hop } as const
    return Array.from({ length: cells }, (_, cell) => {
      const { first, last } = framesOfToken(cell, geometry)
      return {
        startMs: Math.round(timeOf(index, clip.firstFrame + first)),
        endMs: Math.round(timeOf(index, clip.firstFrame + last + 1)),
      }
    })
  }

  return { ofClip }
}

export type LocalisationService = ReturnType<typeof createLocalisationService>

function rowsOf(matrix: Float32Array, rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, (_, row) => [...matrix.subarray(row * columns, (row + 1) * columns)])
}
