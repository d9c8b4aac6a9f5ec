import { expect, test } from 'vitest'
import { ClipDetail, ClipRow, type ClipFilter } from '#shared/contract/clip.ts'
import type { ClipId, RunId } from '#shared/contract/ids.ts'
import type { ReadDb, WriteDb } from '../../db/types.ts'
import { createEditing } from '../edit/edit.service.ts'
import { createReferenceService } from '../reference/reference.service.ts'
import { addClip, addRecording, addRun, testContext } from '../testing/corpus.ts'
import { clipIdsQuery, type ClipSort } from './clip.search.ts'
import { createClipService } from './clip.service.ts'
import { resolveSelection } from './selection.ts'

/** Stands for the evaluation: the longer the output, the better. */
function scoreByLength(db: WriteDb, asked: ClipId[][]) {
  return (clipIds: readonly ClipId[]) => {
    asked.push([...clipIds])
    db.prepare(
      `INSERT INTO sentence_score (hypothesis_id, tokenizer, bleu, chrf)
       SELECT id, '13a', length(text), length(text) + 0.5 FROM hypothesis
       WHERE clip_id IN (SELECT value FROM json_each(?))
       ON CONFLICT DO NOTHING`,
    ).run(JSON.stringify(clipIds))
  }
}

function setup() {
  const context = testContext()
  const { db } = context
  const place = addRecording(db)
  const sun = addClip(db, place, {
    name: 'sun',
    split: 'dev',
    signer: 'S2',
    gloss: 'SONNE MORGEN',
    references: ['morgen löst die Sonne', 'Sonne'],
  })
  const rain = addClip(db, place, {
    name: 'rain',
    startMs: 2000,
    endMs: 7000,
    split: 'test',
    signer: 'S1',
    gloss: 'REGEN',
    references: ['im Norden 100% Regen_'],
  })
  const wind = addClip(db, place, {
    name: 'wind',
    startMs: 8000,
    endMs: 9000,
    split: 'test',
    references: ['明天天气很好'],
  })
  const bare = addClip(db, place, { name: 'bare', startMs: 9000, endMs: 12_000, split: '' })
  const old = addRun(
    db,
    'old',
    new Map([
      [sun, ['die Sonne kommt bald wieder', 'zwei']],
      [rain, ['Regen']],
    ]),
  )
  const fresh = addRun(
    db,
    'fresh',
    new Map([
      [sun, ['Sonne']],
      [wind, ['Wetter gut']],
    ]),
  )
  const asked: ClipId[][] = []
  const editing = createEditing(context)
  const clips = createClipService(context, { editing, ensureSentenceScores: scoreByLength(db, asked) })
  const names = (filter: ClipFilter, sort: ClipSort = 'name', descending = false) =>
    clips.list({ filter, sort, descending, offset: 0, limit: 100 }).rows.map(row => row.name)
  return { context, db, editing, clips, asked, names, sun, rain, wind, bare, old, fresh }
}

test('lists rows with their best hypothesis, reference, scores and thumbnail', () => {
  const { clips, sun } = setup()
  const page = clips.list({ filter: {}, sort: 'name', descending: true, offset: 1, limit: 2 })
  expect(page.rows).toEqual(page.rows.map(row => ClipRow.parse(row)))
  expect({ total: page.total, names: page.rows.map(row => row.name) }).toEqual({
    total: 4,
    names: ['sun', 'rain'],
  })
  expect(page.rows[0]).toEqual({
    id: sun,
    name: 'sun',
    split: 'dev',
    signer: 'S2',
    state: 'new',
    tags: [],
    durationMs: 2000,
    frames: 50,
    reference: 'morgen löst die Sonne',
    hypothesis: 'Sonne',
    bleu: 5,
    chrf: 5.5,
    hasFeatures: false,
    problem: null,
    thumbnailUrl: `/media/thumbnail/${sun}.jpg`,
  })
})

test('shows the outputs of the run that is asked for', () => {
  const { clips, old } = setup()
  const { rows } = clips.list({ filter: { runId: old }, sort: 'bleu', descending: true, offset: 0, limit: 9 })
  expect(rows.map(({ name, hypothesis, bleu }) => [name, hypothesis, bleu])).toEqual([
    ['sun', 'die Sonne kommt bald wieder', 27],
    ['rain', 'Regen', 5],
    ['wind', null, null],
    ['bare', null, null],
  ])
})

