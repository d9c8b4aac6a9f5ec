import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { convertAnnotations } from './convert.ts'
import { EAF } from './testing/eaf-fixture.ts'

function setup(name = 'in.eaf', text = EAF) {
  const folder = mkdtempSync(join(tmpdir(), 'convert-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = (file: string) => join(folder, file)
  writeFileSync(path(name), text)
  return {
    path,
    files: () => readdirSync(folder).toSorted(),
    read: (file: string) => readFileSync(path(file), 'utf8'),
  }
}

test('tells the losses before it writes, and writes in one step', async () => {
  const { path, files, read } = setup()
  let atLosses: string[] = []
  const { losses, defects } = await convertAnnotations(path('in.eaf'), path('out.tsv'), {
    onLosses: () => (atLosses = files()),
  })
  expect(atLosses).toEqual(['in.eaf'])
  expect(files()).toEqual(['in.eaf', 'out.tsv'])
  expect(defects).toEqual([])
  expect(losses.map(({ code }) => code)).toEqual([
    'eaf-elements',
    'author',
    'date',
    'media',
    'properties',
    'licenses',
    'languages',
    'vocabularies',
    'parents',
    'parent-links',
    'stereotypes',
    'types',
    'participants',
    'tier-vocabularies',
    'ids',
    'unaligned',
    'entry-links',
  ])
  expect(read('out.tsv')).toBe(
    [
      'tier\tstart_ms\tend_ms\tvalue',
      '"Sentence "\t1000\t4000\t"one two\nthree"',
      '"Sentence "\t6000\t7000\t',
      'Word\t1000\t2000\tone',
      'Word\t2000\t3000\ttwo',
      'Word\t3000\t4000\tthree',
      'Part\t2000\t2500\ttw',
      'Part\t2500\t3000\to',
      'Gloss\t2500\t3000\tTWO',
      '',
    ].join('\r\n'),
  )
})

test('copies a file in its own format without loss', async () => {
  const { path, read } = setup()
  expect((await convertAnnotations(path('in.eaf'), path('out.eaf'))).losses).toEqual([])
  expect(read('out.eaf')).toBe(EAF)
})

test('keeps all of the model in JSON', async () => {
  const { path, read } = setup()
  await convertAnnotations(path('in.eaf'), path('a.json'))
  const { losses } = await convertAnnotations(path('a.json'), path('b.eaf'))
  expect(losses.map(({ sentence }) => sentence)).toEqual([
    '3 annotations without times of their own get times worked out from their neighbours, as if they had been measured.',
  ])
  expect((await convertAnnotations(path('b.eaf'), path('c.json'))).losses).toEqual([])
  const [a, c] = [JSON.parse(read('a.json')), JSON.parse(read('c.json'))]
  // EAF says of a whole tier whether it has times of its own, and slots are aligned once their times are written.
  const measured = (document: typeof a) =>
    JSON.parse(JSON.stringify(document).replaceAll('"isAligned":false', '"isAligned":true'))
  expect(measured(c)).toEqual(measured(a))
})

test('replaces nothing unasked, and never its own source', async () => {
  const { path, read } = setup()
  writeFileSync(path('out.csv'), 'mine')
  await expect(convertAnnotations(path('in.eaf'), path('out.csv'))).rejects.toMatchObject({
    code: 'conflict',
  })
  expect(read('out.csv')).toBe('mine')
  await convertAnnotations(path('in.eaf'), path('out.csv'), { overwrite: true })
  expect(read('out.csv')).not.toBe('mine')
  await expect(convertAnnotations(path('in.eaf'), path('in.eaf'), { overwrite: true })).rejects.toMatchObject(
    { code: 'invalid-input' },
  )
})

test('leaves nothing behind when the source is broken', async () => {
  const { path, files } = setup('in.eaf', EAF.slice(0, 3000))
  await expect(convertAnnotations(path('in.eaf'), path('out.srt'))).rejects.toMatchObject({
    code: 'corrupt-file',
    details: { line: expect.any(Number), column: expect.any(Number) },
  })
  expect(files()).toEqual(['in.eaf'])
})

test('says which formats there are, and that a file is missing', async () => {
  const { path } = setup()
  await expect(convertAnnotations(path('in.eaf'), path('out.docx'))).rejects.toThrow(
    'read and written as .eaf, .etf, .srt, .vtt, .textgrid, .cha, .flextext, .tsv, .csv, .json',
  )
  await expect(convertAnnotations(path('no.eaf'), path('out.srt'))).rejects.toMatchObject({
    code: 'not-found',
  })
})

test('lists the rows of a table that cannot be read', async () => {
  const { path, read } = setup('in.csv', 'value,tier,start_ms,end_ms\na,T,0,10\nb,T,x,10\nc,T\n')
  const { defects, losses } = await convertAnnotations(path('in.csv'), path('out.srt'))
  expect(defects.map(({ code, line }) => `${code}:${line}`)).toEqual(['cell-count:4', 'bad-time:3'])
  expect(losses.map(({ sentence }) => sentence)).toContain('2 rows that cannot be read are left out.')
  expect(read('out.srt')).toBe('1\n00:00:00,000 --> 00:00:00,010\na\n')
})
