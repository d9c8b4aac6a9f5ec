import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseQuery } from '#shared/domain/search-text.ts'
import { expect, onTestFinished, test } from 'vitest'
import { memoryDatabase } from '../../db/open.ts'
import { addClip, addRecording, addRun, testContext } from '../testing/corpus.ts'
import { onHits } from './hits-scope.ts'
import { createSearchService } from './search.service.ts'

type Row = readonly [startMs: number, endMs: number, value: string]

/**
 *            0    1000   2000   3000   4000   5000
 * Gloss R    SONNE WOLKE  REGEN  SONNE  wind
 * Gloss L          WOLKE                WIND
 * Mouthing   sonne               (nothing)
 */
function setup() {
  const db = memoryDatabase()
  const type = db.prepare(`INSERT INTO tier_type (name, stereotype) VALUES (?, 'none')`)
  const [gloss, mouth] = [type.run('gloss').lastInsertRowid, type.run('mouth').lastInsertRowid]
  const tier = db.prepare(
    `INSERT INTO tier (recording_id, type_id, name, ordinal, participant) VALUES (?, ?, ?, ?, ?)`,
  )
  const insert = db.prepare(`INSERT INTO annotation (tier_id, start_ms, end_ms, value) VALUES (?, ?, ?, ?)`)
  const put = (recordingId: number, typeId: number | bigint, name: string, ordinal: number, rows: Row[]) => {
    const id = tier.run(recordingId, typeId, name, ordinal, ordinal === 1 ? 'S2' : 'S1').lastInsertRowid
    for (const row of rows) insert.run(id, ...row)
  }
  const monday = addRecording(db, 'monday')
  put(monday.recordingId, gloss, 'Gloss R', 0, [
    [0, 900, 'SONNE'],
    [1000, 1900, 'WOLKE'],
    [2000, 2900, 'REGEN'],
    [3000, 3900, 'SONNE'],
    [4000, 4900, 'wind'],
  ])
  put(monday.recordingId, gloss, 'Gloss L', 1, [
    [1000, 1900, 'WOLKE'],
    [4000, 4400, 'WIND'],
  ])
  put(monday.recordingId, mouth, 'Mouthing', 2, [[100, 800, 'sonne']])
  const tuesday = addRecording(db, 'tuesday')
  put(tuesday.recordingId, gloss, 'Gloss R', 0, [
    [0, 900, 'SONNENSCHEIN'],
    [1000, 1400, 'WIND-2'],
  ])
  const clip = addClip(db, tuesday, {
    name: 'a',
    startMs: 500,
    gloss: 'SONNE NORD',
    references: ['Die Sonne scheint.'],
  })
  addRun(db, 'small', new Map([[clip, ['Sonne im Norden']]]))
  const search = createSearchService(testContext(db))

  async function found(text: string): Promise<string[]> {
    const shown: string[] = []
    for await (const { hits } of search.run({ query: parseQuery(text), limit: 100 }))
      for (const hit of hits) shown.push(`${hit.recording} ${hit.tier} ${hit.startMs} ${hit.value}`)
    return shown
  }
  return { db, search, found }
}

test('finds texts as parts, words, whole values and regular expressions, in order', async () => {
  const { found } = setup()
  expect(await found('"sonne"')).toEqual([
    'monday Gloss R 0 SONNE',
    'monday Gloss R 3000 SONNE',
    'monday Mouthing 100 sonne',
    'tuesday Gloss R 0 SONNENSCHEIN',
  ])
  expect(await found('"sonne"c')).toEqual(['monday Mouthing 100 sonne'])
  expect(await found('"sonne"v tier:"Gloss R"')).toEqual([
    'monday Gloss R 0 SONNE',
    'monday Gloss R 3000 SONNE',
  ])
  expect(await found('"wind"w tier:Gloss*')).toEqual([
    'monday Gloss R 4000 wind',
    'monday Gloss L 4000 WIND',
    'tuesday Gloss R 1000 WIND-2',
  ])
  expect(await found('/^W.*D$/ type:gloss')).toEqual(['monday Gloss R 4000 wind', 'monday Gloss L 4000 WIND'])
  expect(await found('-/^[SW]/ type:gloss')).toEqual(['monday Gloss R 2000 REGEN'])
})

test('looks through references, glosses and outputs of clips too', async () => {
  const { found } = setup()
  expect(await found('in:annotations,references,glosses,hypotheses "Sonne" recording:tue*')).toEqual([
    'tuesday Gloss R 0 SONNENSCHEIN',
    'tuesday de 500 Die Sonne scheint.',
    'tuesday  500 SONNE NORD',
    'tuesday small 500 Sonne im Norden',
  ])
})

