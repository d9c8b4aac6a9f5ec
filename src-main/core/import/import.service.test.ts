import { rename, truncate, utimes } from 'node:fs/promises'
import { join } from 'node:path'
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

const nothing = { added: 0, changed: 0, known: 0, broken: 0 }

async function folderWithTable(table: string, names = ['a', 'b']): Promise<string> {
  const folder = await newFolder()
  for (const name of names) await addVideo(join(folder, 'videos', `${name}.mp4`))
  await addText(join(folder, 'sentences.tsv'), table)
  return folder
}

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

describe('what is wrong', () => {
  test('is told with file and line, and stops nothing else', async () => {
    const folder = await folderWithTable(
      [
        'name\ttext\tsplit',
        'good\tFine.\ttrain',
        'good\tAgain.\ttrain',
        'absent\tNo file.\ttrain',
        'silent\t\ttrain',
        'wide\tCut\tin two\ttrain\tmore',
        'typo\tOh.\ttrian',
        'text\tNot a video.\ttest',
        'cut\tHalf.\ttest',
        'short\tQuick.\ttest',
        'narrow',
        '',
      ].join('\n'),
      ['good', 'silent', 'wide', 'typo', 'narrow', 'extra'],
    )
    await addVideo(join(folder, 'videos', 'short.mp4'), 'short')
    await addText(join(folder, 'videos', 'text.mp4'), 'This is no video at all, it only says so.')
    await addVideo(join(folder, 'videos', 'cut.mp4'))
    await truncate(join(folder, 'videos', 'cut.mp4'), 6000)
    await addFrames(join(folder, 'frames', 'one'))
    await addFrames(join(folder, 'frames', 'none'), 0)
    const { preview, run, clips } = setupImport()

    const shown = await preview(folder)

    const lines = shown.issues.map(
      ({ severity, file, line, message }) => `${severity} ${file}:${line} ${message}`,
    )
    expect(lines).toEqual([
      'error frames/none:null The folder holds no pictures.',
      'error sentences.tsv:3 There are two clips named good: the other is in sentences.tsv, line 2. Give each a name of its own; the first is imported.',
      'error sentences.tsv:4 There is no video or folder of pictures for absent.',
      'error sentences.tsv:6 The line has 5 columns instead of 3. A text that holds the delimiter needs quotes around it.',
      'error sentences.tsv:11 The line has 1 column instead of 3.',
      'error videos/text.mp4:8 text.mp4 is no video, whatever its name says.',
      'warning sentences.tsv:5 silent has no text. It is imported without a reference.',
      'warning sentences.tsv:7 “trian” (1 clip) is not a usual name of a split (train, dev, val, test). It is kept as it is.',
      expect.stringMatching(
        /^warning videos\/cut\.mp4:9 The file is cut off: \d+ bytes are missing at its end\./,
      ),
      'info videos/extra.mp4:null No line of the table names extra. It is imported without a reference.',
      'info frames/one:null No line of the table names one. It is imported without a reference.',
      'info videos/short.mp4:10 short has 5 frames; features need 16, so its last frame is repeated.',
      'info frames/one:null one has 3 frames; features need 16, so its last frame is repeated.',
    ])
    expect(shown.counts).toEqual({ new: 7, known: 0, changed: 0, broken: 5 })

    const result = await run(folder)
    expect(counts(result)).toEqual({ ...nothing, added: 7, broken: 5 })
    expect(clips().map(({ name, text }) => [name, text])).toEqual([
      ['cut', 'Half.'],
      ['extra', null],
      ['good', 'Fine.'],
      ['one', null],
      ['short', 'Quick.'],
      ['silent', null],
      ['typo', 'Oh.'],
    ])
    expect(clips()[0]?.['problem']).toMatch(/^The video ends early at 00:0[01]\.\d+, after \d+ frames/)
  })

  test('with the encoding is told with its line, and read once the user has chosen', async () => {
    const folder = await folderWithTable('', ['a', 'b'])
    await addText(
      join(folder, 'sentences.tsv'),
      Buffer.from('name\ttext\na\tRegen\nb\tgrüne Wälder\n', 'latin1'),
    )
    const { preview, run, clips } = setupImport()

    const shown = await preview(folder)
    expect(shown).toMatchObject({
      encoding: null,
      counts: { new: 0, broken: 2 },
      sampleRows: [
        ['a', 'Regen'],
        ['b', 'grüne Wälder'],
      ],
    })
    expect(shown.issues[0]).toEqual({
      severity: 'error',
      file: 'sentences.tsv',
      line: 3,
      message: expect.stringContaining('It looks like Latin-1') as string,
    })

    expect(await run(folder, { encoding: 'latin1' })).toEqual({ ...nothing, added: 2, issues: [] })
    expect(clips().map(clip => clip['text'])).toEqual(['Regen', 'grüne Wälder'])
  })

  test('with a Chinese table in GB 18030 likewise', async () => {
    const folder = await folderWithTable('', ['a'])
    // "名称\t翻译\na\t你好吗" as Chinese Excel saves it.
    const bytes = [
      0xc3, 0xfb, 0xb3, 0xc6, 9, 0xb7, 0xad, 0xd2, 0xeb, 10, 0x61, 9, 0xc4, 0xe3, 0xba, 0xc3, 0xc2, 0xf0, 10,
    ]
    await addText(join(folder, 'sentences.tsv'), Uint8Array.from(bytes))
    const { preview, run, clips } = setupImport()
    expect((await preview(folder)).issues[0]?.message).toContain('GB 18030')

    await run(folder, { encoding: 'gb18030' })

    expect(clips().map(clip => clip['text'])).toEqual(['你好吗'])
  })

  test('with the quotes of one line does not lose the others', async () => {
    const folder = await folderWithTable('name\ttext\na\twith "Lips and More".\nb\t"She said ""no""."\n')
    const { run, clips } = setupImport()

    const { issues } = await run(folder)

    expect(clips().map(clip => clip['text'])).toEqual(['with "Lips and More".', 'She said "no".'])
    expect(issues).toEqual([
      {
        severity: 'info',
        file: 'sentences.tsv',
        line: 2,
        message: expect.stringContaining('quotation marks') as string,
      },
    ])
  })

  test('when ffmpeg is missing is told once', async () => {
    const folder = await folderWithTable('name\ttext\na\tA.\nb\tB.\n')
    const { preview, run } = setupImport()
    process.env['SIGNWRIGHT_FFMPEG'] = '/nowhere/ffmpeg'
    try {
      expect((await preview(folder)).issues).toEqual([
        {
          severity: 'error',
          file: folder,
          line: null,
          message: expect.stringContaining('needs ffmpeg') as string,
        },
      ])
      await expect(run(folder)).rejects.toMatchObject({ code: 'ffmpeg-missing' })
    } finally {
      delete process.env['SIGNWRIGHT_FFMPEG']
    }
  })

  test('when there is nothing to import', async () => {
    const folder = await newFolder()
    const { preview } = setupImport()
    await expect(preview(folder)).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(preview(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'not-found' })
    await expect(preview(folder, { format: 'phoenix14t' })).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(preview(folder, { format: 'how2sign' })).rejects.toMatchObject({ code: 'invalid-input' })
  })
})

