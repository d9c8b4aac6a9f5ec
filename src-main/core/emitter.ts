/** A typed event that can be listened to and iterated. */
export interface Emitter<T> {
  emit: (value: T) => void
  /** Returns the unsubscribe. */
  on: (listener: (value: T) => void) => () => void
  /** Ends when `signal` aborts. Between two reads only the newest value of each key is kept. */
  iterate: (signal: AbortSignal | undefined, keyOf?: (value: T) => string) => AsyncGenerator<T, void, void>
}

export function createEmitter<T>(): Emitter<T> {
  const listeners = new Set<(value: T) => void>()

  function on(listener: (value: T) => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  async function* iterate(signal: AbortSignal | undefined, keyOf = (value: T) => JSON.stringify(value)) {
    const waiting = new Map<string, T>()
    let wake = () => {}
    const off = on(value => {
      const key = keyOf(value)
      waiting.delete(key)
      waiting.set(key, value)
      wake()
    })
    const onAbort = () => wake()
    signal?.addEventListener('abort', onAbort)
    try {
      while (!signal?.aborted) {
        if (waiting.size === 0)
          await new Promise<void>(resolve => {
            wake = resolve
          })
        const batch = [...waiting.values()]
        waiting.clear()
        yield* batch
      }
    } finally {
      off()
      signal?.removeEventListener('abort', onAbort)
    }
  }

  return {
    emit: value => {
      for (const listener of listeners) listener(value)
    },
    on,
    iterate,
  }
}
