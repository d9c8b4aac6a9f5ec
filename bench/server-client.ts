import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { WebSocket } from 'ws'
import type { Contract } from '#shared/contract/index.ts'

export type Api = ContractRouterClient<Contract>

const ROOT = resolve(import.meta.dirname, '..')

/** The server shell in a process of its own, started as its user starts it. */
export interface Server {
  process: ChildProcess
  /** Settles when the process is gone. */
  ended: Promise<unknown>
  port: number
}

/** Starts on a corpus; null where the process ended before it served. */
export async function startServer(
  { corpus, dataDir }: { corpus: string; dataDir: string },
  started: (process: ChildProcess) => void = () => {},
): Promise<Server | null> {
  const args = ['src-main/shells/cli/main.ts', 'serve', '--port', '0', '--token', 't', '--corpus', corpus]
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, SIGNWRIGHT_DATA: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started(child)
  const ended = once(child, 'close')
  let said = ''
  const port = new Promise<number>(found => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const address = /http:\/\/localhost:(\d+)\//.exec(said)?.[1]
      if (address) found(Number(address))
    })
  })
  const answer = await Promise.race([port, ended])
  return typeof answer === 'number' ? { process: child, ended, port: answer } : null
}

/** The socket that the window speaks through. */
export async function connect({ port }: Server): Promise<{ api: Api; close: () => void }> {
  const socket = new WebSocket(`ws://localhost:${port}/rpc`, { headers: { cookie: `signwright-${port}=t` } })
  // A server that is killed breaks the socket; whoever waits for an answer looks at its process.
  socket.on('error', () => {})
  await Promise.race([once(socket, 'open'), once(socket, 'close')])
  const link = new RPCLink({ websocket: socket as never })
  return { api: createORPCClient<Api>(link), close: () => socket.terminate() }
}
