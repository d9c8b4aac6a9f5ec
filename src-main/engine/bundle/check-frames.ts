import { Tensor } from 'onnxruntime-node'
import { Preprocessor } from '../pipelines/preprocess.ts'
import type { FrameBatch } from '../pipelines/spamo.ts'
import { StoredFramePreprocessor } from '../pipelines/stored-frames.ts'
import type { BundleManifest, Sign2gptManifest, SpamoManifest } from './manifest.ts'

/** Frames whose spatial features are compared; the motion tower sees one window. */
const CHECKED_FRAMES = 4

/** The facts of a bundle that decide what its towers see. */
export type CheckFacts =
  | {
      kind: 'spamo'
      spatial: Pick<SpamoManifest['spatial'], 'preprocessing'>
      motion: Pick<SpamoManifest['motion'], 'preprocessing' | 'window'>
    }
  | { kind: 'sign2gpt'; spatial: Pick<Sign2gptManifest['spatial'], 'preprocessing'> }

/** The towers of a bundle, by their graphs. */
export function towersOf(manifest: BundleManifest): string[] {
  return manifest.kind === 'spamo' ? ['spatial', 'motion'] : ['spatial']
}

/** The check frames as each run of a tower takes them: a frame at a time, or the window. */
export function checkInputs(tower: string, facts: CheckFacts): Tensor[] {
  if (facts.kind === 'sign2gpt') {
    const { preprocessing } = facts.spatial
    return singleFrames(syntheticFrames(16), new StoredFramePreprocessor(preprocessing), preprocessing.image)
  }
  const frames = syntheticFrames(facts.motion.window)
  if (tower === 'motion') {
    const { window, preprocessing } = facts.motion
    const { crop } = preprocessing
    return [new Tensor('float32', new Preprocessor(preprocessing).run(frames), [1, window, 3, crop, crop])]
  }
  const { preprocessing } = facts.spatial
  return singleFrames(frames, new Preprocessor(preprocessing), preprocessing.crop)
}

function singleFrames(frames: FrameBatch, preprocessor: Pick<Preprocessor, 'run'>, side: number): Tensor[] {
  const count = Math.min(CHECKED_FRAMES, frames.count)
  const stride = Math.floor(frames.count / count)
  const size = frames.width * frames.height * 3
  return Array.from({ length: count }, (_, at) => {
    const pixels = frames.pixels.subarray(at * stride * size, (at * stride + 1) * size)
    return new Tensor('float32', preprocessor.run({ ...frames, count: 1, pixels }), [1, 3, side, side])
  })
}

/** A bright figure moving over a gradient, with some grain; the same numbers everywhere. */
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