test('asks for missing sentence scores once, and again after a reference changed', () => {
  const { context, editing, clips, asked, sun, rain, wind } = setup()
  const list = () => clips.list({ filter: {}, sort: 'name', descending: false, offset: 0, limit: 9 }).rows
  list()
  list()
  expect(asked).toEqual([[rain, sun, wind]])
  createReferenceService(context, { editing }).save({ clipId: sun, text: 'noch eine' })
  expect(list().find(row => row.id === sun)?.bleu).toBe(5)
  expect(asked.slice(1)).toEqual([[sun]])
  editing.undo()
  clips.get(sun)
  expect(asked.slice(2)).toEqual([[sun]])
})

test('sorts by every column, clips without the value last', () => {
  const { names } = setup()
  const sorts: ClipSort[] = ['name', 'split', 'signer', 'state', 'duration', 'reference', 'bleu', 'chrf']
  expect(Object.fromEntries(sorts.map(sort => [sort, names({}, sort).join(' ')]))).toEqual({
    name: 'bare rain sun wind',
    split: 'bare sun rain wind',
    signer: 'rain sun bare wind',
    state: 'bare rain sun wind',
    duration: 'wind sun bare rain',
    reference: 'rain sun wind bare',
    bleu: 'rain sun wind bare',
    chrf: 'rain sun wind bare',
  })
  expect(names({}, 'signer', true)).toEqual(['sun', 'rain', 'wind', 'bare'])
})

test('filters, also by several conditions at once', () => {
  const { clips, names, rain, old } = setup()
  clips.update({
    selection: { kind: 'ids', clipIds: [rain] },
    changes: { state: 'flagged', addTags: ['loud'] },
  })
  expect(names({ split: 'test' })).toEqual(['rain', 'wind'])
  expect(names({ split: '' })).toEqual(['bare'])
  expect(names({ state: 'flagged' })).toEqual(['rain'])
  expect(names({ signer: 'S2' })).toEqual(['sun'])
  expect(names({ tag: 'loud' })).toEqual(['rain'])
  expect(names({ belowBleu: 10, runId: old })).toEqual(['rain'])
  expect(names({ belowBleu: 10 })).toEqual(['rain', 'sun'])
  expect(names({ split: 'test', state: 'new', text: '天气' })).toEqual(['wind'])
  expect(names({ split: 'dev', state: 'flagged' })).toEqual([])
})

test('searches substrings of names, glosses, references and outputs, in Chinese and with marks', () => {
  const { names } = setup()
  const found = (text: string) => names({ text }).join(' ')
  expect({
    name: found('wind'),
    gloss: found('onne mor'),
    reference: found('norden'),
    output: found('wieder'),
    chinese: found('天气很'),
    twoCharacters: found('天气'),
    oneCharacter: found('好'),
    otherCase: found('NG'),
    umlaut: found('ÖS'),
    percent: found('0%'),
    underscore: found('n_'),
    quote: found('"a"'),
    operators: found('rain OR sun'),
    star: found('*'),
    backslash: found('\\'),
    spaces: found('   '),
    nothing: found('zzz'),
  }).toEqual({
    name: 'wind',
    gloss: 'sun',
    reference: 'rain',
    output: 'sun',
    chinese: 'wind',
    twoCharacters: 'wind',
    oneCharacter: 'wind',
    otherCase: '',
    umlaut: 'sun',
    percent: 'rain',
    underscore: 'rain',
    quote: '',
    operators: '',
    star: '',
    backslash: '',
    spaces: 'bare rain sun wind',
    nothing: '',
  })
})

test('the search follows edits, undo and redo', () => {
  const { context, editing, names, sun } = setup()
  createReferenceService(context, { editing }).save({ clipId: sun, text: 'Gewitter am Abend' })
  expect(names({ text: 'gewitter' })).toEqual(['sun'])
  editing.undo()
  expect(names({ text: 'gewitter' })).toEqual([])
  editing.redo()
  expect(names({ text: 'gewitter' })).toEqual(['sun'])
})

test('a clip comes with its references and every output, newest run first', () => {
  const { clips, db, sun, old, fresh } = setup()
  db.prepare(
    `INSERT INTO rating (hypothesis_id, annotator, value, rated_at) VALUES (1, 'Ada', 80, 0), (2, 'Bob', 10, 0)`,
  ).run()
  const clip = clips.get(sun)
  expect(clip).toEqual(ClipDetail.parse(clip))
  expect(clip.references.map(({ text, version }) => [text, version])).toEqual([
    ['morgen löst die Sonne', 1],
    ['Sonne', 1],
  ])
  expect(
    clip.hypotheses.map(({ runId, rank, text, bleu, rating }) => [runId, rank, text, bleu, rating]),
  ).toEqual([
    [fresh, 0, 'Sonne', 5, null],
    [old, 0, 'die Sonne kommt bald wieder', 27, 80],
    [old, 1, 'zwei', 4, null],
  ])
  expect(() => clips.get(99 as ClipId)).toThrow(expect.objectContaining({ code: 'not-found' }))
})

