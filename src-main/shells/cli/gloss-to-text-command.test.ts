import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const main = join(import.meta.dirname, 'main.ts')
const dataDir = mkdtempSync(join(tmpdir(), 'signwright-cli-g2t-'))
const KEY = 'sk-only-in-memory'

afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

/** The server of this test answers while the command runs, so the command may not block this process. */
async function cli(...args: string[]): Promise<{ code: number | null; answer: Record<string, unknown> }> {
  const env = { ...process.env, SIGNWRIGHT_DATA: dataDir, SIGNWRIGHT_API_KEY: KEY }
  const child = spawn(process.execPath, [main, ...args, '--json', '--quiet'], { env })
  let stdout = ''
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()))
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  return { code, answer: JSON.parse(stdout) as Record<string, unknown> }
}

test('the command asks the named server with the key of the environment, which no file holds afterwards', async () => {
  const keys: (string | undefined)[] = []
  const server = createServer(async (request, response) => {
    for await (const _part of request);
    keys.push(request.headers.authorization)
    response.end(JSON.stringify({ choices: [{ message: { content: 'ein satz' } }] }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
  try {
    const demo = spawn(process.execPath, [main, 'demo', '--json'], {
      env: { ...process.env, SIGNWRIGHT_DATA: dataDir },
    })
    let made = ''
    demo.stdout.on('data', (part: Buffer) => (made += part.toString()))
    await new Promise(resolve => demo.once('close', resolve))
    const { dir } = JSON.parse(made) as { dir: string }
    const wish = ['gloss-to-text', '--corpus', dir, '--model', 'm', '--language', 'German', '--examples', '0']

    const off = await cli(...wish)
    expect(off).toMatchObject({ code: 1, answer: { error: { code: 'not-permitted' } } })
    const away = await cli(...wish, '--endpoint', 'https://llm.example.org/v1')
    expect(away).toMatchObject({ code: 1, answer: { error: { code: 'not-permitted' } } })

    const clips = ['--clips', 'test-0001,test-0002', '--name', 'asked']
    const asked = await cli(...wish, ...clips, '--endpoint', endpoint)
    expect(asked).toEqual({
      code: 0,
      answer: {
        run: 'asked',
        hypotheses: ['test-0001', 'test-0002'].map(clip => ({ clip, text: 'ein satz', score: null })),
      },
    })
    expect(keys).toEqual([`Bearer ${KEY}`, `Bearer ${KEY}`])
    const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter(file => file.isFile())
    const holding = files.filter(file => readFileSync(join(file.parentPath, file.name)).includes(KEY))
    expect(holding.map(file => file.name)).toEqual([])
  } finally {
    server.closeAllConnections()
    server.close()
  }
}, 180_000)
