import { Tensor } from 'onnxruntime-node'
import { AppError } from '#shared/contract/errors.ts'
import type { SpamoManifest } from '../bundle/manifest.ts'
import { type Sessions, type Device } from './sessions.ts'
import type { ExtractOptions, ExtractResult, ExtractWants, FeatureMatrix, FrameBatch } from './spamo.ts'
import type { PartialFeatures } from './partial-features.ts'
import { Preprocessor } from './preprocess.ts'
import { float32 } from './t5-runtime.ts'

/** One frame or window of the published models takes seconds on a CPU: run them singly, so that cancelling is quick. */
const LARGE_MODEL = 1e7
const BATCH = { largeOnCpu: 1, otherwise: 16 }

export const VISION_GRAPHS = ['spatial', 'motion']

/** Frames to features with the vision graphs of a bundle. */
export class FeatureExtractor {
  readonly #sessions: Sessions
  readonly #manifest: SpamoManifest
  readonly #framesAtOnce: number
  readonly #spatialPixels: Preprocessor
  readonly #motionPixels: Preprocessor

  constructor(sessions: Sessions, manifest: SpamoManifest, device: Device) {
    this.#sessions = sessions
    this.#manifest = manifest
    this.#spatialPixels = new Preprocessor(manifest.spatial.preprocessing)
    this.#motionPixels = new Preprocessor(manifest.motion.preprocessing)
    const { dim, layers, scales } = manifest.spatial
    const size = layers * (dim / scales.length) ** 2
    this.#framesAtOnce = device === 'cpu' && size > LARGE_MODEL ? BATCH.largeOnCpu : BATCH.otherwise
  }

