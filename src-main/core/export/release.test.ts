import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clip, dataset } from '../testing/dataset.ts'
import { writeEvaluatedDataset } from './dataset.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'signwright-release-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const read = (path: string) => readFileSync(join(root, 'out', path), 'utf8')
const json = (path: string) => JSON.parse(read(path))

const parquet = (path: string) => {
  const bytes = readFileSync(join(root, 'out', path))
  return parquetReadObjects({ file: Uint8Array.from(bytes).buffer })
}

test('Parquet holds clips with their references, outputs, scores and ratings', async () => {
  await writeEvaluatedDataset(dataset(), join(root, 'out'))
  const segments = await parquet('data/test-00000-of-00001.parquet')
  expect(segments.map(row => [row['segment_id'], row['prev_segment_id'], row['text']])).toEqual([
    ['a', null, 'morgen regnet es im norden.'],
    ['b', 'a', 'der wind weht schwach aus west.'],
    ['d', 'c', null],
  ])
  expect(segments[0]).toMatchObject({
    end_ms: 1200n,
    flags: ['clear'],
    license_id: 'CC-BY-4.0',
    references: [
      { text: 'morgen regnet es im norden.', versions: [{ version: 1n, changed_by: 'annotator-2' }] },
      { text: 'im norden regnet es morgen.' },
    ],
  })
  expect(await parquet('eval/ratings.parquet')).toEqual([
    expect.objectContaining({ rater_id: 'rater-1', segment_id: 'a', score: 80n, protocol: 'da' }),
    expect.objectContaining({ rater_id: 'rater-1', segment_id: 'a', system_id: 'spamo: beam 5' }),
  ])
  const hypotheses = await parquet('eval/hypotheses.parquet')
  expect(hypotheses.map(row => [row['system_id'], row['segment_id']])).toEqual([
    ['SpaMo, beam 5', 'a'],
    ['SpaMo, beam 5', 'b'],
    ['SpaMo, beam 5', 'c'],
    ['spamo: beam 5', 'a'],
    ['spamo: beam 5', 'c'],
  ])
})

test('the descriptions name what their standards require, and every file with its hash', async () => {
  await writeEvaluatedDataset(dataset(), join(root, 'out'))
  const { files } = json('manifest.json') as { files: { path: string; sha256: string }[] }
  const croissant = json('croissant.json')
  const required = 'name description license url creator datePublished distribution recordSet version'.split(
    ' ',
  )
  for (const key of ['@context', '@type', 'conformsTo', ...required]) expect(croissant).toHaveProperty([key])
  expect(croissant.conformsTo).toContain('http://mlcommons.org/croissant/1.1')
  const hashes = new Map(files.map(({ path, sha256 }) => [path, sha256]))
  for (const { contentUrl, sha256, encodingFormat } of croissant.distribution) {
    expect([contentUrl, sha256]).toEqual([contentUrl, hashes.get(contentUrl)])
    expect(encodingFormat).not.toBe('')
  }
  const ids = new Set(croissant.distribution.map((file: { '@id': string }) => file['@id']))
  for (const { field } of croissant.recordSet)
    for (const { source } of field) expect(ids).toContain(source.fileObject['@id'])

  const graph = json('ro-crate-metadata.json')['@graph'] as Record<string, unknown>[]
  const byId = new Map(graph.map(entity => [entity['@id'], entity]))
  expect(byId.get('ro-crate-metadata.json')).toMatchObject({
    about: { '@id': './' },
    conformsTo: { '@id': 'https://w3id.org/ro/crate/1.2' },
  })
  const crate = byId.get('./') as { hasPart: { '@id': string }[] }
  for (const key of ['name', 'description', 'datePublished', 'license']) expect(crate).toHaveProperty(key)
  for (const part of crate.hasPart) expect(byId.get(part['@id'])).toMatchObject({ '@type': 'File' })
  expect(graph.filter(entity => entity['@type'] === 'CreateAction')).toHaveLength(2)

  const datacite = json('datacite.json')
  for (const key of ['identifiers', 'creators', 'titles', 'publisher', 'publicationYear', 'types'])
    expect(datacite).toHaveProperty(key)
  expect(datacite.publicationYear).toBe('2023')
  const sums = read('SHA256SUMS').trimEnd().split('\n')
  expect(sums.map(line => line.split('  ').reverse())).toEqual(
    files.filter(({ path }) => path !== 'SHA256SUMS').map(({ path, sha256 }) => [path, sha256]),
  )
})

test('tells each change of a reference, before and after', async () => {
  const changed = dataset()
  const versions = [
    { version: 1, text: 'regen', source: 'phoenix', changedAt: 0, changedBy: '' },
    { version: 2, text: 'Regen.', source: 'edited', changedAt: 1000, changedBy: 'annotator-1' },
  ]
  const reference = { language: 'de', text: 'Regen.', source: 'edited', versions }
  await writeEvaluatedDataset(
    { ...changed, runs: [], clips: [clip('a', [], { references: [reference] })] },
    join(root, 'out'),
  )
  expect(JSON.parse(read('edits.jsonl'))).toMatchObject({
    segmentId: 'a',
    before: 'regen',
    after: 'Regen.',
    editor: 'annotator-1',
    at: '1970-01-01T00:00:01.000Z',
  })
})
