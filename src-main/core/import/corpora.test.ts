import { existsSync } from 'node:fs'
import { copyFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  addFrames,
  addText,
  addVideo,
  counts,
  newFolder,
  removeFoldersAfterAll,
  setupImport,
} from './testing/videos.ts'

removeFoldersAfterAll()

const CORPORA = resolve(import.meta.dirname, '../../../../shared/corpora')
const nothing = { added: 0, changed: 0, known: 0, broken: 0 }

const PHOENIX = 'name|video|start|end|speaker|orth|translation'
const phoenixRow = (name: string, text: string) => `${name}|${name}/1/*.png|-1|-1|Signer08|WETTER GUT|${text}`

async function phoenixFolder(level: '1' | ''): Promise<string> {
  const folder = await newFolder()
  const tables = join(folder, 'annotations', 'manual')
  await addText(
    join(tables, 'PHOENIX-2014-T.train.corpus.csv'),
    `${PHOENIX}\n${phoenixRow('11August-2', 'das wetter "gut')}\n`,
  )
  await addText(
    join(tables, 'PHOENIX-2014-T.dev.corpus.csv'),
    `${PHOENIX}\n${phoenixRow('01April-7', 'es regnet')}\n${phoenixRow('01April-8', 'ohne bilder')}\n${phoenixRow('01April-9', 'leer')}\n`,
  )
  const frames = join(folder, 'features', 'fullFrame-210x260px')
  await addFrames(join(frames, 'train', '11August-2', level))
  await addFrames(join(frames, 'dev', '01April-7', level))
  await addFrames(join(frames, 'dev', '01April-9', level), 0)
  return folder
}

describe('PHOENIX-2014T', () => {
  test.each(['1', ''] as const)('is recognised and read, with pictures below “%s”', async level => {
    const folder = await phoenixFolder(level)
    const { preview, run, clips } = setupImport()

    const shown = await preview(folder)

    expect(shown).toMatchObject({
      format: 'phoenix14t',
      table:
        'annotations/manual/PHOENIX-2014-T.train.corpus.csv, annotations/manual/PHOENIX-2014-T.dev.corpus.csv',
      delimiter: '|',
      columns: ['id', 'file', 'ignore', 'ignore', 'signer', 'gloss', 'text'],
      counts: { new: 2, known: 0, changed: 0, broken: 2 },
    })
    expect(shown.issues.filter(issue => issue.severity === 'error')).toEqual([
      {
        severity: 'error',
        file: 'annotations/manual/PHOENIX-2014-T.dev.corpus.csv',
        line: 3,
        message: 'There are no pictures for 01April-8 in dev.',
      },
      {
        severity: 'error',
        file: join('features/fullFrame-210x260px/dev/01April-9', level),
        line: 4,
        message: 'The folder holds no pictures.',
      },
    ])
    expect(counts(await run(folder))).toEqual({ ...nothing, added: 2, broken: 2 })
    const whole = {
      startMs: 0,
      endMs: 120,
      firstFrame: 0,
      lastFrame: 2,
      signer: 'Signer08',
      gloss: 'WETTER GUT',
      problem: null,
      language: 'de',
    }
    expect(clips()).toEqual([
      { ...whole, name: '01April-7', recording: '01April-7', split: 'dev', text: 'es regnet' },
      { ...whole, name: '11August-2', recording: '11August-2', split: 'train', text: 'das wetter "gut' },
    ])
    expect(counts(await run(folder))).toEqual({ ...nothing, known: 2, broken: 2 })
  })

  test('is found from the folder of its tables, and one split of it can be taken', async () => {
    const folder = await phoenixFolder('1')
    const { run, clips } = setupImport()

    await run(join(folder, 'annotations', 'manual'), { split: 'train' })

    expect(clips().map(clip => clip['name'])).toEqual(['11August-2'])
  })

  test('is read from copies without a header line', async () => {
    const folder = await newFolder()
    await addText(
      join(folder, 'PHOENIX-2014-T.test.skiping-header.corpus.csv'),
      `${phoenixRow('a-1', 'es schneit')}\n`,
    )
    await addFrames(join(folder, 'test', 'a-1'))
    const { run, clips } = setupImport()

    await run(folder)

    expect(clips().map(({ name, split, text }) => [name, split, text])).toEqual([
      ['a-1', 'test', 'es schneit'],
    ])
  })

  test.skipIf(!existsSync(join(CORPORA, 'text/phoenix_nc')))(
    'sentences as published go in and out unchanged (skipped where ../shared/corpora is absent)',
    async () => {
      const { readFile } = await import('node:fs/promises')
      const lines = async (name: string) =>
        (await readFile(join(CORPORA, 'text/phoenix_nc', name), 'utf8')).trimEnd().split('\n')
      const texts = await lines('phoenix2014T.dev.de')
      const glosses = await lines('phoenix2014T.dev.gloss')
      const folder = await newFolder()
      const rows = texts.map(
        (text, at) => `clip-${at}|clip-${at}/1/*.png|-1|-1|Signer01|${glosses[at]}|${text}`,
      )
      await addText(join(folder, 'PHOENIX-2014-T.dev.corpus.csv'), `${PHOENIX}\n${rows.join('\n')}\n`)
      const { preview } = setupImport()

      const shown = await preview(folder)

      expect(shown.counts).toEqual({ new: 0, known: 0, changed: 0, broken: 519 })
      expect(shown.clips.map(clip => [clip.text, clip.gloss])).toEqual(
        texts.slice(0, 500).map((text, at) => [text.trim(), glosses[at]?.trim()]),
      )
    },
  )
})

