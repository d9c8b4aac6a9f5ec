import { truncate } from 'node:fs/promises'
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
