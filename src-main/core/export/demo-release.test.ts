import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRouterClient } from '@orpc/server'
import type { MediaId } from '#shared/contract/ids.ts'
import type { SignificanceEvent, SignificanceReport } from '#shared/contract/evaluation.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Core, createCore } from '../core.ts'
import { silentLog } from '../testing/corpus.ts'

/** Everything that is promised of a release, on the demo corpus, from its import to other programs. */
const place = mkdtempSync(join(tmpdir(), 'signwright-demo-release-'))
const resourcesDir = fileURLToPath(new URL('../../../resources', import.meta.url))
const python = process.env['SIGNWRIGHT_PYTHON'] ?? 'python3'
const hasModules = (...names: string[]) =>
  spawnSync(python, ['-c', names.map(name => `import ${name}`).join('\n')]).status === 0

let core: Core
type Api = ReturnType<typeof clientOf>
const clientOf = () => createRouterClient(core.router, { context: {} })
let api: Api

beforeAll(async () => {
  core = await createCore({
    shell: 'test',
    dataDir: join(place, 'data'),
    resourcesDir,
    modelsDir: join(place, 'none'),
    version: '0.0.0',
    log: silentLog,
    resumeJobs: false,
  })
  api = clientOf()
  await api.corpus.demo({ dir: join(place, 'Demo.signwright') })
  await importOutputs('strong', text => text.replace(' .', ''))
  await importOutputs('weak', text => text.split(' ').slice(1).join(' '))
  const runIds = (await api.run.list()).map(({ id }) => id)
  await api.evaluation.choose({ recipe: 'neccam2020' })
  await answered(await api.evaluation.significance({ runIds, samples: 200 }))
  await release('first', { withVideo: true, annotations: ['eaf', 'srt', 'vtt'] })
}, 300_000)

afterAll(async () => {
  await core.close()
  rmSync(place, { recursive: true, force: true })
})

async function done(job: { id: Parameters<Core['settled']>[0] }): Promise<void> {
  const { state, problem } = await core.settled(job.id, () => {})
  if (state !== 'done') throw core.failureOf(job.id) ?? new Error(problem ?? state)
}

/** What an answer that tells its progress comes to. */
async function answered(events: AsyncIterable<SignificanceEvent>): Promise<SignificanceReport> {
  let report: SignificanceReport | undefined
  for await (const event of events) if (event.kind === 'report') report = event.report
  return report!
}

/** Outputs made from the references of the test split. */
async function importOutputs(run: string, translate: (reference: string) => string): Promise<void> {
  const table = readFileSync(join(resourcesDir, 'demo', 'references.csv'), 'utf8')
  const rows = table
    .split('\n')
    .filter(line => line.startsWith('test-'))
    .map(line => line.split(','))
  const source = join(place, `${run}.txt`)
  writeFileSync(source, rows.map(([name, , , , text]) => `${name}|${translate(text ?? '')}`).join('\n'))
  await done(await api.importing.startPredictions({ source, run }))
}

async function release(name: string, more: object = {}): Promise<string> {
  const outDir = join(place, name)
  const metadata = { name: 'Demo weather', creators: ['Signwright'], signLanguage: 'gsg' }
  await done(await api.exporting.start({ outDir, metadata, ...more }))
  return outDir
}

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

function hashes(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return Object.fromEntries(
    files.map(entry => {
      const path = join(entry.parentPath, entry.name)
      return [path.slice(folder.length + 1), sha256(path)]
    }),
  )
}

async function videoOf(mediaId: MediaId) {
  const { isThere, frames, path } = await api.media.get({ mediaId })
  return { isThere, frames, folder: relative(first, path).split(sep)[0] }
}

const first = join(place, 'first')
const json = (path: string) => JSON.parse(readFileSync(join(first, path), 'utf8'))

test('every file has the checksum that the manifest and SHA256SUMS say, and no file is beside them', () => {
  const { files } = json('manifest.json') as { files: { path: string; sha256: string; bytes: number }[] }
  const { 'manifest.json': _manifest, ...found } = hashes(first)
  expect(Object.fromEntries(files.map(file => [file.path, file.sha256]))).toEqual(found)
  const sums = readFileSync(join(first, 'SHA256SUMS'), 'utf8').trimEnd().split('\n')
  const { SHA256SUMS: _sums, ...others } = found
  expect(Object.fromEntries(sums.map(line => line.split('  ').toReversed()))).toEqual(others)
})

