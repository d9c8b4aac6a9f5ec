/** Frames as a vision model wants them: short side resized, centre cropped, normalised; as transformers' processors. */
import { type Filter, type Taps, resampleColumns, resampleRows, resampleTaps } from './pillow-resample.ts'
import type { FrameBatch } from './spamo.ts'

export interface Preprocessing {
  /** Short side after resizing, px. */
  edge: number
  /** Side of the centre crop, px; at most `edge`. */
  crop: number
  resample: Filter
  mean: [number, number, number]
  std: [number, number, number]
}

export class Preprocessor {
  readonly #facts: Preprocessing
  /** Normalised value of each byte, per channel. */
  readonly #values: readonly Float32Array[]
  #axes: { width: number; height: number; columns: Taps; rows: Taps } | undefined

  constructor(facts: Preprocessing) {
    this.#facts = facts
    this.#values = facts.mean.map((mean, channel) => normalisedBytes(mean, facts.std[channel] ?? 1))
  }

  /** [count, 3, crop, crop] */
  run(batch: FrameBatch): Float32Array<ArrayBuffer> {
    const frameBytes = batch.width * batch.height * 3
    if (batch.pixels.byteLength !== frameBytes * batch.count)
      throw new Error(
        `${batch.count} frames of ${batch.width}x${batch.height} px in ${batch.pixels.byteLength} bytes`,
      )
    const plane = this.#facts.crop ** 2
    const result = new Float32Array(batch.count * 3 * plane)
    for (let frame = 0; frame < batch.count; frame += 1) {
      const picture = batch.pixels.subarray(frame * frameBytes, (frame + 1) * frameBytes)
      const cropped = this.resizeAndCrop(picture, batch.width, batch.height)
      for (let channel = 0; channel < 3; channel += 1) {
        const values = this.#values[channel] ?? new Float32Array(256)
        const offset = (frame * 3 + channel) * plane
        for (let at = 0; at < plane; at += 1)
          result[offset + at] = values[cropped[channel * plane + at] ?? 0] ?? 0
      }
    }
    return result
  }

  /** One interleaved RGB picture -> planes [3, crop, crop]. Only what the crop keeps is computed. */
  resizeAndCrop(picture: Uint8Array, width: number, height: number): Uint8Array {
    const { columns, rows } = this.#taps(width, height)
    const firstRow = rows.starts[0] ?? 0
    const last = rows.starts.length - 1
    const neededRows = (rows.starts[last] ?? 0) + (rows.counts[last] ?? 0) - firstRow
    const planes = resampleRows(picture, width, firstRow, neededRows, columns)
    return resampleColumns(planes, neededRows, columns.starts.length, firstRow, rows)
  }

  #taps(width: number, height: number) {
    if (this.#axes?.width !== width || this.#axes.height !== height) {
      const { edge, crop, resample } = this.#facts
      const short = Math.min(width, height)
      const axis = (size: number) => {
        const resized = Math.floor((edge * size) / short)
        return resampleTaps(size, resized, resample, Math.floor((resized - crop) / 2), crop)
      }
      this.#axes = { width, height, columns: axis(width), rows: axis(height) }
    }
    return this.#axes
  }
}

/** float32(u8 · (1/255)), then − mean and / std in float32: bit-identical to the processor. */
function normalisedBytes(mean: number, std: number): Float32Array {
  const [mean32, std32] = [Math.fround(mean), Math.fround(std)]
  return Float32Array.from(
    { length: 256 },
    (_, byte) => Math.fround(Math.fround(byte * (1 / 255)) - mean32) / std32,
  )
}
