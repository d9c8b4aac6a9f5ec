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

const WEATHER = [
  ['train', 'heute fällt regen .'],
  ['train', 'heute weht ein starker wind .'],
  ['train', 'heute fällt regen .'],
  ['dev', 'am montag scheint die sonne .'],
] as const

test('tags the corpus as a job, counts the training split, and shows what other splits would leak', async () => {
  const { api, clips, settled } = await setup(WEATHER)
  expect(await api.pseudoGloss.effect({})).toMatchObject({ sentences: 0, untagged: 4 })

  expect(await settled(await api.pseudoGloss.tag({}))).toMatchObject({
    state: 'done',
    done: 4,
    unit: 'sentences',
  })

  expect(await api.pseudoGloss.setting()).toMatchObject({
    language: 'de',
    providerId: null,
    splits: ['train'],
  })
  // A gloss of two different sentences is too frequent from 0.4 × 2 on: all of them are.
  expect(await api.pseudoGloss.effect({})).toMatchObject({
    sentences: 3,
    uniqueSentences: 2,
    untagged: 0,
    vocabulary: 6,
    kept: 10,
    frequent: ['fallen', 'heute', 'regen', 'stark', 'wehen', 'wind'],
    leak: { vocabulary: 9, onlyOutside: 3, splits: ['dev'] },
  })
  const last = clips[3]
  expect(last && (await api.pseudoGloss.ofClip({ clipId: last }))?.glosses).toEqual([
    'montag',
    'scheinen',
    'sonne',
  ])
})

test('a correction is an edit, stays when sentences are tagged again, and can be undone', async () => {
  const { api, clips, settled } = await setup(WEATHER)
  const [clipId] = clips
  if (clipId === undefined) throw new Error('no clip')
  const glosses = async () => (await api.pseudoGloss.ofClip({ clipId }))?.glosses
  await settled(await api.pseudoGloss.tag({}))
  const sentence = await api.pseudoGloss.ofClip({ clipId })
  if (!sentence) throw new Error('no sentence')
  const place = { referenceId: sentence.referenceId, occurrence: 0 }

  await api.pseudoGloss.correct({ ...place, surface: 'heute', isKept: false })
  await api.pseudoGloss.correct({ ...place, surface: 'fällt', lemma: 'niederfallen', isEverywhere: true })
  expect(await glosses()).toEqual(['niederfallen', 'regen'])

  const setting = await api.pseudoGloss.setting()
  await api.pseudoGloss.saveSetting({ ...setting, language: 'en', providerId: 'wink' })
  await api.pseudoGloss.saveSetting(setting)
  await settled(await api.pseudoGloss.tag({ imported: true }))
  expect(await glosses()).toEqual(['niederfallen', 'regen'])
  expect((await api.pseudoGloss.effect({})).corrections).toBe(2)

  for (let undone = 0; undone < 3; undone++) await api.edit.undo()
  expect(await glosses()).toEqual(['fallen', 'regen'])
})

test('the rule keeps other parts of speech, stop words and words to keep, before anything is saved', async () => {
  const { api, settled } = await setup(WEATHER)
  await settled(await api.pseudoGloss.tag({}))
  const setting = await api.pseudoGloss.setting()
  const rule = { ...setting.rule, keptPos: ['NOUN' as const], stopWords: ['wind'], keepWords: ['heute'] }

  expect(await api.pseudoGloss.effect({ setting: { ...setting, rule } })).toMatchObject({
    vocabulary: 2,
    kept: 5,
  })
  expect((await api.pseudoGloss.effect({})).vocabulary).toBe(6)
  await api.pseudoGloss.saveSetting({ ...setting, rule })
  const { rows } = await api.pseudoGloss.vocabulary({ sort: 'gloss', descending: false })
  expect(rows.map(({ id, gloss, count, documents }) => [id, gloss, count, documents])).toEqual([
    [0, 'heute', 3, 3],
    [1, 'regen', 2, 2],
  ])
})