test('two runs give the same bytes, videos included', async () => {
  expect(hashes(await release('again', { withVideo: true, annotations: ['eaf', 'srt', 'vtt'] }))).toEqual(
    hashes(first),
  )
}, 300_000)

test('the RO-Crate is closed: every id that is named is described', () => {
  const graph = json('ro-crate-metadata.json')['@graph'] as Record<string, unknown>[]
  const described = new Set(graph.map(entity => entity['@id']))
  const named: unknown[] = []
  JSON.stringify(graph, (key, value: unknown) => {
    if (key === '@id') named.push(value)
    return value
  })
  const web = (id: unknown) => String(id).startsWith('https://w3id.org/ro/crate/')
  expect(named.filter(id => !described.has(id) && !web(id))).toEqual([])
  const files = graph.filter(entity => entity['@type'] === 'File')
  for (const file of files) expect(file['sha256']).toBe(sha256(join(first, String(file['@id']))))
})

test('Croissant: every field reads a column of a file that is described with its checksum', () => {
  const { distribution, recordSet } = json('croissant.json')
  const files = new Map<string, { sha256: string; encodingFormat: string }>(
    distribution.map((file: { '@id': string }) => [file['@id'], file]),
  )
  expect(recordSet.length).toBeGreaterThan(3)
  for (const { '@id': set, field } of recordSet)
    for (const { '@id': id, source, dataType } of field) {
      expect(id.startsWith(`${set}/`)).toBe(true)
      expect(files.get(source.fileObject['@id'])?.encodingFormat).toBe('application/vnd.apache.parquet')
      expect(dataType).toMatch(/^sc:/)
    }
  for (const [path, file] of files) if (file.sha256) expect(file.sha256).toBe(sha256(join(first, path)))
})

test('DataCite: what is mandatory is there', () => {
  expect(json('datacite.json')).toMatchObject({
    schemaVersion: 'http://datacite.org/schema/kernel-4',
    creators: [{ name: 'Signwright' }],
    titles: [{ title: 'Demo weather' }],
    publisher: { name: expect.any(String) as unknown },
    publicationYear: expect.stringMatching(/^\d{4}$/) as unknown,
    types: { resourceTypeGeneral: 'Dataset' },
  })
})

test('the numbers of the chosen recipe and the tests of all pairs are those of Compare', async () => {
  const runs = await api.run.list()
  const names = new Map(runs.map(({ id, name }) => [id, name]))
  const runIds = runs.map(({ id }) => id)
  const sheet = await api.evaluation.scores({ runIds })
  const shown = sheet.lines.flatMap(({ metric, scores, signature, slt }) =>
    sheet.runs.map(({ runId }, i) => [names.get(runId), metric, scores[i], signature, slt]),
  )
  const rows = json('eval/corpus_scores.json') as Record<string, unknown>[]
  const written = rows
    .filter(({ recipe }) => recipe === 'neccam2020')
    .map(row => ['system_id', 'metric', 'score', 'signature', 'slt'].map(key => row[key]))
  expect(written.toSorted()).toEqual(shown.toSorted())

  const { tables, testedAt } = await answered(await api.evaluation.significance({ runIds, samples: 200 }))
  expect(json('eval/pairwise_tests.json')).toMatchObject([
    {
      recipe: 'neccam2020',
      tables,
      testedAt: new Date(testedAt).toISOString(),
      runs: sheet.runs.map(({ run }) => run),
    },
  ])
  const tested = json('eval/significance.json') as { recipe: string; slt: string }[]
  expect(tested.filter(({ recipe, slt }) => !slt.includes(`recipe:${recipe}`))).toEqual([])
  expect(new Set(tested.map(({ recipe }) => recipe))).toEqual(new Set(['sacrebleu', 'neccam2020']))
  const page = readFileSync(join(first, 'report.html'), 'utf8')
  for (const { slt } of tested) expect(page).toContain(slt)
})

