import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { ModelId } from '#shared/contract/ids.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { installTinyModel, makeVideos, testCore } from '../testing/workplace.ts'

/** A device that this machine has not: nothing has to be faked for it to fail. */
async function missingDevice(devices: { id: string; isAvailable: boolean }[]) {
  const missing = devices.find(({ id, isAvailable }) => !isAvailable && id !== 'cpu')
  if (!missing) throw new Error('This machine has every device there is.')
  return missing.id as 'cuda'
}

async function setup() {
  const dataDir = temporaryFolder()
  await installTinyModel(dataDir)
  makeVideos(join(dataDir, 'videos'), 2)
  const core = await testCore(dataDir)
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir: join(dataDir, 'Q.signwright'), name: 'Q' })
  const imported = await api.importing.start({ source: join(dataDir, 'videos') })
  await core.settled(imported.id, () => {})
  const device = await missingDevice(await api.app.devices())
  const wish = { selection: { kind: 'all' }, modelId: ModelId.parse('tiny'), device } as const
  return { dataDir, core, api, device, wish }
}

test('a device that fails stops the job with a question; the CPU goes on only after a yes, which is recorded', async () => {
  const { dataDir, core, api, device, wish } = await setup()
  const { id } = await api.job.translate({ ...wish, name: 'asked' })

  const asked = await core.settled(id, () => {})
  expect(asked).toMatchObject({
    state: 'paused',
    itemsDone: 0,
    itemsFailed: 0,
    question: { failed: device, goOnWith: 'cpu', reason: expect.stringContaining(device) },
    fallback: null,
  })
  await core.close()
  const again = await testCore(dataDir)
  const later = createRouterClient(again.router, { context: {} })
  await later.corpus.open({ dir: join(dataDir, 'Q.signwright') })
  expect(await later.job.get({ jobId: id })).toMatchObject({ state: 'paused', question: { failed: device } })

  await later.job.answer({ jobId: id, goOn: true })
  const ended = await again.settled(id, () => {})

  expect(ended).toMatchObject({ state: 'done', itemsDone: 2, question: null, fallback: 'cpu' })
  const log = await later.job.log({ jobId: id })
  expect(log.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(/agreed to go on with the CPU/),
  )
  const [run] = await later.run.list()
  expect(run?.device).toBe(`${device} → cpu`)
  await again.close()
})

test('a no cancels the job, and nothing was computed', async () => {
  const { core, api, device, wish } = await setup()
  const { id } = await api.job.extract(wish)
  await core.settled(id, () => {})

  const answered = await api.job.answer({ jobId: id, goOn: false })

  expect(answered).toMatchObject({ state: 'cancelled', question: null, fallback: null, itemsDone: 0 })
  expect((await api.job.log({ jobId: id }))[0]?.message).toContain(`without ${device}`)
  await core.close()
})
