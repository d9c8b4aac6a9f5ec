/**
 * OpenCV's 8-bit bilinear resize (INTER_LINEAR, no antialiasing) to the bit: weights in 11 bits, a horizontal pass kept
 * in full, a vertical one with intermediate shifts. Source: the arithmetic of modules/imgproc/src/resize.cpp
 * (Apache-2.0), re-written.
 */

const WEIGHT_ONE = 2048

interface Taps {
  first: Int32Array
  second: Int32Array
  /** Of the first neighbour and of the second. */
  weights: Int32Array
}

function taps(input: number, output: number): Taps {
  const result = {
    first: new Int32Array(output),
    second: new Int32Array(output),
    weights: new Int32Array(2 * output),
  }
  for (let at = 0; at < output; at += 1) {
    const position = Math.fround(((at + 0.5) * input) / output - 0.5)
    const floor = Math.floor(position)
    const isBefore = floor < 0
    const share = isBefore || floor >= input - 1 ? 0 : Math.fround(position - floor)
    const first = Math.min(Math.max(floor, 0), input - 1)
    result.first[at] = first
    result.second[at] = Math.min(first + 1, input - 1)
    result.weights[2 * at] = roundToEven((1 - share) * WEIGHT_ONE)
    result.weights[2 * at + 1] = roundToEven(share * WEIGHT_ONE)
  }
  return result
}

function roundToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** Planes [3, side, side] of bytes to planes [3, target, target]. */
export function createOpencvResize(side: number, target: number): (planes: Uint8Array) => Uint8Array {
  const axis = taps(side, target)
  return planes => {
    const result = new Uint8Array(3 * target * target)
    const wide = new Int32Array(side * target)
    for (let channel = 0; channel < 3; channel += 1) {
      widen(planes.subarray(channel * side * side, (channel + 1) * side * side), wide, side, axis)
      narrow(wide, result.subarray(channel * target * target, (channel + 1) * target * target), axis)
    }
    return result
  }
}

function widen(plane: Uint8Array, wide: Int32Array, side: number, { first, second, weights }: Taps): void {
  const target = first.length
  for (let row = 0; row < side; row += 1)
    for (let column = 0; column < target; column += 1) {
      const line = row * side
      const [a, b] = [plane[line + (first[column] ?? 0)] ?? 0, plane[line + (second[column] ?? 0)] ?? 0]
      wide[row * target + column] = a * (weights[2 * column] ?? 0) + b * (weights[2 * column + 1] ?? 0)
    }
}

function narrow(wide: Int32Array, result: Uint8Array, { first, second, weights }: Taps): void {
  const target = first.length
  for (let row = 0; row < target; row += 1) {
    const [upper, lower] = [(first[row] ?? 0) * target, (second[row] ?? 0) * target]
    const [above, below] = [weights[2 * row] ?? 0, weights[2 * row + 1] ?? 0]
    for (let column = 0; column < target; column += 1) {
      const one = (above * ((wide[upper + column] ?? 0) >> 4)) >> 16
      const other = (below * ((wide[lower + column] ?? 0) >> 4)) >> 16
      result[row * target + column] = (one + other + 2) >> 2
    }
  }
}
