import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { ClipId } from '#shared/contract/ids.ts'
import { ExportRequest, ImportSource } from '#shared/contract/transfer.ts'
import type { WriteDb } from '../../../db/types.ts'
import { createExportService } from '../../export/export.service.ts'
import { addClip, addRecording, addRun, giveRights, testContext } from '../../testing/corpus.ts'
import { createImportService } from '../import.service.ts'

const root = await mkdtemp(join(tmpdir(), 'signwright-reopen-'))
afterAll(() => rm(root, { recursive: true, force: true }))

const generator = { name: 'Signwright', version: '1.2.3' }
const quiet = { signal: new AbortController().signal, onProgress: () => {} }

/** A corpus in which everything that a release holds has happened. */
function livedIn() {
  const context = testContext()
  const { db } = context
  const place = addRecording(db, 'Monday')
  const rain = addClip(db, place, {
    name: 'rain',
    signer: 'Anna',
    gloss: 'REGEN',
    references: ['es regnet heute', 'heute regnet es'],
  })
  const snow = addClip(db, place, {
    name: 'schnee ❄',
    signer: 'Bo',
    startMs: 2000,
    references: ['es schneit'],
  })
  addClip(db, addRecording(db, 'Tuesday'), { name: 'quiet', signer: 'Anna', startMs: 4000, split: 'dev' })
  giveRights(db)
  db.exec(`
    UPDATE clip SET state = 'flagged', note = 'late "hands"' WHERE name LIKE 'schnee%';
    INSERT INTO clip_tag (clip_id, tag) VALUES (${rain}, 'wetter'), (${rain}, 'ärger');
    UPDATE reference SET text = 'Es regnet heute.', version = 2, source = 'edit', changed_at = 1700000000123, changed_by = 'Ada'
      WHERE clip_id = ${rain} AND ordinal = 0;
    INSERT INTO reference_version (reference_id, version, text, source, changed_at, changed_by)
      SELECT id, 2, text, source, changed_at, changed_by FROM reference WHERE version = 2;
    UPDATE consent SET territory = 'DE AT', valid_until = 4000000000000 WHERE signer_id = 1;
    INSERT INTO licence (name, holder, attribution, share_alike) VALUES ('CC0-1.0', 'The lab', 'two' || char(10) || 'lines', 0);`)
  addRun(
    db,
    'beam 5',
    new Map<ClipId, string[]>([
      [rain, ['es regnet heute', 'es regnet']],
      [snow, ['es schneit']],
    ]),
  )
  addRun(db, 'beam 1', new Map<ClipId, string[]>([[rain, ['regen']]]))
  db.exec(`
    UPDATE run SET parameters = '{"mode":"beam","beams":5,"files":[{"file":"/home/ada/secret/x.txt"}]}', device = 'cpu', warning = 'only weather',
      created_at = 1600000000000 WHERE name = 'beam 5';
    UPDATE hypothesis SET token_ids = '[3,1,4]' WHERE text = 'es regnet heute';
    INSERT INTO rating (hypothesis_id, annotator, value, rated_at, protocol) SELECT id, 'Ada', 80, 1700000001000, 'sqm' FROM hypothesis WHERE text = 'es schneit';
    INSERT INTO repeated_rating (rating_id, value, rated_at) VALUES (1, 70, 1700000002000);
    INSERT INTO document_rating (run_id, document, annotator, value, rated_at) SELECT id, 'day 1', 'Ada', 55, 1700000003000 FROM run WHERE name = 'beam 5';
    INSERT INTO job (kind, title, state, parameters, done, total, unit, attempts, created_at, started_at, finished_at, run_id)
      SELECT 'translate', 't', 'done', '{}', 2, 2, 'clips', 1, 0, 10, 4010, id FROM run WHERE name = 'beam 5';
    INSERT INTO campaign (name, protocol, seed, shows_reference, source, created_at, created_by) VALUES ('Spring', 'esa', 7, 1, '/home/x/ratings.csv', 1700000004000, 'Ada');
    INSERT INTO campaign_item (campaign_id, place, clip_id, kind, origin_id) VALUES (1, 0, ${snow}, 'judge', NULL), (1, 1, ${rain}, 'judge', NULL), (1, 2, ${rain}, 'repeat', 2);
    INSERT INTO campaign_output (item_id, slot, hypothesis_id, text)
      SELECT campaign_item.id, 0, hypothesis.id, text FROM campaign_item JOIN hypothesis USING (clip_id) WHERE run_id = 1 AND rank = 0;
    INSERT INTO judgement (item_id, annotator, started_at, finished_at) SELECT id, 'Bea', 1700000005000, 1700000006000 FROM campaign_item;
    INSERT INTO judged_output (judgement_id, output_id, value) SELECT judgement.id, campaign_output.id, 12.5 FROM judgement JOIN campaign_output USING (item_id);
    INSERT INTO error_span (judged_output_id, start_cp, end_cp, is_missing, severity, category, comment) VALUES (1, 0, 2, 0, 'major', 'role shift', 'signs as the father');`)
  return context
}

