import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readCsv } from '#main/formats/csv.ts'
import { readJsonl } from '#main/formats/jsonl.ts'
import { dataset } from '../testing/dataset.ts'
import { fileNames } from './file-names.ts'
import { writeEvaluatedDataset } from './dataset.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'signwright-export-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const read = (path: string) => readFileSync(join(root, 'out', path), 'utf8')
const json = (path: string) => JSON.parse(read(path))

function tree(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return Object.fromEntries(
    files
      .map(entry => join(entry.parentPath, entry.name))
      .toSorted()
      .map(path => [
        path.slice(folder.length + 1),
        createHash('sha256').update(readFileSync(path)).digest('hex'),
      ]),
  )
}

test('writes clips, outputs, scores and plain lines, each hashed in the manifest', async () => {
  const summary = await writeEvaluatedDataset(dataset(), join(root, 'out'))
  expect(Object.keys(tree(join(root, 'out')))).toEqual([
    'CHANGELOG.md',
    'CITATION.cff',
    'CONSENT.tsv',
    'LICENSE',
    'LICENSES.tsv',
    'README.md',
    'SHA256SUMS',
    'croissant.json',
    'data/clips.csv',
    'data/clips.jsonl',
    'data/media.jsonl',
    'data/test-00000-of-00001.parquet',
    'data/validation-00000-of-00001.parquet',
    'datacite.json',
    'edits.jsonl',
    'eval/corpus_scores.json',
    'eval/hypotheses.parquet',
    'eval/ratings.parquet',
    'eval/segment_scores.parquet',
    'eval/significance.json',
    'eval/systems.parquet',
    'hypotheses.jsonl',
    'manifest.json',
    'plain/SpaMo-beam-5.hyp.txt',
    'plain/ids.txt',
    'plain/ref.txt',
    'plain/spamo-beam-5-2.hyp.txt',
    'plain/spamo-beam-5-2.ids.txt',
    'plain/spamo-beam-5-2.ref.txt',
    'report.html',
    'reproduce.sh',
    'ro-crate-metadata.json',
    'runs/SpaMo-beam-5/run_card.json',
    'runs/SpaMo-beam-5/run_card.md',
    'runs/spamo-beam-5-2/run_card.json',
    'runs/spamo-beam-5-2/run_card.md',
    'scores.json',
    'tables.tex',
  ])
  const { 'manifest.json': _manifest, ...hashes } = tree(join(root, 'out'))
  expect(Object.fromEntries(summary.files.map(({ path, sha256 }) => [path, sha256]))).toEqual(hashes)
  expect(json('manifest.json').files).toEqual(summary.files)
  expect(read('plain/ref.txt')).toBe(
    'morgen regnet es im norden.\nder wind weht schwach aus west.\nam samstag scheint die sonne.\n',
  )
  expect(read('plain/spamo-beam-5-2.ids.txt')).toBe('a\nc\n')
  expect(json('manifest.json').counts).toEqual({
    clips: 4,
    withReference: 3,
    bySplit: { dev: 1, test: 3 },
    byState: { accepted: 4 },
    excluded: 1,
  })
})

test('clips and outputs read back', async () => {
  await writeEvaluatedDataset(dataset(), join(root, 'out'))
  const bytes = (path: string) => readFileSync(join(root, 'out', path))
  const clips = [...readJsonl(bytes('data/clips.jsonl'))].map(({ value }) => value as Record<string, unknown>)
  expect(clips.map(row => [row['clip'], row['text']])).toEqual([
    ['a', 'morgen regnet es im norden.'],
    ['b', 'der wind weht schwach aus west.'],
    ['c', 'am samstag\nscheint die sonne.'],
    ['d', null],
  ])
  const table = readCsv(bytes('data/clips.csv'))
  expect([table.rows.length, table.ragged.length, table.rows[3]!.cells[13]]).toEqual([
    5,
    0,
    'a "quoted", note',
  ])
  const [first] = [...readJsonl(bytes('hypotheses.jsonl'))].map(
    ({ value }) => value as Record<string, unknown>,
  )
  expect(first).toMatchObject({
    run: 'SpaMo, beam 5',
    clip: 'a',
    rank: 0,
    ratings: [{ annotator: 'rater-1', value: 80 }],
  })
})

