import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { MACHINE_JOB_IDS_FROM } from '#shared/contract/job.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { COMMIT, startHub } from '../testing/hub-server.ts'
import { testCore } from '../testing/workplace.ts'

const WEIGHTS = randomBytes(1_000_000)

test('a download job needs no corpus, is paused, and goes on when the program starts again', async () => {
  await using hub = await startHub({
    'lab/model/config.json': { content: Buffer.from('{}') },
    'lab/model/model.safetensors': { content: WEIGHTS, isLarge: true, speed: 1_000_000 },
  })
  const dataDir = temporaryFolder()
  const core = await testCore(dataDir)
  const api = createRouterClient(core.router, { context: {} })
  await api.app.saveSettings({ downloadBase: hub.base })
  const { plan } = await api.download.preview({ repository: 'lab/model' })

  const started = await api.download.start({ plan })
  await new Promise<void>(resolve => {
    const off = core.settled(started.id, job => job.done > 200_000 && resolve())
    void off.then(() => resolve())
  })
  const paused = await api.job.pause({ jobId: started.id })
  expect(paused.id).toBe(MACHINE_JOB_IDS_FROM)
  expect(paused).toMatchObject({
    scope: 'machine',
    state: 'paused',
    kind: 'download',
    unit: 'bytes',
    total: WEIGHTS.length + 2,
  })
  await api.job.resume({ jobId: started.id })
  await core.close()

  const next = await testCore(dataDir)
  const ended = await next.settled(started.id, () => {})
  await next.close()

  const snapshot = join(dataDir, 'downloads', 'models--lab--model', 'snapshots', COMMIT)
  expect(ended).toMatchObject({ state: 'done', output: snapshot, problem: null })
  expect(readFileSync(join(snapshot, 'model.safetensors')).equals(WEIGHTS)).toBe(true)
  const starts = hub.transfers('model.safetensors').map(({ range }) => Number(/\d+/.exec(range ?? '0')?.[0]))
  expect(starts).toEqual([...starts].sort((a, b) => a - b))
  expect(starts[1]).toBeGreaterThan(100_000)
})

test('of two cores on one data folder one runs the jobs of the machine; the other lists them and says who has them', async () => {
  await using hub = await startHub({ 'lab/model/config.json': { content: Buffer.from('{}') } })
  const dataDir = temporaryFolder()
  const first = await testCore(dataDir)
  const one = createRouterClient(first.router, { context: {} })
  await one.app.saveSettings({ downloadBase: hub.base })
  const second = await testCore(dataDir)
  const other = createRouterClient(second.router, { context: {} })
  const { plan } = await one.download.preview({ repository: 'lab/model', withWeights: false })

  const { id } = await first.settled((await one.download.start({ plan })).id, () => {})
  const listed = await other.job.list()
  await expect(other.download.start({ plan })).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringContaining(
      'The downloads and conversions of this computer are already open in this program',
    ) as string,
  })
  await first.close()
  const { state, problem } = await second.settled((await other.download.start({ plan })).id, () => {})
  await second.close()

  expect(listed).toMatchObject([{ id, scope: 'machine', state: 'done', title: 'Download lab/model' }])
  expect([state, problem]).toEqual(['done', null])
})

test('jobs of a corpus and of the machine are listed together, and each is found by its id', async () => {
  await using hub = await startHub({ 'lab/model/config.json': { content: Buffer.from('{}') } })
  const dataDir = temporaryFolder()
  const core = await testCore(dataDir)
  const api = createRouterClient(core.router, { context: {} })
  await api.app.saveSettings({ downloadBase: hub.base })
  const { plan } = await api.download.preview({ repository: 'lab/model', withWeights: false })
  const download = await core.settled((await api.download.start({ plan })).id, () => {})
  await api.corpus.create({ dir: join(dataDir, 'Own.signwright'), name: 'Own' })
  const source = { source: join(dataDir, 'nothing'), format: 'auto', licence: '' } as const
  const failed = await core.settled((await api.importing.start(source)).id, () => {})

  const listed = await api.job.list()
  expect(listed.map(({ id, scope, kind, state }) => [id, scope, kind, state])).toEqual([
    [download.id, 'machine', 'download', 'done'],
    [failed.id, 'corpus', 'import', 'failed'],
  ])
  expect((await api.job.log({ jobId: failed.id })).map(({ level }) => level)).toEqual(['error'])
  await api.job.remove({ jobId: download.id })
  await api.corpus.close()
  expect(await api.job.list()).toEqual([])
  await core.close()
})

test('a download that is cancelled leaves nothing of what it had fetched', async () => {
  await using hub = await startHub({
    'lab/model/config.json': { content: Buffer.from('{}') },
    'lab/model/model.safetensors': { content: WEIGHTS, isLarge: true, speed: 1_000_000 },
  })
  const dataDir = temporaryFolder()
  const core = await testCore(dataDir)
  const api = createRouterClient(core.router, { context: {} })
  await api.app.saveSettings({ downloadBase: hub.base })
  const { plan } = await api.download.preview({ repository: 'lab/model' })
  const { id } = await api.download.start({ plan })
  await new Promise<void>(resolve => {
    const off = core.settled(id, job => job.done > 200_000 && resolve())
    void off.then(() => resolve())
  })
  const unfinished = () =>
    readdirSync(join(dataDir, 'downloads'), { recursive: true }).filter(name =>
      String(name).includes('.incomplete'),
    )

  await api.job.pause({ jobId: id })
  const kept = unfinished().length
  await api.job.cancel({ jobId: id })

  expect([kept > 0, unfinished()]).toEqual([true, []])
  await core.close()
})
