import { AppError } from '#shared/contract/errors.ts'
import { fromEngineError } from './process/engine-error.ts'
import { type EngineExit, type EngineProcess, startEngineProcess } from './process/engine-process.ts'
import {
  type DeviceName,
  type DeviceReport,
  DEVICES,
  type EngineMethods,
  type ExtractOutcome,
  type ExtractRequest,
  type FromEngine,
  type MethodName,
  type RunMessage,
  type TranslateOutcome,
  type TranslateRequest,
} from './process/messages.ts'

export type {
  DeviceName,
  DeviceReport,
  EngineSource,
  ExtractOutcome,
  TranslateOutcome,
} from './process/messages.ts'
export type { EngineExit } from './process/engine-process.ts'

export type DeviceChoice = DeviceName | 'auto'
type WithChoice<Request> = Omit<Request, 'device'> & { device: DeviceChoice }

export interface CallOptions {
  /** The engine stops between two batches; where it does not within the grace time, its process is killed. */
  signal?: AbortSignal
  onProgress?: (progress: { done: number; total: number }) => void
}

/** What the core knows of the engine. Calls run one at a time, in order. */
export interface EngineClient extends AsyncDisposable {
  extract: (request: WithChoice<ExtractRequest>, options?: CallOptions) => Promise<ExtractOutcome>
  translate: (request: WithChoice<TranslateRequest>, options?: CallOptions) => Promise<TranslateOutcome>
  /** Tests every device once, in a process of its own: a broken driver may crash it. */
  devices: () => Promise<DeviceReport[]>
  /** Null while no engine runs. */
  pid: () => number | null
  /** Ends the engine and forgets what waits; a later call starts a fresh one. */
  stop: () => Promise<void>
  onExit: (listener: (exit: EngineExit) => void) => () => void
}

export interface EngineClientOptions {
  /** The engine's start module; default: the one beside this file. */
  entry?: string | URL
  execArgv?: string[]
  /** How long a cancelled call may go on before its process is killed. */
  graceMs?: number
}

const GRACE_MS = 10_000

export function createEngineClient(options: EngineClientOptions = {}): EngineClient {
  const listeners = new Set<(exit: EngineExit) => void>()
  const line = createLine(options, exit => {
    for (const listener of listeners) listener(exit)
  })
  let tested: Promise<DeviceReport[]> | null = null

  function devices(): Promise<DeviceReport[]> {
    tested ??= testDevices(options)
    tested.catch(() => (tested = null))
    return tested
  }

  async function chosen(device: DeviceChoice): Promise<DeviceName> {
    return device === 'auto' ? fastest(await devices()) : device
  }

  return {
    extract: async (request, call) =>
      line.run('extract', { ...request, device: await chosen(request.device) }, call),
    translate: async (request, call) =>
      line.run('translate', { ...request, device: await chosen(request.device) }, call),
    devices,
    pid: line.pid,
    stop: line.stop,
    onExit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    [Symbol.asyncDispose]: line.stop,
  }
}

/** Of the devices that passed their self-test, the fastest. */
export function fastest(reports: readonly DeviceReport[]): DeviceName {
  const usable = reports.filter(report => report.isAvailable)
  return usable.sort((a, b) => (b.gflops ?? 0) - (a.gflops ?? 0))[0]?.id ?? 'cpu'
}

async function testDevices(options: EngineClientOptions): Promise<DeviceReport[]> {
  const line = createLine(options, () => undefined)
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

type Outcome = EngineMethods[MethodName]['outcome']

/** One engine process at most, started when there is work, and one call in it at a time. */
function createLine(options: EngineClientOptions, onExit: (exit: EngineExit) => void) {
  let engine: EngineProcess | null = null
  let tail: Promise<unknown> = Promise.resolve()
  let nextId = 1

  function ready(): EngineProcess {
    if (engine) return engine
    const fresh = startEngineProcess(options)
    engine = fresh
    void fresh.gone.then(exit => {
      if (engine === fresh) engine = null
      onExit(exit)
    })
    return fresh
  }

  function run<M extends MethodName>(
    method: M,
    request: EngineMethods[M]['request'],
    call: CallOptions = {},
  ): Promise<EngineMethods[M]['outcome']> {
    const result = tail.then(() => runNow({ kind: 'run', id: nextId++, method, request } as RunMessage, call))
    tail = result.catch(() => undefined)
    return result
  }

  async function runNow(message: RunMessage, { signal, onProgress }: CallOptions): Promise<Outcome> {
    signal?.throwIfAborted()
    const current = ready()
    const answer = Promise.withResolvers<Outcome>()
    current.use((reply: FromEngine) => {
      if (reply.id !== message.id) return
      if (reply.kind === 'progress') onProgress?.({ done: reply.done, total: reply.total })
      else if (reply.kind === 'done') answer.resolve(reply.outcome)
      else answer.reject(fromEngineError(reply.error))
    })
    const cancelling = cancelOnAbort(current, message.id, signal, options.graceMs ?? GRACE_MS)
    try {
      current.send(message)
      return await Promise.race([answer.promise, current.gone.then(exit => Promise.reject(crashed(exit)))])
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    } finally {
      cancelling[Symbol.dispose]()
      current.rest()
    }
  }

  async function stop(): Promise<void> {
    const current = engine
    engine = null
    // An idle process does not keep this one alive, but its end is waited for.
    current?.use(() => undefined)
    current?.kill()
    await current?.gone
  }

  return { run, stop, pid: () => engine?.pid ?? null }
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
