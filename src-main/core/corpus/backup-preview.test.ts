import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createEditing } from '../edit/edit.service.ts'
import { createEmitter } from '../emitter.ts'
import { addClip, addRecording, silentLog } from '../testing/corpus.ts'
import { previewBackup } from './backup-preview.ts'
import { createCorpus } from './open-corpus.ts'

const made: string[] = []
afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true })
})

async function setup() {
  const root = mkdtempSync(join(tmpdir(), 'signwright-backup-'))
  made.push(root)
  let clock = Date.UTC(2026, 0, 1)
  const deps = {
    log: silentLog,
    now: () => (clock += 1000),
    author: () => 'Ada',
    changes: createEmitter<never>(),
  }
  const corpus = await createCorpus(root, { name: 'Test' }, deps as never)
  const { db } = corpus.context
  const editing = createEditing(corpus.context)
  const clips = ['a', 'b'].map(name => addClip(db, placeOf(), { name, references: [name] }))
  const flag = () =>
    editing.run('Flag', {}, tx => tx.update('clip', clips[0] as number, { state: 'flagged' }))
  const remove = () => editing.run('Remove', {}, tx => tx.remove('clip', clips[1] as number))
  return { corpus, flag, remove }

  function placeOf() {
    const known = db.prepare('SELECT id FROM recording').pluck().get()
    return known === undefined ? addRecording(db) : ({ recordingId: known, mediaId: 1 } as never)
  }
}

test('a backup says what it holds and what has changed since, and stays as it is', async () => {
  const { corpus, flag, remove } = await setup()
  flag()
  const { file } = await corpus.backup()
  const bytes = readFileSync(file)
  remove()

  expect(previewBackup(file)).toEqual({
    isSound: true,
    clips: 2,
    recordings: 1,
    references: 2,
    annotations: 0,
    lastEdits: [{ at: expect.any(Number), author: 'Ada', label: 'Flag' }],
    since: {
      edits: 1,
      clips: { added: 0, changed: 0, removed: 1 },
      references: { added: 0, changed: 0, removed: 1 },
      annotations: { added: 0, changed: 0, removed: 0 },
    },
  })
  expect(readFileSync(file).equals(bytes)).toBe(true)
  expect(readdirSync(corpus.paths.backups).filter(name => !name.endsWith('.sqlite'))).toEqual([])
  await corpus.close()
})

test('beside a corpus that is damaged a backup still says what it holds', async () => {
  const { corpus } = await setup()
  const { file } = await corpus.backup()
  await corpus.close()
  truncateSync(corpus.paths.database, 5000)
  expect(previewBackup(file)).toMatchObject({ isSound: true, clips: 2, since: null })
})

test('a backup that is damaged itself says so', async () => {
  const { corpus } = await setup()
  const { file } = await corpus.backup()
  await corpus.close()
  truncateSync(file, 5000)
  expect(previewBackup(file)).toMatchObject({ isSound: false, clips: 0 })
})
