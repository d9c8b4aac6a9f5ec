/** Access to the numeric fixtures of `../shared/golden/spamo`, which are not part of the repository. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { FrameBatch } from '../pipelines/spamo.ts'

export const GOLDEN = resolve(import.meta.dirname, '../../../../shared/golden/spamo')
export const hasGolden = existsSync(GOLDEN)
if (!hasGolden) process.stderr.write(`Golden tests are skipped: ${GOLDEN} is not there.\n`)

export function goldenJson<T>(path: string): T {
  return JSON.parse(readFileSync(join(GOLDEN, path), 'utf8')) as T
}

/** Float32 or int64 values of a C-order `.npy`, with its shape. */
export function goldenArray(path: string): { data: Float32Array; shape: number[] } {
  return readNpy(join(GOLDEN, path))
}

export function readNpy(path: string): { data: Float32Array; shape: number[] } {
  const bytes = readFileSync(path)
  const start = 10 + bytes.readUInt16LE(8)
  const header = bytes.toString('latin1', 10, start)
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .filter(part => part.trim() !== '')
    .map(Number)
  const body = new Uint8Array(bytes.subarray(start)).buffer
  if (header.includes("'<i8'")) return { data: Float32Array.from(new BigInt64Array(body), Number), shape }
  if (!header.includes("'<f4'")) throw new Error(`${path}: ${header}`)
  return { data: new Float32Array(body), shape }
}

export interface ClipFacts {
  name: string
  width: number
  height: number
  frames: number
  pattern: string
}

/** All frames of a fixture clip, RGB. */
export function goldenFrames(clip: ClipFacts): FrameBatch {
  const input = join(GOLDEN, 'frames', clip.name, clip.pattern)
  const raw = execFileSync(
    'ffmpeg',
    ['-v', 'error', '-start_number', '0', '-i', input, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'],
    { maxBuffer: 1 << 30 },
  )
  return { pixels: new Uint8Array(raw), count: clip.frames, width: clip.width, height: clip.height }
}

export function frameAt(batch: FrameBatch, index: number): FrameBatch {
  const size = batch.width * batch.height * 3
  return { ...batch, count: 1, pixels: batch.pixels.slice(index * size, (index + 1) * size) }
}

/** The frames in batches of `size`, as the decoder delivers them. */
export async function* inBatches(all: FrameBatch, size: number): AsyncGenerator<FrameBatch> {
  const bytes = all.width * all.height * 3
  for (let start = 0; start < all.count; start += size) {
    const count = Math.min(size, all.count - start)
    yield { ...all, count, pixels: all.pixels.slice(start * bytes, (start + count) * bytes) }
  }
}

export interface Difference {
  maxAbs: number
  /** The smallest over the rows. */
  cosine: number
}

export function difference(
  actual: Float32Array,
  expected: Float32Array,
  width = expected.length,
): Difference {
  if (actual.length !== expected.length)
    throw new Error(`${actual.length} values where ${expected.length} are expected`)
  let [maxAbs, cosine] = [0, 1]
  for (let row = 0; row < expected.length; row += width) {
    let [product, ours, theirs] = [0, 0, 0]
    for (let i = row; i < row + width; i += 1) {
      const [a, b] = [actual[i] ?? NaN, expected[i] ?? NaN]
      if (Number.isNaN(a) || Number.isNaN(b)) throw new Error(`NaN at ${i}`)
      maxAbs = Math.max(maxAbs, Math.abs(a - b))
      product += a * b
      ours += a * a
      theirs += b * b
    }
    cosine = Math.min(cosine, product / Math.sqrt(ours * theirs))
  }
  return { maxAbs, cosine }
}

/** A folder that is removed when the scope ends. */
export function temporaryFolder(): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'signwright-test-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
