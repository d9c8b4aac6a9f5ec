import { AppError } from '#shared/contract/errors.ts'
import type { ConvertFoldersRequest } from './bundle/convert-folders.ts'
import { type CallOptions, EngineLine, type EngineLineOptions } from './process/engine-line.ts'
import type { EngineExit } from './process/engine-process.ts'
import type { DeviceComparison } from './pipelines/compare-with-cpu.ts'
import {
  type CheckOutcome,
  type ConvertOutcome,
  type DeviceName,
  type DeviceReport,
  DEVICES,
  type ExtractOutcome,
  type ExtractRequest,
  type LocaliseOutcome,
  type LocaliseRequest,
  type TranslateOutcome,
  type TranslateRequest,
} from './process/messages.ts'

export type { TranslateResult } from './pipelines/spamo.ts'
export type {
  ClipFeatures,
  ConvertOutcome,
  DeviceName,
  DeviceReport,
  EngineSource,
  ExtractOutcome,
  FeaturePaths,
  LocaliseOutcome,
  TranslateOutcome,
} from './process/messages.ts'
export type { DeviceComparison } from './pipelines/compare-with-cpu.ts'
export type { CallOptions } from './process/engine-line.ts'
export type { EngineExit } from './process/engine-process.ts'

export type DeviceChoice = DeviceName | 'auto'

/** What the core knows of the engine. Calls run one at a time, in order. */
export interface EngineClient extends AsyncDisposable {
  extract: (request: ExtractRequest, options?: CallOptions) => Promise<ExtractOutcome>
  translate: (request: TranslateRequest, options?: CallOptions) => Promise<TranslateOutcome>
  localise: (request: LocaliseRequest, options?: CallOptions) => Promise<LocaliseOutcome>
  /** Tests every device once, in a process of its own: a broken driver may crash it. */
  devices: (again?: boolean) => Promise<DeviceReport[]>
  /** Makes a bundle, in a process of its own: quantising takes minutes, and other work need not wait for it. */
  convert: (request: ConvertFoldersRequest, options?: CallOptions) => Promise<ConvertOutcome>
  /** Compares a bundle's features with its reference, in that process too; refuses one that is not exact enough. */
  checkBundle: (bundleDir: string, options?: CallOptions) => Promise<CheckOutcome>
  /** How a device does with a bundle, beside the CPU; in a process of its own, as `devices`. */
  measure: (bundleDir: string, device: DeviceName, signal?: AbortSignal) => Promise<DeviceComparison>
  /** Null while no engine runs. */
  pid: () => number | null
  /** Ends the engine and forgets what waits; a later call starts a fresh one. */
  stop: () => Promise<void>
  onExit: (listener: (exit: EngineExit) => void) => () => void
}

/** `entry`: the engine's start module; default: the one that belongs to this program. */
export type EngineClientOptions = Omit<EngineLineOptions, 'onExit'>

export function createEngineClient(options: EngineClientOptions = {}): EngineClient {
  const listeners = new Set<(exit: EngineExit) => void>()
  const onExit = (exit: EngineExit) => {
    for (const listener of listeners) listener(exit)
  }
  const line = new EngineLine({ ...options, onExit })
  const bundles = new EngineLine(options)
  let tested: Promise<DeviceReport[]> | null = null

  function devices(again = false): Promise<DeviceReport[]> {
    if (again) tested = null
    tested ??= testDevices(options)
    tested.catch(() => (tested = null))
    return tested
  }

  async function stop(): Promise<void> {
    await Promise.all([line.stop(), bundles.stop()])
  }

  return {
    extract: (request, call) => line.run('extract', request, call),
    translate: (request, call) => line.run('translate', request, call),
    localise: (request, call) => line.run('localise', request, call),
    devices,
    // Its memory is given back at once: both come rarely.
    convert: (request, call) => bundles.run('convert', request, call).finally(() => bundles.stop()),
    checkBundle: (bundleDir, call) =>
      bundles.run('checkBundle', { bundleDir }, call).finally(() => bundles.stop()),
    async measure(bundleDir, device, signal) {
      const apart = new EngineLine(options)
      try {
        return await apart.run('measureDevice', { bundleDir, device }, signal ? { signal } : {})
      } finally {
        await apart.stop()
      }
    },
    pid: () => line.pid,
    stop,
    onExit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    [Symbol.asyncDispose]: stop,
  }
}

async function testDevices(options: EngineClientOptions): Promise<DeviceReport[]> {
  const line = new EngineLine(options)
  const reports: DeviceReport[] = []
  for (const device of DEVICES) {
    reports.push(
      await line.run('testDevice', { device }).catch((error: unknown) => {
        if (!(error instanceof AppError) || error.code !== 'engine-crashed') throw error
        return {
          id: device,
          isAvailable: false,
          note: `Its driver crashed the self-test. ${error.message}`,
          gflops: null,
        }
      }),
    )
  }
  await line.stop()
  return reports
}
