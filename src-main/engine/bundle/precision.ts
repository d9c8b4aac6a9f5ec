import type { GraphBuilder } from '../graph/builder.ts'
import type { Storage } from '../graph/layers.ts'
import { planData } from '../graph/onnx-file.ts'
import type { Precision, PrecisionChoice } from './manifest.ts'
import { buildSpamoGraphs, buildTower, type Storages } from './spamo-graphs.ts'
import { towerParts } from './tower-parts.ts'
import type { SpamoSources } from './spamo-sources.ts'

/** The form of the weights that every other is compared with. */
export const REFERENCE: Storage = 'fp32'

/** Forms of a vision tower, fastest first on a CPU (spec/engine.md, C2); the last is the reference itself. */
export const TOWER_CANDIDATES: Readonly<Record<PrecisionChoice, readonly Storage[]>> = {
  auto: ['int8', 'block8', 'fp16', REFERENCE],
  int8: ['int8', 'block8', 'fp16', REFERENCE],
  int4: ['int8', 'block8', 'fp16', REFERENCE],
  fp16: ['fp16', REFERENCE],
  fp32: [REFERENCE],
}

/** What a precision asks for before anything is measured. */
export function wantedStorages(precision: PrecisionChoice): Storages {
  const tower = TOWER_CANDIDATES[precision][0] ?? REFERENCE
  const language = { auto: 'block8', int8: 'block8', int4: 'block4', fp16: 'fp16', fp32: 'fp32' } as const
  return { spatial: tower, motion: tower, language: language[precision] }
}

/** The name of what `auto` has come to. */
export function settledPrecision(precision: PrecisionChoice, { spatial, motion }: Storages): Precision {
  if (precision !== 'auto') return precision
  const isPlain = [spatial, motion].every(storage => storage === 'fp16' || storage === 'fp32')
  return isPlain ? 'fp16' : 'int8'
}

export interface SpaceNeeded {
  /** Size of the bundle. */
  bundle: number
  /** Largest use of the disk on the way: the bundle and a part of a 32-bit tower to compare with. */
  disk: number
  /** Bytes that are read, compared and written in all; the length of the progress bar. */
  work: number
}

/** Manifest, graph files and the file system's own needs. */
const SPARE_BYTES = 16 << 20

export const isTower = ({ name }: GraphBuilder): boolean => name === 'spatial' || name === 'motion'

/** In bytes; where nothing turns out too inexact for the form that is tried first. */
export function spaceNeeded(sources: SpamoSources, precision: PrecisionChoice): SpaceNeeded {
  const graphs = buildSpamoGraphs(sources, wantedStorages(precision))
  const exact = buildSpamoGraphs(sources, { spatial: REFERENCE, motion: REFERENCE, language: 'fp16' })
  const exactTowers = exact.filter(isTower).map(graph => planData(graph).bytes)
  const bundle = totalBytes(graphs)
  const read = sources.files.reduce((sum, file) => sum + file.bytes, 0)
  const compared = 2 * exactTowers.reduce((sum, bytes) => sum + bytes, 0) + totalBytes(graphs.filter(isTower))
  return { bundle, disk: bundle + largestPart(sources) + SPARE_BYTES, work: read + compared + bundle }
}

function largestPart(sources: SpamoSources): number {
  const parts = (['spatial', 'motion'] as const).flatMap(tower =>
    towerParts(tower, sources).map(range => buildTower(tower, sources, REFERENCE, range)),
  )
  return Math.max(...parts.map(graph => planData(graph).bytes))
}

function totalBytes(graphs: readonly GraphBuilder[]): number {
  return graphs.reduce((sum, graph) => sum + planData(graph).bytes, 0)
}
