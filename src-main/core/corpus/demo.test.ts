import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ImportSource } from '#shared/contract/transfer.ts'
import { addClip, addRecording } from '../testing/corpus.ts'
import { corpusDeps, temporaryFolder } from '../testing/folders.ts'
import { demoCorpusDir, fillDemo } from './demo.ts'
import { createCorpus } from './open-corpus.ts'

async function setup() {
  const dir = temporaryFolder()
  const demoDir = join(dir, 'resources')
  mkdirSync(join(demoDir, 'clips'), { recursive: true })
  writeFileSync(join(demoDir, 'clips', 'w1.mp4'), 'video')
  writeFileSync(
    join(demoDir, 'references.csv'),
    'id,file,split,signer,text,gloss\nw1,clips/w1.mp4,test,S1,sonne,SONNE\n',
  )
  const signs = [
    { gloss: 'SONNE', first: 0, last: 9 },
    { gloss: 'NORD', first: 25, last: 49 },
  ]
  writeFileSync(
    join(demoDir, 'signs.json'),
    JSON.stringify({ fps: 25, clips: { w1: { frames: 50, signs } } }),
  )
  const corpus = await createCorpus(demoCorpusDir(dir), { name: 'Wetter-Demo' }, corpusDeps())
  const { db } = corpus.context
  const imported: ImportSource[] = []
  const importFolder = async (source: ImportSource) => {
    if (imported.push(source) === 1)
      addClip(db, addRecording(db, 'w1'), { name: 'w1', startMs: 0, endMs: 2000 })
  }
  const signsOf = () =>
    db
      .prepare(`SELECT tier.name, start_ms, end_ms, value FROM annotation JOIN tier ON tier.id = tier_id`)
      .raw()
      .all()
  return { corpus, demoDir, imported, importFolder, signsOf }
}

test('the demo brings its media along, with the boundaries of its signs', async () => {
  const { corpus, demoDir, imported, importFolder, signsOf } = await setup()
  await fillDemo(corpus, { demoDir, importFolder })
  const media = join(corpus.paths.dir, 'media')
  expect(imported).toEqual([
    {
      source: media,
      format: 'folder',
      table: join(media, 'references.csv'),
      language: 'de',
      licence: 'CC0-1.0',
    },
  ])
  expect(existsSync(join(media, 'clips', 'w1.mp4'))).toBe(true)
  expect(signsOf()).toEqual([
    ['Gloss', 0, 400, 'SONNE'],
    ['Gloss', 1000, 2000, 'NORD'],
  ])
  expect((await corpus.summary()).isDemo).toBe(true)
  await corpus.close()
})

test('an interrupted demo goes on, a finished one is left as it is', async () => {
  const { corpus, demoDir, imported, importFolder, signsOf } = await setup()
  const interrupted = fillDemo(corpus, {
    demoDir,
    importFolder: async source => (await importFolder(source), Promise.reject(new Error('stop'))),
  })
  await expect(interrupted).rejects.toThrow('stop')
  await fillDemo(corpus, { demoDir, importFolder })
  await fillDemo(corpus, { demoDir, importFolder })
  expect([imported.length, signsOf().length]).toEqual([2, 2])
  await corpus.close()
})

test('says so where the demo clips are not installed', async () => {
  const { corpus, demoDir, importFolder } = await setup()
  await expect(fillDemo(corpus, { demoDir: join(demoDir, 'gone'), importFolder })).rejects.toThrow(
    expect.objectContaining({ code: 'media-missing' }),
  )
  await corpus.close()
})
