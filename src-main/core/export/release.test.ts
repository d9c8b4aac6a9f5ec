import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readWmtXml } from '../../formats/predictions/wmt-xml.ts'
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

test('agreement is that of the people who judged the same outputs, and alone nobody agrees', async () => {
  const { runs, ...rest } = dataset()
  await writeEvaluatedDataset({ ...rest, runs }, join(root, 'out'))
  expect(() => read('eval/agreement.json')).toThrow(/ENOENT/)
  const judgedTwice = runs.map(run => ({
    ...run,
    hypotheses: [...run.hypotheses].map(hypothesis => ({
      ...hypothesis,
      ratings: hypothesis.ratings.flatMap(rating => [rating, { ...rating, annotator: 'rater-2', value: 60 }]),
    })),
  }))
  await writeEvaluatedDataset({ ...rest, runs: judgedTwice }, join(root, 'out'))
  expect(json('eval/agreement.json')).toMatchObject([
    {
      campaign: null,
      protocol: 'da',
      raters: ['rater-1', 'rater-2'],
      judgements: 4,
      agreement: [{ part: 'all', run: null, units: 2, alpha: { interval: -0.5 } }, {}, {}, {}, {}],
      pairs: [{ first: 'rater-1', second: 'rater-2', units: 2, bias: -20 }],
    },
  ])
})

test('outputs go to shared tasks and rating tools as their own files', async () => {
  await writeEvaluatedDataset({ ...dataset(), tasks: ['wmt', 'pearmut', 'appraise'] }, join(root, 'out'))
  const { entries, references } = readWmtXml(readFileSync(join(root, 'out', 'interop', 'wmt.xml')), 'wmt.xml')
  expect(entries.map(({ system, text }) => [system, text])).toEqual([
    ['SpaMo, beam 5', 'morgen regnet es im norden'],
    ['SpaMo, beam 5', 'der wind weht aus west.'],
    ['SpaMo, beam 5', 'am samstag sonne.'],
    ['spamo: beam 5', 'regen im norden.'],
    ['spamo: beam 5', 'samstag scheint die sonne.'],
  ])
  expect(references).toHaveLength(4)
  const [batch] = json('interop/appraise-batch.json')
  expect(batch.items.map((item: Record<string, unknown>) => [item['sourceID'], item['targetID']])).toEqual([
    ['a', 'SpaMo, beam 5'],
    ['a', 'spamo: beam 5'],
    ['b', 'SpaMo, beam 5'],
    ['c', 'SpaMo, beam 5'],
    ['c', 'spamo: beam 5'],
  ])
  const items = json('interop/pearmut.json').data.flat() as { item_id: string; tgt: object }[]
  expect(items.map(({ item_id, tgt }) => [item_id, Object.keys(tgt).length])).toEqual([
    ['a', 2],
    ['b', 1],
    ['c', 2],
  ])
})

test('a recipe that was chosen stands beside sacreBLEU, with a second signature', async () => {
  const evaluation = { recipe: 'neccam2020', normalisers: ['case'] } as const
  await writeEvaluatedDataset(
    { ...dataset(), evaluation: { ...evaluation, normalisers: [...evaluation.normalisers] } },
    join(root, 'out'),
  )
  const rows = json('eval/corpus_scores.json') as Record<string, unknown>[]
  const ofRun = rows.filter(row => row['system_id'] === 'SpaMo, beam 5')
  expect(ofRun.map(row => [row['recipe'], row['metric']])).toEqual([
    ...['BLEU-1', 'BLEU-2', 'BLEU-3', 'BLEU', 'chrF2', 'chrF2++', 'TER'].map(metric => ['sacrebleu', metric]),
    ...['BLEU-1', 'BLEU-2', 'BLEU-3', 'BLEU', 'ROUGE-L', 'chrF2'].map(metric => ['neccam2020', metric]),
  ])
  expect(ofRun.find(row => row['recipe'] === 'neccam2020' && row['metric'] === 'BLEU')).toMatchObject({
    signature: expect.stringContaining('tok:none|smooth:floor[0.00]') as unknown,
    slt: expect.stringMatching(/^order:4\|.*\|case:lower\|.*recipe:neccam2020\|/) as unknown,
    ci: { level: 0.95 },
  })
  expect(read('reproduce.sh')).toMatch(
    /^sacrebleu plain\/neccam2020\+case\/ref.txt -i plain\/neccam2020\+case\/\S+ -m bleu chrf -tok none --smooth-method floor --smooth-value 0 -w 4$/m,
  )
  expect(read('reproduce.sh')).toMatch(
    /^#   signwright score plain\/neccam2020\+case\/\S+ plain\/neccam2020\+case\/ref.txt --recipe neccam2020 --normalise case --prepared --language de$/m,
  )
  const tests = json('eval/significance.json') as Record<string, unknown>[]
  expect(tests.map(row => [row['recipe'], row['metric']])).toEqual([
    ...['BLEU', 'chrF2', 'TER'].map(metric => ['sacrebleu', metric]),
    ...['BLEU', 'ROUGE-L', 'chrF2'].map(metric => ['neccam2020', metric]),
  ])
})
