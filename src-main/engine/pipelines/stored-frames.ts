/**
 * Frames as Sign2GPT's release prepares them for evaluation: squeezed to a square whatever their aspect ratio (how it
 * stores them; its JPEG step is left out), then resized or cropped to what the tower sees.
 */
import type { Sign2gptManifest } from '../bundle/manifest.ts'
import { createOpencvResize } from './opencv-resize.ts'
import { type Taps, resampleColumns, resampleRows, resampleTaps } from './pillow-resample.ts'
import type { FrameBatch } from './spamo.ts'

export type StoredFrames = Sign2gptManifest['spatial']['preprocessing']

export class StoredFramePreprocessor {
  readonly #facts: StoredFrames
  readonly #values: readonly Float32Array[]
  readonly #fit: (planes: Uint8Array) => Uint8Array
  #axes: { width: number; height: number; columns: Taps; rows: Taps } | undefined

  constructor(facts: StoredFrames) {
    this.#facts = facts
    this.#values = facts.mean.map((mean, channel) => normalisedBytes(mean, facts.std[channel] ?? 1))
    const { stored, image } = facts
    this.#fit =
      facts.fit === 'resize' ? createOpencvResize(stored, image) : planes => cropped(planes, stored, image)
  }

  /** [count, 3, image, image] */
  run(batch: FrameBatch): Float32Array<ArrayBuffer> {
    const bytes = batch.width * batch.height * 3
    const plane = this.#facts.image ** 2
    const result = new Float32Array(batch.count * 3 * plane)
    for (let frame = 0; frame < batch.count; frame += 1) {
      const picture = batch.pixels.subarray(frame * bytes, (frame + 1) * bytes)
      const seen = this.seen(picture, batch.width, batch.height)
      for (let channel = 0; channel < 3; channel += 1) {
        const values = this.#values[channel] ?? new Float32Array(256)
        const offset = (frame * 3 + channel) * plane
        for (let at = 0; at < plane; at += 1)
          result[offset + at] = values[seen[channel * plane + at] ?? 0] ?? 0
      }
    }
    return result
  }

  /** One interleaved RGB picture -> planes [3, image, image] of bytes. */
  seen(picture: Uint8Array, width: number, height: number): Uint8Array {
    return this.#fit(this.stored(picture, width, height))
  }

  /** One interleaved RGB picture -> planes [3, stored, stored] of bytes; a frame of that size is unchanged. */
  stored(picture: Uint8Array, width: number, height: number): Uint8Array {
    const { stored } = this.#facts
    if (width === stored && height === stored) return separated(picture)
    const { columns, rows } = this.#taps(width, height)
    const planes = width === stored ? separated(picture) : resampleRows(picture, width, 0, height, columns)
    return height === stored ? planes : resampleColumns(planes, height, stored, 0, rows)
  }

  #taps(width: number, height: number) {
    if (this.#axes?.width !== width || this.#axes.height !== height) {
      const { stored } = this.#facts
      const axis = (size: number) => resampleTaps(size, stored, 'bicubic', 0, stored)
      this.#axes = { width, height, columns: axis(width), rows: axis(height) }
    }
    return this.#axes
  }
}

/** Interleaved RGB -> planes. */
function separated(picture: Uint8Array): Uint8Array {
  const plane = picture.length / 3
  const planes = new Uint8Array(picture.length)
  for (let at = 0; at < plane; at += 1)
    for (let channel = 0; channel < 3; channel += 1)
      planes[channel * plane + at] = picture[3 * at + channel] ?? 0
  return planes
}

/** The middle [3, target, target] of planes [3, side, side]. */
function cropped(planes: Uint8Array, side: number, target: number): Uint8Array {
  const margin = Math.floor((side - target) / 2)
  const result = new Uint8Array(3 * target * target)
  for (let channel = 0; channel < 3; channel += 1)
    for (let row = 0; row < target; row += 1) {
      const from = (channel * side + margin + row) * side + margin
      result.set(planes.subarray(from, from + target), (channel * target + row) * target)
    }
  return result
}

/** (byte − 255 · mean) · 1 / (255 · std) in float32, as albumentations computes it. */
function normalisedBytes(mean: number, std: number): Float32Array {
  const shift = Math.fround(255 * Math.fround(mean))
  const factor = Math.fround(1 / Math.fround(255 * Math.fround(std)))
  return Float32Array.from({ length: 256 }, (_, byte) => Math.fround(byte - shift) * factor)
}
