import { spawn } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'

/** Cells of a picture's fingerprint: fine enough for a moved finger, coarse enough to forget how a decoder rounds. */
export const GRID = { width: 64, height: 48 } as const
const CELLS = GRID.width * GRID.height

/**
 * Frames closer than this, in grey levels (root mean square over the cells), look the same in any decoder. A signer at
 * rest at 50 frames a second differs by 0.1 to 0.17 from one to the next, which a canvas in RGB rounds away.
 */
const SAME_LEVELS = 0.2
/** And those closer than this share of what the decoder or the copy for playing has changed about the picture. */
const SAME_SHARE = 0.25
/** Weights of red, green and blue in luma (ITU-R BT.601 and BT.709): files do not always say which is theirs. */
const LUMA = [
  [0.299, 0.587, 0.114],
  [0.2126, 0.7152, 0.0722],
] as const

export interface PictureSize {
  width: number
  height: number
}

/** Grey fingerprints of all frames of a file by one plain sequential ffmpeg decode: the truth a player is held to. */
export async function decodeTruth(path: string, size: PictureSize): Promise<Float32Array[]> {
  const isFolder = statSync(path).isDirectory()
  const input = isFolder ? ['-pattern_type', 'glob', '-i', join(path, '*.png')] : ['-i', path]
  const output = ['-map', '0:v:0', '-an', '-sn', '-vf', 'format=gray', '-vsync', 'passthrough']
  const decoder = spawn(
    'ffmpeg',
    ['-v', 'fatal', ...input, ...output, '-pix_fmt', 'gray', '-f', 'rawvideo', '-'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const bytes = size.width * size.height
  const frames: Float32Array[] = []
  let rest = Buffer.alloc(0)
  for await (const chunk of decoder.stdout as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk])
    let at = 0
    for (; at + bytes <= rest.length; at += bytes) frames.push(cellsOf(rest.subarray(at, at + bytes), size))
    rest = rest.subarray(at)
  }
  if (rest.length > 0 || frames.length === 0) throw new Error(`${path} is not ${size.width}×${size.height}`)
  return frames
}

/** The page cuts its pictures into the same cells. */
function cellsOf(pixels: Uint8Array, { width, height }: PictureSize): Float32Array {
  const cells = new Float32Array(CELLS)
  const counts = new Float32Array(CELLS)
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * GRID.height) / height) * GRID.width
    for (let x = 0; x < width; x++) {
      const cell = row + Math.floor((x * GRID.width) / width)
      cells[cell]! += pixels[y * width + x]!
      counts[cell]! += 1
    }
  }
  return cells.map((sum, cell) => sum / Math.max(1, counts[cell]!))
}

/**
 * Mean squared difference of two pictures after the best gain and offset: decoders differ in range and matrix,
 * and none of that says which frame it is.
 */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0]
  for (let at = 0; at < CELLS; at++) {
    const [x, y] = [a[at] ?? 0, b[at] ?? 0]
    sumA += x
    sumB += y
    sumAA += x * x
    sumBB += y * y
    sumAB += x * y
  }
  const varianceA = sumAA - (sumA * sumA) / CELLS
  const varianceB = sumBB - (sumB * sumB) / CELLS
  const covariance = sumAB - (sumA * sumB) / CELLS
  if (varianceB === 0) return varianceA / CELLS
  return Math.max(0, varianceA - (covariance * covariance) / varianceB) / CELLS
}

export type Verdict = { kind: 'right' } | { kind: 'wrong'; shown: number } | { kind: 'alike' }

/**
 * Whether a picture is the frame that it is said to be: no frame may look more like it, unless it looks the same
 * in the source. `alike`: the neighbours on both sides do, so that the picture proves nothing.
 */
export function judge(colours: ArrayLike<number>, said: number, truth: readonly Float32Array[]): Verdict {
  const own = truth[said]
  if (!own) return { kind: 'wrong', shown: -1 }
  const [shown, left] = LUMA.map(weights => {
    const grey = lumaOf(colours, weights)
    return [grey, distance(grey, own)] as const
  }).reduce((best, each) => (each[1] < best[1] ? each : best))
  const sameBelow = Math.max(SAME_LEVELS ** 2, SAME_SHARE ** 2 * left)
  let nearest = said
  let least = left
  for (const [frame, picture] of truth.entries()) {
    const far = distance(shown, picture)
    if (far >= least || distance(own, picture) < sameBelow) continue
    nearest = frame
    least = far
  }
  if (nearest !== said) return { kind: 'wrong', shown: nearest }
  const neighbours = [truth[said - 1], truth[said + 1]].filter(picture => picture !== undefined)
  const isAlike = neighbours.every(picture => distance(own, picture) < sameBelow)
  return { kind: isAlike ? 'alike' : 'right' }
}

function lumaOf(colours: ArrayLike<number>, [red, green, blue]: (typeof LUMA)[number]): Float32Array {
  return Float32Array.from(
    { length: CELLS },
    (_, cell) =>
      red * (colours[cell] ?? 0) +
      green * (colours[CELLS + cell] ?? 0) +
      blue * (colours[2 * CELLS + cell] ?? 0),
  )
}
