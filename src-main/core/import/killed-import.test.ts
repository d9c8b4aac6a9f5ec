import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { counts, folderWithTable, newFolder, removeFoldersAfterAll, setupImport } from './testing/videos.ts'

removeFoldersAfterAll()

const FILES = 12
const CLIPS_A_FILE = 100
const ALL = FILES * CLIPS_A_FILE

test('an import that is killed leaves a sound part, and importing again completes it', async () => {
  const names = Array.from({ length: FILES }, (_, at) => `v${at}`)
  const rows = names.flatMap(name =>
    Array.from({ length: CLIPS_A_FILE }, (_, at) => `${name}-${at}\t${name}.mp4\tSentence ${at}.`),
  )
  const folder = await folderWithTable(`id\tfile\ttext\n${rows.join('\n')}\n`, names)
  const file = join(await newFolder(), 'corpus.sqlite')
  const script = join(import.meta.dirname, 'testing', 'import-child.ts')
  const child = spawn(process.execPath, [script, file, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.on('data', (chunk: Buffer) => {
    if (chunk.toString().split('\n').includes('5')) child.kill('SIGKILL')
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')

  const db = openDatabase(file, { create: false })
  const clips = () => db.prepare('SELECT count(*) FROM clip').pluck().get() as number
  const left = clips()
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(left).toBeGreaterThanOrEqual(400)
  expect(left).toBeLessThan(ALL)
  expect(left % 100).toBe(0)

  expect(counts(await setupImport(db).run(folder))).toEqual({
    added: ALL - left,
    changed: 0,
    known: left,
    broken: 0,
  })
  expect(clips()).toBe(ALL)
  expect(db.prepare('SELECT count(*) FROM reference').pluck().get()).toBe(ALL)
  db.close()
})