test('knows participants, lengths and times', async () => {
  const { found } = setup()
  expect(await found('participant:S2 shorter:500')).toEqual(['monday Gloss L 4000 WIND'])
  expect(await found('tier:"Gloss R" recording:monday from:1000 to:2900')).toEqual([
    'monday Gloss R 1000 WOLKE',
    'monday Gloss R 2000 REGEN',
  ])
})

test('relations to other annotations: overlap, inside, distance in time and in steps, and none of them', async () => {
  const { found } = setup()
  const sonne = '"SONNE"v tier:"Gloss R"'
  expect(await found(`${sonne} overlaps (tier:Mouthing)`)).toEqual(['monday Gloss R 0 SONNE'])
  expect(await found(`${sonne} not overlaps (tier:Mouthing)`)).toEqual(['monday Gloss R 3000 SONNE'])
  expect(await found('tier:Mouthing within (tier:"Gloss R" "SONNE")')).toEqual(['monday Mouthing 100 sonne'])
  expect(await found(`${sonne} contains (tier:Mouthing)`)).toEqual(['monday Gloss R 0 SONNE'])
  expect(await found(`${sonne} before<=100ms ("WOLKE" tier:"Gloss L")`)).toEqual(['monday Gloss R 0 SONNE'])
  expect(await found(`${sonne} before<=99ms ("WOLKE" tier:"Gloss L")`)).toEqual([])
  expect(await found(`${sonne} after ("REGEN")`)).toEqual(['monday Gloss R 3000 SONNE'])
  expect(await found(`${sonne} before<=1 ("wind")`)).toEqual(['monday Gloss R 3000 SONNE'])
  expect(await found(`${sonne} before<=2 ("REGEN")`)).toEqual(['monday Gloss R 0 SONNE'])
})

test('n-grams are annotations that follow each other on a tier', async () => {
  const { found } = setup()
  expect(await found('"SONNE"v then * then "REGEN"')).toEqual(['monday Gloss R 0 SONNE WOLKE REGEN'])
  expect(await found('"REGEN" then "WOLKE"')).toEqual([])
})

test('a hit says where it matched and what stands around it', async () => {
  const { search } = setup()
  const events = []
  for await (const event of search.run({ query: parseQuery('"GEN"c'), limit: 10 })) events.push(event)
  expect(events.flatMap(({ hits }) => hits)).toMatchObject([
    { value: 'REGEN', matchFrom: 2, matchTo: 5, left: 'SONNE WOLKE', right: 'SONNE wind' },
  ])
  expect(events.at(-1)).toMatchObject({ total: 1, isComplete: true })
})

test('lists no more than was asked for and counts on', async () => {
  const { search } = setup()
  const events = []
  for await (const event of search.run({ query: parseQuery('tier:Gloss*'), limit: 3 })) events.push(event)
  expect(events.flatMap(({ hits }) => hits).length).toBe(3)
  expect(events.at(-1)?.total).toBe(9)
  expect(events.flatMap(({ recordings }) => recordings.map(each => [each.recording, each.hits]))).toEqual([
    ['monday', 7],
    ['tuesday', 2],
  ])
})

test('ends when it is called off', async () => {
  const { search } = setup()
  const abort = new AbortController()
  const run = search.run({ query: parseQuery('tier:Gloss*'), limit: 100 }, abort.signal)
  await run.next()
  abort.abort()
  await expect(run.next()).rejects.toThrow('aborted')
})

test('refuses an empty query and a pattern that is none', async () => {
  const { found } = setup()
  await expect(found('in:references')).rejects.toMatchObject({ code: 'invalid-input' })
  await expect(found('/(/')).rejects.toMatchObject({ code: 'invalid-input' })
})

