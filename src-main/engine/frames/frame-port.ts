import { once } from 'node:events'
import type { MessagePort } from 'node:worker_threads'
import type { WireError } from '#shared/contract/errors.ts'
import type { PixelBatch } from './read-frames.ts'

/**
 * Frames over a MessagePort between two threads. The reader asks for batches one by one and keeps `AHEAD` in demand,
 * so the decoder works while the model does, and never more than that lies in memory. Pixel buffers are transferred.
 */
export type FromReader = ({ kind: 'begin' } & Beginning) | { kind: 'more' } | { kind: 'stop' }

export interface Beginning {
  batchSize: number
  /** Frames at the beginning that are not wanted. */
  skip: number
}

export type FromDecoder =
  | { kind: 'opened'; frames: number }
  | { kind: 'batch'; batch: PixelBatch }
  | { kind: 'end' }
  | { kind: 'failed'; error: WireError }

/** Batches that may be decoded before they are wanted. */
const AHEAD = 3

export interface RemoteFrames extends AsyncDisposable {
  /** How many frames there are, those that are skipped included. */
  total: number
  batches: AsyncGenerator<PixelBatch>
}

/** The reader's end. Leaving the loop, or disposing, stops the decoder. `revive` turns a sent error into one to throw. */
export async function readRemoteFrames(
  port: MessagePort,
  beginning: Beginning,
  revive: (error: WireError) => Error,
): Promise<RemoteFrames> {
  const inbox = new Inbox(port, revive)
  const send = (message: FromReader) => port.postMessage(message)
  send({ kind: 'begin', ...beginning })
  const first = await inbox.next()
  if (first.kind !== 'opened') throw new Error(`The decoder began with ${first.kind}`)
  for (let demand = 0; demand < AHEAD; demand++) send({ kind: 'more' })

  async function* batches(): AsyncGenerator<PixelBatch> {
    for (;;) {
      const message = await inbox.next()
      if (message.kind !== 'batch') return
      send({ kind: 'more' })
      yield message.batch
    }
  }
  const stop = async () => {
    send({ kind: 'stop' })
    port.close()
  }
  return { total: first.frames, batches: batches(), [Symbol.asyncDispose]: stop }
}

/** Messages in order; failures and a closed port reject. */
class Inbox {
  readonly #port: MessagePort
  readonly #revive: (error: WireError) => Error
  readonly #messages: FromDecoder[] = []
  #isClosed = false

  constructor(port: MessagePort, revive: (error: WireError) => Error) {
    this.#port = port
    this.#revive = revive
    port.on('message', (message: FromDecoder) => this.#messages.push(message))
    port.on('close', () => (this.#isClosed = true))
  }

  async next(): Promise<FromDecoder> {
    while (this.#messages.length === 0 && !this.#isClosed)
      await Promise.race([once(this.#port, 'message'), once(this.#port, 'close')])
    const message = this.#messages.shift()
    if (!message) throw new Error('The decoder went away')
    if (message.kind === 'failed') throw this.#revive(message.error)
    return message
  }
}

/** The decoder's end: waits for demand. */
export interface Demand {
  /** Settles when the reader wants the next batch; rejects (aborts) when it has stopped. */
  next: () => Promise<void>
  begin: Promise<Beginning>
  signal: AbortSignal
}

export function demandOf(port: MessagePort): Demand {
  const abort = new AbortController()
  const begin = Promise.withResolvers<Beginning>()
  let wanted = 0
  let wake: () => void = () => undefined
  const stop = () => {
    abort.abort()
    wake()
  }
  port.on('message', (message: FromReader) => {
    if (message.kind === 'begin') return begin.resolve(message)
    if (message.kind === 'stop') return stop()
    wanted += 1
    wake()
  })
  port.on('close', stop)

  async function next(): Promise<void> {
    if (wanted === 0 && !abort.signal.aborted) await new Promise<void>(resolve => (wake = resolve))
    abort.signal.throwIfAborted()
    wanted -= 1
  }
  return { next, begin: begin.promise, signal: abort.signal }
}
