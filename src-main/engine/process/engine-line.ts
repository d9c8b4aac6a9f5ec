import { AppError } from '#shared/contract/errors.ts'
import { fromEngineError } from './engine-error.ts'
import {
  type EngineExit,
  type EngineProcess,
  type EngineProcessOptions,
  startEngineProcess,
} from './engine-process.ts'
import type { EngineMethods, FromEngine, MethodName, RunMessage } from './messages.ts'

export interface EngineProgress {
  done: number
  total: number
  /** Resident memory of the engine's process. */
  memoryBytes: number | null
}

export interface CallOptions {
  /** The engine stops between two batches; where it does not within the grace time, its process is killed. */
  signal?: AbortSignal
  onProgress?: (progress: EngineProgress) => void
}

export interface EngineLineOptions extends EngineProcessOptions {
  /** How long a cancelled call may go on before its process is killed. */
  graceMs?: number
  onExit?: (exit: EngineExit) => void
}

type Outcome = EngineMethods[MethodName]['outcome']

const GRACE_MS = 10_000

/** One engine process at most, started when there is work, and one call in it at a time. */
export class EngineLine {
  readonly #options: EngineLineOptions
  readonly #stopped = new WeakSet<EngineProcess>()
  #engine: EngineProcess | null = null
  #tail: Promise<unknown> = Promise.resolve()
  #nextId = 1

  constructor(options: EngineLineOptions) {
    this.#options = options
  }

  get pid(): number | null {
    return this.#engine?.pid ?? null
  }

  run<M extends MethodName>(
    method: M,
    request: EngineMethods[M]['request'],
    call: CallOptions = {},
  ): Promise<EngineMethods[M]['outcome']> {
    const message = { kind: 'run', id: this.#nextId++, method, request } as RunMessage
    const result = this.#tail.then(() => this.#runNow(message, call))
    this.#tail = result.catch(() => undefined)
    return result
  }

  /** Kills the process and waits for its end. */
  async stop(): Promise<void> {
    const current = this.#engine
    if (!current) return
    this.#engine = null
    this.#stopped.add(current)
    // An idle process does not keep this one alive, but its end is waited for.
    current.use(() => undefined)
    current.kill()
    await current.gone
  }

  #ready(): EngineProcess {
    if (this.#engine) return this.#engine
    const fresh = startEngineProcess(this.#options)
    this.#engine = fresh
    void fresh.gone.then(exit => {
      if (this.#engine === fresh) this.#engine = null
      this.#options.onExit?.(exit)
    })
    return fresh
  }

  async #runNow(message: RunMessage, { signal, onProgress }: CallOptions): Promise<Outcome> {
    signal?.throwIfAborted()
    const current = this.#ready()
    const answer = Promise.withResolvers<Outcome>()
    current.use((reply: FromEngine) => {
      if (reply.id !== message.id) return
      if (reply.kind === 'progress')
        onProgress?.({ done: reply.done, total: reply.total, memoryBytes: reply.memoryBytes ?? null })
      else if (reply.kind === 'done') answer.resolve(reply.outcome)
      else answer.reject(fromEngineError(reply.error))
    })
    const cancelling = cancelOnAbort(current, message.id, signal, this.#options.graceMs ?? GRACE_MS)
    try {
      current.send(message)
      return await Promise.race([answer.promise, this.#endOf(current)])
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    } finally {
      cancelling[Symbol.dispose]()
      current.rest()
    }
  }

  async #endOf(current: EngineProcess): Promise<never> {
    const exit = await current.gone
    throw this.#stopped.has(current)
      ? new AppError('cancelled', 'The inference engine was stopped.')
      : crashed(exit)
  }
}

/** Asks to stop, and kills the process where that is not heard in time. */
function cancelOnAbort(
  engine: EngineProcess,
  id: number,
  signal: AbortSignal | undefined,
  graceMs: number,
): Disposable {
  let timer: NodeJS.Timeout | undefined
  const cancel = () => {
    engine.send({ kind: 'cancel', id })
    timer = setTimeout(engine.kill, graceMs)
  }
  signal?.addEventListener('abort', cancel, { once: true })
  return {
    [Symbol.dispose]() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
    },
  }
}

function crashed({ code, signal, lastWords }: EngineExit): AppError {
  const how = signal ? `it was ended by ${signal}` : `exit code ${code}`
  const why = signal === 'SIGKILL' ? ', as systems do when memory runs out' : ''
  return new AppError(
    'engine-crashed',
    `The inference engine stopped unexpectedly (${how}${why}). The next job starts a fresh one; ` +
      'if this happens again, close other programs or choose another device.',
    { details: { code, signal, lastWords } },
  )
}
