import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { bytesOfFile } from './file-bytes.ts'

const dir = mkdtempSync(join(tmpdir(), 'signwright-bytes-'))
afterAll(() => rmSync(dir, { recursive: true }))

/** A file that claims its size and takes no room. */
function sparse(name: string, megabytes: number): string {
  const file = join(dir, name)
  writeFileSync(file, '')
  truncateSync(file, megabytes * 1_000_000)
  return file
}

test.each([
  ['huge.eaf', 1100, 500],
  ['huge.srt', 65, 64],
])('%s of %i MB is refused before it is read', async (name, megabytes, limit) => {
  const file = sparse(name, megabytes)
  await expect(bytesOfFile(file)).rejects.toMatchObject({
    code: 'unsafe-file',
    message: `${file} is larger than ${limit} MB. Split it before opening it.`,
  })
})

test('a file that is not there, and a folder, are told', async () => {
  await expect(bytesOfFile(join(dir, 'none.eaf'))).rejects.toMatchObject({ code: 'not-found' })
  await expect(bytesOfFile(dir)).rejects.toMatchObject({ code: 'invalid-input' })
})
