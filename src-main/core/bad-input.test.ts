import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import type { ClipRow } from '#shared/contract/clip.ts'
import { ModelId, type JobId } from '#shared/contract/ids.ts'
import { addFrames, addText, addVideo, removeFoldersAfterAll } from './import/testing/videos.ts'
import { temporaryFolder } from './testing/folders.ts'
import { installTinyModel, testCore } from './testing/workplace.ts'

removeFoldersAfterAll()

const tiny = ModelId.parse('tiny')
const all = { kind: 'all' } as const

/** An empty corpus in a folder whose name has what scripts forget, a model, and a folder for videos. */
async function setup() {
  const dataDir = temporaryFolder()
  await installTinyModel(dataDir)
  const core = await testCore(dataDir)
  const api = createRouterClient(core.router, { context: {} })
  const corpus = await api.corpus.create({ dir: join(dataDir, 'Körper und Hände'), name: '手语 🎬' })
  const videos = join(dataDir, 'vidéos')
  mkdirSync(videos)
  const settled = (id: JobId) => core.settled(id, () => {})
  const importAll = async () => settled((await api.importing.start({ source: videos })).id)
  const extract = async (selection: Parameters<typeof api.job.extract>[0]['selection'] = all) =>
    settled((await api.job.extract({ selection, modelId: tiny, device: 'cpu' })).id)
  const complaints = async (jobId: JobId) =>
    (await api.job.log({ jobId })).flatMap(({ clip, level, message }) =>
      level === 'error' ? [[clip, message]] : [],
    )
  const clips = async (): Promise<ClipRow[]> => (await api.clip.list({})).rows
  return { dataDir, corpusDir: corpus.dir, videos, core, api, settled, importAll, extract, complaints, clips }
}

test('clips that cannot be read harm no others, and come in when they are mended', async () => {
  const { videos, core, api, settled, importAll, extract, complaints, clips } = await setup()
  await addVideo(join(videos, 'good.mp4'))
  await addVideo(join(videos, 'gone.mp4'), 'other')
  await addVideo(join(videos, 'short.mp4'), 'short')
  await addFrames(join(videos, 'pictures'), 20)
  await importAll()
  const [, second = ''] = readdirSync(join(videos, 'pictures')).sort()
  const picture = join(videos, 'pictures', second)
  cpSync(picture, `${videos}.png`)
  writeFileSync(picture, 'no picture')
  const away = `${videos}-elsewhere.mp4`
  renameSync(join(videos, 'gone.mp4'), away)

  const job = await extract()

  expect(job).toMatchObject({ state: 'done', itemsDone: 2, itemsFailed: 2, problem: null })
  expect(await complaints(job.id)).toEqual([
    [
      'pictures',
      expect.stringMatching(new RegExp(`^Frame ${second} in pictures .*Replace this picture\\.$`)),
    ],
    ['gone', `${join(videos, 'gone.mp4')} is not there. Connect its drive, or say where the file is now.`],
  ])
  expect((await clips()).filter(clip => clip.hasFeatures).map(clip => clip.name)).toEqual(['good', 'short'])

  cpSync(`${videos}.png`, picture)
  const [lost] = await api.media.missing()
  expect(await api.media.relink({ mediaId: lost!.id, path: away, alsoSiblings: true })).toEqual({
    relinked: 1,
    stillMissing: 0,
  })
  const again = await settled((await api.job.retry({ jobId: job.id })).id)
  await core.close()

  expect(again).toMatchObject({ id: job.id, state: 'done', itemsDone: 4, itemsFailed: 0 })
})