describe('importing again', () => {
  const first = 'name\ttext\na\tIt rains.\nb\tIt snows.\n'
  const second = 'name\ttext\na\tIt rains a lot.\nb\tIt snows a lot.\n'

  test('makes a changed text a new version, and keeps what a person has corrected', async () => {
    const folder = await folderWithTable(first)
    const { preview, run, clips, db } = setupImport()
    await run(folder)
    db.exec(`
      UPDATE reference SET text = 'It snows!', version = 2, source = 'edit', changed_by = 'Ada' WHERE text = 'It snows.';
      INSERT INTO reference_version (reference_id, version, text, source, changed_at, changed_by)
        SELECT id, version, text, source, 0, 'Ada' FROM reference WHERE version = 2`)
    expect(counts(await run(folder))).toEqual({ ...nothing, known: 2 })
    await addText(join(folder, 'sentences.tsv'), second)
    expect((await preview(folder)).counts).toEqual({ new: 0, known: 1, changed: 1, broken: 0 })

    const result = await run(folder)

    expect(counts(result)).toEqual({ ...nothing, changed: 1, known: 1 })
    expect(result.issues).toEqual([
      {
        severity: 'info',
        file: 'sentences.tsv',
        line: 3,
        message:
          'The table has another text for b, but its reference was corrected here by Ada. The correction is kept.',
      },
    ])
    expect(clips().map(clip => clip['text'])).toEqual(['It rains a lot.', 'It snows!'])
    expect(
      db.prepare(`SELECT version, text, source FROM reference_version ORDER BY reference_id, version`).all(),
    ).toEqual([
      { version: 1, text: 'It rains.', source: 'import' },
      { version: 2, text: 'It rains a lot.', source: 'import' },
      { version: 1, text: 'It snows.', source: 'import' },
      { version: 2, text: 'It snows!', source: 'edit' },
    ])
  })

  test('finds a moved folder by its content and adds nothing', async () => {
    const folder = await folderWithTable(first)
    await addVideo(join(folder, 'videos', 'b.mp4'), 'other')
    const { run, db } = setupImport()
    await run(folder)
    const moved = `${folder}-moved`
    await rename(folder, moved)

    expect(counts(await run(moved))).toEqual({ ...nothing, known: 2 })

    expect(db.prepare('SELECT path FROM media ORDER BY path').pluck().all()).toEqual([
      join(moved, 'videos', 'a.mp4'),
      join(moved, 'videos', 'b.mp4'),
    ])
    await rename(moved, folder)
  })

  test('adds no copy of a file that is there already', async () => {
    const folder = await folderWithTable(first)
    const copy = await folderWithTable(first)
    const { run, db } = setupImport()
    await run(folder)

    expect(counts(await run(copy))).toEqual({ ...nothing, known: 2 })

    expect(db.prepare('SELECT count(*) FROM media').pluck().get()).toBe(2)
  })

  test('refuses another file under a name that is taken', async () => {
    const folder = await folderWithTable(first)
    const other = await newFolder()
    await addVideo(join(other, 'a.mp4'), 'other')
    const { preview, run } = setupImport()
    await run(folder)
    expect((await preview(other)).counts).toMatchObject({ broken: 1 })

    const result = await run(other)

    expect(counts(result)).toEqual({ ...nothing, broken: 1 })
    expect(result.issues[0]?.message).toBe(
      `The corpus already has a clip a, of another file (${join(folder, 'videos', 'a.mp4')}). Give this one another name.`,
    )
  })

  test('takes the frames of a file that was replaced, and none of one that was only touched', async () => {
    const folder = await folderWithTable(first)
    const { run, clips, db } = setupImport()
    await run(folder)
    await addVideo(join(folder, 'videos', 'a.mp4'), 'other')
    await utimes(join(folder, 'videos', 'b.mp4'), 1, 1)

    expect(counts(await run(folder))).toEqual({ ...nothing, changed: 1, known: 1 })

    expect(clips().map(clip => clip['lastFrame'])).toEqual([39, 49])
    expect(db.prepare('SELECT count(*) FROM media').pluck().get()).toBe(2)
    expect(counts(await run(folder))).toEqual({ ...nothing, known: 2 })
  })

  test('keeps the name of a file whose namesake came later', async () => {
    const folder = await newFolder()
    await addVideo(join(folder, 'x', '1.mp4'))
    const { run, clips } = setupImport()
    await run(folder)
    await addVideo(join(folder, 'y', '1.mp4'), 'other')

    expect(counts(await run(folder))).toEqual({ ...nothing, added: 1, known: 1 })

    expect(clips().map(clip => clip['name'])).toEqual(['1', 'y/1'])
  })

  test('goes on where it was stopped', async () => {
    const names = Array.from({ length: 8 }, (_, at) => `v${at}`)
    const folder = await newFolder()
    for (const name of names) await addVideo(join(folder, `${name}.mp4`))
    const { run, clips } = setupImport()
    const stop = new AbortController()
    let files = 0

    await expect(run(folder, {}, stop.signal, () => ++files === 3 && stop.abort())).rejects.toMatchObject({
      name: 'AbortError',
    })

    expect(clips()).toHaveLength(3)
    expect(counts(await run(folder))).toEqual({ ...nothing, added: 5, known: 3 })
    expect(clips().map(clip => clip['name'])).toEqual(names)
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
