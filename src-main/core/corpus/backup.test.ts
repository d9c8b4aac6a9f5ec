import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Backup } from '#shared/contract/corpus.ts'
import { memoryDatabase } from '../../db/open.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { listBackups } from './backup-list.ts'
import { isSoundFile, newestGoodBackup, takeBackup } from './backup.ts'

const HOUR = 3_600_000

test('keeps the last day of hours, a month of days, and all that were asked for', async () => {
  const dir = temporaryFolder()
  const db = memoryDatabase()
  for (let n = 0; n < 35; n++) {
    await takeBackup(db, dir, 'hourly', n * HOUR)
    await takeBackup(db, dir, 'daily', n * HOUR + 1)
    await takeBackup(db, dir, 'manual', n * HOUR + 2)
  }
  const kept = listBackups(dir)
  expect(kept).toEqual(kept.map(backup => Backup.parse(backup)))
  const of = (reason: Backup['reason']) => kept.filter(backup => backup.reason === reason)
  expect({ hourly: of('hourly').length, daily: of('daily').length, manual: of('manual').length }).toEqual({
    hourly: 24,
    daily: 30,
    manual: 35,
  })
  expect(of('hourly').map(({ takenAt }) => takenAt / HOUR)).toEqual(
    Array.from({ length: 24 }, (_, n) => 34 - n),
  )
})

test('files that are no backups are neither listed nor removed', async () => {
  const dir = temporaryFolder()
  for (const name of ['note.txt', '2026-01-01T00-00-00-000Z.odd.sqlite', 'x.sqlite'])
    writeFileSync(join(dir, name), '')
  expect(listBackups(dir)).toEqual([])
  expect(listBackups(join(dir, 'none'))).toEqual([])
})

test('the newest sound backup is found past damaged ones', async () => {
  const dir = temporaryFolder()
  const db = memoryDatabase()
  const sound = await takeBackup(db, dir, 'daily', HOUR)
  const damaged = await takeBackup(db, dir, 'hourly', 2 * HOUR)
  writeFileSync(damaged.file, 'x'.repeat(10_000))
  expect([isSoundFile(damaged.file), newestGoodBackup(dir)?.file]).toEqual([false, sound.file])
})

test('a copy holds what was written while it was taken', async () => {
  const dir = temporaryFolder()
  const db = memoryDatabase()
  const insert = db.prepare(`INSERT INTO corpus_fact (key, value) VALUES (?, ?)`)
  for (let n = 0; n < 3000; n++) insert.run(`before ${n}`, 'x'.repeat(500))
  const taking = takeBackup(db, dir, 'manual', HOUR)
  insert.run('meanwhile', 'y')
  const { file } = await taking
  expect(isSoundFile(file)).toBe(true)
})
