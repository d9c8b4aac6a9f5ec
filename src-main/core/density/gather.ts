import type { DensityProgress, FeatureStream } from '#shared/contract/density.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import type { Bundle } from '../../engine/bundle/open-bundle.ts'
import type { CorpusContext } from '../context.ts'
import type { FeatureService } from '../feature/feature.service.ts'
import { findClipPlace } from '../localisation/localisation.queries.ts'
import { clipFrameIndex } from '../media/clip-frame-index.ts'
import type { SpansOf } from './gloss-spans.ts'
import type { GlossedClip } from './plan-instances.ts'
import { rowCentres, type RowSteps } from './row-times.ts'

const EVENT_MS = 100

/** Clips with features and glosses, and what has none of them. */
export interface Gathered {
  clips: GlossedClip[]
  withoutFeatures: string[]
  withoutGlosses: number
}

export interface Gathering {
  clipIds: readonly ClipId[]
  bundle: Bundle
  stream: FeatureStream
  steps: RowSteps
  spansOf: SpansOf
  features: Pick<FeatureService, 'knownOf'>
}

/** @throws AppError not-found where no clip has both, saying which is missing */
export async function* gatherClips(
  { db }: CorpusContext,
  { clipIds, bundle, stream, steps, spansOf, features }: Gathering,
  signal?: AbortSignal,
): AsyncGenerator<DensityProgress, Gathered, void> {
  const gathered: Gathered = { clips: [], withoutFeatures: [], withoutGlosses: 0 }
  let told = performance.now()
  for (const [done, clipId] of clipIds.entries()) {
    if (performance.now() - told > EVENT_MS) {
      yield { kind: 'progress', phase: 'features', done, total: clipIds.length }
      await new Promise(resolve => setImmediate(resolve))
      told = performance.now()
    }
    signal?.throwIfAborted()
    const place = findClipPlace(db, clipId)
    if (!place) continue
    const spans = spansOf(clipId)
    const path = knownFile(() => features.knownOf(clipId, bundle, stream))
    if (path === null) gathered.withoutFeatures.push(place.name)
    else if (spans.length === 0) gathered.withoutGlosses += 1
    else {
      const centres = rowCentres(clipFrameIndex(db, clipId), place, steps)
      gathered.clips.push({ clipId, clip: place.name, recordingId: place.recordingId, path, spans, centres })
    }
  }
  if (gathered.clips.length > 0) return gathered
  throw nothingGathered(bundle, gathered)
}

/** Features are found by what the video holds: without the video nobody can tell which are its. */
function knownFile(find: () => string | null): string | null {
  try {
    return find()
  } catch (error) {
    if (error instanceof AppError && error.code === 'media-missing') return null
    throw error
  }
}

function nothingGathered({ manifest }: Bundle, { withoutFeatures, withoutGlosses }: Gathered): AppError {
  if (withoutGlosses > 0)
    return new AppError(
      'not-found',
      `None of the clips with features of ${manifest.name} has a gloss (${withoutGlosses}). Choose another tier, or a lower threshold.`,
    )
  return new AppError(
    'not-found',
    `${withoutFeatures.length === 1 ? 'The clip has no' : `None of the ${withoutFeatures.length} clips has`} features of ${manifest.name} yet. Extract them on the Corpus screen, then measure.`,
    { details: { missing: 'features' } },
  )
}
