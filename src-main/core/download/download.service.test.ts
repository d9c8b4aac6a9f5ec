import { randomBytes } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { DownloadPlan } from '#shared/contract/download.ts'
import { temporaryFolder } from '../testing/folders.ts'
import {
  COMMIT,
  gitSha1,
  type HubFile,
  type HubServer,
  type Mischief,
  startHub,
} from '../testing/hub-server.ts'
import { sha256 } from '../../formats/sha256.ts'
import { createDownloadService } from './download.service.ts'

const WEIGHTS = randomBytes(300_000)
const CONFIG = Buffer.from('{"model_type":"clip"}')
const REPOSITORY = 'openai/clip-vit-large-patch14'
const QUICK = { fruitlessTries: 4, pauseMs: 1, stallMs: 300 }

function repository(weights: Partial<HubFile> = {}): Record<string, HubFile> {
  return {
    [`${REPOSITORY}/config.json`]: { content: CONFIG },
    [`${REPOSITORY}/preprocessor_config.json`]: { content: Buffer.from('{}') },
    [`${REPOSITORY}/model.safetensors`]: { content: WEIGHTS, isLarge: true, ...weights },
  }
}

/** Misbehaves at the first transfers, as listed. */
const first = (...mischiefs: Mischief[]) => ({ mischief: (request: number) => mischiefs[request - 1] })

function setup(hub: Pick<HubServer, 'base'>, env: NodeJS.ProcessEnv = {}) {
  const dir = temporaryFolder()
  const nowhere = { HF_HUB_CACHE: join(dir, 'no cache') }
  const downloads = createDownloadService({
    base: () => hub.base,
    dir: () => dir,
    env: { ...nowhere, ...env },
    patience: QUICK,
  })
  const seen: [number, number][] = []
  const logged: string[] = []
  const preview = (repo = REPOSITORY) =>
    downloads.preview({ repository: repo, revision: 'main', withWeights: true }, new AbortController().signal)
  const run = (plan: DownloadPlan, signal = new AbortController().signal) =>
    downloads.run(plan, { signal, progress: (...at) => seen.push(at), log: message => logged.push(message) })
  const fetchAll = async () => run((await preview()).plan)
  const repo = join(dir, 'models--openai--clip-vit-large-patch14')
  const weights = () => readFileSync(join(repo, 'snapshots', COMMIT, 'model.safetensors'))
  return { dir, repo, downloads, preview, run, fetchAll, weights, seen, logged }
}

test('a preview names what would be fetched, from where, how much and under which licence', async () => {
  await using hub = await startHub(repository())
  const { preview, dir } = setup(hub)

  expect(await preview()).toMatchObject({
    plan: { base: hub.base, repository: REPOSITORY, revision: 'main', commit: COMMIT, dir },
    bytes: WEIGHTS.length + CONFIG.length + 2,
    bytesToFetch: WEIGHTS.length + CONFIG.length + 2,
    licence: 'MIT',
    files: [
      { name: 'config.json', bytes: CONFIG.length, state: 'missing' },
      { name: 'preprocessor_config.json', bytes: 2, state: 'missing' },
      { name: 'model.safetensors', bytes: WEIGHTS.length, state: 'missing' },
    ],
  })
  expect(hub.requests.every(({ method }) => method === 'HEAD')).toBe(true)
  expect(readdirSync(dir)).toEqual([])
})

test('files come into the layout of the Hugging Face cache, and are not fetched twice', async () => {
  await using hub = await startHub(repository())
  const { fetchAll, repo, seen, weights, downloads, preview } = setup(hub)

  const snapshot = await fetchAll()
  await fetchAll()

  expect(snapshot).toBe(join(repo, 'snapshots', COMMIT))
  expect(readFileSync(join(repo, 'refs', 'main'), 'utf8')).toBe(COMMIT)
  expect(readdirSync(join(repo, 'blobs')).sort()).toEqual(
    [sha256(WEIGHTS), gitSha1(CONFIG), gitSha1(Buffer.from('{}'))].sort(),
  )
  expect(lstatSync(join(snapshot, 'config.json')).isSymbolicLink()).toBe(true)
  expect(readlinkSync(join(snapshot, 'config.json'))).toBe(join('..', '..', 'blobs', gitSha1(CONFIG)))
  expect(weights().equals(WEIGHTS)).toBe(true)
  expect(hub.transfers('model.safetensors').length).toBe(1)
  expect(seen.at(-1)).toEqual([WEIGHTS.length + CONFIG.length + 2, WEIGHTS.length + CONFIG.length + 2])
  expect(await downloads.list()).toEqual([{ repository: REPOSITORY, revision: 'main', dir: snapshot }])
  expect(await preview()).toMatchObject({ bytesToFetch: 0 })
})

