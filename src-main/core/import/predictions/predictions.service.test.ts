import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { PredictionPreview, PredictionSource } from '#shared/contract/predictions.ts'
import { writePickle } from '../../../formats/pickle/write-pickle.ts'
import { createEditing } from '../../edit/edit.service.ts'
import { addClip, addRecording, contentOf, testContext } from '../../testing/corpus.ts'
import { createPredictionsService } from './predictions.service.ts'

const dir = mkdtempSync(join(tmpdir(), 'signwright-predictions-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const REFERENCES = [
  'am montag regnet es',
  'im süden scheint die sonne',
  'der wind weht schwach',
  'in der nacht wird es kalt',
  'morgen schneit es',
  'am abend kommt nebel',
  'im norden bleibt es trocken',
  'heute gibt es gewitter',
]
let files = 0

/** Clips `c`, `b`, `a` … in this order of import, with a reference each. */
function setup(names = ['clip-h', 'clip-g', 'clip-f', 'clip-e', 'clip-d', 'clip-c', 'clip-b', 'clip-a']) {
  const context = testContext()
  const place = addRecording(context.db)
  names.forEach((name, at) => addClip(context.db, place, { name, references: [REFERENCES[at] ?? ''] }))
  const editing = createEditing(context)
  const predictions = createPredictionsService(context, { editing })
  const parsed = (content: string | Uint8Array, name: string, more: object) =>
    PredictionSource.parse({ source: file(content, name), ...more })
  return {
    context,
    db: context.db,
    editing,
    preview: async (content: string | Uint8Array, name = 'system.txt', more = {}) =>
      PredictionPreview.parse(await predictions.preview(parsed(content, name, more))),
    run: (content: string | Uint8Array, name = 'system.txt', more = {}) =>
      predictions.run(parsed(content, name, more)),
    outputs: () =>
      context.db
        .prepare(
          `SELECT run.name AS run, clip.name AS clip, text FROM hypothesis
           JOIN run ON run.id = run_id JOIN clip ON clip.id = clip_id ORDER BY run.id, clip.name`,
        )
        .raw()
        .all(),
  }
}

function file(content: string | Uint8Array, name: string): string {
  const path = join(dir, `${++files}`)
  rmSync(path, { recursive: true, force: true })
  const full = `${path}-${name}`
  writeFileSync(full, content)
  return full
}

const FIRST_TWO = [
  ['clip-g', 'im süden sonne'],
  ['clip-h', 'montag regen'],
] as const

test.each([
  ['pairs', 'a.txt', 'test/clip-h|montag regen\nclip-g|im süden sonne\n'],
  [
    'pairs',
    'b.txt',
    'clip-h|montag regen|am montag regnet es\nclip-g|im süden sonne|im süden scheint die sonne\n',
  ],
  ['table', 'c.csv', '\uFEFFid,hypothesis\r\nclip-h,montag regen\r\n"clip-g","im süden sonne"\r\n'],
  ['table', 'd.tsv', 'name\tref\thyp\nclip-h\tx\tmontag regen\nclip-g\ty\tim süden sonne\n'],
  ['json', 'e.json', '[{"name":"clip-h","pred":"montag regen"},{"name":"clip-g","pred":"im süden sonne"}]'],
  ['json', 'f.json', '{"clip-h":"montag regen","clip-g":"im süden sonne"}'],
  ['json', 'g.jsonl', '{"id":"clip-h","hyp":["montag regen"]}\n\n{"id":"clip-g","hyp":["im süden sonne"]}\n'],
  ['json', 'h.json', '{"names":["clip-h","clip-g"],"hyps":["montag regen","im süden sonne"]}'],
])('reads %s from %s', async (format, name, content) => {
  const { run, outputs } = setup()
  const result = await run(content, name, { run: 'S' })
  expect([result.format, outputs()]).toEqual([format, FIRST_TWO.map(([clip, text]) => ['S', clip, text])])
})

test('reads a packed pickle, and refuses one that asks for code, by name', async () => {
  const { run, outputs, preview } = setup()
  const dump = new Map([
    ['clip-h', new Map([['hyp', 'montag regen']])],
    ['clip-g', new Map([['hyp', 'im süden sonne']])],
  ])
  await run(gzipSync(writePickle(dump)), 'out.pami0.test', { run: 'S' })
  expect(outputs()).toEqual(FIRST_TWO.map(([clip, text]) => ['S', clip, text]))
  await expect(
    preview(Buffer.from('\x80\x02cposix\nsystem\nX\x02\x00\x00\x00ls\x85R.', 'latin1')),
  ).rejects.toMatchObject({
    code: 'unsafe-file',
    message: expect.stringContaining('posix.system'),
  })
})

test('every row is imported, repaired or left out with its reason', async () => {
  const { preview } = setup()
  const content =
    'id\thyp\nclip-h\teins\ntest/CLIP-G.mp4\t zwei \nclip-x\tdrei\nclip-h\tvier\nclip-f\nclip-e\t\n'
  const { counts, rows, missing } = await preview(content, 'x.tsv')
  expect(counts).toEqual({ imported: 2, repaired: 1, skipped: 3 })
  expect(rows.map(({ line, clip, status, reason }) => [line, clip, status, reason])).toEqual([
    [4, null, 'skipped', 'The corpus has no clip clip-x.'],
    [5, null, 'skipped', 'Another output for clip-h stands in line 2; that one is taken.'],
    [6, null, 'skipped', 'The row has 1 cells; the header has 2.'],
    [
      3,
      'clip-g',
      'repaired',
      'The file calls the clip test/CLIP-G.mp4. White space and invisible marks around the sentence are left out.',
    ],
    [2, 'clip-h', 'imported', null],
    [7, 'clip-e', 'imported', 'The output is empty; it is kept as that.'],
  ])
  expect(missing.count).toBe(5)
})

test('lines without names are counted against the order that the references prove', async () => {
  const { preview } = setup()
  const hyps = REFERENCES.map((_, at) => `satz ${at}`)
  const byName = file(`${REFERENCES.toReversed().join('\n')}\n`, 'ref.txt')
  const named = await preview(`${hyps.join('\n')}\n`, 'hyp.txt', { references: [byName] })
  expect([named.alignment, named.references.same, named.issues]).toEqual(['name-order', 8, []])
  const byImport = file(REFERENCES.join('\r\n'), 'ref.txt')
  const counted = await preview(hyps.join('\n'), 'hyp.txt', { references: [byImport] })
  expect([counted.alignment, counted.references.same, counted.issues]).toEqual(['import-order', 8, []])
})

test('a lost line is found by the references behind it', async () => {
  const { preview } = setup()
  const lines = REFERENCES.filter((_, at) => at !== 2)
  const ref = file(`${lines.join('\n')}\n`, 'ref.txt')
  const { issues, references } = await preview(`${lines.map(() => 'x').join('\n')}\n`, 'hyp.txt', {
    references: [ref],
  })
  expect(references).toMatchObject({ same: 2, different: 5 })
  expect(issues.map(({ severity, line, message }) => [severity, line, message.slice(0, 60)])).toEqual([
    ['error', 7, 'The file has 7 lines for 8 clips. Choose the split that it i'],
    ['error', 3, 'From here on the references are those of later clips: 1 line'],
  ])
})

test('references that differ are shown, and kept, added or replaced as chosen', async () => {
  const content = 'clip-h|x|Am Montag regnet es .\nclip-g|x|ganz anders\n'
  const texts = ({ db }: ReturnType<typeof setup>) =>
    db
      .prepare(
        `SELECT clip.name, ordinal, text, version FROM reference JOIN clip ON clip.id = clip_id
         WHERE clip.name IN ('clip-g', 'clip-h') ORDER BY clip.name, ordinal`,
      )
      .raw()
      .all()
  const kept = setup()
  const { differences } = await kept.run(content)
  expect(differences.map(({ clip, isFormOnly }) => [clip, isFormOnly])).toEqual([
    ['clip-g', false],
    ['clip-h', true],
  ])
  expect(texts(kept)).toEqual([
    ['clip-g', 0, 'im süden scheint die sonne', 1],
    ['clip-h', 0, 'am montag regnet es', 1],
  ])
  const added = setup()
  await added.run(content, 'a.txt', { referenceChoice: 'add' })
  expect(texts(added)).toEqual([
    ['clip-g', 0, 'im süden scheint die sonne', 1],
    ['clip-g', 1, 'ganz anders', 1],
    ['clip-h', 0, 'am montag regnet es', 1],
    ['clip-h', 1, 'Am Montag regnet es .', 1],
  ])
  const replaced = setup()
  await replaced.run(content, 'a.txt', { referenceChoice: 'replace' })
  expect(texts(replaced)).toEqual([
    ['clip-g', 0, 'ganz anders', 2],
    ['clip-h', 0, 'Am Montag regnet es .', 2],
  ])
})

test('a corpus is made from predictions alone, and undo leaves nothing of it', async () => {
  const { db, editing, run } = setup([])
  const before = contentOf(db)
  const ref = file('der erste\nder zweite\n', 'ref.txt')
  const { newClips, counts } = await run('eins\nzwei\n', 'hyp.txt', {
    references: [ref],
    makeClips: true,
    split: 'test',
    language: 'de',
  })
  expect([newClips, counts.imported]).toEqual([2, 2])
  expect(
    db
      .prepare(
        `SELECT split, text, language, is_absent, frames, clip.problem IS NULL FROM clip
         JOIN media ON media.id = media_id JOIN (SELECT clip_id, text, language FROM reference) ON clip_id = clip.id`,
      )
      .raw()
      .all(),
  ).toEqual([
    ['test', 'der erste', 'de', 1, 0, 1],
    ['test', 'der zweite', 'de', 1, 0, 1],
  ])
  editing.undo()
  expect(contentOf(db)).toEqual(before)
})

test('the run says where it came from', async () => {
  const { db, run } = setup()
  await run('clip-h|eins\n', 'sys.txt', { run: 'S' })
  const row = db
    .prepare(`SELECT run.kind, parameters, model.name FROM run JOIN model ON model.id = model_id`)
    .get()
  expect(row).toMatchObject({ kind: 'imported', name: 'S' })
  const { files: listed, rows } = JSON.parse((row as { parameters: string }).parameters) as {
    files: unknown[]
    rows: unknown
  }
  expect(listed).toEqual([
    { file: expect.stringMatching(/sys\.txt$/), bytes: 12, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  ])
  expect(rows).toEqual({ imported: 1, repaired: 0, skipped: 0 })
})

test.each([
  ['an empty file', '', 'x.txt', 'corrupt-file', 'empty'],
  ['binary data', Buffer.from([1, 0, 2, 10, 0]), 'x.txt', 'corrupt-file', 'x.txt'],
  ['Latin-1', Buffer.from('clip-h|grüße\n', 'latin1'), 'x.txt', 'corrupt-file', 'line 1'],
  ['a line that is no sentence', `clip-h|${'x'.repeat(200_000)}`, 'x.txt', 'corrupt-file', 'line 1'],
  [
    'a cut pickle',
    writePickle(new Map([['clip-h', 'x']])).subarray(0, 12),
    'x.pkl',
    'corrupt-file',
    'cut off',
  ],
  ['JSON of something else', '{"a": 1}', 'x.json', 'invalid-input', 'list of records'],
  ['broken JSON', '{"a": ', 'x.json', 'corrupt-file', 'line 1'],
  ['other XML', '<html><p/></html>', 'x.xml', 'invalid-input', '<dataset>'],
  [
    'an XML bomb',
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><dataset>&c;</dataset>',
    'x.xml',
    'unsafe-file',
    'line 1',
  ],
  ['clips of another corpus', 'other-1|eins\nother-2|zwei\n', 'x.txt', 'invalid-input', 'no clip other-1'],
  ['a gzip that is cut', gzipSync('clip-h|x').subarray(0, 15), 'x.gz', 'corrupt-file', 'gzip'],
])('refuses %s and imports nothing of it', async (_, content, name, code, words) => {
  const { db, run } = setup()
  const before = contentOf(db)
  await expect(run(content, name)).rejects.toMatchObject({ code, message: expect.stringContaining(words) })
  expect(contentOf(db)).toEqual(before)
})

const named = (at: (i: number) => number) =>
  REFERENCES.map((_, i) => `clip-${'hgfedcba'[i]}|output ${i}|${REFERENCES[at(i)]}`).join('\n')

test('a file in another order is told by its references, with and without names', async () => {
  const { preview } = setup()
  const order = (i: number) => (i * 3 + 1) % 8
  const references = file(REFERENCES.map((_, i) => REFERENCES[order(i)]).join('\n'), 'ref.txt')
  const lines = REFERENCES.map((_, i) => `output ${i}`).join('\n')

  const told = async (of: Promise<PredictionPreview>) =>
    (await of).issues.filter(({ message }) => message.includes('in another order'))
  expect(await told(preview(named(order)))).toMatchObject([{ severity: 'error', line: 1 }])
  expect(await told(preview(lines, 'lines.txt', { references: [references] }))).toMatchObject([
    { severity: 'error', message: expect.stringContaining('Give the names of the clips') as unknown },
  ])
  expect(await told(preview(named(i => i)))).toEqual([])
})

test('the file of another corpus is told by its names, or by its references', async () => {
  const { preview } = setup()
  const others = await preview(REFERENCES.map((text, i) => `x${i}|${text}|${text}`).join('\n'))
  expect(others.issues).toMatchObject([
    { severity: 'error', message: expect.stringContaining('the file names x0, x1, x2') as unknown },
  ])
  const foreign = await preview(named(i => i).replaceAll(/\|[^|\n]+$/gm, '|etwas ganz anderes'))
  expect(foreign.issues).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('8 of 8 references') as unknown },
  ])
})
