import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../core/testing/folders.ts'
import { asExpected } from './failures.ts'

function thrownBy(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

test('what the system says about a file is told with the file and a remedy', () => {
  const dir = temporaryFolder()
  const [gone, loop, long] = [join(dir, 'gone'), join(dir, 'loop'), join(dir, 'x'.repeat(300))]
  symlinkSync(loop, loop)
  const told = (file: string) =>
    asExpected(
      thrownBy(() => readFileSync(file)),
      '/corpus',
    )
  expect(told(gone)).toMatchObject({ code: 'not-found', details: { file: gone } })
  expect(told(loop)).toMatchObject({ code: 'invalid-input', details: { file: loop } })
  expect(told(long)).toMatchObject({ code: 'invalid-input', details: { file: long } })
  const denied = Object.assign(new Error('no'), { code: 'EACCES', syscall: 'open', path: '/a/b' })
  expect(asExpected(denied, '/corpus')).toMatchObject({
    code: 'not-permitted',
    message: 'The system does not give access to /a/b. Check its permissions.',
  })
})

test('a database that is full is told as the corpus; a program that is not there stays a bug', () => {
  const full = Object.assign(new Error('full'), { code: 'SQLITE_FULL' })
  expect(asExpected(full, '/corpus')).toMatchObject({ code: 'disk-full', details: { file: '/corpus' } })
  const spawn = Object.assign(new Error('gone'), { code: 'ENOENT', syscall: 'spawn x', path: 'x' })
  expect(asExpected(spawn, '/corpus')).toBe(spawn)
})
