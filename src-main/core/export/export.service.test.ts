import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { ClipId, RunId } from '#shared/contract/ids.ts'
import { ExportRequest } from '#shared/contract/transfer.ts'
import { addClip, addRecording, addRun, giveRights, testContext } from '../testing/corpus.ts'
import { createExportService } from './export.service.ts'

const folders: string[] = []
afterAll(() => Promise.all(folders.map(folder => rm(folder, { recursive: true, force: true }))))

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signwright-export-'))
  folders.push(folder)
  return folder
}

async function setup() {
  const context = testContext()
  const { db } = context
  const place = addRecording(db)
  const rain = addClip(db, place, {
    name: 'rain',
    signer: 'Anna',
    gloss: 'REGEN',
    references: ['es regnet heute', 'heute regnet es'],
  })
  const snow = addClip(db, place, {
    name: 'snow',
    signer: 'Bo',
    startMs: 2000,
    references: ['es schneit im norden'],
  })
  const quiet = addClip(db, place, { name: 'quiet', signer: 'Cy', startMs: 4000, split: 'dev' })
  db.prepare(`UPDATE clip SET state = 'flagged' WHERE id = ?`).run(snow)
  giveRights(db)
  const first = addRun(
    db,
    'beam 5',
    new Map<ClipId, string[]>([
      [rain, ['es regnet heute', 'es regnet']],
      [snow, ['es schneit']],
    ]),
  )
  const second = addRun(db, 'beam 1', new Map<ClipId, string[]>([[rain, ['regen']]]))
  db.prepare(
    `INSERT INTO rating (hypothesis_id, annotator, value, rated_at) SELECT id, 'Ada', 80, 0 FROM hypothesis WHERE text = 'es schneit'`,
  ).run()
  const service = createExportService(context, { name: 'Signwright', version: '1.2.3' })
  const folder = await newFolder()
  const request = (more: object = {}) => ExportRequest.parse({ outDir: join(folder, 'release'), ...more })
  const run = (more?: object) =>
    service.run(request(more), { signal: new AbortController().signal, onProgress: () => {} })
  const lines = async (file: string) =>
    (await readFile(join(folder, 'release', file), 'utf8'))
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>)
  return {
    context,
    db,
    service,
    folder,
    request,
    run,
    lines,
    runs: { first, second } satisfies Record<string, RunId>,
    quiet,
  }
}

test('tells beforehand what a release holds and lacks', async () => {
  const { service, request } = await setup()

  expect(await service.preview(request())).toEqual({
    clips: 3,
    excluded: [],
    runs: ['beam 1', 'beam 5'],
    files: expect.arrayContaining([
      'README.md',
      'croissant.json',
      'data/clips.jsonl',
      'data/test-00000-of-00001.parquet',
      'data/validation-00000-of-00001.parquet',
      'eval/ratings.parquet',
      'plain/beam-1.hyp.txt',
      'plain/beam-1.ref.txt',
      'SHA256SUMS',
    ]) as unknown,
    fileCount: expect.any(Number) as unknown,
    issues: [
      {
        severity: 'warning',
        file: '',
        line: null,
        message: '1 clip without a reference: in the release, but in no score.',
      },
      { severity: 'info', file: '', line: null, message: '1 clip flagged.' },
      {
        severity: 'info',
        file: '',
        line: null,
        message: 'The release does not state its creators, publisher, DOI or address: catalogues ask for it.',
      },
      { severity: 'info', file: '', line: null, message: 'beam 1 has translated 1 of the 3 clips.' },
      { severity: 'info', file: '', line: null, message: 'beam 5 has translated 2 of the 3 clips.' },
    ],
  })
})

test('writes clips, references, outputs and ratings of the corpus', async () => {
  const { run, lines } = await setup()

  const result = await run()

  expect(result.clips).toBe(3)
  const [quiet, rain, snow] = await lines('data/clips.jsonl')
  expect(quiet).toMatchObject({ clip: 'quiet', references: [], split: 'dev', file: 'rec-1.mp4' })
  expect(rain).toMatchObject({
    clip: 'rain',
    signer: expect.stringMatching(/^signer-[0-9a-f]{15}$/),
    gloss: 'REGEN',
    text: 'es regnet heute',
    references: [{ text: 'es regnet heute' }, { text: 'heute regnet es' }],
  })
  expect(snow).toMatchObject({ clip: 'snow', state: 'flagged', startMs: 2000, firstFrame: 50 })
  expect(
    (await lines('hypotheses.jsonl')).map(({ run, clip, rank, ratings }) => [run, clip, rank, ratings]),
  ).toEqual([
    ['beam 1', 'rain', 0, []],
    ['beam 5', 'rain', 0, []],
    ['beam 5', 'rain', 1, []],
    [
      'beam 5',
      'snow',
      0,
      [
        {
          annotator: expect.stringMatching(/^rater-[0-9a-f]{15}$/),
          protocol: 'da',
          value: 80,
          ratedAt: '1970-01-01T00:00:00.000Z',
          repeats: [],
        },
      ],
    ],
  ])
})