test('a transfer that breaks goes on where it broke, however often, as long as bytes come', async () => {
  const drops = Array.from({ length: 9 }, () => ({ kind: 'drop', afterBytes: 30_000 }) as const)
  await using hub = await startHub(repository(first(...drops)))
  const { fetchAll, weights } = setup(hub)

  await fetchAll()

  expect(weights().equals(WEIGHTS)).toBe(true)
  const ranges = hub.transfers('model.safetensors').map(({ range }) => Number(/\d+/.exec(range ?? '0')?.[0]))
  expect(ranges[0]).toBe(0)
  expect(ranges).toEqual([...ranges].sort((a, b) => a - b))
  expect(ranges.at(-1)).toBeGreaterThan(100_000)
  expect(hub.transfers('model.safetensors')[1]?.ifRange).toBe(`"storage-${WEIGHTS.length}"`)
})

const recoveries: [string, Mischief[]][] = [
  ['is silent', [{ kind: 'stall', afterBytes: 1000 }]],
  ['is busy and says for how long', [{ kind: 'status', status: 429, headers: { 'retry-after': '0' } }]],
  ['is out of order for a moment', [{ kind: 'status', status: 503 }]],
  ['knows no ranges', [{ kind: 'drop', afterBytes: 1000 }, { kind: 'no-range' }]],
  [
    'has another version behind the redirect now',
    [
      { kind: 'drop', afterBytes: 1000 },
      { kind: 'etag', etag: 'new' },
    ],
  ],
  [
    'says that the range is not there',
    [
      { kind: 'drop', afterBytes: 1000 },
      { kind: 'status', status: 416 },
    ],
  ],
  ['sends a shorter file first', [{ kind: 'bytes', content: WEIGHTS.subarray(0, 5000) }]],
]

test.each(recoveries)(
  'a server that %s gets another try, and the content is right',
  async (_what, mischiefs) => {
    await using hub = await startHub(repository(first(...mischiefs)))
    const { fetchAll, weights, logged } = setup(hub)

    await fetchAll()

    expect(weights().equals(WEIGHTS)).toBe(true)
    if (mischiefs[0]?.kind !== 'bytes') expect(logged.length).toBeGreaterThan(0)
  },
)

const same = (mischief: Mischief) => ({ mischief: () => mischief })
const wrongBytes = Buffer.from(WEIGHTS).fill(0, 100_000, 100_001 + 1)

const refusals: [string, Partial<HubFile>, string, RegExp][] = [
  ['wrong bytes', same({ kind: 'bytes', content: wrongBytes }), 'corrupt-file', /checksum/],
  [
    'a longer file',
    same({ kind: 'bytes', content: Buffer.concat([WEIGHTS, WEIGHTS]) }),
    'corrupt-file',
    /longer/,
  ],
  [
    'a file that ends early each time',
    same({ kind: 'bytes', content: WEIGHTS.subarray(0, 10) }),
    'unreachable',
    /10 of 300000/,
  ],
  [
    'connections that drop at once',
    same({ kind: 'drop', afterBytes: 0 }),
    'unreachable',
    /try again to go on/,
  ],
  [
    'a wait of an hour',
    same({ kind: 'status', status: 429, headers: { 'retry-after': '3600' } }),
    'unreachable',
    /60 minutes/,
  ],
  ['no access', same({ kind: 'status', status: 403 }), 'not-permitted', /account/],
]

test.each(refusals)(
  '%s: refused with a remedy, and nothing is put in place',
  async (_what, weights, code, message) => {
    await using hub = await startHub(repository(weights))
    const { fetchAll, repo } = setup(hub)

    await expect(fetchAll()).rejects.toMatchObject({ code, message: expect.stringMatching(message) })

    expect(existsSync(join(repo, 'blobs', sha256(WEIGHTS)))).toBe(false)
    expect(existsSync(join(repo, 'refs'))).toBe(false)
  },
)

test('wrong bytes are kept aside, and fetched anew on request', async () => {
  await using hub = await startHub(repository(first({ kind: 'bytes', content: wrongBytes })))
  const { fetchAll, repo, weights } = setup(hub)
  await expect(fetchAll()).rejects.toMatchObject({ code: 'corrupt-file' })
  expect(readFileSync(join(repo, 'blobs', `${sha256(WEIGHTS)}.wrong`)).equals(wrongBytes)).toBe(true)

  await fetchAll()

  expect(weights().equals(WEIGHTS)).toBe(true)
  expect(readdirSync(join(repo, 'blobs')).filter(name => name.includes('.'))).toEqual([])
})

