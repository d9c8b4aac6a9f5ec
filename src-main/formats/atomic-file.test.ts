import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { removeUnfinished, writeAtomically } from './atomic-file.ts'

const dir = mkdtempSync(join(tmpdir(), 'signwright-test-'))
afterEach(() => rmSync(dir, { recursive: true, force: true }))

test('what a killed writer leaves of a file is taken away, and nothing else', async () => {
  const path = join(dir, 'features.npy')
  await writeAtomically(path, async temporary => writeFileSync(temporary, 'whole'))
  await writeAtomically(join(dir, 'features.other.npy'), async temporary => writeFileSync(temporary, 'other'))
  const killed = `
    import { writeFileSync } from 'node:fs'
    import { writeAtomically } from ${JSON.stringify(join(import.meta.dirname, 'atomic-file.ts'))}
    await writeAtomically(process.argv[1], async temporary => {
      writeFileSync(temporary, 'half')
      process.kill(process.pid, 'SIGKILL')
    })`
  const writer = spawnSync(process.execPath, ['--input-type=module', '-e', killed, path], {
    cwd: import.meta.dirname,
  })
  expect(writer.signal).toBe('SIGKILL')
  expect(readdirSync(dir).length).toBe(3)

  await removeUnfinished(path)

  expect(readdirSync(dir).sort()).toEqual(['features.npy', 'features.other.npy'])
  expect(readFileSync(path, 'utf8')).toBe('whole')
})
