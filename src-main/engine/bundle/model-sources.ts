import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Tensor } from 'onnxruntime-node'
import type { z } from 'zod'
import type { GraphBuilder } from '../graph/builder.ts'
import type { Storage } from '../graph/layers.ts'
import type { BlockRange } from '../graph/vision-transformer.ts'
import { type TensorStore, corrupt } from '../weights/tensor.ts'
import type { ChosenTower } from './choose-storage.ts'
import type { BundleCard, BundleFile, BundleManifest, Precision } from './manifest.ts'

/** A weight file that is read, and what tells that it is still the same. */
export interface SourceFile {
  part: string
  path: string
  bytes: number
  changedMs: number
}

/** A vision tower of a model: what is large, and stored in the fastest form that is exact enough. */
export interface TowerPlan {
  /** Of its graph. */
  name: string
  /** Which blocks are run at once where memory is short. */
  parts: BlockRange[]
  build: (storage: Storage, blocks?: BlockRange) => GraphBuilder
  /** The check frames, a run each. */
  inputs: () => Tensor[]
}

export interface Storages {
  towers: Readonly<Record<string, Storage>>
  language: Storage
}

/** What a manifest says besides what the sources know. */
export interface ManifestFacts {
  card: BundleCard
  precision: Precision
  chosen: Readonly<Record<string, ChosenTower>>
  language: Storage
  /** Weights of the bundle as it would be unquantised. */
  parameters: number
  files: BundleFile[]
  provenance: Pick<BundleManifest['provenance'], 'converter' | 'sources'>
}

/** The opened parts of a model of any kind, checked against each other: what a conversion needs. */
export interface ModelSources extends Disposable {
  files: SourceFile[]
  /** All that decides the result besides the files and the precision. */
  settings: unknown
  towers: TowerPlan[]
  /** All graphs of a bundle; afterwards every tensor of every source is accounted for. */
  graphs: (storages: Storages) => GraphBuilder[]
  /** Files that lie in the bundle beside the graphs. */
  companions: () => { path: string; bytes: Uint8Array }[]
  manifest: (facts: ManifestFacts) => BundleManifest
}

export function filesOf(part: string, store: TensorStore): SourceFile[] {
  return store.files.map(file => {
    const path = resolve(file)
    const { size: bytes, mtimeMs: changedMs } = statSync(path)
    return { part, path, bytes, changedMs }
  })
}

export function parseConfig<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  json: unknown,
): z.infer<Schema> {
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw corrupt(
    path,
    `does not describe a supported model (${issue?.path.join('.')}: ${issue?.message})`,
    parsed.error,
  )
}