test('takes what is asked for, and says what it leaves out', async () => {
  const { run, folder, lines, runs } = await setup()

  await run({ split: 'test', withFlagged: false, runIds: [runs.first] })

  const manifest = JSON.parse(await readFile(join(folder, 'release', 'manifest.json'), 'utf8')) as Record<
    string,
    unknown
  >
  expect(manifest['excluded']).toEqual({ 'not-selected': 1, flagged: 1 })
  expect((await lines('data/clips.jsonl')).map(row => row['clip'])).toEqual(['rain'])
  expect((await lines('hypotheses.jsonl')).map(row => row['run'])).toEqual(['beam 5', 'beam 5'])
})

test('writes clips only in the format asked for', async () => {
  const { run, service, request } = await setup()
  const { files } = await run({ formats: ['csv'] })
  expect(files.filter(file => file.startsWith('data/'))).toEqual(['data/clips.csv', 'data/media.jsonl'])
  expect((await service.preview(request({ formats: ['jsonl'] }))).files).not.toContain('data/clips.csv')
})

test('writes the files that its preview names', async () => {
  const { run, service, request } = await setup()
  const { files } = await service.preview(request())
  const written = (await run()).files
  expect([...written, 'manifest.json'].toSorted()).toEqual(files.toSorted())
})

test('gives the same bytes when repeated', async () => {
  const { run, folder } = await setup()
  await run()
  await cp(join(folder, 'release'), join(folder, 'before'), { recursive: true })

  await run()

  expect(await contentOf(join(folder, 'release'))).toEqual(await contentOf(join(folder, 'before')))
})

async function contentOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    await Promise.all(
      paths.map(async path => [path.slice(folder.length), await readFile(path, 'base64')] as const),
    ),
  )
}

test('touches no folder that holds something else', async () => {
  const { service, request, run, folder } = await setup()
  await mkdir(join(folder, 'release'))
  await writeFile(join(folder, 'release', 'thesis.txt'), 'mine')

  expect((await service.preview(request())).issues[0]).toEqual({
    severity: 'error',
    file: join(folder, 'release'),
    line: null,
    message: 'The folder holds other files. Choose a new or empty one.',
  })
  await expect(run()).rejects.toMatchObject({ code: 'conflict' })
  expect(await readdir(join(folder, 'release'))).toEqual(['thesis.txt'])
})

test('refuses an empty release and a run that is gone', async () => {
  const { run } = await setup()
  await expect(run({ split: 'nowhere' })).rejects.toMatchObject({ code: 'invalid-input' })
  await expect(run({ runIds: [99] })).rejects.toMatchObject({ code: 'not-found' })
})

test('no clip leaves without consent and licence, and the reasons are counted', async () => {
  const { db, run, service, request, folder, lines } = await setup()
  db.prepare(
    `UPDATE consent SET withdrawn_at = 1 WHERE signer_id = (SELECT id FROM signer WHERE name = 'Bo')`,
  ).run()
  db.prepare(`UPDATE consent SET train = 0 WHERE signer_id = (SELECT id FROM signer WHERE name = 'Cy')`).run()

  const { excluded } = await service.preview(request({ purpose: 'train' }))
  await run({ purpose: 'train' })

  expect(excluded).toEqual([
    { reason: 'consent-withdrawn', clips: 1 },
    { reason: 'consent-scope', clips: 1 },
  ])
  expect((await lines('data/clips.jsonl')).map(row => row['clip'])).toEqual(['rain'])
  const files = Object.values(await contentOf(join(folder, 'release'))).map(text => atob(text))
  // Nothing of those who stay behind, neither sentence nor name, is in any file.
  for (const text of files) expect(text).not.toMatch(/schneit|snow|quiet/)
})

test('refuses a release of which nothing may leave, and names the remedy', async () => {
  const { db, run, folder } = await setup()
  db.prepare(`UPDATE media SET licence = 'CC-BY-NC-4.0'`).run()

  await expect(run({ purpose: 'commercial' })).rejects.toMatchObject({
    code: 'not-permitted',
    details: { excluded: { 'licence-non-commercial': 3 } },
  })
  expect(await readdir(folder)).toEqual([])
})

test('people have other names in another release, and the same when one is repeated', async () => {
  const { run, lines } = await setup()
  const signers = async (name: string) => {
    await run({ metadata: { name } })
    return (await lines('data/clips.jsonl')).map(row => row['signer'])
  }
  const first = await signers('one')
  const second = await signers('two')

  expect(new Set([...first, ...second]).size).toBe(6)
  expect(await signers('one')).toEqual(first)
})

test('takes the selected clips alone, and remembers what was asked for', async () => {
  const { run, service, lines, quiet } = await setup()
  expect(service.last()).toBeNull()

  await run({ selection: { kind: 'ids', clipIds: [quiet] } })

  expect((await lines('data/clips.jsonl')).map(row => row['clip'])).toEqual(['quiet'])
  expect(service.last()).toMatchObject({ selection: { kind: 'ids', clipIds: [quiet] }, purpose: 'research' })
})
