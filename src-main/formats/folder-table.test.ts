import { describe, expect, test } from 'vitest'
import { guessColumns } from './folder-table.ts'

const FILES = new Set(['a', 'b', 'c', 'a.mp4', 'b.mp4', 'c.mp4'])
const isMedia = (cell: string) => FILES.has(cell)

function guess(table: string) {
  const rows = table.split('\n').map((line, at) => ({ line: at + 1, cells: line.split(';') }))
  return guessColumns(rows, isMedia)
}

describe('by the names in the header', () => {
  test.each([
    ['English', 'clip_id;Video;Signer ID;Sentence;Split', ['id', 'file', 'signer', 'text', 'split']],
    ['German', 'Kennung;Datei;Gebärdende;Übersetzung;Aufteilung', ['id', 'file', 'signer', 'text', 'split']],
    ['Chinese', '编号;视频;手语者;翻译;划分', ['id', 'file', 'signer', 'text', 'split']],
  ])('%s', (_language, header, columns) => {
    expect(guess(`${header}\n1;a.mp4;s1;Hello there;train`)).toEqual({
      hasHeader: true,
      columns,
      unit: 'seconds',
    })
  })

  test('takes the first of two columns that mean the same', () => {
    expect(guess('name;text;translation\na;Guten Tag;Good day').columns).toEqual(['id', 'text', 'ignore'])
  })

  test('reads the unit of times in the header', () => {
    expect(guess('name;start_ms;end_ms;text\na;10;900;Hello').unit).toBe('milliseconds')
    expect(guess('name;Beginn (s);Ende (s);text\na;1.5;9;Hello')).toEqual({
      hasHeader: true,
      columns: ['id', 'start', 'end', 'text'],
      unit: 'seconds',
    })
  })
})

describe('by what stands in the columns', () => {
  test('finds the file names and the sentences without a header', () => {
    expect(guess('1;a.mp4;the weather is fine today\n2;b.mp4;and tomorrow it rains')).toEqual({
      hasHeader: false,
      columns: ['ignore', 'file', 'text'],
      unit: 'seconds',
    })
  })

  test('takes names without an ending for ids', () => {
    expect(guess('a;今天天气很好\nb;明天下雨').columns).toEqual(['id', 'text'])
  })

  test('knows a header in another language by the files below it', () => {
    expect(guess('fichier;phrase\na.mp4;il fait beau\nb.mp4;il pleut')).toEqual({
      hasHeader: true,
      columns: ['file', 'text'],
      unit: 'seconds',
    })
  })

  test('is not misled by a file that is called like a column', () => {
    const rows = [
      ['video', 'text'],
      ['a', 'Hello there'],
    ].map((cells, at) => ({ line: at + 1, cells }))
    expect(guessColumns(rows, cell => ['a', 'video'].includes(cell)).columns).toEqual(['file', 'text'])
  })

  test('takes whole numbers beyond ten hours of seconds for milliseconds', () => {
    expect(guess('name;start;end;text\na;0;52000;Hello there').unit).toBe('milliseconds')
  })
})
