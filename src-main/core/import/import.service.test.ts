import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  addFrames,
  addText,
  addVideo,
  counts,
  folderWithTable,
  newFolder,
  removeFoldersAfterAll,
  setupImport,
} from './testing/videos.ts'

removeFoldersAfterAll()

const nothing = { added: 0, changed: 0, known: 0, broken: 0 }

describe('a folder of videos', () => {
  test('takes every file for a clip, names namesakes by their folder and splits by it', async () => {
    const folder = await newFolder()
    await addVideo(join(folder, 'train', '1.mp4'))
    await addVideo(join(folder, 'dev', 'deep', '1.mp4'))
    await addVideo(join(folder, 'dev', 'two.avi'), 'old')
    await addFrames(join(folder, 'frames', 'three'))
    const { run, clips } = setupImport()

    expect(await run(folder, { licence: 'CC BY 4.0' })).toMatchObject({ ...nothing, added: 4 })

    expect(
      clips().map(({ name, recording, split, endMs, lastFrame }) => ({
        name,
        recording,
        split,
        endMs,
        lastFrame,
      })),
    ).toEqual([
      { name: 'dev/deep/1', recording: 'dev/deep/1', split: 'dev', endMs: 2000, lastFrame: 49 },
      { name: 'three', recording: 'three', split: '', endMs: 120, lastFrame: 2 },
      { name: 'train/1', recording: 'train/1', split: 'train', endMs: 2000, lastFrame: 49 },
      { name: 'two', recording: 'two', split: 'dev', endMs: 800, lastFrame: 19 },
    ])
  })

  test('shows in a preview what the import then does', async () => {
    const folder = await folderWithTable(
      'Name\tSentence\tSigner\tSplit\na\tIt rains.\tAnna\ttrain\nb\tIt snows.\tBen\tdev\n',
    )
    const { preview, run, clips, db } = setupImport()

    expect(await preview(folder, { language: 'en' })).toEqual({
      format: 'folder',
      table: 'sentences.tsv',
      tables: ['sentences.tsv'],
      delimiter: '\t',
      encoding: 'utf-8',
      header: ['Name', 'Sentence', 'Signer', 'Split'],
      columns: ['id', 'text', 'signer', 'split'],
      sampleRows: [
        ['a', 'It rains.', 'Anna', 'train'],
        ['b', 'It snows.', 'Ben', 'dev'],
      ],
      counts: { new: 2, known: 0, changed: 0, broken: 0 },
      clips: [
        {
          line: 2,
          name: 'a',
          file: 'videos/a.mp4',
          split: 'train',
          signer: 'Anna',
          text: 'It rains.',
          gloss: '',
          startMs: null,
          endMs: null,
          status: 'new',
        },
        {
          line: 3,
          name: 'b',
          file: 'videos/b.mp4',
          split: 'dev',
          signer: 'Ben',
          text: 'It snows.',
          gloss: '',
          startMs: null,
          endMs: null,
          status: 'new',
        },
      ],
      issues: [],
    })
    expect(db.prepare('SELECT count(*) FROM clip').pluck().get()).toBe(0)

    expect(await run(folder, { language: 'en' })).toEqual({ ...nothing, added: 2, issues: [] })

    const whole = {
      startMs: 0,
      endMs: 2000,
      firstFrame: 0,
      lastFrame: 49,
      gloss: '',
      problem: null,
      language: 'en',
    }
    expect(clips()).toEqual([
      { ...whole, name: 'a', recording: 'a', split: 'train', signer: 'Anna', text: 'It rains.' },
      { ...whole, name: 'b', recording: 'b', split: 'dev', signer: 'Ben', text: 'It snows.' },
    ])
    expect((await preview(folder)).counts).toEqual({ new: 0, known: 2, changed: 0, broken: 0 })
    expect(counts(await run(folder))).toEqual({ ...nothing, known: 2 })
  })

  test('takes a single video with its line of the table beside it', async () => {
    const folder = await folderWithTable('')
    await addText(join(folder, 'videos', 'all.csv'), 'name,text\na,It rains.\nb,It snows.\n')
    const { run, clips } = setupImport()

    expect(await run(join(folder, 'videos', 'b.mp4'))).toEqual({ ...nothing, added: 1, issues: [] })

    expect(clips().map(({ name, text }) => [name, text])).toEqual([['b', 'It snows.']])
  })

  test('cuts one video into the spans of a table', async () => {
    const folder = await folderWithTable(
      'id;file;start;end;text\ns1;v.mp4;0;0.8;One.\ns2;v.mp4;0.8;2.1;Two.\ns3;v.mp4;1.5;9;Too long.\ns4;v.mp4;3;4;After it.\ns5;v.mp4;2;1;Backwards.\ns6;v.mp4;soon;1;When?',
      ['v'],
    )
    const { run, clips } = setupImport()

    const result = await run(folder)

    expect(counts(result)).toEqual({ ...nothing, added: 3, broken: 3 })
    expect(
      clips().map(({ name, recording, startMs, endMs, firstFrame, lastFrame, problem }) => [
        name,
        recording,
        startMs,
        endMs,
        firstFrame,
        lastFrame,
        problem,
      ]),
    ).toEqual([
      ['s1', 'v', 0, 800, 0, 19, null],
      ['s2', 'v', 800, 2000, 20, 49, null],
      [
        's3',
        'v',
        1500,
        2000,
        38,
        49,
        'The table ends this clip at 00:09.000, but the video ends at 00:02.000.',
      ],
    ])
    expect(result.issues.filter(issue => issue.severity === 'error')).toEqual([
      { severity: 'error', file: 'sentences.tsv', line: 6, message: 'The clip ends before it starts.' },
      {
        severity: 'error',
        file: 'sentences.tsv',
        line: 7,
        message: '“soon” is no time. Write seconds (12.97) or a clock (0:12.97).',
      },
      {
        severity: 'error',
        file: 'sentences.tsv',
        line: 5,
        message: 'The video has no frames from 00:03.000 to 00:04.000: it ends at 00:02.000.',
      },
    ])
  })

  test('reads the columns as the user corrects them', async () => {
    const folder = await folderWithTable('a\tRegen\tIt rains and rains.\nb\tSchnee\tIt snows and snows.\n')
    const { preview, run, clips } = setupImport()
    expect((await preview(folder)).columns).toEqual(['id', 'ignore', 'text'])

    await run(folder, { columns: ['id', 'text', 'gloss'] })

    expect(clips().map(({ text, gloss }) => [text, gloss])).toEqual([
      ['Regen', 'It rains and rains.'],
      ['Schnee', 'It snows and snows.'],
    ])
  })
})

test('writes a table of 20,000 lines quickly, 200 a transaction', async () => {
  const lines = Array.from(
    { length: 20_000 },
    (_, at) => `clip-${at}\tv.mp4\tSentence number ${at} about the weather.`,
  )
  const folder = await folderWithTable(`id\tfile\ttext\n${lines.join('\n')}\n`, ['v'])
  const { preview, run, context } = setupImport()

  const started = performance.now()
  expect((await preview(folder)).counts.new).toBe(20_000)
  expect((await run(folder)).added).toBe(20_000)
  const transactions = context.announced.filter(change => change.kind === 'clips').length
  expect((await run(folder)).known).toBe(20_000)

  expect(transactions).toBeGreaterThanOrEqual(100)
  // Three seconds on an idle machine.
  expect(performance.now() - started).toBeLessThan(45_000)
})
