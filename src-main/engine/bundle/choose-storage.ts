/**
 * Eight-bit vision towers are three times as fast on a CPU, and safe for most weights but not for
 * all (spec/engine.md, C3): so each tower is compared with its 16-bit self before it is kept.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Tensor } from 'onnxruntime-node'
import type { Storage } from '../graph/layers.ts'
import { writeModel } from '../graph/onnx-file.ts'
import { smallestCosine } from '../pipelines/cosine.ts'
import { Preprocessor } from '../pipelines/preprocess.ts'
import { Sessions } from '../pipelines/sessions.ts'
import type { FrameBatch } from '../pipelines/spamo.ts'
import { float32 } from '../pipelines/t5-runtime.ts'
import { type Storages, buildTower } from './spamo-graphs.ts'
import type { SpamoSources } from './spamo-sources.ts'

export interface ChosenStorage {
  storages: Storages
  /** Smallest cosine to 16-bit weights; null where nothing is quantised. */
  cosines: { spatial: number | null; motion: number | null }
}

const MIN_COSINE = 0.999
const REFERENCE: Storage = 'fp16'
/** Tried in this order; the last is the reference itself. */
const CANDIDATES: readonly Storage[] = ['int8', 'block8']
const CHECKED_FRAMES = 4
/** Two towers, each as reference and in its first candidate. */
const USUAL_RUNS = 4

export async function chooseStorages(
  precision: 'int8' | 'int4',
  sources: SpamoSources,
  workDir: string,
  frames: FrameBatch | undefined,
  options: { signal?: AbortSignal | undefined; onRun?: ((done: number, total: number) => void) | undefined },
): Promise<ChosenStorage> {
  const checked = frames ?? syntheticFrames(sources.videomae.config.num_frames)
  let runs = 0
  const onRun = () => {
    runs += 1
    options.onRun?.(Math.min(runs, USUAL_RUNS), USUAL_RUNS)
  }
  const check = { sources, workDir, signal: options.signal, onRun }
  const spatial = await chooseTower('spatial', spatialInput(sources, checked), check)
  const motion = await chooseTower('motion', motionInput(sources, checked), check)
  const language = precision === 'int4' ? 'block4' : 'block8'
  return {
    storages: { spatial: spatial.storage, motion: motion.storage, language },
    cosines: { spatial: spatial.cosine, motion: motion.cosine },
  }
}

interface Check {
  sources: SpamoSources
  workDir: string
  signal: AbortSignal | undefined
  onRun: () => void
}

async function chooseTower(
  tower: 'spatial' | 'motion',
  pixels: Tensor,
  check: Check,
): Promise<{ storage: Storage; cosine: number | null }> {
  const reference = await featuresOf(tower, REFERENCE, pixels, check)
  for (const storage of CANDIDATES) {
    const rows = pixels.dims[0] ?? 1
    const cosine = smallestCosine(await featuresOf(tower, storage, pixels, check), reference, rows)
    if (cosine >= MIN_COSINE) return { storage, cosine }
  }
  return { storage: REFERENCE, cosine: null }
}

async function featuresOf(
  tower: 'spatial' | 'motion',
  storage: Storage,
  pixels: Tensor,
  check: Check,
): Promise<Float32Array> {
  const dir = join(check.workDir, `check-${tower}-${storage}`)
  mkdirSync(dir)
  const sessions = new Sessions(dir, { device: 'cpu', threads: 0 })
  try {
    await writeModel(buildTower(tower, check.sources, storage), dir, { signal: check.signal })
    check.signal?.throwIfAborted()
    const { features } = await sessions.run(tower, { pixels }, ['features'])
    check.onRun()
    return float32(features)
  } finally {
    await sessions.releaseAllBut([])
    rmSync(dir, { recursive: true, force: true })
  }
}

function spatialInput({ clip }: SpamoSources, frames: FrameBatch): Tensor {
  const count = Math.min(CHECKED_FRAMES, frames.count)
  const stride = Math.floor(frames.count / count)
  const size = frames.width * frames.height * 3
  const picked = new Uint8Array(count * size)
  for (let at = 0; at < count; at += 1)
    picked.set(frames.pixels.subarray(at * stride * size, (at * stride + 1) * size), at * size)
  const { crop } = clip.preprocessing
  return new Tensor(
    'float32',
    new Preprocessor(clip.preprocessing).run({ ...frames, count, pixels: picked }),
    [count, 3, crop, crop],
  )
}

function motionInput({ videomae }: SpamoSources, frames: FrameBatch): Tensor {
  const { num_frames: window } = videomae.config
  const { crop } = videomae.preprocessing
  const pixels = frames.pixels.subarray(0, window * frames.width * frames.height * 3)
  return new Tensor(
    'float32',
    new Preprocessor(videomae.preprocessing).run({ ...frames, count: window, pixels }),
    [1, window, 3, crop, crop],
  )
}

/** Where the user gives no video: a bright figure moving over a gradient, with some grain. */
export function syntheticFrames(count: number): FrameBatch {
  const [width, height] = [256, 256]
  const pixels = new Uint8Array(count * width * height * 3)
  let grain = 1
  for (let frame = 0; frame < count; frame += 1)
    for (let y = 0; y < height; y += 1)
      for (let x = 0; x < width; x += 1) {
        const at = 3 * ((frame * height + y) * width + x)
        const isFigure =
          Math.hypot(x - 70 - 6 * frame, y - 120) < 30 ||
          Math.hypot(x - 190 + 5 * frame, y - 150 + 3 * frame) < 18
        grain = (Math.imul(grain, 1664525) + 1013904223) >>> 0
        const noise = (grain >>> 28) - 8
        pixels[at] = clamp((isFigure ? 210 : 40 + x / 3) + noise)
        pixels[at + 1] = clamp((isFigure ? 160 : 60 + y / 3) + noise)
        pixels[at + 2] = clamp((isFigure ? 130 : 140 - x / 4) + noise)
      }
  return { pixels, count, width, height }
}

function clamp(value: number): number {
  return Math.max(0, Math.min(255, Math.round(value)))
}
