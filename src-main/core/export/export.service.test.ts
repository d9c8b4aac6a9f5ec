import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { ClipId, RunId } from '#shared/contract/ids.ts'
import { ExportRequest } from '#shared/contract/transfer.ts'
import { addClip, addRecording, addRun, testContext } from '../testing/corpus.ts'
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
  const snow = addClip(db, place, { name: 'snow', startMs: 2000, references: ['es schneit im norden'] })
  const quiet = addClip(db, place, { name: 'quiet', startMs: 4000, split: 'dev' })
  db.prepare(`UPDATE clip SET state = 'flagged' WHERE id = ?`).run(snow)
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
    runs: ['beam 1', 'beam 5'],
    files: [
      'README.md',
      'data/clips.jsonl',
      'data/clips.csv',
      'hypotheses.jsonl',
      'manifest.json',
      'plain/ids.txt',
      'plain/ref.txt',
      'plain/beam-1.hyp.txt',
      'plain/beam-1.ids.txt',
      'plain/beam-1.ref.txt',
      'plain/beam-5.hyp.txt',
      'scores.json',
    ],
    issues: [
      {
        severity: 'warning',
        file: '',
        line: null,
        message: '3 clips of video without a stated licence: nobody may use what has none.',
      },
      {
        severity: 'warning',
        file: '',
        line: null,
        message: '3 clips without a note of the signer’s consent.',
      },
      {
        severity: 'warning',
        file: '',
        line: null,
        message: '1 clip without a reference: in the release, but in no score.',
      },
      { severity: 'info', file: '', line: null, message: '1 clip flagged.' },
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
    signer: 'Anna',
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
    ['beam 5', 'snow', 0, [{ annotator: 'person-2', value: 80, ratedAt: '1970-01-01T00:00:00.000Z' }]],
  ])
})

test('takes what is asked for, and says what it leaves out', async () => {
  const { run, folder, lines, runs } = await setup()

  await run({ split: 'test', withFlagged: false, runIds: [runs.first] })

  const manifest = JSON.parse(await readFile(join(folder, 'release', 'manifest.json'), 'utf8')) as Record<
    string,
    unknown
  >
  expect(manifest['excluded']).toEqual([
    { clip: 'quiet', reason: 'another split' },
    { clip: 'snow', reason: 'flagged' },
  ])
  expect((await lines('data/clips.jsonl')).map(row => row['clip'])).toEqual(['rain'])
  expect((await lines('hypotheses.jsonl')).map(row => row['run'])).toEqual(['beam 5', 'beam 5'])
})

test('writes clips only in the format asked for', async () => {
  const { run, service, request } = await setup()
  const { files } = await run({ formats: ['csv'] })
  expect(files.filter(file => file.startsWith('data/'))).toEqual(['data/clips.csv'])
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
