import type { GraphBuilder } from '../graph/builder.ts'
import type { Storage } from '../graph/layers.ts'
import { planData } from '../graph/onnx-file.ts'
import type { Precision, PrecisionChoice } from './manifest.ts'
import type { ModelSources, Storages, TowerPlan } from './model-sources.ts'

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
export function wantedStorages(towers: readonly TowerPlan[], precision: PrecisionChoice): Storages {
  const language = { auto: 'block8', int8: 'block8', int4: 'block4', fp16: 'fp16', fp32: 'fp32' } as const
  return { ...allTowers(towers, TOWER_CANDIDATES[precision][0] ?? REFERENCE), language: language[precision] }
}

export function allTowers(towers: readonly TowerPlan[], storage: Storage): Pick<Storages, 'towers'> {
  return { towers: Object.fromEntries(towers.map(({ name }) => [name, storage])) }
}

/** The name of what `auto` has come to. */
export function settledPrecision(precision: PrecisionChoice, towers: Storages['towers']): Precision {
  if (precision !== 'auto') return precision
  const isPlain = Object.values(towers).every(storage => storage === 'fp16' || storage === 'fp32')
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

/** In bytes; where nothing turns out too inexact for the form that is tried first. */
export function spaceNeeded(sources: ModelSources, precision: PrecisionChoice): SpaceNeeded {
  const { towers } = sources
  const graphs = sources.graphs(wantedStorages(towers, precision))
  const isTower = isTowerOf(sources)
  const exact = sources.graphs({ ...allTowers(towers, REFERENCE), language: 'fp16' }).filter(isTower)
  const bundle = totalBytes(graphs)
  const read = sources.files.reduce((sum, file) => sum + file.bytes, 0)
  const compared = 2 * totalBytes(exact) + totalBytes(graphs.filter(isTower))
  return { bundle, disk: bundle + largestPart(towers) + SPARE_BYTES, work: read + compared + bundle }
}

export function isTowerOf({ towers }: Pick<ModelSources, 'towers'>): (graph: GraphBuilder) => boolean {
  return graph => towers.some(({ name }) => name === graph.name)
}

function largestPart(towers: readonly TowerPlan[]): number {
  const parts = towers.flatMap(tower => tower.parts.map(range => tower.build(REFERENCE, range)))
  return Math.max(...parts.map(graph => planData(graph).bytes))
}

function totalBytes(graphs: readonly GraphBuilder[]): number {
  return graphs.reduce((sum, graph) => sum + planData(graph).bytes, 0)
}
