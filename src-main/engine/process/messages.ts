import type { MessagePort } from 'node:worker_threads'
import type { WireError } from '#shared/contract/errors.ts'
import type { ConvertFoldersRequest } from '../bundle/convert-folders.ts'
import type { BundleManifest } from '../bundle/manifest.ts'
import type { DeviceComparison } from '../pipelines/compare-with-cpu.ts'
import type { Cosines } from '../bundle/fidelity.ts'
import type { Fingerprints } from '../bundle/open-bundle.ts'
import type { FeatureKind } from '../feature-kind.ts'
import type { Localisation } from '../pipelines/cell-localiser.ts'
import type { TranslateOptions, TranslateResult } from '../pipelines/spamo.ts'

/** Everything that crosses between the core and the engine process. */

export const DEVICES = ['cpu', 'cuda', 'webgpu', 'dml', 'coreml'] as const
export type DeviceName = (typeof DEVICES)[number]

/** Frames to read, both ends included, counted from 0; default: all. */
export type EngineSource =
  | { kind: 'video'; path: string; firstFrame?: number; lastFrame?: number }
  | { kind: 'frames'; dir: string; firstFrame?: number; lastFrame?: number }

export type FeaturePaths = Readonly<Partial<Record<FeatureKind, string>>>

export interface ExtractRequest {
  bundleDir: string
  source: EngineSource
  /** What is wanted, and where to write it as `.npy`, each in one step. */
  out: FeaturePaths
  /** Where rows are kept while the clip is in work, so that a killed extraction goes on; `key` names what they are of. */
  partial?: { file: string; key: string }
  device: DeviceName
  /** Default: one per core. */
  threads?: number
}

export interface ExtractOutcome {
  frames: number
  shapes: Partial<Record<FeatureKind, [number, number]>>
  fingerprints: Fingerprints
  wallMs: number
  /** Time inside ONNX Runtime. */
  modelMs: number
  device: DeviceName
}

export interface ClipFeatures {
  features: FeaturePaths
  options?: Omit<TranslateOptions, 'signal'>
}

export interface TranslateRequest {
  bundleDir: string
  /** They agree in beams, maximal length and whether they sample. */
  clips: readonly ClipFeatures[]
  device: DeviceName
  threads?: number
}

export interface TranslateOutcome {
  /** One a clip. */
  results: TranslateResult[]
  wallMs: number
  device: DeviceName
}

export interface LocaliseRequest {
  bundleDir: string
  features: FeaturePaths
  /** Pseudo-glosses; null: the likeliest of the clip. */
  words: readonly string[] | null
  device: DeviceName
  threads?: number
}

export interface LocaliseOutcome extends Localisation {
  wallMs: number
}

export interface DeviceReport {
  id: DeviceName
  isAvailable: boolean
  /** Why it is not available, or how its self-test went. */
  note: string
  /** Measured on matrix products, in 10⁹ multiplications and additions a second. */
  gflops: number | null
}

export interface ConvertOutcome {
  manifest: BundleManifest
  /** Largest resident memory of the engine process, in bytes. */
  peakMemoryBytes: number
  wallMs: number
}

/** Smallest cosines to 32-bit weights on this machine; null for a bundle without reference features. */
export type CheckOutcome = Cosines | null

export interface EngineMethods {
  extract: { request: ExtractRequest; outcome: ExtractOutcome }
  translate: { request: TranslateRequest; outcome: TranslateOutcome }
  /** Where pseudo-glosses are in a clip. */
  localise: { request: LocaliseRequest; outcome: LocaliseOutcome }
  /** Features of a bundle on a device beside those of the CPU, and the device's speed. */
  measureDevice: {
    request: { bundleDir: string; device: DeviceName; threads?: number }
    outcome: DeviceComparison
  }
  testDevice: { request: { device: DeviceName }; outcome: DeviceReport }
  convert: { request: ConvertFoldersRequest; outcome: ConvertOutcome }
  checkBundle: { request: { bundleDir: string }; outcome: CheckOutcome }
}

export type MethodName = keyof EngineMethods

export type ToEngine =
  | {
      [M in MethodName]: { kind: 'run'; id: number; method: M; request: EngineMethods[M]['request'] }
    }[MethodName]
  | { kind: 'cancel'; id: number }

export type RunMessage = Extract<ToEngine, { kind: 'run' }>

export type FromEngine =
  | { kind: 'progress'; id: number; done: number; total: number; memoryBytes?: number }
  | { kind: 'done'; id: number; outcome: EngineMethods[MethodName]['outcome'] }
  | { kind: 'failed'; id: number; error: WireError }

/** What the engine process adds for its inference thread: the other end of the decoder's frames. */
export type ToInference =
  | { kind: 'run'; message: RunMessage; frames: MessagePort | null }
  | { kind: 'cancel'; id: number }
