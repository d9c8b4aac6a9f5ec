import { createRouterClient } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { createCore } from '../../core/core.ts'
import { openLog } from '../log.ts'
import { keychain, takeKey } from './ask-key.ts'
import { askPrint, takePrint } from './ask-print.ts'
import type { HostOptions, KeyAnswer, MediaAnswer, MediaQuestion, PrintAnswer } from './host-protocol.ts'

/** The core's own process: a long query or an inference never freezes a window. */
const options = JSON.parse(process.argv[2] ?? '{}') as HostOptions
const core = await createCore({
  ...options,
  shell: 'electron',
  log: openLog(options.dataDir, false),
  resumeJobs: true,
  printPdf: askPrint,
  keys: keychain,
})
const rpc = new RPCHandler(core.router)
await openSomething()

process.parentPort.on('message', ({ data, ports }) => {
  if (data === 'connect') for (const port of ports) connect(port)
  if (data === 'close') void core.close().finally(() => process.exit(0))
  if (isPrintAnswer(data)) takePrint(data)
  if (isKeyAnswer(data)) takeKey(data)
  if ((data as MediaQuestion).kind === 'media') void answer(data as MediaQuestion, ports[0])
})

function isPrintAnswer(data: unknown): data is PrintAnswer {
  const { kind } = data as Partial<PrintAnswer>
  return kind === 'printed' || kind === 'not-printed'
}

function isKeyAnswer(data: unknown): data is KeyAnswer {
  const { kind } = data as Partial<KeyAnswer>
  return kind === 'key' || kind === 'no-key'
}

/** The corpus that was open last, or the demo; what cannot be opened is left to the Home screen to tell. */
async function openSomething(): Promise<void> {
  const api = createRouterClient(core.router, { context: {} })
  const [last] = (await api.corpus.recent()).filter(({ isThere }) => isThere)
  try {
    await (last ? api.corpus.open({ dir: last.dir }) : api.corpus.demo({}))
  } catch (error) {
    core.log.warn({ err: error, dir: last?.dir }, 'no corpus could be opened at the start')
  }
}

function connect(port: Electron.MessagePortMain): void {
  rpc.upgrade(port)
  port.start()
}

/** Media bodies go over a port of their own, a chunk for each `pull`, so that a long video is never in memory. */
async function answer(question: MediaQuestion, port: Electron.MessagePortMain | undefined): Promise<void> {
  if (!port) return
  const response = await core.fetch(
    new Request(question.url, { method: question.method, headers: question.headers }),
  )
  const reader = response.body?.getReader()
  const send = (message: MediaAnswer) => port.postMessage(message)
  port.on('message', async ({ data }) => {
    if (data === 'cancel') return void reader?.cancel()
    const part = await reader?.read().catch(() => undefined)
    send(part && !part.done ? { kind: 'chunk', bytes: part.value as Uint8Array } : { kind: 'end' })
  })
  port.on('close', () => void reader?.cancel().catch(() => {}))
  port.start()
  send({
    kind: 'head',
    status: response.status,
    headers: Object.fromEntries(response.headers),
    hasBody: reader !== undefined,
  })
}
