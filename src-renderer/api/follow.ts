import { type Ref, watch } from 'vue'
import type { ConnectionState } from './connection.ts'

export interface FollowOptions<Event> {
  connection: Readonly<Ref<ConnectionState>>
  /** Opens the stream; it is opened again whenever it ends. */
  open: (signal: AbortSignal) => Promise<AsyncIterable<Event>>
  /** Runs after each (re)opening, before its first event: ask for what may have been missed. */
  refresh: () => void | Promise<void>
  receive: (event: Event) => void
  signal: AbortSignal
  pauseMs?: number
}

/** Follows a stream for as long as `signal` allows, through lost connections and restarts of the core. */
export async function follow<Event>(options: FollowOptions<Event>): Promise<void> {
  const { signal, pauseMs = 500 } = options
  while (!signal.aborted) {
    try {
      await whenOpen(options.connection, signal)
      const stream = await options.open(signal)
      await options.refresh()
      for await (const event of stream) options.receive(event)
    } catch {
      // However a stream ended, the answer is to open it again; a lost connection has a banner of its own.
    }
    if (!signal.aborted) await new Promise(resolve => setTimeout(resolve, pauseMs))
  }
}

async function whenOpen(connection: Readonly<Ref<ConnectionState>>, signal: AbortSignal): Promise<void> {
  if (connection.value === 'open') return
  await new Promise<void>((resolve, reject) => {
    const stop = watch(connection, state => {
      if (state !== 'open') return
      stop()
      resolve()
    })
    signal.addEventListener('abort', () => {
      stop()
      reject(signal.reason)
    })
  })
}
