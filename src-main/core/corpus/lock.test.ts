import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folders.ts'
import { acquireLock } from './lock.ts'
import { isAlive, startOfProcess } from './process-start.ts'

const rival = join(import.meta.dirname, '../testing/try-lock.ts')

test('of many processes that find an abandoned lock at once, one gets it', async () => {
  const file = join(temporaryFolder(), 'corpus.lock')
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  writeFileSync(file, JSON.stringify({ pid: dead, host: hostname(), processStart: null, since: 0 }))
  const rivals = Array.from({ length: 6 }, () =>
    spawn(process.execPath, [rival, file], { stdio: ['pipe', 'pipe', 'inherit'] }),
  )
  const answers = await Promise.all(
    rivals.map(async child => String((await once(child.stdout, 'data'))[0]).trim()),
  )
  expect(answers.sort()).toEqual(['got', 'locked', 'locked', 'locked', 'locked', 'locked'])
  await Promise.all(rivals.map(child => (child.stdin.end(), once(child, 'close'))))
  expect(existsSync(file)).toBe(false)
})

test('a half-written lock keeps others out for a moment only', () => {
  const file = join(temporaryFolder(), 'corpus.lock')
  writeFileSync(file, '{"pid": 1')
  expect(() => acquireLock(file, () => 0)).toThrow(expect.objectContaining({ code: 'locked' }))
  const minuteAgo = Date.now() / 1000 - 60
  utimesSync(file, minuteAgo, minuteAgo)
  const lock = acquireLock(file, () => 0)
  expect(lock.wasAbandoned).toBe(true)
  lock.release()
})

test('letting go twice does not take a lock away from the next', () => {
  const file = join(temporaryFolder(), 'corpus.lock')
  const first = acquireLock(file, () => 1)
  first.release()
  const second = acquireLock(file, () => 2)
  first.release()
  expect(existsSync(file)).toBe(true)
  second.release()
})

test.skipIf(process.platform === 'win32')('processes are told apart by when they began', () => {
  expect(startOfProcess(process.pid)).toBe(startOfProcess(process.pid))
  expect(startOfProcess(process.pid)).not.toBe(startOfProcess(process.ppid))
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  expect([isAlive(process.pid), isAlive(dead)]).toEqual([true, false])
})
