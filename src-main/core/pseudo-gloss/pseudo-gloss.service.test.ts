import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, expect, test } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { addClip, addRecording } from '../testing/corpus.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { testCore } from '../testing/workplace.ts'

const closing: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

/** A corpus of these sentences by split, seen through the core. */
async function setup(sentences: readonly (readonly [split: string, text: string])[] = []) {
  const dataDir = temporaryFolder()
  const dir = join(dataDir, 'Weather.signwright')
  const core = await testCore(dataDir)
  closing.push(core.close)
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir, name: 'Weather' })
  await api.corpus.close()
  const db = openDatabase(join(dir, 'corpus.sqlite'), { create: false })
  const place = addRecording(db)
  const clips = sentences.map(([split, text], at) =>
    addClip(db, place, { name: `clip-${at + 1}`, split, references: [text] }),
  )
  db.close()
  await api.corpus.open({ dir })
  const settled = (job: { id: Parameters<typeof core.settled>[0] }) => core.settled(job.id, () => {})
  return { api, clips, dataDir, settled }
}

test('typed German, English and Chinese sentences give pseudo-glosses in a fresh corpus', async () => {
  const { api } = await setup()
  const glosses = async (language: 'de' | 'en' | 'zh', text: string) =>
    (await api.pseudoGloss.ofText({ language, text })).glosses

  expect(await glosses('de', 'am mittwoch fällt an der küste regen .')).toEqual([
    'mittwoch',
    'fallen',
    'küste',
    'regen',
  ])
  expect(await glosses('en', 'Now tighten the two screws on the left side.')).toEqual([
    'now',
    'tighten',
    'two',
    'screw',
    'left',
    'side',
  ])
  expect(await glosses('zh', '我喜欢吃苹果。')).toEqual(['我', '喜欢', '吃', '苹果'])
})
