import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { temporaryFolder } from './testing/folders.ts'
import { testCore } from './testing/workplace.ts'

async function setup() {
  const place = temporaryFolder()
  const dataDir = join(place, 'data')
  mkdirSync(dataDir)
  const core = await testCore(dataDir)
  const api = createRouterClient(core.router, { context: {} })
  return { place, dataDir, core, api }
}

test('where the list of recent corpora cannot be written, a corpus is opened and closed all the same', async () => {
  const { place, dataDir, core, api } = await setup()
  mkdirSync(join(dataDir, 'recent.json'))
  const { dir } = await api.corpus.create({ dir: place, name: 'Open' })
  expect(existsSync(join(dir, 'corpus.lock'))).toBe(true)
  await api.corpus.close()
  expect(existsSync(join(dir, 'corpus.lock'))).toBe(false)
  expect((await api.corpus.open({ dir })).name).toBe('Open')
  await core.close()
})

test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
  'a corpus where nothing can be written says to copy it',
  async () => {
    const { place, core, api } = await setup()
    const { dir } = await api.corpus.create({ dir: place, name: 'Fixed' })
    await api.corpus.close()
    chmodSync(dir, 0o555)
    await expect(api.corpus.open({ dir })).rejects.toThrow(/cannot be opened.*Copy its folder to a disk/)
    chmodSync(dir, 0o755)
    await core.close()
  },
)
