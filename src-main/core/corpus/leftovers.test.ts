import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { ModelId } from '#shared/contract/ids.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { installTinyModel, makeVideos, testCore } from '../testing/workplace.ts'

test('leftovers of a killed process go when the corpus is opened; rows only when no job can go on with them', async () => {
  const dataDir = temporaryFolder()
  await installTinyModel(dataDir)
  makeVideos(join(dataDir, 'videos'), 1, 8)
  const dir = join(dataDir, 'Left.signwright')
  const core = await testCore(dataDir, { resumeJobs: false })
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir, name: 'Left' })
  await core.settled((await api.importing.start({ source: join(dataDir, 'videos') })).id, () => {})
  const wish = { selection: { kind: 'all' }, modelId: ModelId.parse('tiny'), device: 'cpu' } as const
  const { id } = await api.job.extract(wish)
  await api.job.pause({ jobId: id })
  const folder = join(dir, 'features', 'ab')
  mkdirSync(folder, { recursive: true })
  const files = ['ab12.npy', 'ab12.npy.partial', '.ab12.4711-0a1b2c3d.part.npy'].map(name =>
    join(folder, name),
  )
  const left = async (act: () => Promise<unknown>) => {
    for (const file of files) writeFileSync(file, 'x')
    await act()
    await api.corpus.close()
    await api.corpus.open({ dir })
    return files.map(file => existsSync(file))
  }

  expect(await left(async () => {})).toEqual([true, true, false])
  expect(await left(() => api.job.cancel({ jobId: id }))).toEqual([true, false, false])
  await core.close()
})