test('writes all hits as a table', async () => {
  const { search } = setup()
  const dir = mkdtempSync(join(tmpdir(), 'signwright-search-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const file = join(dir, 'hits.tsv')
  const input = { query: parseQuery('"WIND-2"'), file, overwrite: false }
  expect(await search.export(input)).toEqual({ file, rows: 1 })
  expect(readFileSync(file, 'utf8').split(/\r?\n/).slice(0, 2)).toEqual([
    'recording\tsource\ttier\tbegin_ms\tend_ms\tleft\thit\tright\tmatch_from\tmatch_to',
    'tuesday\tannotations\tGloss R\t1000\t1400\tSONNENSCHEIN\tWIND-2\t\t0\t6',
  ])
  await expect(search.export(input)).rejects.toMatchObject({ code: 'conflict' })
})

test('remembers queries with the corpus', () => {
  const { db, search } = setup()
  search.save({ name: 'suns', query: '"sonne"' })
  search.save({ name: 'rain', query: '"regen"' })
  search.save({ name: 'suns', query: '"SONNE"c' })
  const reopened = createSearchService(testContext(db))
  expect(reopened.saved()).toEqual([
    { name: 'rain', query: '"regen"' },
    { name: 'suns', query: '"SONNE"c' },
  ])
  expect(reopened.forget('rain')).toEqual([{ name: 'suns', query: '"SONNE"c' }])
})

test('finds what was changed, moved, added and removed since the last search', async () => {
  const { db, found } = setup()
  expect(await found('"NEU"')).toEqual([])
  db.exec(`
    UPDATE annotation SET value = 'NEU' WHERE value = 'REGEN';
    UPDATE annotation SET start_ms = 950, end_ms = 990 WHERE value = 'WIND-2';
    DELETE FROM annotation WHERE value = 'sonne';
    INSERT INTO annotation (tier_id, start_ms, end_ms, value) VALUES (2, 2000, 2100, 'NEUER');
    UPDATE annotation SET tier_id = 3 WHERE value = 'wind'`)
  expect(await found('"neu"')).toEqual(['monday Gloss R 2000 NEU', 'monday Gloss L 2000 NEUER'])
  expect(await found('"WIND"')).toEqual([
    'monday Gloss L 4000 WIND',
    'monday Mouthing 4000 wind',
    'tuesday Gloss R 950 WIND-2',
  ])
  expect(await found('tier:Mouthing')).toEqual(['monday Mouthing 4000 wind'])
  db.exec(`DELETE FROM tier WHERE name = 'Gloss L'`)
  expect(await found('"neu"')).toEqual(['monday Gloss R 2000 NEU'])
})

test('a search finds the index that another one made, and what is new beside it', async () => {
  const { db, found } = setup()
  await found('"x"')
  db.exec(`UPDATE annotation SET value = 'FREMD' WHERE value = 'REGEN'`)
  const other = createSearchService(testContext(db))
  const values: string[] = []
  for await (const { hits } of other.run({ query: parseQuery('/^(FREMD|SONNE)$/c'), limit: 100 }))
    values.push(...hits.map(({ value }) => value))
  expect(values).toEqual(['SONNE', 'FREMD', 'SONNE'])
})

test('prepares what is missing of the index and no more', async () => {
  const { db, search, found } = setup()
  const prepare = async () => {
    const left: number[] = []
    for await (const { tiersLeft } of search.prepare()) left.push(tiersLeft)
    return left
  }
  expect(await prepare()).toEqual([4, 0])
  db.exec(`UPDATE annotation SET value = 'NEU' WHERE value = 'REGEN'`)
  expect(await prepare()).toEqual([1, 0])
  expect(await found('"NEU"')).toEqual(['monday Gloss R 2000 NEU'])
})

test('an index that a transaction took back is made again', async () => {
  const { db, search, found } = setup()
  expect(() =>
    db.transaction(() => {
      db.exec(`UPDATE annotation SET value = 'VERWORFEN' WHERE value = 'REGEN'`)
      throw new Error('taken back')
    })(),
  ).toThrow('taken back')
  for await (const _ of search.prepare()) void _
  expect([await found('"VERWORFEN"'), await found('"REGEN"')]).toEqual([[], ['monday Gloss R 2000 REGEN']])
})

test('an operation on hits is carried out on the annotations of the search', async () => {
  const { search } = setup()
  const pattern = { text: 'sonne', isRegex: false, isCaseSensitive: false, isWholeValue: false }
  const replace = { kind: 'replace' as const, pattern, replacement: 'MOND' }
  const query = parseQuery('in:annotations,references "sonne"')
  const ids = await search.annotationIds(query)
  expect(ids).toEqual([1, 4, 8, 9])
  expect(await onHits(search, { ...replace, scope: { kind: 'hits', query } })).toEqual({
    ...replace,
    scope: { kind: 'annotations', annotationIds: ids },
  })
  const inCorpus = { ...replace, scope: { kind: 'corpus' as const } }
  expect(await onHits(search, inCorpus)).toBe(inCorpus)
})

test('a pattern that backtracks without end is stopped', async () => {
  const { db, found } = setup()
  db.exec(`UPDATE annotation SET value = '${'a'.repeat(60)}!' WHERE value = 'REGEN'`)
  await expect(found('/^(a+)+$/')).rejects.toMatchObject({ code: 'invalid-input' })
}, 20_000)