test('links that lead nowhere or in circles, pipes and files that are no video are told, not stumbled over', async () => {
  const { videos, core, api, importAll, clips } = await setup()
  await addVideo(join(videos, 'good.mp4'))
  symlinkSync('good.mp4', join(videos, 'link.mp4'))
  symlinkSync('nowhere.mp4', join(videos, 'dead.mp4'))
  symlinkSync('../vidéos', join(videos, 'circle'))
  await addText(join(videos, 'text.mp4'), 'No video at all.')
  await addText(join(videos, 'empty.mp4'), '')
  const hasPipes = spawnSync('mkfifo', [join(videos, 'pipe.mp4')]).status === 0

  const { issues, counts } = await api.importing.preview({ source: videos })
  const job = await importAll()

  expect(issues.map(({ severity, file, message }) => `${severity} ${file}: ${message}`)).toEqual([
    'error empty.mp4: empty.mp4 is empty (0 bytes). Copy it again from where it came.',
    'error text.mp4: text.mp4 is no video, whatever its name says.',
    'warning dead.mp4: This link leads to a file that is not there; it is left out. Connect the drive that holds the file, or make the link anew.',
    ...(hasPipes
      ? ['warning pipe.mp4: This is no plain file but a pipe, socket or device; it is left out.']
      : []),
  ])
  expect(counts).toEqual({ new: 2, known: 0, changed: 0, broken: 2 })
  expect(job).toMatchObject({
    state: 'done',
    warning: '2 clips were left out; the log of this job names the reasons.',
  })
  expect((await clips()).map(clip => clip.name)).toEqual(['good', 'link'])
  await core.close()
})

test('a table whose columns name no video is told, and the videos come in without it', async () => {
  const { videos, core, api, importAll, clips } = await setup()
  await addVideo(join(videos, 'good.mp4'))
  await addText(join(videos, 'weather.csv'), 'foo;bar\n1;2\n')

  const { issues } = await api.importing.preview({ source: videos })
  await importAll()

  expect(issues).toEqual([
    {
      severity: 'info',
      file: 'weather.csv',
      line: null,
      message: expect.stringContaining('This table is not used') as string,
    },
  ])
  expect((await clips()).map(({ name, reference }) => ({ name, reference }))).toEqual([
    { name: 'good', reference: '' },
  ])
  await core.close()
})

test('names with spaces, quotes, emoji, line breaks and decomposed letters go all the way', async () => {
  const { videos, core, api, importAll, extract } = await setup()
  const names = [' a b', "it's -i 100%", 'grün🎬', 'gru\u0308n', 'new\nline', '$(touch x)', '%d', '手语']
  for (const name of names) await addVideo(join(videos, `${name}.mp4`))
  await importAll()

  const job = await extract()
  const run = await core.settled(
    (await api.job.translate({ selection: all, modelId: tiny, device: 'cpu' })).id,
    () => {},
  )
  await core.close()

  expect(job).toMatchObject({ state: 'done', itemsDone: names.length, itemsFailed: 0 })
  expect(run).toMatchObject({ state: 'done', itemsDone: names.length })
})

test('a table of one row and one of twenty thousand are read, the latter with a list of complaints that ends', async () => {
  const { dataDir, videos, core, api } = await setup()
  await addVideo(join(videos, 'v0.mp4'))
  await addText(join(dataDir, 'one.csv'), 'name;text\nv0;Nur einer.')
  const rows = Array.from({ length: 20_000 }, (_, at) => `v${at},"Satz ${at}, mit Komma"`)
  await addText(join(dataDir, 'many.csv'), `name,text\n${rows.join('\n')}\n`)

  const one = await api.importing.preview({ source: videos, table: join(dataDir, 'one.csv') })
  const many = await api.importing.preview({ source: videos, table: join(dataDir, 'many.csv') })
  await core.close()

  expect(one.clips.map(({ name, text }) => ({ name, text }))).toEqual([{ name: 'v0', text: 'Nur einer.' }])
  expect(many.counts).toEqual({ new: 1, known: 0, changed: 0, broken: 19_999 })
  expect(many.clips[0]).toMatchObject({ name: 'v0', text: 'Satz 0, mit Komma', line: 2 })
  expect({ clips: many.clips.length, issues: many.issues.length }).toEqual({ clips: 500, issues: 501 })
  expect(many.issues.at(-1)?.message).toBe('19499 more of this kind are not listed.')
})