test('a small file that changed since it was looked up is refused', async () => {
  const files = repository()
  await using hub = await startHub(files)
  const { preview, run } = setup(hub)
  const { plan } = await preview()
  files[`${REPOSITORY}/config.json`] = { content: Buffer.from('{"model_type":"evil"}') }

  await expect(run(plan)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('changed'),
  })
})

test('what was fetched before a pause is kept', async () => {
  await using hub = await startHub(repository({ speed: 200_000 }))
  const { preview, downloads, run, weights } = setup(hub)
  const { plan } = await preview()
  const pause = new AbortController()
  const progress = (done: number) => done > 60_000 && pause.abort()

  await expect(downloads.run(plan, { signal: pause.signal, progress, log: () => {} })).rejects.toMatchObject({
    name: 'AbortError',
  })
  expect((await preview()).files[2]?.state).toBe('begun')
  await run(plan)

  expect(weights().equals(WEIGHTS)).toBe(true)
  expect(Number(/\d+/.exec(hub.transfers('model.safetensors')[1]?.range ?? '')?.[0])).toBeGreaterThan(30_000)
})

test('files of the Hugging Face cache of this machine are taken over, and that cache stays as it is', async () => {
  await using hub = await startHub(repository())
  const cache = temporaryFolder()
  const blobs = join(cache, 'models--openai--clip-vit-large-patch14', 'blobs')
  mkdirSync(blobs, { recursive: true })
  writeFileSync(join(blobs, sha256(WEIGHTS)), WEIGHTS)
  const { fetchAll, preview, weights } = setup(hub, { HF_HUB_CACHE: cache })

  expect(await preview()).toMatchObject({ bytesToFetch: CONFIG.length + 2 })
  await fetchAll()

  expect(weights().equals(WEIGHTS)).toBe(true)
  expect(hub.transfers('model.safetensors')).toEqual([])
  expect(readdirSync(blobs)).toEqual([sha256(WEIGHTS)])
})

test('weights in several files are found by their index', async () => {
  const shards = { 'a.safetensors': randomBytes(5000), 'b.safetensors': randomBytes(6000) }
  const index = JSON.stringify({ weight_map: { x: 'a.safetensors', y: 'b.safetensors', z: 'a.safetensors' } })
  const name = 'google/other'
  await using hub = await startHub({
    [`${name}/config.json`]: { content: CONFIG },
    [`${name}/model.safetensors.index.json`]: { content: Buffer.from(index) },
    [`${name}/a.safetensors`]: { content: shards['a.safetensors'], isLarge: true },
    [`${name}/b.safetensors`]: { content: shards['b.safetensors'], isLarge: true },
  })
  const { preview, run } = setup(hub)
  const { plan, licence } = await preview(name)

  const snapshot = await run(plan)

  expect(licence).toBe(null)
  expect(readdirSync(snapshot).sort()).toEqual([
    'a.safetensors',
    'b.safetensors',
    'config.json',
    'model.safetensors.index.json',
  ])
  expect(readFileSync(join(snapshot, 'b.safetensors')).equals(shards['b.safetensors'])).toBe(true)
})

test('nothing is asked of any server while none is set, or one that is not there', async () => {
  await expect(setup({ base: '' }).preview()).rejects.toMatchObject({
    code: 'invalid-input',
    message: expect.stringContaining('Settings'),
  })
  const hub = await startHub({})
  await hub[Symbol.asyncDispose]()
  await expect(setup(hub).preview()).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringMatching(/127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/),
  })
})

test('a plan that does not fit on the disk is refused before anything is fetched', async () => {
  await using hub = await startHub(repository())
  const { preview, run, dir } = setup(hub)
  const { plan } = await preview()
  const files = plan.files.map(file => ({ ...file, bytes: 1e15 }))

  await expect(run({ ...plan, files })).rejects.toMatchObject({ code: 'disk-full', details: { file: dir } })
  expect(readdirSync(dir)).toEqual([])
})

test('no name that a server or a user gives leads out of the folder', async () => {
  const index = JSON.stringify({ weight_map: { a: '../../../../stolen' } })
  await using hub = await startHub({
    [`${REPOSITORY}/config.json`]: { content: CONFIG },
    [`${REPOSITORY}/preprocessor_config.json`]: { content: Buffer.from('{}') },
    [`${REPOSITORY}/model.safetensors.index.json`]: { content: Buffer.from(index) },
    stolen: { content: WEIGHTS },
  })
  const { preview, dir } = setup(hub)
  await expect(preview()).rejects.toMatchObject({
    code: 'unsafe-file',
    message: expect.stringContaining('"../../../../stolen"') as string,
  })
  const asked = hub.requests.length
  await expect(preview('../../etc')).rejects.toMatchObject({ code: 'invalid-input' })
  expect([hub.requests.length, readdirSync(dir)]).toEqual([asked, []])
})
