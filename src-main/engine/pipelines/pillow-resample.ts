/**
 * Pillow's 8-bit resampling to the bit: a horizontal and a vertical pass with antialiasing, weights
 * in fixed point with 22 bits, each pass rounded to 8 bits. ONNX Runtime's Resize comes within one
 * grey level of it, this is equal. Source: the algorithm of Pillow's Resample.c (HPND licence), re-written.
 */
export type Filter = 'bicubic' | 'bilinear'

/** The taps of `count` consecutive output positions along one axis. */
export interface Taps {
  /** First input position of each output. */
  starts: Int32Array
  /** Number of inputs of each output. */
  counts: Int32Array
  /** Fixed-point weights, `width` a row. */
  weights: Int32Array
  width: number
}

const PRECISION_BITS = 22
const HALF = 1 << (PRECISION_BITS - 1)
const SUPPORT = { bicubic: 2, bilinear: 1 } as const

/** Taps for outputs first … first+count−1 of an axis resized from `input` to `output` positions. */
export function resampleTaps(
  input: number,
  output: number,
  filter: Filter,
  first: number,
  count: number,
): Taps {
  const scale = input / output
  const stretch = Math.max(1, scale)
  const support = SUPPORT[filter] * stretch
  const width = Math.ceil(support) * 2 + 1
  const taps = {
    starts: new Int32Array(count),
    counts: new Int32Array(count),
    weights: new Int32Array(count * width),
    width,
  }
  for (let at = 0; at < count; at += 1) {
    const centre = (first + at + 0.5) * scale
    const start = Math.max(0, Math.trunc(centre - support + 0.5))
    const size = Math.min(input, Math.trunc(centre + support + 0.5)) - start
    const weights = Array.from({ length: size }, (_, tap) =>
      kernel(filter, (start + tap - centre + 0.5) / stretch),
    )
    const sum = weights.reduce((total, weight) => total + weight, 0)
    taps.starts[at] = start
    taps.counts[at] = size
    for (const [tap, weight] of weights.entries()) taps.weights[at * width + tap] = fixed(weight / sum)
  }
  return taps
}

function kernel(filter: Filter, position: number): number {
  const x = Math.abs(position)
  if (filter === 'bilinear') return x < 1 ? 1 - x : 0
  const a = -0.5
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
}

function fixed(weight: number): number {
  return Math.trunc(weight * 2 ** PRECISION_BITS + (weight < 0 ? -0.5 : 0.5))
}

/**
 * Rows firstRow … firstRow+rows−1 of an interleaved RGB picture -> planes [3, rows, taps], so
 * that the second pass reads consecutive bytes.
 */
export function resampleRows(
  picture: Uint8Array,
  width: number,
  firstRow: number,
  rows: number,
  taps: Taps,
): Uint8Array {
  const { starts, counts, weights, width: tapsEach } = taps
  const columns = starts.length
  const plane = rows * columns
  const result = new Uint8Array(3 * plane)
  for (let row = 0; row < rows; row += 1) {
    const line = (firstRow + row) * width
    for (let column = 0; column < columns; column += 1) {
      let at = 3 * (line + (starts[column] ?? 0))
      const first = column * tapsEach
      const end = first + (counts[column] ?? 0)
      let red = HALF
      let green = HALF
      let blue = HALF
      for (let tap = first; tap < end; tap += 1) {
        const weight = weights[tap] ?? 0
        red = (red + Math.imul(picture[at] ?? 0, weight)) | 0
        green = (green + Math.imul(picture[at + 1] ?? 0, weight)) | 0
        blue = (blue + Math.imul(picture[at + 2] ?? 0, weight)) | 0
        at += 3
      }
      const target = row * columns + column
      result[target] = clip8(red)
      result[plane + target] = clip8(green)
      result[2 * plane + target] = clip8(blue)
    }
  }
  return result
}

/** Column pass over planes [3, rows, columns] whose row 0 is row `firstRow` of the picture -> [3, taps, columns]. */
export function resampleColumns(
  planes: Uint8Array,
  rows: number,
  columns: number,
  firstRow: number,
  taps: Taps,
): Uint8Array {
  const outputs = taps.starts.length
  const result = new Uint8Array(3 * outputs * columns)
  const sums = new Int32Array(columns)
  for (let channel = 0; channel < 3; channel += 1) {
    for (let output = 0; output < outputs; output += 1) {
      sums.fill(HALF)
      const start = (taps.starts[output] ?? 0) - firstRow
      for (let tap = 0; tap < (taps.counts[output] ?? 0); tap += 1) {
        const weight = taps.weights[output * taps.width + tap] ?? 0
        const from = (channel * rows + start + tap) * columns
        for (let column = 0; column < columns; column += 1)
          sums[column] = (sums[column] ?? 0) + (planes[from + column] ?? 0) * weight
      }
      const to = (channel * outputs + output) * columns
      for (let column = 0; column < columns; column += 1) result[to + column] = clip8(sums[column] ?? 0)
    }
  }
  return result
}

function clip8(sum: number): number {
  const value = sum >> PRECISION_BITS
  if (value < 0) return 0
  return value > 255 ? 255 : value
}
