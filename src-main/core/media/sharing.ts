/** Lets at most `limit` tasks run at a time; the others wait in order. */
export function createLimit(limit: number) {
  const waiting: (() => void)[] = []
  let running = 0

  return async function limited<T>(work: () => Promise<T>): Promise<T> {
    if (running >= limit) await new Promise<void>(resolve => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      // The place is handed on, so that nobody slips in between.
      if (next) next()
      else running--
    }
  }
}

interface SharedRun<T> {
  result: Promise<T>
  abort: AbortController
  callers: number
}

/** Callers that want the same thing at the same time wait for one run of it, which stops when the last of them leaves. */
export function createSharing<T>() {
  const running = new Map<string, SharedRun<T>>()

  function start(key: string, work: (signal: AbortSignal) => Promise<T>): SharedRun<T> {
    const abort = new AbortController()
    const run: SharedRun<T> = { abort, callers: 0, result: work(abort.signal) }
    run.result = run.result.finally(() => running.get(key) === run && running.delete(key))
    // Every caller may have left before it fails.
    run.result.catch(() => {})
    running.set(key, run)
    return run
  }

  async function shared(
    key: string,
    work: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    signal?.throwIfAborted()
    const run = running.get(key) ?? start(key, work)
    run.callers++
    try {
      return await withAbort(run.result, signal)
    } finally {
      run.callers--
      if (run.callers === 0) {
        // Whoever comes now must not join a run that is being stopped.
        if (running.get(key) === run) running.delete(key)
        run.abort.abort()
      }
    }
  }

  /** Stops what runs, and resolves when it has. */
  async function stopAll(): Promise<void> {
    const stopped = [...running.values()]
    for (const run of stopped) run.abort.abort()
    await Promise.allSettled(stopped.map(run => run.result))
  }

  return { shared, stopAll }
}

/** Waits for a result that others may wait for too: leaving does not stop it. Rejects with the signal's reason. */
export async function withAbort<T>(result: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return result
  signal.throwIfAborted()
  const left = Promise.withResolvers<never>()
  const leave = () => left.reject(signal.reason as Error)
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([result, left.promise])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