test('opened in a new corpus and written again, nothing is lost', async () => {
  await api.corpus.create({ dir: join(place, 'Fresh.signwright'), name: 'Fresh' })
  await done(await api.importing.start({ source: first }))
  const again = hashes(
    await release('written-again', { withVideo: true, annotations: ['eaf', 'srt', 'vtt'] }),
  )
  const { rows } = await api.clip.list({})
  const states = await Promise.all(
    rows.map(async ({ id }) => videoOf((await api.clip.get({ clipId: id })).mediaId)),
  )
  await api.corpus.open({ dir: join(place, 'Demo.signwright') })
  expect(again).toEqual(hashes(first))
  expect(states).toEqual(rows.map(({ frames }) => ({ isThere: true, frames, folder: 'videos' })))
}, 300_000)

test.skipIf(!hasModules('sacrebleu'))('sacreBLEU prints the same digits from the plain files', () => {
  for (const { run, files, scores } of json('scores.json').runs) {
    const args = [...files.references, '-i', files.hypotheses, '-m', 'bleu', 'chrf', 'ter', '-w', '8']
    const options = { cwd: first, encoding: 'utf8' } as const
    const printed = JSON.parse(execFileSync(python, ['-m', 'sacrebleu', ...args, '-f', 'json'], options))
    const ours = (name: string) => scores.find(({ metric }: { metric: string }) => metric === name)
    for (const { name, score, signature } of printed)
      expect([run, name, Number(ours(name).score.toFixed(8)), ours(name).signature]).toEqual([
        run,
        name,
        score,
        signature,
      ])
  }
})

const LOAD = `
import json, sys
from datasets import load_dataset, Video
clips = load_dataset(sys.argv[1], "clips", cache_dir=sys.argv[2])
outputs = load_dataset(sys.argv[1], "hypotheses", cache_dir=sys.argv[2])
videos = load_dataset("videofolder", data_dir=sys.argv[1] + "/videos", cache_dir=sys.argv[2])
videos = videos.cast_column("video", Video(decode=False))
row = clips["test"][0]
print(json.dumps({
  "clips": {split: len(rows) for split, rows in clips.items()},
  "outputs": len(outputs["full"]),
  "videos": {split: len(rows) for split, rows in videos.items()},
  "columns": sorted(next(iter(videos.values())).column_names),
  "first": [row["segment_id"], row["references"][0]["text"] == row["text"]],
}))
`

test.skipIf(!hasModules('datasets', 'pyarrow'))(
  'the library datasets loads clips, outputs and videos',
  () => {
    const options = { encoding: 'utf8', env: { ...process.env, HF_HUB_OFFLINE: '1' } } as const
    const printed = execFileSync(python, ['-c', LOAD, first, join(place, 'cache')], options)
    const { dev, test: held } = json('manifest.json').counts.bySplit
    // The hub calls it so.
    const splits = { validation: dev, test: held }
    expect(JSON.parse(printed.trim().split('\n').at(-1) ?? '')).toEqual({
      clips: splits,
      outputs: expect.any(Number) as unknown,
      videos: splits,
      columns: ['end_ms', 'gloss', 'language', 'segment_id', 'signer_id', 'start_ms', 'text', 'video'],
      first: [expect.any(String), true],
    })
  },
  300_000,
)

test.skipIf(spawnSync('pdflatex', ['--version']).status !== 0)('LaTeX sets the tables', () => {
  const paper = String.raw`\documentclass{article}\usepackage[T1]{fontenc}\usepackage{booktabs}\begin{document}\input{tables}\end{document}`
  writeFileSync(join(place, 'paper.tex'), paper)
  writeFileSync(join(place, 'tables.tex'), readFileSync(join(first, 'tables.tex')))
  const { status, stdout } = spawnSync(
    'pdflatex',
    ['-interaction=nonstopmode', '-halt-on-error', 'paper.tex'],
    {
      cwd: place,
      encoding: 'utf8',
    },
  )
  expect([status, status === 0 ? '' : stdout.slice(-800)]).toEqual([0, ''])
  expect(stdout).not.toMatch(/Missing character|Undefined/)
})
