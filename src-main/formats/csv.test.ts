import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DELIMITERS, guessDelimiter, readCsv, writeCsv } from './csv.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

function utf16(text: string, isLittleEndian: boolean, mark: boolean): Uint8Array {
  const marked = mark ? `\ufeff${text}` : text
  const bytes = new DataView(new ArrayBuffer(marked.length * 2))
  Array.from({ length: marked.length }, (_, i) =>
    bytes.setUint16(i * 2, marked.charCodeAt(i), isLittleEndian),
  )
  return new Uint8Array(bytes.buffer)
}

describe('encodings', () => {
  const text = 'name;Übersetzung\na;schön 手语\n'
  const rows = [
    { line: 1, cells: ['name', 'Übersetzung'] },
    { line: 2, cells: ['a', 'schön 手语'] },
  ]

  test.each([
    ['UTF-8', utf8(text), 'utf-8'],
    ['UTF-8 with a mark', utf8(`\ufeff${text}`), 'utf-8'],
    ['UTF-16 LE with a mark', utf16(text, true, true), 'utf-16le'],
    ['UTF-16 BE with a mark', utf16(text, false, true), 'utf-16be'],
    ['UTF-16 LE without a mark', utf16(text, true, false), 'utf-16le'],
    ['UTF-16 BE without a mark', utf16(text, false, false), 'utf-16be'],
  ])('reads %s', (_name, bytes, encoding) => {
    expect(readCsv(bytes)).toEqual({ rows, ragged: [], delimiter: ';', encoding })
  })

  test('names the line of a Latin-1 byte, suggests Latin-1 and reads it only when told to', () => {
    const bytes = new Uint8Array(Buffer.from('name;text\nb;grün\nc;weiß\n', 'latin1'))
    expect(() => readCsv(bytes, { file: 'clips.csv' })).toThrow(
      expect.objectContaining({
        code: 'corrupt-file',
        message:
          'clips.csv is not UTF-8: line 2 has the byte 0xFC where none can be. It looks like Latin-1 (Windows-1252): read it with that encoding if the text then looks right.',
        details: { file: 'clips.csv', line: 2, encoding: 'utf-8', suggestion: 'latin1' },
      }),
    )
    expect(readCsv(bytes, { encoding: 'latin1' }).rows[1]).toEqual({ line: 2, cells: ['b', 'grün'] })
  })

  test('suggests GB 18030 for Chinese in it', () => {
    // 名称,今天天气 in GBK
    const bytes = new Uint8Array([
      0xc3, 0xfb, 0xb3, 0xc6, 0x2c, 0xbd, 0xf1, 0xcc, 0xec, 0xcc, 0xec, 0xc6, 0xf8, 0x0a,
    ])
    expect(() => readCsv(bytes)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ line: 1, suggestion: 'gb18030' }) }),
    )
    expect(readCsv(bytes, { encoding: 'gb18030' }).rows[0]!.cells).toEqual(['名称', '今天天气'])
  })

  test('suggests nothing for bytes that are no text', () => {
    const bytes = new Uint8Array([0x61, 0x2c, 0x62, 0x0a, 0x81, 0xff, 0x8d, 0xff])
    expect(() => readCsv(bytes)).toThrow(
      expect.objectContaining({
        details: { file: 'The file', line: 2, encoding: 'utf-8', suggestion: null },
      }),
    )
  })

  test('takes a real replacement character for what it is', () => {
    const bytes = new Uint8Array([...utf8('a,\ufffd\nb,'), 0xe4, 0x0a])
    expect(() => readCsv(bytes)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ line: 2 }) }),
    )
  })
})

test.each([
  ['name,start,text\na,1,"x, y; z"\n', ','],
  ['name;text\n"a;b";c, d, e\n', ';'],
  ['VIDEO\tSTART\tSENTENCE\nv\t1.5\tSo, "this" is; it | is\n', '\t'],
  ['name|video|orth|translation\na|b,c|D E|f, g\n', '|'],
  ['one column\nsecond\n', ','],
])('guesses the delimiter of %j', (text, delimiter) => {
  expect(guessDelimiter(text)).toBe(delimiter)
})

test('reads quoted fields with delimiters, quotes and line breaks, and counts lines across them', () => {
  const text = 'id,text\r\n1,"a ""b"", c"\r\n2,"two\r\nlines"\r\n\r\n3,last'
  expect(readCsv(utf8(text)).rows).toEqual([
    { line: 1, cells: ['id', 'text'] },
    { line: 2, cells: ['1', 'a "b", c'] },
    { line: 3, cells: ['2', 'two\r\nlines'] },
    { line: 6, cells: ['3', 'last'] },
  ])
})

test('reports rows of another width by line and keeps them apart', () => {
  expect(readCsv(utf8('a,b\n1,2\n3\n4,5,6\n7,8\n'))).toEqual({
    rows: [
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', '2'] },
      { line: 5, cells: ['7', '8'] },
    ],
    ragged: [
      { line: 3, cells: ['3'], expected: 2 },
      { line: 4, cells: ['4', '5', '6'], expected: 2 },
    ],
    delimiter: ',',
    encoding: 'utf-8',
  })
})

test('takes quotation marks for text where a table does not quote', () => {
  const text = 'ID\tSENTENCE\n1\t"Right," she said.\n2\t5" of snow\n'
  expect(readCsv(utf8(text), { quote: false, delimiter: '\t' }).rows.map(row => row.cells[1])).toEqual([
    'SENTENCE',
    '"Right," she said.',
    '5" of snow',
  ])
})

test.each([
  ['a,b\n1,"2\n3,4\n', 2, 'CSV_QUOTE_NOT_CLOSED'],
  ['a,b\n1,"2"x\n', 2, 'CSV_INVALID_CLOSING_QUOTE'],
  ['a,b\n1,2\n3,4"5"\n', 3, 'INVALID_OPENING_QUOTE'],
])('names the line of unbalanced quotes in %j', (text, line, reason) => {
  expect(() => readCsv(utf8(text))).toThrow(
    expect.objectContaining({ code: 'corrupt-file', details: { file: 'The file', line, reason } }),
  )
})

test('reads back whatever it has written', () => {
  const cell = fc.string({ unit: 'binary', maxLength: 12 })
  const table = fc
    .integer({ min: 2, max: 5 })
    .chain(width =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
    )
  fc.assert(
    fc.property(table, fc.constantFrom(...DELIMITERS), (rows, delimiter) => {
      const wellFormed = rows.map(row => row.map(value => value.toWellFormed()))
      const bytes = utf8(writeCsv(wellFormed, delimiter))
      // A mark at the very start is taken for the file's, zeros for UTF-16: neither is text.
      fc.pre(!wellFormed.flat().some(value => value.includes('\0') || value.includes('\ufeff')))
      expect(readCsv(bytes, { delimiter }).rows.map(row => row.cells)).toEqual(wellFormed)
    }),
    { numRuns: 500 },
  )
})

test('writes numbers and missing values, and the same bytes each time', () => {
  expect(
    writeCsv(
      [
        ['a', 'b'],
        [1.5, null],
        ['x;y', ' z'],
      ],
      ';',
    ),
  ).toBe('a;b\r\n1.5;\r\n"x;y";" z"\r\n')
})
