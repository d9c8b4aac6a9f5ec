import { describe, expect, test } from 'vitest'
import { NO_REAL_FILES, realFiles } from '../testing/real-files.ts'
import { parseTiming } from './cue-time.ts'
import { subtitlesToDocument } from './subtitle-conversion.ts'
import { cuesOf, type SubtitleDocument } from './subtitle-document.ts'
import { readSrt, readVtt } from './subtitle-reader.ts'
import { writeSubtitles } from './subtitle-writer.ts'

const srt = (text: string) => readSrt(Buffer.from(text), 'a.srt')
const vtt = (text: string) => readVtt(Buffer.from(text), 'a.vtt')
const written = (document: SubtitleDocument) => Buffer.from(writeSubtitles(document)).toString()
const short = (document: SubtitleDocument) =>
  cuesOf(document).map(({ id, startMs, endMs, text }) => [id, startMs, endMs, text])

test.each([
  ['00:00:01,500 --> 00:01:02,003', 1500, 62_003],
  ['1:02.5 --> 1:01:02.25', 62_500, 3_662_250],
  ['00:00:01:500-->00:00:02:000', 1500, 2000],
  ['00:02:08.000 --> 00.02:32.000', 128_000, 152_000],
])('reads the timing %s', (line, startMs, endMs) => {
  expect(parseTiming(line, 'srt')).toMatchObject({ startMs, endMs })
})

test('reads SRT with a mark, CRLF, missing numbers, dots and text of several lines', () => {
  const document = srt(
    '\uFEFF1\r\n00:00:01,000 --> 00:00:02,000 X1:1\r\none\r\n<i>two</i>\r\n\r\n00:00:02.5 --> 00:00:03,000\r\n2\r\n\r\n',
  )
  expect(short(document)).toEqual([
    ['1', 1000, 2000, 'one\n<i>two</i>'],
    ['', 2500, 3000, '2'],
  ])
  expect(document.defects.map(({ code, line }) => `${code}:${line}`)).toEqual(['odd-time:6'])
  expect(written(document)).toBe(
    '\uFEFF1\r\n00:00:01,000 --> 00:00:02,000 X1:1\r\none\r\n<i>two</i>\r\n\r\n2\r\n00:00:02,500 --> 00:00:03,000\r\n2\r\n',
  )
})

test('keeps empty lines inside of SRT cues, cues without text, overlaps and stray text', () => {
  const document = srt(
    'who knows\n\n1\n00:00:01,000 --> 00:00:09,000\na\n\nb\n\n2\n00:00:02,000 --> 00:00:01,000\n\n3\n00:00:02,000 --> 00:00:03,000\n',
  )
  expect(short(document)).toEqual([
    ['1', 1000, 9000, 'a\n\nb'],
    ['2', 2000, 1000, ''],
    ['3', 2000, 3000, ''],
  ])
  expect(document.defects.map(({ code }) => code)).toEqual(['stray-text', 'empty-line', 'end-before-begin'])
  expect(short(srt(written(document)))).toEqual(short(document))
})

test('says that a text without cues is no SRT', () => {
  expect(() => srt('just words')).toThrow('a.srt, line 1, column 1: there is no cue in it')
  expect(short(srt(''))).toEqual([])
})

const VTT = `WEBVTT - title
Kind: captions

STYLE
::cue { color: red }

REGION
id:fred width:40%

NOTE a remark
of two lines

intro
00:01.000 --> 00:00:02.500 region:fred line:0 align:start
<v Ann B.>Hello &amp; <b>welcome</b>

00:00:03.000 --> 00:00:04.000
<v Bo>one</v> <v Cy>two</v>

00:00:05.000 --> 00:00:06.000
G:HAND <X> &lt;3
`

test('reads and writes every block of WebVTT', () => {
  const document = vtt(VTT)
  expect(document.blocks.map(({ kind }) => kind)).toEqual(['style', 'region', 'note', 'cue', 'cue', 'cue'])
  expect(written(document)).toBe(VTT.replace('00:01.000', '00:00:01.000'))
  expect(document.defects).toEqual([])
})

test('gives the words and the speakers of WebVTT cues and counts the rest', () => {
  const document = subtitlesToDocument(vtt(VTT))
  expect(document.tiers[0]?.annotations.map(({ id, value, speaker }) => [id, value, speaker])).toEqual([
    ['intro', 'Hello & welcome', 'Ann B.'],
    ['', 'one two', ''],
    ['', 'G:HAND <X> <3', ''],
  ])
  expect(document.extras.map(({ sentence }) => sentence)).toEqual([
    '2 cues lose their formatting.',
    '1 cue loses its settings (position, alignment).',
    '1 note is left out.',
    '1 style block is left out.',
    '1 region is left out.',
    '1 header with its remarks is left out.',
  ])
})

test('says what is missing in a file that is no WebVTT', () => {
  expect(() => vtt('1\n00:00:01,000 --> 00:00:02,000\nx')).toThrow(
    'a.vtt, line 1, column 1: a WebVTT file begins with the word WEBVTT.',
  )
})

const files = realFiles('.vtt')

test.skipIf(files.length)('real WebVTT files', ({ skip }) => skip(NO_REAL_FILES))

describe.each(files)('$name', ({ name, bytes }) => {
  test('has the same blocks after it was written', () => {
    const document = readVtt(bytes, name)
    const again = readVtt(writeSubtitles(document), name)
    const bare = ({ header, blocks }: SubtitleDocument) => ({
      header,
      blocks: blocks.map(block => ({ ...block, line: 0 })),
    })
    expect(bare(again)).toEqual(bare(document))
    expect(again.defects.filter(({ code }) => code === 'odd-time')).toEqual([])
  })
})
