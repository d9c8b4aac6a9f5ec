import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folders.ts'
import { COMMIT, startHub } from '../testing/hub-server.ts'
import { testCore } from '../testing/workplace.ts'

const WEIGHTS = randomBytes(1_000_000)

test('a download job is paused, survives the end of the core, and goes on when its corpus is opened', async () => {
  await using hub = await startHub({
    'lab/model/config.json': { content: Buffer.from('{}') },
    'lab/model/model.safetensors': { content: WEIGHTS, isLarge: true, speed: 1_000_000 },
  })
  const dataDir = temporaryFolder()
  const dir = join(dataDir, 'Weights.signwright')
  const core = await testCore(dataDir)
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir, name: 'Weights' })
  await api.app.saveSettings({ downloadBase: hub.base })
  const { plan } = await api.download.preview({ repository: 'lab/model' })

  const started = await api.download.start({ plan })
  await new Promise<void>(resolve => {
    const off = core.settled(started.id, job => job.done > 200_000 && resolve())
    void off.then(() => resolve())
  })
  const paused = await api.job.pause({ jobId: started.id })
  expect(paused).toMatchObject({
    state: 'paused',
    kind: 'download',
    unit: 'bytes',
    total: WEIGHTS.length + 2,
  })
  await api.job.resume({ jobId: started.id })
  await core.close()

  const next = await testCore(dataDir)
  await createRouterClient(next.router, { context: {} }).corpus.open({ dir })
  const ended = await next.settled(started.id, () => {})
  await next.close()

  const snapshot = join(dataDir, 'downloads', 'models--lab--model', 'snapshots', COMMIT)
  expect(ended).toMatchObject({ state: 'done', output: snapshot, problem: null })
  expect(readFileSync(join(snapshot, 'model.safetensors')).equals(WEIGHTS)).toBe(true)
  const starts = hub.transfers('model.safetensors').map(({ range }) => Number(/\d+/.exec(range ?? '0')?.[0]))
  expect(starts).toEqual([...starts].sort((a, b) => a - b))
  expect(starts[1]).toBeGreaterThan(100_000)
})
