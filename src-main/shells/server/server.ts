import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import type { Core } from '../../core/core.ts'
import { createGuard, type Guard } from './guard.ts'
import { rendererFile } from './renderer-files.ts'

export interface ServerOptions {
  core: Core
  /** 0: any free port. */
  port: number
  rendererDir: string
  /** Fixed by tests and by `--token`; random otherwise. */
  token?: string
}

export interface RunningServer {
  /** The address to open, with its token. */
  url: string
  port: number
  close: () => Promise<void>
}

/** Serves the renderer, the core and the media on the loopback interface only. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const token = options.token ?? randomBytes(24).toString('base64url')
  let port = options.port
  const guard = createGuard(token, () => port)
  const http = createServer((request, response) => void answer(request, response, guard, options))
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 * 1024 })
  const rpc = new RPCHandler(options.core.router)

  http.on('upgrade', (request, socket, head) => {
    // A stranger that goes away before it has read the refusal must not end the program.
    socket.on('error', () => {})
    if (!guard.isOurs(request) || addressOf(request)?.pathname !== '/rpc') {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n', () => socket.destroy())
      return
    }
    sockets.handleUpgrade(request, socket, head, client => {
      // What is no valid frame, or too long, closes the connection it came by and nothing else.
      client.on('error', error => options.core.log.warn({ err: error }, 'connection of a window closed'))
      void rpc.upgrade(client)
    })
  })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(options.port, '127.0.0.1', resolve)
  })
  port = (http.address() as AddressInfo).port

  async function close(): Promise<void> {
    for (const client of sockets.clients) client.terminate()
    http.closeAllConnections()
    await new Promise(resolve => http.close(resolve))
  }
  return { url: guard.link(), port, close }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  guard: Guard,
  options: ServerOptions,
) {
  try {
    await send(response, await route(request, response, guard, options))
  } catch (error) {
    // The page left in the middle of a video: nothing to tell anybody.
    if (response.destroyed) return
    options.core.log.error(
      { err: error, url: request.url?.replace(/token=[^&]*/, 'token=…') },
      'request failed',
    )
    if (!response.headersSent) response.writeHead(500)
    response.end()
  }
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  guard: Guard,
  options: ServerOptions,
): Promise<Response> {
  if (!guard.isLocal(request)) return new Response('Only this machine may ask.', { status: 403 })
  const url = addressOf(request)
  if (!url) return new Response('That is no address of this program.', { status: 400 })
  if (url.searchParams.has('token')) {
    if (!guard.isToken(url.searchParams.get('token') ?? ''))
      return new Response('This link is no longer valid.', { status: 403 })
    return new Response(null, {
      status: 303,
      headers: { location: url.pathname.replace(/^\/+/, '/'), 'set-cookie': guard.setCookie() },
    })
  }
  if (!guard.isOurs(request))
    return new Response('Open Signwright with the link that it printed when it started.', { status: 403 })
  if (request.method !== 'GET' && request.method !== 'HEAD') return new Response(null, { status: 405 })

  const abort = new AbortController()
  response.once('close', () => abort.abort())
  const asked = new Request(url, {
    method: request.method,
    headers: headersOf(request),
    signal: abort.signal,
  })
  if (url.pathname.startsWith('/media/')) return options.core.fetch(asked)
  return rendererFile(options.rendererDir, asked)
}

/** Null for what is no path: neither a whole address nor nonsense may choose a host. */
function addressOf(request: IncomingMessage): URL | null {
  const path = request.url ?? ''
  return path.startsWith('/') ? URL.parse(`http://localhost${path}`) : null
}

function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers()
  for (const name of ['range', 'if-none-match', 'if-range', 'if-modified-since'])
    if (typeof request.headers[name] === 'string') headers.set(name, request.headers[name])
  return headers
}

async function send(response: ServerResponse, answered: Response): Promise<void> {
  response.writeHead(answered.status, Object.fromEntries(answered.headers))
  if (!answered.body) {
    response.end()
    return
  }
  await pipeline(Readable.fromWeb(answered.body as never), response)
}
