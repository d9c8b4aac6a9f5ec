import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { listFrames } from './source.ts'

const root = await mkdtemp(join(tmpdir(), 'signwright-order-'))
afterAll(() => rm(root, { recursive: true }))

/** In a random order on most disks, as the folder lists them by its own. */
async function folderOf(names: readonly string[]): Promise<string> {
  const folder = join(root, String(names.length))
  await mkdir(folder)
  await Promise.all(names.toReversed().map(name => writeFile(join(folder, name), '')))
  return folder
}

test.each([
  ['padded numbers', ['take-0001.png', 'take-0002.png', 'take-0010.png', 'take-0100.png']],
  ['numbers as people write them', ['frame1.png', 'frame2.png', 'frame10.png']],
  ['several numbers of different lengths', ['a1b22.png', 'a2b1.png', 'a11b2.png', 'a11b10.png', 'b1.png']],
])('pictures of a folder come in the order of their numbers: %s', async (_, names) => {
  expect(await listFrames(await folderOf(names))).toEqual(names)
})