const request = (outDir: string, more: object = {}) =>
  ExportRequest.parse({
    outDir,
    territory: 'DE',
    annotations: ['eaf', 'srt', 'vtt'],
    metadata: { name: 'Weather', creators: ['Ada'], signLanguage: 'gsg' },
    ...more,
  })

async function released(name: string, context = livedIn(), more: object = {}): Promise<string> {
  const outDir = join(root, name)
  await createExportService(context, generator).run(request(outDir, more), quiet)
  return outDir
}

async function opened(source: string) {
  const context = testContext()
  const result = await createImportService(context).run(ImportSource.parse({ source }), quiet)
  return { context, result }
}

async function filesOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  return Object.fromEntries(
    await Promise.all(
      paths.map(async path => [path.slice(folder.length + 1), await readFile(path, 'latin1')] as const),
    ),
  )
}

/** What people made, row by row, without the numbers of rows and without names of people. */
function contentOf(db: WriteDb): Record<string, unknown[]> {
  const all = (sql: string) => db.prepare(sql).all()
  return {
    clips:
      all(`SELECT clip.name, recording.name AS recording, content_hash, frames, media.frame_index, duration_ms, facts, start_ms,
      end_ms, first_frame, last_frame, split, state, clip.note, gloss, licence FROM clip JOIN media ON media.id = media_id
      JOIN recording ON recording.id = clip.recording_id ORDER BY clip.name`),
    tags: all(`SELECT name, tag FROM clip_tag JOIN clip ON clip.id = clip_id ORDER BY name, tag`),
    sameSigner: all(
      `SELECT a.name, b.name FROM clip a JOIN clip b ON a.signer_id = b.signer_id ORDER BY a.name, b.name`,
    ),
    references:
      all(`SELECT name, ordinal, language, text, version, source, changed_at, changed_by <> '' AS byPerson
      FROM reference JOIN clip ON clip.id = clip_id ORDER BY name, ordinal`),
    versions: all(`SELECT name, ordinal, v.version, v.text, v.source, v.changed_at FROM reference_version v
      JOIN reference ON reference.id = reference_id JOIN clip ON clip.id = clip_id ORDER BY name, ordinal, v.version`),
    runs: all(`SELECT run.name, run.kind, device, warning, created_at, clips, model.name AS model, version FROM run
      JOIN model ON model.id = model_id ORDER BY run.name`),
    outputs:
      all(`SELECT run.name AS run, clip.name, rank, text, score, token_ids FROM hypothesis JOIN run ON run.id = run_id
      JOIN clip ON clip.id = clip_id ORDER BY run.name, clip.name, rank`),
    ratings:
      all(`SELECT text, rating.value, rating.rated_at, protocol, r.value AS again, r.rated_at AS againAt FROM rating
      JOIN hypothesis ON hypothesis.id = hypothesis_id LEFT JOIN repeated_rating r ON rating_id = rating.id`),
    documents: all(
      `SELECT run.name, document, value, rated_at, protocol FROM document_rating JOIN run ON run.id = run_id`,
    ),
    consents: all(
      `SELECT research, publish, commercial, train, face_visible, territory, valid_until, withdrawn_at FROM consent ORDER BY id`,
    ),
    licences: all(
      `SELECT name, holder, source, attribution, share_alike, no_derivatives, non_commercial FROM licence`,
    ),
  }
}

test('a release opens as a corpus that has all of it', async () => {
  const before = livedIn()
  const { context, result } = await opened(await released('all', before))

  expect(result).toMatchObject({ added: 3, known: 0, broken: 0 })
  expect(contentOf(context.db)).toEqual(contentOf(before.db))
  expect(context.db.prepare('SELECT name FROM signer').pluck().all()).toEqual([
    expect.stringMatching(/^signer-[0-9a-f]{15}$/),
    expect.stringMatching(/^signer-[0-9a-f]{15}$/),
  ])
})