test('an update of many clips is one edit that says how many it changed', () => {
  const { clips, editing, names, db } = setup()
  expect(
    clips.update({
      selection: { kind: 'split', split: 'test' },
      changes: { state: 'accepted', addTags: ['done'] },
    }),
  ).toEqual({ changed: 2 })
  expect(editing.state().undo?.label).toBe('Set state of 2 clips to accepted; tag 2 clips with done')
  const rest = clips.update({
    selection: { kind: 'all' },
    changes: { addTags: ['done', 'done'], removeTags: ['no'] },
  })
  expect(rest).toEqual({ changed: 2 })
  expect(clips.update({ selection: { kind: 'all' }, changes: { addTags: ['done'] } })).toEqual({ changed: 0 })
  clips.update({
    selection: { kind: 'names', names: ['sun'] },
    changes: { split: 'train', note: 'hm', removeTags: ['done'] },
  })
  expect(editing.state().undo?.label).toBe(
    'Move sun to split train; change note of sun; remove tag done from sun',
  )
  expect(names({ tag: 'done' })).toEqual(['bare', 'rain', 'wind'])

  while (editing.state().undo) editing.undo()
  expect(names({ state: 'new' })).toHaveLength(4)
  expect(db.prepare(`SELECT count(*) FROM clip_tag`).pluck().get()).toBe(0)
})

test('a selection resolves to each clip once, and names what is not there', () => {
  const { db, sun, rain, wind, bare } = setup()
  expect(resolveSelection(db, { kind: 'all' })).toEqual([bare, rain, sun, wind])
  expect(resolveSelection(db, { kind: 'split', split: 'test' })).toEqual([rain, wind])
  expect(resolveSelection(db, { kind: 'ids', clipIds: [wind, sun, wind] })).toEqual([wind, sun])
  expect(resolveSelection(db, { kind: 'names', names: ['wind', 'bare'] })).toEqual([wind, bare])
  expect(resolveSelection(db, { kind: 'filter', filter: { signer: 'S1' } })).toEqual([rain])
  expect(resolveSelection(db, { kind: 'filter', filter: { text: 'onne' } })).toEqual([sun])
  expect(() => resolveSelection(db, { kind: 'names', names: ['sun', 'moon', 'mars'] })).toThrow(
    'no clip named “moon”, “mars”',
  )
  expect(() => resolveSelection(db, { kind: 'ids', clipIds: [sun, 77 as ClipId] })).toThrow(
    'One of the clips is no longer',
  )
  expect(() => resolveSelection(db, { kind: 'split', split: 'tset' })).toThrow(
    '“tset”. It has: “dev”, “test”.',
  )
})

function planOf(db: ReadDb, filter: ClipFilter, sort: ClipSort): string {
  const { sql, parameters } = clipIdsQuery({ filter, sort, descending: false })
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(parameters) as { detail: string }[]
  return steps.map(step => step.detail).join('\n')
}

test('long tables are read along an index', () => {
  const { db } = setup()
  expect(planOf(db, {}, 'name')).toContain('SCAN clip USING COVERING INDEX')
  expect(planOf(db, {}, 'split')).toContain('USING COVERING INDEX clip_split')
  expect(planOf(db, {}, 'state')).toContain('USING COVERING INDEX clip_state')
  expect(planOf(db, {}, 'duration')).toContain('clip_duration')
  expect(planOf(db, { split: 'dev' }, 'name')).toContain(
    'SEARCH clip USING COVERING INDEX clip_split (split=?)',
  )
  expect(planOf(db, { state: 'new' }, 'name')).toContain(
    'SEARCH clip USING COVERING INDEX clip_state (state=?)',
  )
  expect(planOf(db, { signer: 'S1' }, 'name')).toContain(
    'SEARCH clip USING COVERING INDEX clip_signer (signer_id=?)',
  )
  const scored = planOf(db, { runId: 1 as RunId }, 'bleu')
  expect(scored).toContain(
    'SEARCH hypothesis USING COVERING INDEX sqlite_autoindex_hypothesis_1 (run_id=? AND clip_id=? AND rank=?)',
  )
  expect(scored).toContain('SEARCH hypothesis USING COVERING INDEX hypothesis_clip (clip_id=? AND rank=?)')
})
