import { describe, expect, test } from 'vitest'
import { NO_REAL_FILES, realFiles } from '../testing/real-files.ts'
import { emptyDocument, plainAnnotation, plainTier } from '../annotation-document.ts'
import { planTextGrid, textGridToDocument } from './textgrid-conversion.ts'
import { readTextGrid } from './textgrid.ts'
import { writeTextGrid } from './textgrid-writer.ts'

const SHORT = `File type = "ooTextFile"
Object class = "TextGrid"

0
2.5
<exists>
2
"IntervalTier"
"say ""hi"""
0
2.5
2
0
1.0004
""
1.0004
2.5
"a ""quoted"" word
and 2 lines"
"TextTier"
"points"
0
2.5
1
0.25
"here"
`

const read = (text: string) => readTextGrid(Buffer.from(text), 'a.TextGrid')

test('reads the short form with doubled quotes, lines inside strings and points', () => {
  const grid = read(SHORT)
  expect(grid.form).toBe('short')
  expect(grid.tiers).toEqual([
    {
      kind: 'interval',
      name: 'say "hi"',
      start: '0',
      end: '2.5',
      intervals: [
        { start: '0', end: '1.0004', text: '' },
        { start: '1.0004', end: '2.5', text: 'a "quoted" word\nand 2 lines' },
      ],
    },
    { kind: 'point', name: 'points', start: '0', end: '2.5', points: [{ time: '0.25', mark: 'here' }] },
  ])
})

test.each(['utf8', 'utf16le', 'utf16be'] as const)('writes what it read, in %s too', encoding => {
  const text = encoding === 'utf8' ? SHORT : `\uFEFF${SHORT}`
  const bytes = encoding === 'utf16be' ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, encoding)
  const grid = readTextGrid(bytes, 'a.TextGrid')
  expect(Buffer.from(writeTextGrid(grid)).equals(bytes)).toBe(true)
  const long = writeTextGrid({ ...grid, form: 'long' })
  expect(readTextGrid(long, 'a.TextGrid')).toEqual({ ...grid, form: 'long' })
})

test('becomes tiers in whole milliseconds and tells what was rounded', () => {
  const document = textGridToDocument(read(SHORT))
  expect(
    document.tiers.map(({ name, kind, annotations }) => [
      name,
      kind,
      annotations.map(({ startMs, endMs }) => [startMs, endMs]),
    ]),
  ).toEqual([
    ['say "hi"', 'interval', [[1000, 2500]]],
    ['points', 'point', [[250, 250]]],
  ])
  expect(document.extras.map(({ sentence }) => sentence)).toEqual([
    '1 time is rounded to whole milliseconds.',
    '1 interval without text becomes a gap.',
  ])
})

test('puts overlaps and moments on tiers beside', () => {
  const at = (startMs: number, endMs: number, value: string) =>
    plainAnnotation({ id: '', startMs, endMs, value })
  const { losses, write } = planTextGrid({
    ...emptyDocument(),
    tiers: [plainTier('A', [at(0, 900, 'x'), at(500, 1000, 'y'), at(700, 700, 'z')])],
  })
  expect(losses.map(({ sentence }) => sentence)).toEqual([
    '1 annotation overlaps another one and goes to an extra tier.',
    '1 annotation without length goes to an extra point tier.',
  ])
  const grid = readTextGrid(write(), 'a.TextGrid')
  expect(grid.defects).toEqual([])
  expect(grid.tiers.map(tier => [tier.name, tier.kind])).toEqual([
    ['A', 'interval'],
    ['A (2)', 'interval'],
    ['A (points)', 'point'],
  ])
})

test.each([
  [
    SHORT.replace('"points"', 'points'),
    'a.TextGrid, line 22, column 1: 0 stands where the name of a tier is expected.',
  ],
  [SHORT.slice(0, SHORT.indexOf('2.5\n"a ')), 'the file ends where its end is expected.'],
  [SHORT.slice(0, -3), 'a quotation mark is opened and never closed'],
  ['File type = "ooTextFile"\nObject class = "Sound"\n', 'this is no TextGrid'],
  ['ooBinaryFile\u0008TextGrid', 'is a binary TextGrid. Save it in Praat as a text file.'],
])('says where a broken file ends or errs', (text, message) => {
  expect(() => read(text)).toThrow(message)
})

const files = realFiles('.textgrid')

test.skipIf(files.length)('real TextGrid files', ({ skip }) => skip(NO_REAL_FILES))

describe.each(files)('$name', ({ name, bytes }) => {
  test('is the same, byte for byte, after reading and writing', () => {
    expect(Buffer.from(writeTextGrid(readTextGrid(bytes, name))).equals(bytes)).toBe(true)
  })
})

test('keeps strings of several lines in files with CRLF', () => {
  const text = SHORT.replaceAll('\n', '\r\n')
  const grid = read(text)
  expect(grid.tiers[0]).toMatchObject({ intervals: [{ text: '' }, { text: 'a "quoted" word\nand 2 lines' }] })
  expect(Buffer.from(writeTextGrid(grid)).toString()).toBe(text)
})