test('a release that was opened and written again is the same, byte for byte', async () => {
  const before = livedIn()
  before.db.exec(
    `UPDATE consent SET withdrawn_at = 1 WHERE signer_id = (SELECT id FROM signer WHERE name = 'Bo')`,
  )
  const first = await released('first', before)
  const { context } = await opened(first)
  const second = await released('second', context)

  expect(await filesOf(second)).toEqual(await filesOf(first))
})

test('people get new names in a release of another name, also those who had a pseudonym', async () => {
  const { context } = await opened(await released('named'))
  const other = await released('other', context, { metadata: { name: 'Other' } })
  const names = context.db.prepare<[], string>('SELECT name FROM signer').pluck().all()
  const text = Object.values(await filesOf(other)).join('\n')
  for (const name of names) expect(text).not.toContain(name)
})

test('no path of the machine is in a release', async () => {
  const text = Object.values(await filesOf(await released('paths'))).join('\n')
  expect(text).toContain('x.txt')
  expect(text).not.toMatch(/secret|\/videos\//)
})

test('a release is not mixed into a corpus that holds something else', async () => {
  const folder = await released('mixed')
  const source = ImportSource.parse({ source: folder })
  const full = createImportService(livedIn())

  expect((await full.preview(source)).issues[0]).toMatchObject({ severity: 'error' })
  await expect(full.run(source, quiet)).rejects.toMatchObject({ code: 'conflict' })
})

test('says what a release holds before it is opened', async () => {
  const folder = await released('preview')
  const context = testContext()
  const preview = await createImportService(context).preview(ImportSource.parse({ source: folder }))

  expect(preview).toMatchObject({ format: 'release', counts: { new: 3, known: 0, changed: 0, broken: 0 } })
  expect(preview.clips[1]).toMatchObject({ name: 'rain', text: 'Es regnet heute.', status: 'new' })
  expect(preview.issues.map(({ message }) => message).join(' ')).toContain('beam 1, beam 5')
  expect(context.db.prepare('SELECT count(*) FROM clip').pluck().get()).toBe(0)
})

test('what was stopped goes on where it was', async () => {
  const folder = await released('stopped')
  const context = testContext()
  const imports = createImportService(context)
  const source = ImportSource.parse({ source: folder })
  const abort = new AbortController()
  abort.abort()
  context.db.exec(
    `CREATE TEMP TRIGGER stop BEFORE INSERT ON rating BEGIN SELECT raise(ABORT, 'power cut'); END`,
  )
  await expect(imports.run(source, { ...quiet, signal: abort.signal })).rejects.toThrow()
  context.db.exec('DROP TRIGGER stop')
  const again = await imports.run(source, quiet)

  expect(again).toMatchObject({ added: 0, known: 3 })
  expect(contentOf(context.db)).toEqual(contentOf(livedIn().db))
})

test('a file that was changed since is named, and nothing is imported', async () => {
  const folder = await released('whole')
  const broken = join(root, 'broken')
  await cp(folder, broken, { recursive: true })
  const file = join(broken, 'hypotheses.jsonl')
  await writeFile(file, (await readFile(file, 'utf8')).replace('es schneit', 'es hagelt'))

  await expect(opened(broken)).rejects.toMatchObject({ code: 'corrupt-file', details: { file } })
  await rm(join(broken, 'data', 'clips.jsonl'))
  await expect(opened(broken)).rejects.toMatchObject({ code: 'corrupt-file' })
})

test('rows of a signer who withdrew consent are in no file of the next release', async () => {
  const context = livedIn()
  const everything = await filesOf(await released('before', context))
  expect(Object.values(everything).filter(text => text.includes('schnee')).length).toBeGreaterThan(5)
  context.db.exec(
    `UPDATE consent SET withdrawn_at = 1 WHERE signer_id = (SELECT id FROM signer WHERE name = 'Bo')`,
  )

  const after = await filesOf(await released('before', context))

  for (const [path, text] of Object.entries(after))
    expect([path, text]).not.toEqual([path, expect.stringMatching(/schne/)])
  expect(Object.keys(after)).not.toContain('document-ratings.jsonl')
})