const HOW2SIGN =
  'VIDEO_ID\tVIDEO_NAME\tSENTENCE_ID\tSENTENCE_NAME\tSTART_REALIGNED\tEND_REALIGNED\tSENTENCE\r\n'
const how2SignRow = (n: number, start: number, end: number, text: string) =>
  `v\tv-5-rgb_front\tv_${n}\tv_${n}-5-rgb_front\t${start}\t${end}\t${text}\r\n`

describe('How2Sign', () => {
  const table = `${HOW2SIGN}${how2SignRow(0, 0.1, 0.9, '"He said ""go""."')}${how2SignRow(1, 1, 1.52, 'And I went.')}`

  test('cuts whole videos into clips of one recording', async () => {
    const folder = await newFolder()
    await addText(join(folder, 'how2sign_realigned_val.csv'), table)
    await addVideo(join(folder, 'raw_videos', 'v-5-rgb_front.mp4'))
    const { preview, run, clips } = setupImport()
    expect(await preview(folder)).toMatchObject({ format: 'how2sign', delimiter: '\t', counts: { new: 2 } })

    await run(folder)

    const both = {
      recording: 'v-5-rgb_front',
      split: 'val',
      signer: 'signer-5',
      gloss: '',
      problem: null,
      language: 'en',
    }
    expect(clips()).toEqual([
      {
        ...both,
        name: 'v_0-5-rgb_front',
        startMs: 100,
        endMs: 900,
        firstFrame: 3,
        lastFrame: 22,
        text: 'He said "go".',
      },
      {
        ...both,
        name: 'v_1-5-rgb_front',
        startMs: 1000,
        endMs: 1520,
        firstFrame: 25,
        lastFrame: 37,
        text: 'And I went.',
      },
    ])
  })

  test('takes clips that are cut already as they are', async () => {
    const folder = await newFolder()
    await addText(join(folder, 'how2sign_realigned_test.csv'), table)
    await addVideo(join(folder, 'clips', 'v_1-5-rgb_front.mp4'))
    const { run, clips } = setupImport()

    expect(counts(await run(folder))).toEqual({ ...nothing, added: 1, broken: 1 })

    expect(
      clips().map(({ name, recording, startMs, endMs, split }) => [name, recording, startMs, endMs, split]),
    ).toEqual([['v_1-5-rgb_front', 'v_1-5-rgb_front', 0, 2000, 'test']])
  })

  test.skipIf(!existsSync(join(CORPORA, 'text/how2sign_nc')))(
    'reads the published val table whole (skipped where ../shared/corpora is absent)',
    async () => {
      const folder = await newFolder()
      const name = 'how2sign_realigned_val.csv'
      await copyFile(join(CORPORA, 'text/how2sign_nc', name), join(folder, name))
      const { preview } = setupImport()

      const shown = await preview(folder)

      expect(shown.format).toBe('how2sign')
      expect(shown.counts).toEqual({ new: 0, known: 0, changed: 0, broken: 1741 })
      expect(
        new Set(shown.issues.slice(0, 500).map(issue => issue.message.replace(/ a clip .*/, ''))),
      ).toEqual(new Set(['There is neither']))
      expect(shown.issues.at(-1)?.message).toBe('1241 more of this kind are not listed.')
      expect(shown.clips.find(clip => clip.name === '1G8LIWgKLME_3-2-rgb_front')?.text).toContain(
        `For a very small intricate design like an "i" you're going to want`,
      )
    },
  )

  test.skipIf(!existsSync(join(CORPORA, 'video/how2sign_nc')))(
    'clips with a table of sentences come in as a folder (skipped where ../shared/corpora is absent)',
    async () => {
      const folder = join(CORPORA, 'video/how2sign_nc')
      const { preview, run, clips } = setupImport()
      expect(await preview(folder)).toMatchObject({
        format: 'folder',
        columns: ['id', 'text'],
        counts: { new: 12, broken: 0 },
      })

      expect(counts(await run(folder, { language: 'en' }))).toEqual({ ...nothing, added: 12 })

      expect(clips()[2]).toMatchObject({
        name: '_0fO5ETSwyg_2-5-rgb_front',
        text: 'with "Lips and More".',
        problem: null,
      })
      expect(counts(await run(folder))).toEqual({ ...nothing, known: 12 })
    },
  )
})