test('a model with a changed byte is refused before anything is queued', async () => {
  const { dataDir, videos, core, api, importAll } = await setup()
  await addVideo(join(videos, 'good.mp4'))
  const imported = await importAll()
  const dir = join(dataDir, 'built-in', 'tiny')
  const damaged = join(dataDir, 'built-in', 'damaged')
  cpSync(dir, damaged, { recursive: true })
  const file = readdirSync(damaged).find(name => name.endsWith('.data')) ?? ''
  spawnSync('dd', ['if=/dev/zero', `of=${join(damaged, file)}`, 'bs=1', 'count=8', 'seek=4', 'conv=notrunc'])

  const refused = api.job.translate({ selection: all, modelId: ModelId.parse('damaged'), device: 'cpu' })

  await expect(refused).rejects.toMatchObject({
    code: 'model-unavailable',
    message: expect.stringContaining(file) as string,
  })
  expect((await api.job.list()).map(job => job.id)).toEqual([imported.id])
  expect(await api.run.list()).toEqual([])
  await core.close()
})

test('what is asked for and is not there is named, with what there is', async () => {
  const { videos, core, api, importAll } = await setup()
  await expect(api.job.extract({ selection: all, modelId: tiny, device: 'cpu' })).rejects.toMatchObject({
    code: 'invalid-input',
    message: 'No clips are selected. Import clips first, or select others.',
  })
  await addVideo(join(videos, 'good.mp4'))
  await importAll()

  const wish = { modelId: tiny, device: 'cpu' } as const
  await expect(
    api.job.extract({ ...wish, selection: all, modelId: ModelId.parse('none') }),
  ).rejects.toMatchObject({
    code: 'not-found',
    message: 'There is no model "none". Installed: tiny',
  })
  await expect(
    api.job.extract({ ...wish, selection: { kind: 'names', names: ['other'] } }),
  ).rejects.toMatchObject({ code: 'not-found' })
  await expect(
    api.job.extract({ ...wish, selection: { kind: 'split', split: 'dev' } }),
  ).rejects.toMatchObject({ code: 'not-found' })
  expect((await api.job.list()).map(job => job.kind)).toEqual(['import'])
  await core.close()
})

test('the same wish goes on with the job that was stopped; another one is a job of its own', async () => {
  const { videos, core, api, settled, importAll } = await setup()
  for (const name of ['a', 'b', 'c']) await addVideo(join(videos, `${name}.mp4`))
  await importAll()
  const wish = { selection: all, modelId: tiny, device: 'cpu', name: 'first' } as const
  const begun = await api.job.translate(wish)
  await api.job.pause({ jobId: begun.id })

  const other = await settled((await api.job.translate({ ...wish, name: 'second', beams: 2 })).id)
  const same = await settled((await api.job.translate(wish)).id)

  expect([other.id === begun.id, same.id === begun.id]).toEqual([false, true])
  expect(same).toMatchObject({ state: 'done', itemsDone: 3 })
  expect((await api.run.list()).map(({ name, isComplete }) => [name, isComplete])).toEqual([
    ['second', true],
    ['first', true],
  ])
  await expect(api.job.translate(wish)).rejects.toMatchObject({ code: 'conflict' })
  await core.close()
})

test('features that somebody deleted are made again, and the corpus opens as before', async () => {
  const { corpusDir, videos, core, importAll, extract } = await setup()
  await addVideo(join(videos, 'good.mp4'))
  await importAll()
  await extract()
  rmSync(join(corpusDir, 'features'), { recursive: true })

  const job = await extract()
  await core.close()

  expect(job).toMatchObject({ state: 'done', itemsDone: 1 })
  expect(existsSync(join(corpusDir, 'features'))).toBe(true)
})
