import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type MessagePort, parentPort } from 'node:worker_threads'
import { readMatrix, writeNpy } from '#main/formats/npy.ts'
import { type ConvertFoldersRequest, convertFromFolders } from '../bundle/convert-folders.ts'
import { assertFaithful } from '../bundle/fidelity.ts'
import { openBundle } from '../bundle/open-bundle.ts'
import { testDevice } from '../device.ts'
import { readRemoteFrames } from '../frames/frame-port.ts'
import { compareWithCpu } from '../pipelines/compare-with-cpu.ts'
import { openPartialFeatures } from '../pipelines/partial-features.ts'
import { FEATURE_KINDS, type FeatureKind } from '../feature-kind.ts'
import {
  type ClipPipeline,
  type ClipToTranslate,
  type Features,
  openPipeline,
} from '../pipelines/open-pipeline.ts'
import { fromEngineError, toEngineError } from './engine-error.ts'
import type {
  ConvertOutcome,
  DeviceName,
  EngineMethods,
  ExtractOutcome,
  ExtractRequest,
  FeaturePaths,
  FromEngine,
  LocaliseOutcome,
  LocaliseRequest,
  MethodName,
  RunMessage,
  ToInference,
  TranslateOutcome,
  TranslateRequest,
} from './messages.ts'

/** Above this, a frame takes seconds: progress and cancelling want small batches. Below, big ones are faster. */
const LARGE_BUNDLE_BYTES = 200_000_000
const BATCH_FRAMES = { large: 4, small: 16 }
/** At most 20 progress messages a second. */
const PROGRESS_EVERY_MS = 50

interface Running {
  id: number
  abort: AbortController
}

interface Opened {
  key: string
  pipeline: ClipPipeline
}

let running: Running | null = null
/** The last bundle stays loaded: jobs come in hundreds over the same one. */
let opened: Opened | null = null

parentPort?.on('message', (order: ToInference) => {
  if (order.kind === 'cancel') {
    if (running?.id === order.id) running.abort.abort()
  } else void perform(order.message, order.frames)
})

async function perform(message: RunMessage, frames: MessagePort | null): Promise<void> {
  const abort = new AbortController()
  running = { id: message.id, abort }
  try {
    send({ kind: 'done', id: message.id, outcome: await run(message, frames, abort.signal) })
  } catch (error) {
    send({ kind: 'failed', id: message.id, error: toEngineError(error) })
  } finally {
    frames?.close()
    running = null
  }
}

async function run(
  message: RunMessage,
  frames: MessagePort | null,
  signal: AbortSignal,
): Promise<EngineMethods[MethodName]['outcome']> {
  if (message.method === 'testDevice') return testDevice(message.request.device)
  if (message.method === 'measureDevice') {
    const { bundleDir, device, threads = availableParallelism() } = message.request
    return compareWithCpu(bundleDir, device, threads)
  }
  if (message.method === 'translate') return translate(message.request, signal)
  if (message.method === 'localise') return localise(message.request)
  if (message.method === 'convert') return convert(message.request, signal, progressOf(message.id))
  if (message.method === 'checkBundle')
    return assertFaithful(openBundle(message.request.bundleDir), { signal })
  if (!frames) throw new Error('An extraction came without frames')
  return extract(message.request, frames, signal, progressOf(message.id))
}

