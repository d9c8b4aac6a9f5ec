import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folders.ts'
import { testCore } from '../testing/workplace.ts'

/** A corpus of two AVI files, which no browser plays. */
async function setup() {
  const dataDir = temporaryFolder()
  const videos = join(dataDir, 'videos')
  mkdirSync(videos)
  for (const name of ['a', 'b']) {
    const picture = `testsrc=size=64x64:rate=25:duration=2,hue=h=${name.charCodeAt(0)}`
    const args = ['-v', 'error', '-f', 'lavfi', '-i', picture, '-c:v', 'mpeg4', join(videos, `${name}.avi`)]
    expect(spawnSync('ffmpeg', args).status).toBe(0)
  }
  const core = await testCore(dataDir)
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir: join(dataDir, 'Copies.signwright'), name: 'Copies' })
  const imported = await api.importing.start({ source: videos })
  await core.settled(imported.id, () => {})
  await api.job.remove({ jobId: imported.id })
  const mediaIds = await Promise.all(
    (await api.clip.ids({})).map(async clipId => (await api.clip.get({ clipId })).mediaId),
  )
  return { core, api, mediaIds }
}

test('a copy for playing is one job, however many views wait for it', async () => {
  const { core, api, mediaIds } = await setup()
  const mediaId = mediaIds[0]!

  const answers = await Promise.all([
    api.media.preparePlayback({ mediaId }),
    api.media.preparePlayback({ mediaId }),
  ])
  const jobs = await api.job.list()
  await core.close()

  expect(answers.map(({ playUrl }) => playUrl !== null)).toEqual([true, true])
  expect(jobs).toMatchObject([
    { kind: 'proxy', title: 'Playable copy of a.avi', state: 'done', done: 50, total: 50, unit: 'frames' },
  ])
})

test('a copy that nobody waits for any more does not begin', async () => {
  const { core, api, mediaIds } = await setup()
  const leaving = new AbortController()
  const first = api.media.preparePlayback({ mediaId: mediaIds[0]! })
  const second = api.media.preparePlayback({ mediaId: mediaIds[1]! }, { signal: leaving.signal })

  while ((await api.job.list()).length < 2) await new Promise(resolve => setImmediate(resolve))
  leaving.abort()
  await expect(second).rejects.toThrow()
  await first
  const jobs = await api.job.list()
  await core.close()

  expect(jobs.map(({ title, state }) => [title, state])).toEqual([['Playable copy of a.avi', 'done']])
})
