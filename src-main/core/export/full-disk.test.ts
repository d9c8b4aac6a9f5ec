import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ExportRequest } from '#shared/contract/transfer.ts'
import { giveRights, testContext } from '../testing/corpus.ts'
import { fillCorpus } from '../testing/large-corpus.ts'
import { createExportService } from './export.service.ts'

const place = mkdtempSync(join(tmpdir(), 'signwright-full-disk-'))
const disk = join(place, 'disk')
mkdirSync(disk)
/** A file system of its own that holds a small release and no large one; only an administrator can make it. */
const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status === 0

afterAll(() => {
  if (isMounted) spawnSync('umount', [disk])
  rmSync(place, { recursive: true, force: true })
})

function contentOf(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .toSorted()
    .map(path => [path, readFileSync(path, 'base64')])
}

function setup(outDir: string) {
  const context = testContext()
  fillCorpus(context.db, { clips: 1200, annotations: 0 })
  giveRights(context.db)
  context.db.exec(`UPDATE clip SET split = 'few' WHERE id <= 10`)
  const service = createExportService(context, { name: 'Signwright', version: '0.0.0' })
  return (
    more: object,
    onProgress: (done: number, total: number) => void = () => {},
    signal = new AbortController().signal,
  ) => service.run(ExportRequest.parse({ outDir, ...more }), { signal, onProgress })
}

test.skipIf(!isMounted)('a disk that fills up costs the new release, never the old one', async () => {
  const run = setup(join(disk, 'release'))
  await run({ split: 'few' })
  const before = contentOf(disk)

  await expect(run({})).rejects.toMatchObject({
    code: 'disk-full',
    message: expect.stringContaining('Free some space') as unknown,
    details: { file: join(disk, 'release') },
  })

  expect(contentOf(disk)).toEqual(before)
  expect(readdirSync(disk)).toEqual(['release'])
})

test('a release that is cancelled halfway leaves the old one, and nothing of its own', async () => {
  const folder = join(place, 'cancelled')
  const run = setup(join(folder, 'release'))
  await run({ split: 'few', formats: ['csv'] })
  const before = contentOf(folder)
  const abort = new AbortController()
  const cancelHalfway = (done: number, total: number) => done > total / 2 && abort.abort()

  await expect(run({ formats: ['csv'] }, cancelHalfway, abort.signal)).rejects.toThrow('abort')

  expect(contentOf(folder)).toEqual(before)
  expect(readdirSync(folder)).toEqual(['release'])
})
