import { type MessagePort, parentPort } from 'node:worker_threads'
import { frameCount } from '#shared/domain/frame-index.ts'
import { toEngineError } from '../process/engine-error.ts'
import type { EngineSource } from '../process/messages.ts'
import { demandOf, type FromDecoder } from './frame-port.ts'
import { readFrames } from './read-frames.ts'
import { createSourceCache } from './source-cache.ts'

export interface DecodeOrder {
  source: EngineSource
  port: MessagePort
}

const open = createSourceCache()

/** A thread that decodes: ffmpeg's bytes are cut and copied here, so that the engine's other threads stay free. */
parentPort?.on('message', ({ source, port }: DecodeOrder) => void deliver(source, port))

async function deliver(order: EngineSource, port: MessagePort): Promise<void> {
  const send = (message: FromDecoder, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer)
  const demand = demandOf(port)
  try {
    const { signal } = demand
    const source = await open(order.kind === 'video' ? order.path : order.dir, signal)
    const first = order.firstFrame ?? 0
    const last = order.lastFrame ?? frameCount(source.index) - 1
    const { batchSize, skip } = await demand.begin
    send({ kind: 'opened', frames: last - first + 1 })
    if (first + skip > last) return send({ kind: 'end' })
    await demand.next()
    for await (const batch of readFrames(source, {
      first: first + skip,
      last,
      batchSize,
      format: 'rgb24',
      isStrict: true,
      signal,
    })) {
      send({ kind: 'batch', batch }, [batch.pixels.buffer])
      await demand.next()
    }
    send({ kind: 'end' })
  } catch (error) {
    send({ kind: 'failed', error: toEngineError(error) })
  }
}
