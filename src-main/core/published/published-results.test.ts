import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ClipId } from '#shared/contract/ids.ts'
import { addClip, addRecording, testContext } from '../testing/corpus.ts'
import { referencesOf } from './published.queries.ts'
import { readPublishedResults } from './published-results.ts'

const results = readPublishedResults(join(import.meta.dirname, '../../../resources'))

test('every number has a source and a metric', () => {
  const sources = new Set(results.sources.map(({ id }) => id))
  for (const table of results.tables) {
    expect(sources.has(table.source), table.id).toBe(true)
    for (const row of table.rows)
      expect(row.values.length, `${table.id} ${row.system}`).toBe(table.metrics.length)
  }
  expect(new Set(results.tables.map(({ id }) => id)).size).toBe(results.tables.length)
})

test('BLEU falls from order to order, as it does of any output', () => {
  for (const { id, metrics, rows } of results.tables) {
    const places = ['BLEU-1', 'BLEU-2', 'BLEU-3', 'BLEU-4'].map(metric => metrics.indexOf(metric))
    if (places.includes(-1)) continue
    for (const { system, values } of rows) {
      const known = places.map(at => values[at]).filter(value => value !== null && value !== undefined)
      expect(known, `${id} ${system}`).toEqual(known.toSorted((a, b) => b - a))
    }
  }
})

test('holds what the papers of both systems say of them', () => {
  const valuesOf = (id: string, system: string) =>
    results.tables.find(table => table.id === id)?.rows.find(row => row.system === system)?.values
  expect([
    valuesOf('spamo-phoenix-2014t', 'SpaMo'),
    valuesOf('spamo-how2sign', 'SpaMo'),
    valuesOf('sign2gpt-phoenix-2014t', 'Sign2GPT (w/ PGP)'),
    valuesOf('sign2gpt-csl-daily', 'Sign2GPT (w/ PGP)'),
    valuesOf('signcl-csl-daily', 'GFSLT-VLP + SignCL in both'),
  ]).toEqual([
    [49.8, 37.32, 29.5, 24.32, 46.57],
    [33.41, 20.28, 13.96, 10.11, 30.56, 42.23],
    [49.54, 35.96, 28.83, 22.52, 48.9],
    [41.75, 28.73, 20.6, 15.4, 42.36],
    [47.47, 32.53, 22.62, 16.16, 48.92, 54.61],
  ])
})

test('counts the references that were edited', () => {
  const { db } = testContext()
  const place = addRecording(db)
  const clips = ['a', 'b', 'c'].map((name): ClipId =>
    addClip(db, place, { name, split: name === 'c' ? 'dev' : 'test', references: ['eins'] }),
  )
  db.prepare('UPDATE reference SET version = 2 WHERE clip_id = ?').run(clips[0])
  expect([referencesOf(db, null), referencesOf(db, 'dev')]).toEqual([
    { segments: 3, editedReferences: 1 },
    { segments: 1, editedReferences: 0 },
  ])
})
