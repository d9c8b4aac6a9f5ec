import { existsSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { InferenceSession, type Tensor } from 'onnxruntime-node'
import { AppError } from '#shared/contract/errors.ts'
import type { GraphBuilder } from '../graph/builder.ts'
import { encodeModel } from '../graph/onnx-file.ts'

export type Device = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml'

export interface SessionOptions {
  device: Device
  /** Intra-op threads; 0 = ONNX Runtime's choice. */
  threads: number
}

export type Feeds = Record<string, Tensor>

/** Opens the graphs of a bundle when they are first used and keeps count of the time inside them. */
export class Sessions {
  readonly #dir: string
  readonly #options: SessionOptions
  readonly #open = new Map<string, Promise<InferenceSession>>()
  readonly #defined = new Map<string, Uint8Array>()
  /** Time inside ONNX Runtime since construction, ms. */
  modelMs = 0

  constructor(dir: string, options: SessionOptions) {
    this.#dir = dir
    this.#options = options
  }

  /** A graph without weights that is in no bundle. */
  define(graph: GraphBuilder): void {
    if (!this.#defined.has(graph.name)) this.#defined.set(graph.name, encodeModel(graph, new Map()))
  }

  /** `outputs` names what is wanted: an output that is not fetched is not copied. */
  async run(
    graph: string,
    feeds: Feeds,
    outputs: readonly string[],
    device: Device = this.#options.device,
  ): Promise<Feeds> {
    const session = await this.#session(graph, device)
    const start = performance.now()
    try {
      return (await session.run(feeds, [...outputs])) as Feeds
    } catch (cause) {
      throw failed(`${graph}.onnx in ${this.#dir}`, device, cause)
    } finally {
      this.modelMs += performance.now() - start
    }
  }

  /** Gives back the memory of graphs that the next stage does not need. */
  async releaseAllBut(graphs: readonly string[]): Promise<void> {
    for (const [graph, session] of this.#open) {
      if (graphs.includes(graph)) continue
      this.#open.delete(graph)
      await (await session).release()
    }
  }

  #file(graph: string, device: Device): string {
    const plain = join(this.#dir, `${graph}.plain.onnx`)
    return !FUSED_ATTENTION.has(device) && existsSync(plain) ? plain : join(this.#dir, `${graph}.onnx`)
  }

  #session(graph: string, device: Device): Promise<InferenceSession> {
    const known = this.#open.get(graph)
    if (known) return known
    const path = this.#file(graph, device)
    const options = sessionOptions(device, this.#options.threads)
    const defined = this.#defined.get(graph)
    const opening = defined
      ? InferenceSession.create(defined, options)
      : InferenceSession.create(path, options)
    const session = opening.catch((cause: unknown) => {
      this.#open.delete(graph)
      throw failed(path, device, cause)
    })
    this.#open.set(graph, session)
    return session
  }
}

/** Devices whose fused attention we trust; the others get it written out (see graph/attention.ts). */
const FUSED_ATTENTION: ReadonlySet<Device> = new Set<Device>(['cpu', 'cuda'])

function failed(what: string, device: Device, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  if (device !== 'cpu')
    return new AppError('device-failed', `${device} failed with ${what}: ${reason}`, {
      details: { device },
      cause,
    })
  return new AppError('model-unavailable', `${what} cannot be run on ${device}: ${reason}`, {
    details: { device },
    cause,
  })
}

function sessionOptions(device: Device, threads: number): InferenceSession.SessionOptions {
  return {
    executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Waiting threads sleep: as fast when alone, much kinder to a shared machine.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  }
}

/** Makes room before each stage of a model: releases the graphs that it does not run, unless all fit into memory together. */
export function createStages(sessions: Sessions, files: readonly { bytes: number }[]) {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  // Float16 files double when loaded.
  const fitTogether = 3 * bytes < totalmem() / 2
  return async (graphs: readonly string[]): Promise<void> => {
    if (!fitTogether) await sessions.releaseAllBut(graphs)
  }
}
