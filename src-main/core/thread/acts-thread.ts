import { Worker, type WorkerOptions } from 'node:worker_threads'
import { AppError, type WireError } from '#shared/contract/errors.ts'

/** What an act may tell while it runs, and how it learns that nobody waits for it any more. */
export interface ActTask {
  signal: AbortSignal
  progress: (state: unknown) => void
}

/** Acts by name, each from one input to one answer; both cross a thread, so they are plain data. */
export type Acts = Record<string, (input: never, task: ActTask) => Promise<unknown>>

export type ActRequest =
  | { id: number; act: string; input: unknown; author: string }
  | { id: number; act: 'cancel' }
export type ActMessage =
  | { id: number; value: unknown }
  | { id: number; error: WireError }
  | { id: number; progress: unknown }

export interface ActsThreadOptions {
  module: () => URL
  workerData: unknown
  resourceLimits?: WorkerOptions['resourceLimits']
  /** After so long without an act the thread is let go, with what it holds. */
  idleMs: number
  /** What the thread does, for the message when it ends: "reads annotation files". */
  purpose: string
  /** What to say when its memory does not suffice, and what to do then. */
  tooLarge: string
  /** Who edits now. */
  author: () => string
}

interface Waiting {
  resolve: (value: unknown) => void
  reject: (reason: unknown) => void
  progress: (state: unknown) => void
}

/** Performs acts on a worker thread, which is started when there is something to do and let go when there is not. */
export function createActsThread<Table extends Acts>(options: ActsThreadOptions) {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let lastId = 0

  function started(): Worker {
    clearTimeout(idle)
    if (worker) return worker
    const { workerData, resourceLimits } = options
    const made = new Worker(options.module(), { workerData, ...(resourceLimits && { resourceLimits }) })
    made.on('message', settle)
    made.on('error', error => fail(made, error))
    made.on('exit', code => fail(made, new Error(`The thread that ${options.purpose} ended (${code}).`)))
    worker = made
    return made
  }

  function settle(message: ActMessage): void {
    const waited = waiting.get(message.id)
    if ('progress' in message) return waited?.progress(message.progress)
    waiting.delete(message.id)
    if (waiting.size === 0) idle = setTimeout(() => void stop(), options.idleMs).unref()
    if ('error' in message) waited?.reject(asError(message.error))
    else waited?.resolve(message.value)
  }

  function fail(which: Worker, error: unknown): void {
    if (worker !== which) return
    worker = null
    rejectAll(isOutOfMemory(error) ? new AppError('unsafe-file', options.tooLarge, { cause: error }) : error)
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

  function ask<Act extends keyof Table & string>(
    act: Act,
    input: Parameters<Table[Act]>[0],
    task: Partial<ActTask> = {},
  ): ReturnType<Table[Act]> {
    const { signal, progress = () => {} } = task
    signal?.throwIfAborted()
    const id = (lastId += 1)
    const target = started()
    const cancel = () => target.postMessage({ id, act: 'cancel' } satisfies ActRequest)
    const answered = new Promise((resolve, reject) => waiting.set(id, { resolve, reject, progress }))
    target.postMessage({ id, act, input, author: options.author() } satisfies ActRequest)
    signal?.addEventListener('abort', cancel, { once: true })
    return answered.finally(() => signal?.removeEventListener('abort', cancel)) as ReturnType<Table[Act]>
  }

  /** Whether there is a thread that holds anything. */
  const isRunning = () => worker !== null

  return { ask, stop, isRunning }
}

function asError({ code, message, details }: WireError): unknown {
  if (code === 'cancelled') return new DOMException('Cancelled', 'AbortError')
  if (code !== 'internal') return new AppError(code, message, { details })
  const error = new Error(message)
  error.stack = String(details['reference'])
  return error
}

function isOutOfMemory(error: unknown): boolean {
  return (error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY'
}
