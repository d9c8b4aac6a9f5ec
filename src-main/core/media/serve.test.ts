import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { expect, test } from 'vitest'
import { serveFile } from './serve.ts'

const CONTENT = Buffer.from(Array.from({ length: 1000 }, (_, at) => at % 251))

/** A real server on a real socket, as the shells have one. */
async function setup(content: Uint8Array = CONTENT) {
  const dir = mkdtempSync(join(tmpdir(), 'signwright-serve-'))
  const path = join(dir, 'clip.mp4')
  writeFileSync(path, content)
  const server = createServer((incoming, outgoing) => {
    const abort = new AbortController()
    outgoing.on('close', () => abort.abort())
    const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    )
    const request = new Request('http://x/', {
      method: incoming.method ?? 'GET',
      headers,
      signal: abort.signal,
    })
    void serveFile(request, path).then(response => {
      outgoing.writeHead(response.status, Object.fromEntries(response.headers))
      if (!response.body) return outgoing.end()
      return Readable.fromWeb(response.body as ReadableStream)
        .on('error', () => outgoing.destroy())
        .pipe(outgoing)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`
  const close = async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
    rmSync(dir, { recursive: true })
  }
  return { url, path, [Symbol.asyncDispose]: close }
}

test.each([
  ['bytes=0-99', 206, 'bytes 0-99/1000', [0, 100]],
  ['bytes=990-', 206, 'bytes 990-999/1000', [990, 1000]],
  ['bytes=-10', 206, 'bytes 990-999/1000', [990, 1000]],
  ['bytes=-5000', 206, 'bytes 0-999/1000', [0, 1000]],
  ['bytes=500-5000', 206, 'bytes 500-999/1000', [500, 1000]],
  ['bytes=1000-', 416, 'bytes */1000', [0, 0]],
  ['bytes=-0', 416, 'bytes */1000', [0, 0]],
  ['bytes=9-3', 200, null, [0, 1000]],
  ['bytes=0-1,5-6', 200, null, [0, 1000]],
  ['frames=1-2', 200, null, [0, 1000]],
])('a request for %s is answered %i', async (range, status, contentRange, [start, end]) => {
  await using server = await setup()
  const response = await fetch(server.url, { headers: { range } })
  const body = Buffer.from(await response.arrayBuffer())

  expect([
    response.status,
    response.headers.get('content-range'),
    body.equals(CONTENT.subarray(start, end)),
  ]).toEqual([status, contentRange, true])
})

test('HEAD tells length and type without a body', async () => {
  await using server = await setup()
  const response = await fetch(server.url, { method: 'HEAD' })
  const names = ['content-length', 'content-type', 'accept-ranges']

  expect([response.status, ...names.map(name => response.headers.get(name))]).toEqual([
    200,
    '1000',
    'video/mp4',
    'bytes',
  ])
})

test('a known version is not sent again, a range of another version is the whole new file', async () => {
  await using server = await setup()
  const etag = (await fetch(server.url)).headers.get('etag') ?? ''
  const known = await fetch(server.url, { headers: { 'if-none-match': etag } })
  const other = await fetch(server.url, { headers: { range: 'bytes=0-9', 'if-range': '"other"' } })
  const same = await fetch(server.url, { headers: { range: 'bytes=0-9', 'if-range': etag } })

  expect([known.status, other.status, same.status]).toEqual([304, 200, 206])
})

test('other methods are refused, missing files are told', async () => {
  await using server = await setup()

  expect((await fetch(server.url, { method: 'POST' })).status).toBe(405)
  await expect(serveFile(new Request('http://x/'), `${server.path}.gone`)).rejects.toMatchObject({
    code: 'media-missing',
  })
  await expect(serveFile(new Request('http://x/'), tmpdir())).rejects.toMatchObject({ code: 'media-missing' })
})

test.skipIf(process.platform !== 'linux')('readers that go away midway leave no open file', async () => {
  await using server = await setup(new Uint8Array(64 * 1024 * 1024))
  const abort = new AbortController()
  for (let reader = 0; reader < 20; reader++) {
    const response = await fetch(server.url, { signal: abort.signal })
    await response.body?.getReader().read()
  }

  abort.abort()

  await expect.poll(() => openFiles(server.path)).toBe(0)
})

test('a file that changes while it is read breaks the answer off', async () => {
  await using server = await setup(new Uint8Array(8 * 1024 * 1024))
  const body = (await serveFile(new Request('http://x/'), server.path)).body?.getReader()
  await body?.read()
  writeFileSync(server.path, 'shorter')

  await expect(body?.read()).rejects.toThrow('changed while it was read')
})

test('an empty file is an empty answer', async () => {
  await using server = await setup(new Uint8Array(0))

  expect((await (await fetch(server.url)).arrayBuffer()).byteLength).toBe(0)
})

/** How often this process holds the file open (as Linux tells it). */
function openFiles(path: string): number {
  return readdirSync('/proc/self/fd').filter(fd => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path
    } catch {
      return false
    }
  }).length
}
