import { MessageChannel, Worker } from 'node:worker_threads'
import type { DecodeOrder } from '../frames/decode.worker.ts'
import type { FromEngine, RunMessage, ToEngine, ToInference } from './messages.ts'
import { moduleBeside } from '../../module-beside.ts'

/**
 * The engine process: this thread only passes messages on, so that a cancel is heard at any time; one thread decodes,
 * one runs the models (`session.run` blocks its thread). A thread that dies takes the process along: the core
 * sees it, tells the job, and starts a fresh one.
 */
const inference = new Worker(moduleBeside(import.meta.url, './inference.worker.ts', 'inference.worker.js'))
const decoder = new Worker(moduleBeside(import.meta.url, '../frames/decode.worker.ts', 'decode.worker.js'))
for (const worker of [inference, decoder]) {
  worker.on('error', die)
  worker.on('exit', () => die(new Error('A thread of the engine ended')))
}

const core = connectToCore(receive)
inference.on('message', (message: FromEngine) =>
  core.send(message.kind === 'progress' ? { ...message, memoryBytes: process.memoryUsage.rss() } : message),
)

function receive(message: ToEngine): void {
  if (message.kind === 'run') begin(message)
  else tellInference({ kind: 'cancel', id: message.id })
}

function begin(message: RunMessage): void {
  if (message.method !== 'extract') return tellInference({ kind: 'run', message, frames: null })
  const { port1, port2 } = new MessageChannel()
  const order: DecodeOrder = { source: message.request.source, port: port1 }
  decoder.postMessage(order, [port1])
  inference.postMessage({ kind: 'run', message, frames: port2 } satisfies ToInference, [port2])
}

function tellInference(order: ToInference): void {
  inference.postMessage(order, [])
}

function die(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(70)
}

interface ElectronPort {
  on: (event: 'message', listener: (event: { data: unknown }) => void) => void
  postMessage: (message: unknown, transfer?: []) => void
}

/** A forked Node process has `process.send`, Electron's utilityProcess a `parentPort`. */
function connectToCore(onMessage: (message: ToEngine) => void): { send: (message: FromEngine) => void } {
  const { parentPort } = process as { parentPort?: ElectronPort }
  if (parentPort) {
    parentPort.on('message', event => onMessage(event.data as ToEngine))
    return { send: message => parentPort.postMessage(message, []) }
  }
  process.on('message', message => onMessage(message as ToEngine))
  // The core has gone: nobody wants the result any more.
  process.on('disconnect', () => process.exit(0))
  return { send: message => void process.send?.(message) }
}
