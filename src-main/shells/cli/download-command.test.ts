import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../core/testing/folders.ts'
import { COMMIT, startHub } from '../../core/testing/hub-server.ts'

const WEIGHTS = randomBytes(2_000_000)
const NAME = 'lab/model'
const main = join(import.meta.dirname, 'main.ts')

function repository(speed = Infinity) {
  return {
    [`${NAME}/config.json`]: { content: Buffer.from('{}') },
    [`${NAME}/model.safetensors`]: { content: WEIGHTS, isLarge: true, speed },
  }
}

function signwright(dataDir: string, args: string[]) {
  const env = { ...process.env, SIGNWRIGHT_DATA: dataDir, HF_HUB_CACHE: join(dataDir, 'none') }
  const child = spawn(process.execPath, [main, 'models', 'download', NAME, ...args], { env })
  let [out, err] = ['', '']
  child.stdout.on('data', (part: Buffer) => (out += part.toString()))
  child.stderr.on('data', (part: Buffer) => (err += part.toString()))
  const ended = new Promise<{ code: number | null; out: string; err: string }>(resolve =>
    child.once('close', code => resolve({ code, out, err })),
  )
  return { child, ended }
}

const incomplete = (dir: string) => {
  const blobs = join(dir, 'models--lab--model', 'blobs')
  try {
    const name = readdirSync(blobs).find(file => file.endsWith('.incomplete'))
    return name ? statSync(join(blobs, name)).size : 0
  } catch {
    return 0
  }
}

test('without --yes nothing but names and sizes is asked for', async () => {
  await using hub = await startHub(repository())
  const dataDir = temporaryFolder()

  const { code, out } = await signwright(dataDir, ['--from', hub.base]).ended

  expect(code).toBe(0)
  expect(out).toContain(
    `lab/model at ${COMMIT} from ${hub.base} into ${join(dataDir, 'downloads')}: 2.0 MB to fetch`,
  )
  expect(out).toContain('Nothing was fetched.')
  expect(hub.requests.every(({ method }) => method === 'HEAD')).toBe(true)
})

test('a download whose process is killed goes on where it was', { timeout: 120_000 }, async () => {
  await using hub = await startHub(repository(1_000_000))
  const dataDir = temporaryFolder()
  const dir = join(dataDir, 'weights')
  const args = ['--from', hub.base, '--dir', dir, '--yes', '--json']
  const { child, ended } = signwright(dataDir, args)
  while (incomplete(dir) < 500_000 && child.exitCode === null)
    await new Promise(resolve => setTimeout(resolve, 20))
  child.kill('SIGKILL')
  await ended
  const kept = incomplete(dir)

  const { code, out } = await signwright(dataDir, args).ended

  const snapshot = join(dir, 'models--lab--model', 'snapshots', COMMIT)
  expect({ code, ...(JSON.parse(out) as object) }).toEqual({
    code: 0,
    folders: [{ repository: NAME, dir: snapshot }],
  })
  expect(readFileSync(join(snapshot, 'model.safetensors')).equals(WEIGHTS)).toBe(true)
  expect(hub.transfers('model.safetensors').map(({ range }) => range)).toEqual([undefined, `bytes=${kept}-`])
})

test('downloads are off until a server is named', async () => {
  const { code, out } = await signwright(temporaryFolder(), ['--yes', '--json']).ended

  expect(code).toBe(1)
  expect(JSON.parse(out)).toMatchObject({
    error: { code: 'invalid-input', message: expect.stringContaining('off') },
  })
})