  /** Features of each frame, [count, spatial.dim]. */
  async spatial(batch: FrameBatch, signal?: AbortSignal): Promise<Float32Array> {
    const { dim } = this.#manifest.spatial
    const features = new Float32Array(batch.count * dim)
    const { crop } = this.#manifest.spatial.preprocessing
    const frameBytes = batch.width * batch.height * 3
    for (let start = 0; start < batch.count; start += this.#framesAtOnce) {
      signal?.throwIfAborted()
      const count = Math.min(this.#framesAtOnce, batch.count - start)
      const part = {
        ...batch,
        count,
        pixels: batch.pixels.subarray(start * frameBytes, (start + count) * frameBytes),
      }
      const pixels = new Tensor('float32', this.#spatialPixels.run(part), [count, 3, crop, crop])
      const results = await this.#sessions.run('spatial', { pixels }, ['features'])
      features.set(float32(results['features']), start * dim)
    }
    return features
  }

  /** Feature of one window, [motion.dim]. */
  async motion(window: FrameBatch): Promise<Float32Array> {
    const { window: length } = this.#manifest.motion
    if (window.count !== length)
      throw new AppError('invalid-input', `A motion window has ${length} frames, not ${window.count}.`)
    const buffer = new MotionWindows(this.#sessions, this.#manifest)
    await buffer.push(this.#motionPixels.run(window), { count: window.count, at: 0 })
    return (await buffer.finish()).data
  }

  /**
   * Features of a whole clip; each batch is preprocessed and dropped before the next is asked for. With `partial`
   * the first batch begins at frame `resumeFrame(…)`, and rows that are there are not computed again.
   */
  async extract(
    frames: AsyncIterable<FrameBatch>,
    wants: ExtractWants,
    options: ExtractOptions,
  ): Promise<ExtractResult> {
    const before = this.#sessions.modelMs
    const { signal, partial } = options
    const { spatial: spatialFacts, motion: motionFacts } = this.#manifest
    const spatial = [...(partial?.rows.spatial ?? [])]
    const spatialDone = rowCount(spatial, spatialFacts.dim)
    const motion = new MotionWindows(this.#sessions, this.#manifest, [...(partial?.rows.motion ?? [])])
    let done = partial ? resumeFrame(this.#manifest, wants, partial) : 0
    for await (const batch of frames) {
      signal.throwIfAborted()
      if (wants.spatial && done >= spatialDone) {
        const rows = await this.spatial(batch, signal)
        spatial.push(rows)
        partial?.add('spatial', rows)
      }
      if (wants.motion) {
        const windows = await motion.push(
          this.#motionPixels.run(batch),
          { count: batch.count, at: done },
          signal,
        )
        partial?.add('motion', joinRows(windows, motionFacts.dim).data)
      }
      done += batch.count
      options.onFrames(done)
    }
    if (done === 0) throw new AppError('invalid-input', 'The clip has no frames.')
    return {
      ...(wants.spatial ? { spatial: joinRows(spatial, spatialFacts.dim) } : {}),
      ...(wants.motion ? { motion: await motion.finish() } : {}),
      modelMs: this.#sessions.modelMs - before,
    }
  }
}

/**
 * The frame, from the clip's first, that an interrupted extraction has to read next: the start of a batch, as in an
 * undisturbed run, at or before the first row that is missing.
 */
export function resumeFrame(
  { spatial, motion }: SpamoManifest,
  wants: ExtractWants,
  { rows, batchSize }: Pick<PartialFeatures, 'rows' | 'batchSize'>,
): number {
  const next = Math.min(
    wants.spatial ? rowCount(rows.spatial, spatial.dim) : Infinity,
    wants.motion ? rowCount(rows.motion, motion.dim) * motion.stride : Infinity,
  )
  return Number.isFinite(next) ? next - (next % batchSize) : 0
}

function rowCount(parts: readonly Float32Array[], dim: number): number {
  return parts.reduce((sum, part) => sum + part.length, 0) / dim
}

/** Cuts a stream of preprocessed frames into overlapping windows; keeps one window's frames. */
class MotionWindows {
  readonly #sessions: Sessions
  readonly #facts: SpamoManifest['motion']
  readonly #features: Float32Array[]
  readonly #frameSize: number
  /** First frame of the window that comes next. */
  readonly #start: number
  #held: Float32Array[] = []

  /** `known`: features of the windows before. */
  constructor(sessions: Sessions, manifest: SpamoManifest, known: Float32Array[] = []) {
    this.#sessions = sessions
    this.#facts = manifest.motion
    this.#frameSize = 3 * manifest.motion.preprocessing.crop ** 2
    this.#features = known
    this.#start = rowCount(known, manifest.motion.dim) * manifest.motion.stride
  }

  /** Takes `count` frames, the first of them frame `at` of the clip; gives the features of windows that are full. */
  async push(
    pixels: Float32Array,
    { count, at }: { count: number; at: number },
    signal?: AbortSignal,
  ): Promise<Float32Array[]> {
    const before = this.#features.length
    for (let frame = Math.max(0, this.#start - at); frame < count; frame += 1) {
      this.#held.push(pixels.slice(frame * this.#frameSize, (frame + 1) * this.#frameSize))
      if (this.#held.length < this.#facts.window) continue
      signal?.throwIfAborted()
      await this.#run()
    }
    return this.#features.slice(before)
  }

  /** [windows, dim]; frames after the last complete window are dropped, a clip shorter than one repeats its last frame. */
  async finish(): Promise<FeatureMatrix> {
    const last = this.#held.at(-1)
    if (this.#features.length === 0 && last) {
      while (this.#held.length < this.#facts.window) this.#held.push(last)
      await this.#run()
    }
    return joinRows(this.#features, this.#facts.dim)
  }

  async #run(): Promise<void> {
    const { window, stride, preprocessing } = this.#facts
    const pixels = new Float32Array(window * this.#frameSize)
    for (const [index, frame] of this.#held.entries()) pixels.set(frame, index * this.#frameSize)
    const shape = [1, window, 3, preprocessing.crop, preprocessing.crop]
    const { features } = await this.#sessions.run(
      'motion',
      { pixels: new Tensor('float32', pixels, shape) },
      ['features'],
    )
    this.#features.push(float32(features))
    this.#held = this.#held.slice(stride)
  }
}

function joinRows(parts: readonly Float32Array[], dim: number): FeatureMatrix {
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    data.set(part, offset)
    offset += part.length
  }
  return { data, shape: [data.length / dim, dim] }
}