async function convert(
  request: ConvertFoldersRequest,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<ConvertOutcome> {
  const start = performance.now()
  const manifest = await convertFromFolders(request, {
    signal,
    onProgress: ({ done, total }) => onProgress(done, total),
  })
  const peakMemoryBytes = 1024 * process.resourceUsage().maxRSS
  return { manifest, peakMemoryBytes, wallMs: performance.now() - start }
}

async function extract(
  request: ExtractRequest,
  port: MessagePort,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<ExtractOutcome> {
  const start = performance.now()
  const kinds = FEATURE_KINDS.filter(kind => request.out[kind] !== undefined)
  const pipeline = await pipelineOf(request)
  const bytes = pipeline.manifest.files.reduce((sum, file) => sum + file.bytes, 0)
  const batchSize = bytes > LARGE_BUNDLE_BYTES ? BATCH_FRAMES.large : BATCH_FRAMES.small
  using partial = openPartial(request, kinds, batchSize)
  const skip = partial ? pipeline.resumeFrame(kinds, partial) : 0
  await using frames = await readRemoteFrames(port, { batchSize, skip }, fromEngineError)
  const { total } = frames
  onProgress(skip, total)
  const { features, modelMs } = await pipeline.extract(frames.batches, kinds, {
    signal,
    onFrames: done => onProgress(done, total),
    partial,
  })
  signal.throwIfAborted()
  const shapes = await writeFeatures(features, request)
  partial?.remove()
  return {
    frames: total,
    shapes,
    fingerprints: pipeline.fingerprints,
    wallMs: performance.now() - start,
    modelMs,
    device: request.device,
  }
}

async function writeFeatures(features: Features, { out }: ExtractRequest): Promise<ExtractOutcome['shapes']> {
  const shapes: ExtractOutcome['shapes'] = {}
  for (const kind of FEATURE_KINDS) {
    const [matrix, path] = [features[kind], out[kind]]
    if (!matrix || path === undefined) continue
    await writeNpy(path, matrix.data, matrix.shape)
    shapes[kind] = matrix.shape
  }
  return shapes
}

async function readFeatures(paths: FeaturePaths): Promise<Features> {
  const features: Features = {}
  for (const kind of FEATURE_KINDS) {
    const path = paths[kind]
    if (path !== undefined) features[kind] = await readMatrix(path)
  }
  return features
}

function openPartial({ partial, device }: ExtractRequest, kinds: readonly FeatureKind[], batchSize: number) {
  if (!partial) return undefined
  const key = JSON.stringify([partial.key, kinds])
  return openPartialFeatures(partial.file, { key, device, batchSize })
}

async function translate(request: TranslateRequest, signal: AbortSignal): Promise<TranslateOutcome> {
  const start = performance.now()
  const pipeline = await pipelineOf(request)
  const clips: ClipToTranslate[] = []
  for (const { features, options } of request.clips)
    clips.push({ features: await readFeatures(features), options: { ...options, signal } })
  const results = await pipeline.translate(clips)
  return { results, wallMs: performance.now() - start, device: request.device }
}

async function localise(request: LocaliseRequest): Promise<LocaliseOutcome> {
  const start = performance.now()
  const pipeline = await pipelineOf(request)
  const found = await pipeline.localise(await readFeatures(request.features), request.words)
  return { ...found, wallMs: performance.now() - start }
}

interface BundleChoice {
  bundleDir: string
  device: DeviceName
  threads?: number
}

async function pipelineOf({
  bundleDir,
  device,
  threads = availableParallelism(),
}: BundleChoice): Promise<ClipPipeline> {
  const key = JSON.stringify([bundleDir, device, threads, changedAt(bundleDir)])
  if (opened?.key === key) return opened.pipeline
  const previous = opened
  opened = null
  await previous?.pipeline.release()
  const pipeline = await openPipeline(bundleDir, { device, threads })
  opened = { key, pipeline }
  return pipeline
}

/** A bundle that was replaced on disk is opened anew. */
function changedAt(bundleDir: string): number {
  return statSync(join(bundleDir, 'signwright-model.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function progressOf(id: number): (done: number, total: number) => void {
  let sentAt = -Infinity
  return (done, total) => {
    const now = performance.now()
    if (now - sentAt < PROGRESS_EVERY_MS && done < total) return
    sentAt = now
    send({ kind: 'progress', id, done, total })
  }
}

function send(message: FromEngine): void {
  parentPort?.postMessage(message, [])
}
