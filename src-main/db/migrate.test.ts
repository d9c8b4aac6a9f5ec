import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LATEST, migrate, schemaVersion } from './migrate.ts'
import { MIGRATIONS } from './migrations/index.ts'
import { APPLICATION_ID, memoryDatabase, openDatabase } from './open.ts'
import { schemaText } from './schema.ts'

test('the committed schema is the one that the migrations make; else run: node scripts/schema.ts', () => {
  const committed = readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8').replaceAll('\r\n', '\n')
  expect(committed).toBe(schemaText())
})

test('migrations are numbered from 1 without gaps', () => {
  expect(MIGRATIONS.map(({ id }) => id)).toEqual(MIGRATIONS.map((_, n) => n + 1))
})

test('every version can be reached from every one before it', () => {
  for (let from = 0; from <= LATEST; from++) {
    const db = memoryDatabase(from)
    migrate(db)
    expect([schemaVersion(db), db.pragma('foreign_keys', { simple: true })]).toEqual([LATEST, 1])
    expect(db.pragma('foreign_key_check')).toEqual([])
    migrate(db)
    expect(schemaVersion(db)).toBe(LATEST)
  }
})

test('a corpus of a newer program is refused and left as it is', () => {
  const db = memoryDatabase()
  db.pragma(`user_version = ${LATEST + 1}`)
  expect(() => migrate(db)).toThrow(expect.objectContaining({ code: 'conflict' }))
  expect(schemaVersion(db)).toBe(LATEST + 1)
})

test('a corpus is marked as one, and keeps its own rules', () => {
  const db = openDatabase(':memory:', { create: true })
  expect(db.pragma('application_id', { simple: true })).toBe(APPLICATION_ID)
  migrate(db)
  const tables = db
    .prepare(`SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'`)
    .all()
  const lax = (tables as { name: string; strict: number }[]).filter(
    ({ name, strict }) => !name.startsWith('sqlite_') && strict === 0,
  )
  expect(lax).toEqual([])
})

test('an id that was used is never given again', () => {
  const db = memoryDatabase()
  const add = () => Number(db.prepare(`INSERT INTO signer (name) VALUES ('S')`).run().lastInsertRowid)
  const first = add()
  db.exec('DELETE FROM signer')
  expect(add()).toBe(first + 1)
})

test('a new, changed or removed reference takes the sentence scores of its clip away', () => {
  const db = memoryDatabase()
  db.exec(`
    INSERT INTO recording (name) VALUES ('r');
    INSERT INTO media (recording_id, path, bytes, mtime_ms, content_hash, frames, duration_ms, facts, frame_index)
      VALUES (1, 'a', 1, 0, 'h', 1, 40, '{}', x'00');
    INSERT INTO clip (name, recording_id, media_id, start_ms, end_ms, first_frame, last_frame)
      VALUES ('a', 1, 1, 0, 40, 0, 0), ('b', 1, 1, 0, 40, 0, 0);
    INSERT INTO model (bundle, fingerprint, name, version, kind, manifest) VALUES ('m', 'f', 'm', '1', 'k', '{}');
    INSERT INTO run (name, model_id, kind, parameters, created_at, clips) VALUES ('run', 1, 'k', '{}', 0, 2);
    INSERT INTO hypothesis (run_id, clip_id, rank, text) VALUES (1, 1, 0, 'x'), (1, 2, 0, 'y');`)
  const scored = () => {
    const clips = db
      .prepare(`SELECT clip_id FROM sentence_score JOIN hypothesis ON hypothesis_id = id ORDER BY id`)
      .pluck()
      .all()
    db.exec(`INSERT OR REPLACE INTO sentence_score SELECT id, '13a', 1, 2 FROM hypothesis`)
    return clips
  }
  scored()
  db.exec(
    `INSERT INTO reference (clip_id, ordinal, text, version, source, changed_at, changed_by) VALUES (1, 0, 't', 1, '', 0, '')`,
  )
  const afterInsert = scored()
  db.exec(`UPDATE reference SET text = 'u'`)
  const afterUpdate = scored()
  db.exec(`UPDATE reference SET language = 'de'`)
  const afterLanguage = scored()
  db.exec(`DELETE FROM reference`)
  expect([afterInsert, afterUpdate, afterLanguage, scored()]).toEqual([[2], [2], [1, 2], [2]])
})
