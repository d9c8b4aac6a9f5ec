/**
 * How close a bundle's features are to those of 32-bit weights. Eight-bit towers are three times as fast on a CPU and
 * safe for most weights, but not for all (spec/engine.md, C3), nor with every processor's integer arithmetic: so the
 * reference travels with the bundle, and the comparison is repeated where the bundle is installed.
 */
import { join } from 'node:path'
import type { Tensor } from 'onnxruntime-node'
import { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'
import { smallestCosine } from '../pipelines/cosine.ts'
import { Sessions } from '../pipelines/sessions.ts'
import { float32 } from '../pipelines/t5-runtime.ts'
import { readJson } from '../weights/open-weights.ts'
import { corrupt } from '../weights/tensor.ts'
import { checkInputs, towersOf } from './check-frames.ts'
import { towerFacts } from './manifest.ts'
import type { Bundle } from './open-bundle.ts'

export const FIDELITY_NAME = 'fidelity.json'
export const MIN_COSINE = 0.999

/** Features of the check frames by 32-bit weights: row-major float32, little endian, base64. */
const Fidelity = z.looseObject({ frames: z.literal('synthetic/1') })

/** Features of each tower. */
export type Reference = Readonly<Record<string, string>>

/** Smallest cosine of each tower's features to those of 32-bit weights. */
export type Cosines = Readonly<Record<string, number>>

export function encodeFidelity(reference: Reference): Uint8Array {
  const json: z.infer<typeof Fidelity> = { frames: 'synthetic/1', ...reference }
  return Buffer.from(`${JSON.stringify(json, undefined, 2)}\n`)
}

export function encodeFeatures(features: Float32Array): string {
  return Buffer.from(features.buffer, features.byteOffset, features.byteLength).toString('base64')
}

export function decodeFeatures(text: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(text, 'base64')).buffer)
}

export interface MeasureOptions {
  threads?: number | undefined
  signal?: AbortSignal | undefined
  /** Called after each run. */
  onRun?: ((share: number) => void) | undefined
}

/** Features of the check frames by the tower that lies in this folder, on the CPU; rows one after the other. */
export async function measureTower(
  tower: string,
  dir: string,
  inputs: readonly Tensor[],
  { threads = 0, signal, onRun }: MeasureOptions = {},
): Promise<{ features: Float32Array; rows: number }> {
  const sessions = new Sessions(dir, { device: 'cpu', threads })
  try {
    const parts: Float32Array[] = []
    for (const pixels of inputs) {
      signal?.throwIfAborted()
      const { features } = await sessions.run(tower, { pixels }, ['features'])
      parts.push(float32(features))
      onRun?.(1 / inputs.length)
    }
    const width = parts[0]?.length ?? 0
    const all = new Float32Array(width * parts.length)
    for (const [row, part] of parts.entries()) all.set(part, row * width)
    return { features: all, rows: parts.length }
  } finally {
    await sessions.releaseAllBut([])
  }
}

/**
 * Repeats the comparison on this machine's CPU; refuses a bundle that does not hold it. Bundles without a reference
 * (made before there was one) pass: there is nothing to compare with.
 */
export async function assertFaithful(
  { dir, manifest }: Bundle,
  options: MeasureOptions = {},
): Promise<Cosines | null> {
  if (!manifest.fidelity) return null
  const reference = readReference(dir, manifest.fidelity.file)
  const cosines: Record<string, number> = {}
  for (const tower of towersOf(manifest)) {
    const { features, rows } = await measureTower(tower, dir, checkInputs(tower, manifest), options)
    const cosine = smallestCosine(features, decodeFeatures(reference(tower)), rows)
    cosines[tower] = cosine
    if (!(cosine >= manifest.fidelity.minCosine)) throw unfaithful(dir, tower, cosine, manifest)
  }
  return cosines
}

function readReference(dir: string, file: string): (tower: string) => string {
  const path = join(dir, file)
  const parsed = Fidelity.safeParse(readJson(path))
  return tower => {
    const features = parsed.data?.[tower]
    if (typeof features === 'string') return features
    throw corrupt(path, 'holds no reference features of this version: convert the model again', parsed.error)
  }
}

function unfaithful(dir: string, tower: string, cosine: number, manifest: Bundle['manifest']): AppError {
  const storage = storageOf(manifest, tower)
  return new AppError(
    'model-unavailable',
    `The ${tower} features of the model in ${dir} are not exact enough on this machine: stored as ${storage}, their cosine to those of 32-bit weights is ${cosine.toFixed(5)}, and ${manifest.fidelity?.minCosine} is needed. Convert the model again with precision fp16.`,
    { details: { file: join(dir, `${tower}.onnx`), tower, cosine, storage } },
  )
}

function storageOf(manifest: Bundle['manifest'], tower: string): string {
  return towerFacts(manifest)[tower]?.storage ?? 'unknown'
}
