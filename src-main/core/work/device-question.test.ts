import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import { ModelId } from '#shared/contract/ids.ts'
import { createEngineClient, type EngineClient } from '../../engine/client.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { installTinyModel, makeVideos, testCore } from '../testing/workplace.ts'

/** A device that this machine has not: nothing has to be faked for it to fail. */
async function missingDevice(devices: { id: string; isAvailable: boolean }[]) {
  const missing = devices.find(({ id, isAvailable }) => !isAvailable && id !== 'cpu')
  if (!missing) throw new Error('This machine has every device there is.')
  return missing.id as 'cuda'
}

async function setup(engine?: EngineClient) {
  const dataDir = temporaryFolder()
  await installTinyModel(dataDir)
  makeVideos(join(dataDir, 'videos'), 2)
  const core = await testCore(dataDir, engine ? { engine } : {})
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

/** The engine on the CPU under another device's name, which computes so many extractions and then is gone. */
function failingAfter(extractions: number): EngineClient {
  const engine = createEngineClient()
  let left = extractions
  return {
    ...engine,
    async extract(request, call) {
      if (request.device === 'cpu') return engine.extract(request, call)
      if (left === 0)
        throw new AppError('device-failed', 'cuda failed with spatial.onnx: an illegal memory access.', {
          details: { device: 'cuda' },
        })
      left -= 1
      return { ...(await engine.extract({ ...request, device: 'cpu' }, call)), device: request.device }
    },
  }
}

test('a device that fails midway asks too; what it has made is kept, and job and run name both devices', async () => {
  const { core, api, wish } = await setup(failingAfter(1))
  const { id } = await api.job.translate({ ...wish, device: 'cuda', name: 'half' })

  const asked = await core.settled(id, () => {})
  const withFeatures = async () => (await api.clip.list({})).rows.map(({ hasFeatures }) => hasFeatures)
  expect(asked).toMatchObject({
    state: 'paused',
    question: { failed: 'cuda', goOnWith: 'cpu', reason: expect.stringContaining('illegal memory access') },
    device: 'cuda',
  })
  expect(await withFeatures()).toEqual([true, false])

  await api.job.answer({ jobId: id, goOn: true })
  const ended = await core.settled(id, () => {})

  expect(ended).toMatchObject({ state: 'done', itemsDone: 2, fallback: 'cpu', device: 'cuda → cpu' })
  expect(await withFeatures()).toEqual([true, true])
  const [run] = await api.run.list()
  expect(run?.device).toBe('cuda → cpu')
  const messages = (await api.job.log({ jobId: id })).map(({ message }) => message)
  expect(messages).toEqual([
    'The user agreed to go on with the CPU, as cuda had failed.',
    expect.stringContaining('illegal memory access'),
  ])
  await core.close()
})
