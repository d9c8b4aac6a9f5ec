import { Worker } from 'node:worker_threads'
import { AppError, type WireError } from '#shared/contract/errors.ts'
import { moduleBeside } from '../../module-beside.ts'
import type { CorpusContext } from '../context.ts'
import type { FileActs } from './file-acts.ts'

/** What the worker opens: a connection of its own, so that it writes without holding the core's thread. */
export interface ActsOrigin {
  dir: string
  database: string
}

type Input<Act extends keyof FileActs> = Parameters<FileActs[Act]>[0]

export type ActRequest = { id: number; author: string } & {
  [Act in keyof FileActs]: { act: Act; input: Input<Act> }
}[keyof FileActs]

export type ActAnswer = { id: number; value: unknown } | { id: number; error: WireError }

interface Waiting {
  resolve: (value: unknown) => void
  reject: (reason: unknown) => void
}

const IDLE_MS = 20_000
/** A file of 80 MB makes a million objects that live until it is written; a small nursery copies each of them twice. */
const YOUNG_MB = 128

/** The acts on a worker thread, which is started when there is something to do and let go when there is not. */
export function workerActs(context: CorpusContext): FileActs & { close: () => Promise<void> } {
  const { ask, stop } = actsThread(context)
  return {
    preview: input => ask('preview', input),
    importFile: (input, signal) => ask('importFile', input, signal),
    previewExport: input => ask('previewExport', input),
    exportFile: input => ask('exportFile', input),
    close: stop,
  }
}

function actsThread({ dir, db, author }: CorpusContext) {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let lastId = 0

  function started(): Worker {
    clearTimeout(idle)
    if (worker) return worker
    const made = new Worker(moduleBeside(import.meta.url, './file-acts.worker.ts', 'file-acts.worker.js'), {
      workerData: { dir, database: db.name } satisfies ActsOrigin,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: 8192 },
    })
    made.on('message', settle)
    made.on('error', error => fail(made, error))
    made.on('exit', code => fail(made, new Error(`The thread that reads annotation files ended (${code}).`)))
    worker = made
    return made
  }

  function settle(answer: ActAnswer): void {
    const waited = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (waiting.size === 0) idle = setTimeout(() => void stop(), IDLE_MS).unref()
    if ('error' in answer) waited?.reject(asError(answer.error))
    else waited?.resolve(answer.value)
  }

  function fail(which: Worker, error: unknown): void {
    if (worker !== which) return
    worker = null
    rejectAll(asMemoryError(error))
  }

  function rejectAll(reason: unknown): void {
    for (const { reject } of waiting.values()) reject(reason)
    waiting.clear()
  }

  async function stop(): Promise<void> {
    clearTimeout(idle)
    const stopped = worker
    worker = null
    await stopped?.terminate()
    rejectAll(new DOMException('The corpus was closed.', 'AbortError'))
  }

  function ask<Act extends keyof FileActs>(
    act: Act,
    input: Input<Act>,
    signal?: AbortSignal,
  ): ReturnType<FileActs[Act]> {
    signal?.throwIfAborted()
    const id = (lastId += 1)
    const target = started()
    const cancel = () => target.postMessage({ id, act: 'cancel' })
    const answered = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }))
    target.postMessage({ id, act, input, author: author() })
    signal?.addEventListener('abort', cancel, { once: true })
    return answered.finally(() => signal?.removeEventListener('abort', cancel)) as ReturnType<FileActs[Act]>
  }

  return { ask, stop }
}

function asError({ code, message, details }: WireError): unknown {
  if (code === 'cancelled') return new DOMException('Cancelled', 'AbortError')
  if (code !== 'internal') return new AppError(code, message, { details })
  const error = new Error(message)
  error.stack = String(details['reference'])
  return error
}

function asMemoryError(error: unknown): unknown {
  if ((error as { code?: string }).code !== 'ERR_WORKER_OUT_OF_MEMORY') return error
  return new AppError('unsafe-file', 'The file is too large for the memory of this computer. Split it.', {
    cause: error,
  })
}
