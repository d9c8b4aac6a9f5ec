import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sha256 } from '../../formats/sha256.ts'

export const COMMIT = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00'

/** How the server misbehaves for the n-th request (from 1) of a file's content; nothing: it behaves. */
export type Mischief =
  | { kind: 'drop'; afterBytes: number }
  | { kind: 'status'; status: number; headers?: Record<string, string> }
  | { kind: 'bytes'; content: Buffer }
  | { kind: 'etag'; etag: string }
  | { kind: 'no-range' }
  | { kind: 'stall'; afterBytes: number }

export interface HubFile {
  content: Buffer
  /** Large files answer with a redirect and `X-Linked-*`, as the Hub does. */
  isLarge?: boolean
  mischief?: (request: number) => Mischief | undefined
  /** Bytes a second. */
  speed?: number
}

export interface ServedRequest {
  method: string
  path: string
  range: string | undefined
  ifRange: string | undefined
}

export interface HubServer extends AsyncDisposable {
  base: string
  requests: ServedRequest[]
  /** Requests for contents, in order. */
  transfers: (name: string) => ServedRequest[]
}

/** A server on this machine with the addresses of the Hugging Face Hub; it can drop, lie and stall. */
export async function startHub(files: Record<string, HubFile>, port = 0): Promise<HubServer> {
  const requests: ServedRequest[] = []
  const counts = new Map<string, number>()
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    requests.push({
      method,
      path: url,
      range: headers.range,
      ifRange: headers['if-range'] as string | undefined,
    })
    const isStorage = url.startsWith('/storage/')
    const path = isStorage
      ? url.slice('/storage/'.length)
      : url.replace(`/resolve/${COMMIT}/`, '/resolve/main/').slice(1)
    const file = files[path.replace('/resolve/main/', '/')]
    if (!file) return void response.writeHead(404).end()
    if (file.isLarge && !isStorage) return redirect(response, path, file)
    const count = (counts.get(path) ?? 0) + 1
    if (method === 'GET') counts.set(path, count)
    void serve(request, response, { file, mischief: method === 'GET' ? file.mischief?.(count) : undefined })
  })
  await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    transfers: name =>
      requests.filter(({ method, path }) => {
        const isContent = files[Object.keys(files).find(key => key.endsWith(name)) ?? '']?.isLarge
          ? path.startsWith('/storage/')
          : true
        return method === 'GET' && path.endsWith(name) && isContent
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise<void>(resolve => server.close(() => resolve()))
    },
  }
}

export const gitSha1 = (content: Buffer) =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')

function redirect(response: ServerResponse, path: string, { content }: HubFile): void {
  response
    .writeHead(302, {
      location: `/storage/${path}`,
      'x-linked-etag': `"${sha256(content)}"`,
      'x-linked-size': content.length,
      'x-repo-commit': COMMIT,
    })
    .end()
}

interface Serving {
  file: HubFile
  mischief: Mischief | undefined
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { file, mischief }: Serving,
): Promise<void> {
  if (mischief?.kind === 'status') return void response.writeHead(mischief.status, mischief.headers).end()
  const content = mischief?.kind === 'bytes' ? mischief.content : file.content
  const own = file.isLarge ? `storage-${content.length}` : gitSha1(file.content)
  const etag = `"${mischief?.kind === 'etag' ? mischief.etag : own}"`
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const isPart = from > 0 && mischief?.kind !== 'no-range' && (request.headers['if-range'] ?? etag) === etag
  const body = isPart ? content.subarray(from) : content
  response.writeHead(isPart ? 206 : 200, {
    etag,
    'content-length': body.length,
    'x-repo-commit': COMMIT,
    'accept-ranges': 'bytes',
    ...(isPart ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
  })
  if (request.method === 'HEAD') return void response.end()
  const limit = mischief?.kind === 'drop' || mischief?.kind === 'stall' ? mischief.afterBytes : body.length
  await send(response, body.subarray(0, limit), file.speed)
  // What is on its way when a connection breaks is lost; what was received before must not be.
  if (mischief?.kind === 'drop') setTimeout(() => response.destroy(), TICK_MS)
  else if (mischief?.kind !== 'stall') response.end()
}

const TICK_MS = 20

async function send(response: ServerResponse, body: Buffer, speed = Infinity): Promise<void> {
  const step = Number.isFinite(speed) ? Math.max(1, Math.round((speed * TICK_MS) / 1000)) : body.length
  for (let at = 0; at < body.length && !response.destroyed; at += step) {
    await new Promise(resolve => response.write(body.subarray(at, at + step), resolve))
    if (at + step < body.length) await new Promise(resolve => setTimeout(resolve, TICK_MS))
  }
}