test('gives the same bytes again, and replaces its own export', async () => {
  await writeEvaluatedDataset(dataset(), join(root, 'out'))
  const before = tree(join(root, 'out'))
  await writeEvaluatedDataset(dataset(), join(root, 'out'))
  expect(tree(join(root, 'out'))).toEqual(before)
  await writeEvaluatedDataset({ ...dataset(), runs: [] }, join(root, 'out'))
  expect(Object.keys(tree(join(root, 'out')))).not.toContain('plain/SpaMo-beam-5.hyp.txt')
  expect(readdirSync(root)).toEqual(['out'])
})

test.each([
  ['a folder of something else', 'holiday.jpg', 'x'],
  ['a manifest of something else', 'manifest.json', '{"format":"other","files":[]}'],
])('does not touch %s', async (_name, file, content) => {
  mkdirSync(join(root, 'out'))
  writeFileSync(join(root, 'out', file), content)
  await expect(writeEvaluatedDataset(dataset(), join(root, 'out'))).rejects.toMatchObject({
    code: 'conflict',
  })
  expect(tree(root)).toEqual(tree(root))
  expect(readdirSync(join(root, 'out'))).toEqual([file])
})

test.each([
  ['added', 'data/mine.txt', 'data/mine.txt'],
  ['changed', 'README.md', 'README.md'],
])('does not throw away a file that somebody %s', async (_name, file, named) => {
  await writeEvaluatedDataset(dataset(), join(root, 'out'))
  writeFileSync(join(root, 'out', file), 'my own words')
  await expect(writeEvaluatedDataset(dataset(), join(root, 'out'))).rejects.toMatchObject({
    code: 'conflict',
    details: { file: named },
  })
  expect(read(file)).toBe('my own words')
  expect(readdirSync(root)).toEqual(['out'])
})

test('leaves the old export whole when the disk is full', async () => {
  await writeEvaluatedDataset(dataset(), join(root, 'out'))
  const before = tree(root)
  let written = 0
  const openFile = async () => ({
    write: async () => {
      if (++written > 3)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
    },
    sync: async () => {},
    [Symbol.asyncDispose]: async () => {},
  })
  await expect(writeEvaluatedDataset(dataset(), join(root, 'out'), { openFile })).rejects.toMatchObject({
    code: 'disk-full',
  })
  expect(tree(root)).toEqual(before)
  expect(readdirSync(root)).toEqual(['out'])
})

test('leaves nothing when cancelled', async () => {
  const abort = new AbortController()
  abort.abort()
  await expect(writeEvaluatedDataset(dataset(), join(root, 'out'), { signal: abort.signal })).rejects.toThrow(
    'abort',
  )
  expect(readdirSync(root)).toEqual([])
})

test('an empty corpus is a release too', async () => {
  await writeEvaluatedDataset({ ...dataset(), clips: [], runs: [] }, join(root, 'deep/er/out'))
  expect(JSON.parse(readFileSync(join(root, 'deep/er/out/scores.json'), 'utf8')).runs).toEqual([])
})

test('file names are safe and differ even where case does not count', () => {
  expect(fileNames(['A/B', 'a-b', '../x', '', '手语 run', 'ref', 'CON', 'aux.1'])).toEqual([
    'A-B',
    'a-b-2',
    'x',
    'run',
    '手语-run',
    'ref-2',
    'run-CON',
    'run-aux.1',
  ])
})

const python = process.env['SIGNWRIGHT_PYTHON'] ?? 'python3'
const hasSacrebleu = spawnSync(python, ['-c', 'import sacrebleu']).status === 0

test.skipIf(!hasSacrebleu)('sacrebleu gives the same scores on the plain files', async () => {
  await writeEvaluatedDataset(dataset(), join(root, 'out'))
  for (const { files, scores } of json('scores.json').runs) {
    const args = [
      '-m',
      'sacrebleu',
      ...files.references,
      '-i',
      files.hypotheses,
      '-m',
      'bleu',
      'chrf',
      'ter',
      '-w',
      '8',
      '--format',
      'json',
    ]
    const printed = JSON.parse(execFileSync(python, args, { cwd: join(root, 'out'), encoding: 'utf8' }))
    const ours = (name: string) => scores.find(({ metric }: { metric: string }) => metric === name)
    for (const { name, score, signature } of printed)
      expect([name, Number(ours(name).score.toFixed(8)), ours(name).signature]).toEqual([
        name,
        score,
        signature,
      ])
  }
  expect(dirname(json('scores.json').runs[0].files.hypotheses)).toBe('plain')
})
