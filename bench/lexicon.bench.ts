/**
 * Types and their tokens: how long it takes to rename a type of which there are very many tokens, as one step of undo,
 * and to replace a text in as many annotations.
 *
 *   node bench/lexicon.bench.ts [--tokens 100000]
 */
import { join } from 'node:path'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import type { AnnotationId, VocabularyEntryId } from '#shared/contract/ids.ts'
import { createBulkService } from '#main/core/annotation/bulk/bulk.service.ts'
import { createEditing } from '#main/core/edit/edit.service.ts'
import { testContext } from '#main/core/testing/corpus.ts'
import { createVocabularyService } from '#main/core/vocabulary/vocabulary.service.ts'
import { migrate } from '#main/db/migrate.ts'
import { openDatabase } from '#main/db/open.ts'
import type { WriteDb } from '#main/db/types.ts'
import { workFolder } from './work-folder.ts'

const { values } = parseArgs({ options: { tokens: { type: 'string', default: '100000' } } })
const tokens = Number(values.tokens)
const RECORDINGS = 50
const ROUNDS = 5

using work = workFolder()
await run(join(work.path, 'corpus.sqlite'))

/** A vocabulary of two entries, all tokens of the first; returns both. */
function fill(db: WriteDb): VocabularyEntryId[] {
  const id = (sql: string, ...given: unknown[]) => Number(db.prepare(sql).run(...given).lastInsertRowid)
  return db.transaction(() => {
    const vocabulary = id(`INSERT INTO vocabulary (name) VALUES ('Glosses')`)
    const entries = ['INDEX1', 'HAUS1'].map((value, ordinal) => {
      const entry = id(
        `INSERT INTO vocabulary_entry (vocabulary_id, ordinal) VALUES (?, ?)`,
        vocabulary,
        ordinal,
      )
      id(`INSERT INTO vocabulary_value (entry_id, ordinal, value) VALUES (?, 0, ?)`, entry, value)
      return entry as VocabularyEntryId
    })
    const type = id(
      `INSERT INTO tier_type (name, stereotype, vocabulary_id) VALUES ('gloss', 'none', ?)`,
      vocabulary,
    )
    const token = db.prepare(
      `INSERT INTO annotation (tier_id, start_ms, end_ms, value, entry_id) VALUES (?, ?, ?, 'INDEX1', ?)`,
    )
    for (let n = 0; n < RECORDINGS; n += 1) {
      const recording = id(`INSERT INTO recording (name) VALUES (?)`, `recording-${n}`)
      const tier = id(
        `INSERT INTO tier (recording_id, type_id, name, ordinal) VALUES (?, ?, 'Gloss', 0)`,
        recording,
        type,
      )
      for (let at = 0; at < tokens / RECORDINGS; at += 1)
        token.run(tier, at * 400, at * 400 + 360, entries[0])
    }
    return entries
  })()
}

async function run(file: string): Promise<void> {
  const db = openDatabase(file, { create: true })
  migrate(db)
  const [entryId] = fill(db)
  const context = testContext(db, work.path)
  const editing = createEditing(context)
  const vocabularies = createVocabularyService(context, { editing })
  const bulk = createBulkService(context, { editing })
  const rename = (value: string) =>
    vocabularies.updateEntry({ entryId: entryId!, values: [{ language: '', value, description: '' }] })
  const annotationIds = db.prepare('SELECT id FROM annotation').pluck().all() as AnnotationId[]
  const replace = (text: string, replacement: string) => ({
    kind: 'replace' as const,
    scope: { kind: 'annotations' as const, annotationIds },
    pattern: { text, isRegex: false, isCaseSensitive: true, isWholeValue: true },
    replacement,
  })
  console.log(`${tokens} tokens of one type in ${RECORDINGS} recordings; load ${loadavg()[0]?.toFixed(1)}`)
  measure('rename the type', at => rename(`NAME${at}`))
  for (let n = 0; n < ROUNDS; n += 1) editing.redo()
  measure('undo it', () => editing.undo())
  measure('redo it', () => editing.redo())
  rename('INDEX1')
  measure('preview of a replacement', () => bulk.previewBulk(replace('INDEX1', 'HAUS1')))
  measure('replace the text in all', at =>
    bulk.bulk(at % 2 === 0 ? replace('INDEX1', 'HAUS1') : replace('HAUS1', 'INDEX1')),
  )
  const counts = db.prepare('SELECT count(DISTINCT value) FROM annotation').pluck().get()
  if (counts !== 1) throw new Error(`The tokens have ${String(counts)} different texts.`)
  db.close()
}

function measure(name: string, act: (at: number) => unknown): void {
  const taken: { elapsed: number; processor: number }[] = []
  for (let at = 0; at < ROUNDS; at += 1) {
    const used = process.cpuUsage()
    const began = performance.now()
    act(at)
    const { user, system } = process.cpuUsage(used)
    taken.push({ elapsed: performance.now() - began, processor: (user + system) / 1000 })
  }
  const middle = (key: 'elapsed' | 'processor') =>
    taken
      .map(each => each[key])
      .toSorted((a, b) => a - b)
      [Math.floor(ROUNDS / 2)]?.toFixed(0)
  console.log(
    `${name.padEnd(28)} ${middle('elapsed')?.padStart(6)} ms, processor ${middle('processor')?.padStart(6)} ms`,
  )
}
