import { AppError } from '#shared/contract/errors.ts'
import type { ClipFeatures, EngineClient } from '../../engine/client.ts'
import { announce, type CorpusContext } from '../context.ts'
import type { DeviceService } from '../device/device.service.ts'
import type { FeatureService } from '../feature/feature.service.ts'
import type { JobControl } from '../job/handler.ts'
import type { JobItem, JobRecord } from '../job/job.queries.ts'
import { findClipFrames } from '../media/media.queries.ts'
import type { ModelService } from '../model/model.service.ts'
import { saveExplanation } from '../run/explanation.service.ts'
import { exampleOf } from '../run/in-context.ts'
import { saveHypotheses, setRunDevice } from '../run/run.queries.ts'
import type { TranslateParameters } from './parameters.ts'

interface TranslateDeps {
  engine: EngineClient
  models: ModelService
  features: FeatureService
  devices: DeviceService
}

/** A step of the decoder reads all weights, for one clip or for many; each clip adds its keys and values to the memory. */
const AT_ONCE = { small: 16, large: 4 }
const LARGE_BUNDLE_BYTES = 200_000_000
/** Where features are missing, making them is nearly all of a clip's work. */
const EXTRACTION_SHARE = 0.95

/** Sign2GPT's clips are translated one by one. */
export async function clipsAtOnce(models: ModelService, job: JobRecord): Promise<number> {
  const { modelId } = JSON.parse(job.parameters) as TranslateParameters
  const { manifest } = await models.openKnown(modelId)
  if (manifest.kind !== 'spamo') return 1
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
  return bytes > LARGE_BUNDLE_BYTES ? AT_ONCE.large : AT_ONCE.small
}

/** Makes what features are missing, clip by clip, then translates all together. */
export async function translateClips(
  context: CorpusContext,
  deps: TranslateDeps,
  { job, items, control }: { job: JobRecord; items: readonly JobItem[]; control: JobControl },
): Promise<void> {
  const parameters = JSON.parse(job.parameters) as TranslateParameters
  const { signal } = control
  const bundle = await deps.models.open(parameters.modelId, signal)
  const device = await deps.devices.choose(bundle, job.fallback ?? parameters.device, signal)
  const recorded = control.device(device)
  const clips: (ClipFeatures & { firstFrame: number })[] = []
  for (const [at, item] of items.entries()) {
    const onProgress = (frames: number, total: number, memoryBytes: number | null) => {
      if (memoryBytes !== null) control.memory(memoryBytes)
      control.progress(EXTRACTION_SHARE * (at + (total > 0 ? frames / total : 0)))
    }
    const features = await deps.features.ensure(item.clipId, bundle, { device, signal, onProgress })
    clips.push({ features, ...asked(context, item, parameters) })
  }
  const { results } = await deps.engine.translate(
    { bundleDir: bundle.dir, clips: clips.map(({ features, options }) => ({ features, options })), device },
    { signal },
  )
  const { db } = context
  const { runId } = parameters
  db.transaction(() => {
    for (const [at, { clipId }] of items.entries()) {
      const [result, firstFrame] = [results[at], clips[at]?.firstFrame]
      if (!result || firstFrame === undefined) throw new Error('One result a clip')
      saveHypotheses(db, runId, clipId, result.hypotheses)
      saveExplanation(db, { runId, clipId, firstFrame }, result)
    }
    setRunDevice(db, runId, recorded)
  })()
  for (const { clipId } of items) announce(context, 'clip', clipId)
}

/** What the engine is asked to do for this clip. */
function asked({ db }: CorpusContext, { clipId }: JobItem, parameters: TranslateParameters) {
  const { modelId: _model, device: _device, runId: _run, sampling, examples, ...decoding } = parameters
  const clip = findClipFrames(db, clipId)
  if (!clip) throw new AppError('not-found', `There is no clip ${clipId}. It may have been removed.`)
  const example = examples && exampleOf(examples, clipId)
  const options = {
    ...decoding,
    frames: clip.lastFrame - clip.firstFrame + 1,
    // Each clip has random numbers of its own, whatever the order and the pauses of the job.
    ...(sampling ? { sampling: { ...sampling, seed: `${sampling.seed}/${clip.name}` } } : {}),
    ...(example === undefined ? {} : { examples: example }),
  }
  return { firstFrame: clip.firstFrame, options }
}
