import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { temporaryFolder } from '../../core/testing/folders.ts'
import { testCore } from '../../core/testing/workplace.ts'
import { startServer } from './server.ts'

async function setup(token = 'secret') {
  const place = temporaryFolder()
  const rendererDir = join(place, 'window')
  mkdirSync(rendererDir)
  writeFileSync(join(rendererDir, 'index.html'), 'the page')
  writeFileSync(join(place, 'private.txt'), 'not for the page')
  const core = await testCore(join(place, 'data'))
  const server = await startServer({ core, port: 0, rendererDir, token })
  onTestFinished(async () => {
    await server.close()
    await core.close()
  })
  const at = `localhost:${server.port}`
  const cookie = `signwright-${server.port}=${encodeURIComponent(token)}`
  return { server, at, cookie, port: server.port }
}

/** What the server answers to bytes that no browser would send. */
async function answerTo(port: number, lines: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', part => (text += part.toString()))
  socket.write([...lines, 'Connection: close', '', ''].join('\r\n'))
  await once(socket, 'close')
  return text
}

async function statusOf(port: number, lines: string[]): Promise<number> {
  return Number((await answerTo(port, lines)).split(' ')[1])
}

/** 101, or the status of the refusal. */
function upgrade(at: string, headers: Record<string, string>, path = '/rpc'): Promise<number> {
  return new Promise(resolve => {
    const socket = new WebSocket(`ws://${at}${path}`, { headers })
    socket.once('open', () => (resolve(101), socket.terminate()))
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => {})
  })
}

test('answers its own page only: not without the token, not another host, not another site', async () => {
  const { at, cookie, port } = await setup()
  const get = (...headers: string[]) => statusOf(port, ['GET / HTTP/1.1', ...headers])
  expect({
    own: await get(`Host: ${at}`, `Cookie: ${cookie}`),
    withoutToken: await get(`Host: ${at}`),
    wrongToken: await get(`Host: ${at}`, `Cookie: ${cookie}x`),
    rebound: await get('Host: evil.example', `Cookie: ${cookie}`),
    otherSite: await get(`Host: ${at}`, `Cookie: ${cookie}`, 'Origin: http://evil.example'),
    otherPort: await get(`Host: ${at}`, `Cookie: ${cookie}`, 'Origin: http://localhost:1'),
    nameless: await get('Host: [', `Cookie: ${cookie}`),
    socket: await upgrade(at, { cookie }),
    socketOfOtherSite: await upgrade(at, { cookie, origin: 'http://evil.example' }),
    socketWithoutToken: await upgrade(at, {}),
    socketElsewhere: await upgrade(at, { cookie }, '/other'),
  }).toEqual({
    own: 200,
    withoutToken: 403,
    wrongToken: 403,
    rebound: 403,
    otherSite: 403,
    otherPort: 403,
    nameless: 403,
    socket: 101,
    socketOfOtherSite: 403,
    socketWithoutToken: 403,
    socketElsewhere: 403,
  })
})

test('the link that is printed opens the page, whatever the chosen token holds', async () => {
  const { server } = await setup('a=b; c/ü %')
  const answer = await fetch(server.url, { redirect: 'manual' })
  const cookie = answer.headers.get('set-cookie') ?? ''
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/)
  const page = await fetch(new URL(answer.headers.get('location') ?? '', server.url), {
    headers: { cookie: cookie.split(';')[0] ?? '' },
  })
  expect([answer.status, page.status, await page.text()]).toEqual([303, 200, 'the page'])
  expect((await fetch(`${server.url}x`)).status).toBe(403)
})

test('addresses lead to files of the window and to media by number, nowhere else', async () => {
  const { at, cookie, port } = await setup()
  const ask = (path: string) => answerTo(port, [`GET ${path} HTTP/1.1`, `Host: ${at}`, `Cookie: ${cookie}`])
  for (const path of ['/../private.txt', '/..%2fprivate.txt', '/%2e%2e/private.txt', '/a%00.txt', '/%ff.js'])
    expect(await ask(path)).toMatch(/^HTTP\/1\.1 200 [^]*the page$/)
  for (const path of ['/media/play/1', `/media/play/${'9'.repeat(30)}`, '/media/play/..%2f..%2fprivate.txt'])
    expect(await ask(path)).toMatch(/^HTTP\/1\.1 404 /)
  expect(await ask('http://evil.example/')).toMatch(/^HTTP\/1\.1 400 /)
  expect(await ask('/.//evil.example/?token=secret')).toMatch(/\r\nlocation: \/evil\.example\/\r\n/i)
})

test('the page may neither fetch from elsewhere nor be framed', async () => {
  const { server, cookie } = await setup()
  const page = await fetch(new URL('/', server.url), { headers: { cookie } })
  const policy = (page.headers.get('content-security-policy') ?? '').split('; ')
  expect(policy).toEqual(expect.arrayContaining(["connect-src 'self'", "frame-ancestors 'none'"]))
  expect(policy).toEqual(expect.arrayContaining(["script-src 'self'", "form-action 'none'"]))
})

test('a broken message ends its own connection only', async () => {
  const { at, cookie, server } = await setup()
  const socket = new WebSocket(`ws://${at}/rpc`, { headers: { cookie } })
  await once(socket, 'open')
  socket.on('error', () => {})
  // A masked text frame that claims to hold 2^40 bytes.
  const claim = Buffer.from([0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  ;(socket as unknown as { _socket: { write: (bytes: Buffer) => void } })._socket.write(claim)
  expect(await once(socket, 'close')).toEqual([1009, expect.anything()])
  expect((await fetch(new URL('/', server.url), { headers: { cookie } })).status).toBe(200)
})

test('a refused visitor that never hangs up does not keep the program from ending', async () => {
  const { at, port, server } = await setup()
  const visitor = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  visitor.write(
    `GET /rpc HTTP/1.1\r\nHost: ${at}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n`,
  )
  await once(visitor, 'data')
  await server.close()
  visitor.destroy()
})
